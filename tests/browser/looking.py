"""How a page is looked at for everybody: axe in both themes and widths, and nothing past the edge of the screen."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

GRAVE = {"serious", "critical"}
WIDTHS = (320, 1280)  # pixels: a telephone, a desk; the narrow one first, in which a page is loaded
HEIGHT = 800
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # all that a theme can change; the other rules are asked once
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What fades from one colour to another is brought to its end. A new theme stands with the next frame, which begins by
# telling scripts of it; after a new width they move things about for two frames more.
FINISH = "for (const each of document.getAnimations()) try { each.finish(); } catch { /* a spinner: no end */ }"
NEXT_FRAME = f"() => new Promise((done) => requestAnimationFrame(() => {{ {FINISH} done(); }}))"
SETTLE = f"""() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {{
  {FINISH}
  requestAnimationFrame(done);
}})))"""
LOOK = "(options) => axe.run(document, options).then((found) => found.violations)"


def grave_faults(page: Any, place: str = "", rules: list[str] | None = None) -> list[str]:
    """Return what axe finds serious, and how far the page is too wide; the window was opened with `bypass_csp`.

    Axe is injected as an inline script, which our policy would refuse. `rules`, None: all of them.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(LOOK, {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {}))
    faults = [f"{v['id']} {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in GRAVE]
    wider = page.evaluate(WIDER)
    faults += [f"{wider} px too wide"] if wider > 0 else []
    return [f"{place or page.url}: {fault}" for fault in faults]


def in_width(page: Any, width: int) -> None:
    """Give the window a width, and wait until what follows it has come to rest."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.evaluate(SETTLE)


def grave_faults_everywhere(page: Any, place: str = "") -> list[str]:
    """Return the same for each width in light and dark, in one visit: a style sheet turns without loading anew."""
    faults = []
    for width in WIDTHS:
        page.emulate_media(color_scheme="light")
        in_width(page, width)
        faults += grave_faults(page, f"light, {width}, {place or page.url}")
        page.emulate_media(color_scheme="dark")
        page.evaluate(NEXT_FRAME)
        faults += grave_faults(page, f"dark, {width}, {place or page.url}", OF_COLOURS)
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    return faults
