// Dragging rows is an extra: it fills the position field and sends the form that the buttons use.
(() => {
  "use strict";
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    let dragged = null;
    for (const row of table.tBodies[0].rows) {
      row.draggable = true;
      row.addEventListener("dragstart", () => { dragged = row; });
      row.addEventListener("dragover", (event) => { if (dragged) event.preventDefault(); });
      row.addEventListener("drop", (event) => {
        event.preventDefault();
        if (!dragged || dragged === row) return;
        const form = dragged.querySelector("form");
        form.querySelector("[name=place]").value = row.sectionRowIndex + 1;
        form.requestSubmit(form.querySelector("[value=place]"));
      });
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
  });
})();
