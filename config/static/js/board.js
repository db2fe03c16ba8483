// Shows the button for printing only where it can work.
for (const room of document.querySelectorAll("[data-print]")) {
  room.hidden = false;
  room.addEventListener("click", () => window.print());
}
