// Shows how far a copy is without loading the page anew; without scripts the page does that itself.

const EVERY = 2000; // milliseconds
const PLACE = "[data-component=copy-progress]";

async function look() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const place = page.querySelector(PLACE);
  if (!place || !("building" in place.dataset)) {
    location.reload(); // what can be done now stands beside the place
    return;
  }
  document.querySelector(PLACE).replaceChildren(...place.childNodes);
}

setInterval(() => document.visibilityState === "visible" && look().catch(() => {}), EVERY);
