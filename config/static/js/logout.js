// Takes drafts off this device when their author signs out.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-clear-drafts]")) return;
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("waymark:")) localStorage.removeItem(key);
  } catch { /* no storage, no drafts */ }
});
