// Keeps a plan's preview in step with its two fields, and puts the focus where a swapped page begins.
(() => {
  document.addEventListener("input", ({ target }) => {
    const shown = document.querySelector(`[data-preview-of="${CSS.escape(target.name || "")}"]`);
    if (!shown) return;
    shown.dataset.empty ??= shown.textContent;
    shown.textContent = target.value.trim() || shown.dataset.empty;
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id !== "main") return;
    const start = document.querySelector("[data-summary]") || document.querySelector("#main .scenario > h2") || document.querySelector("#main h1");
    start.tabIndex = -1;
    start.focus();
  });
})();
