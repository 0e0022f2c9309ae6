// An embed comes in place of the question it waited behind.

export function show(figure) {
  const ask = figure.querySelector(".embed__ask");
  if (!ask) return; // asked for twice
  const frame = document.createElement("iframe");
  frame.src = figure.dataset.src;
  frame.title = figure.dataset.title;
  frame.loading = "lazy";
  frame.allowFullscreen = true;
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  const isHere = figure.contains(document.activeElement);
  ask.replaceWith(frame);
  figure.removeAttribute("data-cookie-group");
  if (isHere) frame.focus();
}
