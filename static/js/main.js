// Permanent links: a fragment that no longer stands here is looked up; a click on a number copies its link.

const SHOWN_FOR = 2000; // milliseconds: long enough to notice, short enough not to linger
const main = document.querySelector("[data-component=permanent-links]");

function follow() {
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

if (main) {
  follow();
  addEventListener("hashchange", follow);
  main.addEventListener("click", copy);
}

// Cookies: the rest of the script comes once there is something to do, so that a first look costs nothing.

const cookies = () => import("./components/cookies.js");
const waits = "[data-cookie-group], [data-group]";

const root = document.documentElement;

if (root.dataset.asked) {
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
  look();
  // Another tab, or this page from the back button, may have another answer by now; the page's own script tells which.
  addEventListener("pageshow", (event) => {
    root.state();
    if (event.persisted) look();
  });
  document.addEventListener("visibilitychange", () => {
    root.state();
    if (document.visibilityState === "visible") look();
  });
}
