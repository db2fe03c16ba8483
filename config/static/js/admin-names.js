// A field that searches while you type is drawn by select2, which names it by its value alone: its label names it too.
(() => {
  "use strict";
  const name = () => {
    for (const field of document.querySelectorAll("select.admin-autocomplete[id]")) {
      const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
      const box = field.nextElementSibling?.querySelector('[role="combobox"]');
      if (!label || !box) continue;
      // What it shows is the value of the box, not a field of its own, which would need another name.
      const shown = box.querySelector('[role="textbox"]');
      shown?.removeAttribute("role");
      shown?.removeAttribute("aria-readonly");
      label.id ||= `${field.id}_label`;
      const told = box.getAttribute("aria-labelledby") ?? "";
      if (!told.split(" ").includes(label.id)) box.setAttribute("aria-labelledby", `${label.id} ${told}`.trim());
    }
  };
  // Its own field for words appears with the list, and belongs to the box that opened it.
  const nameSearch = (event) => {
    const label = document.querySelector(`label[for="${CSS.escape(event.target.id)}"]`);
    const search = document.querySelector(".select2-container--open .select2-search__field");
    if (label && search) search.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
  };
  window.addEventListener("DOMContentLoaded", () => {
    const $ = window.django?.jQuery;
    if (!$) return;
    // Behind what draws the boxes in the same queue, which may run after the page has loaded.
    $(name);
    $(document).on("select2:open", nameSearch);
  });
})();
