"""Somebody who has no mouse: moves by Tab, writes, chooses by arrow keys, presses Enter."""

from playwright.sync_api import Error, Page, expect

FURTHEST = 400
# What a screen reader would call the element that has the focus, near enough for our pages, and whether one can see the
# focus. The parts of a date or a time are marked by the browser itself, inside the field.
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return ["", true];
  const by = (e.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean);
  const named = by.map((id) => document.getElementById(id)?.textContent).join(" ");
  const own = e.getAttribute("aria-label") || named || [...(e.labels || [])].map((l) => l.textContent).join(" ");
  // A frame around a field may wear the ring for it.
  const ring = [e, e.parentElement].map((one) => getComputedStyle(one)).some((style) =>
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none");
  return [(own || e.textContent || "").replace(/\\s+/g, " ").trim(), ring || e.matches("[type=date], [type=time]")];
}"""

# What a step of a journey asks for at the place that has the focus.
ASKED = """() => {
  const e = document.activeElement;
  if (e.matches("button[form=answer], #bar a:last-child:not(:first-child)")) return "on";
  if (!e.closest("#answer")) return "";
  if (e.type === "radio") return e.form.querySelector(`[name="${e.name}"]:checked`) ? "" : "choose";
  if (e.value) return "";
  return e.type === "email" ? "address" : e.matches("textarea, input[type=text]") ? "write" : "";
}"""


class Keyboard:
    """One page, without a mouse. Names are matched from their beginning."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unseen: list[str] = []

    def reach(self, name: str) -> None:
        """Press Tab until the control of this name has the focus; notes a control whose focus cannot be seen."""
        met: list[str] = []
        for _ in range(FURTHEST):
            here = self._tab()
            if here.startswith(name):
                return
            met.append(here)
        raise AssertionError(f"Tab never reaches “{name}” on {self.page.url}. It reaches: {sorted(set(met))}")

    def write(self, name: str, text: str) -> None:
        """Write into a field, in place of what stood there."""
        self.reach(name)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, name: str, option: str) -> None:
        """Choose from a list by typing the beginning of an option."""
        self.reach(name)
        self.page.keyboard.type(option)
        chosen = self.page.evaluate("() => document.activeElement.selectedOptions[0].textContent.trim()")
        assert chosen.startswith(option), f"Typing “{option}” in “{name}” chose “{chosen}”."

    def tick(self, name: str) -> None:
        """Tick a box, or choose one of several by Space."""
        self.reach(name)
        self.page.keyboard.press("Space")

    def press(self, name: str) -> None:
        """Press a button or follow a link, and wait for the page that comes."""
        self.reach(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def do_step(self, *, words: str, address: str) -> str:
        """
        Go once through a step: choose the first of each choice, write into each field, press what leads on.

        Returns the heading that stood on the page when it was left. A page counts as left when it was replaced, whole
        or by a swap: its words change by themselves, too, when it saves what was written.
        """
        for _ in range(FURTHEST):
            self._tab()
            asked = self.page.evaluate(ASKED)
            if asked == "choose":
                self.page.keyboard.press("Space")
            elif asked in ("write", "address"):
                self.page.keyboard.type(words if asked == "write" else address)
            elif asked == "on":
                title = self.page.get_by_role("heading", level=1).inner_text()
                self.page.evaluate('() => { document.querySelector("#main").firstElementChild.dataset.left = ""; }')
                self.page.keyboard.press("Enter")
                expect(self.page.locator("[data-left]")).to_have_count(0)
                return title
        raise AssertionError(f"Tab never reaches what leads on from {self.page.url}.")

    def _tab(self) -> str:
        """Go to the next control and return its name; notes one whose focus cannot be seen."""
        while True:
            self.page.wait_for_load_state()
            self.page.keyboard.press("Tab")
            try:
                here, is_seen = self.page.evaluate(FOCUSED)
                break
            except Error as error:
                # Enter may have led to a page that takes the place of this one just now.
                if "context was destroyed" not in str(error):
                    raise
        if here and not is_seen:
            self.unseen.append(here)
        return str(here)
