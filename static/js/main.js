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
