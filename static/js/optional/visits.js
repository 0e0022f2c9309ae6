// Counts the pages of a visit and remembers when it began. No number of the visitor, and nothing is sent.

const LASTS = 30 * 60; // seconds without a page after which a visit is over
const [, pages = "0", begun = Math.floor(Date.now() / 1000)] = /(?:^|; )visit=(\d+)\.(\d+)/.exec(document.cookie) ?? [];
const secure = location.protocol === "https:" ? "; Secure" : "";
document.cookie = `visit=${Number(pages) + 1}.${begun}; Max-Age=${LASTS}; Path=/; SameSite=Lax${secure}`;
