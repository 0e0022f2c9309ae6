// Says when a passkey was refused or the person stopped, where allauth's script would be silent.

document.addEventListener("allauth.error", (event) => {
  const failed = document.querySelector("[data-passkey-failed]");
  if (!failed) return;
  event.preventDefault();
  failed.hidden = false;
});
