// Runs before the first paint, and what needs the page waits for it. Each part is a block, so that what is optional
// finds no name taken. Permanent links: a lost fragment is looked up, a click on a number copies its link.

"use strict";

{
  const SHOWN_FOR = 2000; // milliseconds: long enough to notice, short enough not to linger

  function lookUp(main) {
    const name = location.hash.slice(1);
    if (/^[a-z][a-z0-9-]*$/.test(name) && !document.getElementById(name)) {
      location.replace(`${main.dataset.clauses}${name}/`);
    }
  }

  async function copy(event) {
    const link = event.target.closest("a.number");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      location.assign(link.href);
      return;
    }
    const status = document.querySelector("[data-copied]");
    status.textContent = status.dataset.copied;
    link.classList.add("number--copied");
    setTimeout(() => {
      status.textContent = "";
      link.classList.remove("number--copied");
    }, SHOWN_FOR);
  }

  addEventListener("DOMContentLoaded", () => {
    const main = document.querySelector("[data-component=permanent-links]");
    if (!main) return;
    lookUp(main);
    addEventListener("hashchange", () => lookUp(main));
    main.addEventListener("click", copy);
  });
}

// Cookies: <html> says what the banner has to do. The rest comes once there is something to do: a first look costs nothing.

{
  const page = document.documentElement.dataset;
  const cookies = () => import("./components/cookies.js");
  const waits = "[data-cookie-group], [data-group]";
  const word = (pattern, text) => (pattern.exec(text) || ["", ""])[1];

  function state() {
    const given = word(/(?:^|; )cookie_consent="?([^";]*)/, document.cookie);
    const asked = word(/\basked=([^|]*)/, given);
    const signals = navigator.globalPrivacyControl && !/\bgpc=1/.test(given);
    const open = asked < page.asked || /=2/.test(given.replace(/\b(asked|receipt)=/g, ""));
    page.cookies = signals && open ? "gpc" : asked >= page.asked ? "decided" : asked ? "again" : "due";
  }

  if (page.asked) {
    state();
    addEventListener("submit", async (event) => {
      const form = event.target;
      if (form.dataset.component !== "cookie-choice") return;
      event.preventDefault();
      (await cookies()).choose(form, event.submitter);
    });
    addEventListener("click", async (event) => {
      const hides = event.target.closest("[data-hide]");
      const shows = event.target.closest("[data-load]");
      if (!hides && !shows) return;
      event.preventDefault();
      if (hides) (await cookies()).hide();
      else (await import("./components/embeds.js")).show(shows.closest("figure"));
    });
    const answered = () => document.cookie.includes("cookie_consent=");
    const look = async () => answered() && document.querySelector(waits) && (await cookies()).recheck();
    // Another tab, or this page from the back button, may have another answer by now.
    const again = () => (state(), look());
    addEventListener("DOMContentLoaded", look);
    addEventListener("pageshow", (event) => event.persisted && again());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
  }
}
