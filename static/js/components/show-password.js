// Lets people see the password they type; the words stand in the page.

const { show, hide } = document.querySelector("[data-component=show-password]").dataset;

for (const input of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button show-password";
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", input.id);
  button.textContent = show;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? show : hide;
    button.setAttribute("aria-pressed", String(!shown));
    input.focus();
  });
  input.after(button);
  // What was shown is not kept by the browser among the texts typed before.
  input.form.addEventListener("submit", () => { input.type = "password"; });
}
