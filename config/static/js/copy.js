// Puts a text into the clipboard. Without this script the text can be marked and copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const told = document.getElementById(button.getAttribute("aria-describedby"));
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      told.textContent = button.dataset.done;
    } catch {
      // Clipboards are closed to pages without https: mark the text, so that one key copies it.
      getSelection().selectAllChildren(source);
      told.textContent = button.dataset.marked;
    }
  });
}
