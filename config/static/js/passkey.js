// Says in words that a passkey did not work; allauth's own script only writes to the console.
document.addEventListener("allauth.error", (event) => {
  const note = document.querySelector("[data-passkey-error]");
  if (!note) return;
  event.preventDefault();
  note.hidden = false;
  note.textContent = note.dataset.passkeyError;
});
