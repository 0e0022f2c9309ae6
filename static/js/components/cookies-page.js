// The cookies page says what this browser has answered.

export function tell(answer, allows) {
  for (const words of document.querySelectorAll("[data-group]")) {
    const shown = answer.asked && allows(words.dataset.group) === words.classList.contains("is-allowed");
    words.style.display = shown ? "inline" : "none";
  }
  for (const place of document.querySelectorAll(".has-receipt")) {
    place.style.display = answer.receipt ? "block" : "none";
    place.querySelector("output").textContent = answer.receipt ?? "";
  }
}
