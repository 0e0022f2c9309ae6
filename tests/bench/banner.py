"""p5: what the banner costs a visit, as a real Chromium on a slow processor sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import brotli
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.bench.servers import ROOT
from tests.bench.stage import POLICY
from tests.running import QUIET, browser_path

SLOWER = 4  # times: a cheap telephone, as Lighthouse has it
LOADS = 12  # with the banner and without, in turn; the median counts
SETTLED = 600  # milliseconds after which nothing more happens on a page
STATE = (ROOT / "site" / "templates" / "cms_pages" / "cookie_state.html").read_text()
IN_MAIN, IN_BASE, AFTER_BANNER = "// Cookies:", "/* The question about cookies", "\n.site-footer {"
SECTION = ('<section class="cookies"', "</section>")
PRESSED = "#cookie_banner button[value=accept]"
NOT_YET = ("cookie", "/optional/")  # in a path that nobody may ask for before a choice
WATCH = """
window.moved = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.moved += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => { window.banner = list.getEntries()[0].renderTime; })
  .observe({ type: "element", buffered: true });
"""
PAINTED = "[window.banner, performance.getEntriesByName('first-contentful-paint')[0].startTime]"

Edit = Callable[[str], str]


# Bytes ---------------------------------------------------------------------------------------------------------------


def bytes_added() -> dict[str, int]:
    """Return what the banner puts on the wire, brotli: files of its own whole, shared ones with it less without it."""
    static = ROOT / "static"
    main, base = (static / "js" / "main.js").read_text(), (static / "css" / "base.css").read_text()
    inline = STATE.strip().removeprefix("<script>").removesuffix("</script>")
    return {
        "script in the page": size(inline),
        "in main.js": size(main) - size(main[: main.index(IN_MAIN)]),
        "components/cookies.js": size((static / "js" / "components" / "cookies.js").read_text()),
        "in base.css": size(base) - size(without(base, IN_BASE, AFTER_BANNER)),
    }


def size(text: str) -> int:
    """Return the bytes of a text as WhiteNoise and the page cache send it."""
    return len(brotli.compress(text.encode()))


def without(text: str, begin: str, end: str) -> str:
    """Return a text without what stands from one mark up to the next."""
    start = text.index(begin)
    return text[:start] + text[text.index(end, start) :]


# In the browser ------------------------------------------------------------------------------------------------------


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's Chromium; raise LookupError without one."""
    path = browser_path()
    if path is None:
        raise LookupError("p5 needs a Chromium on PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


def script_times(browser: Browser, url: str) -> dict[str, tuple[float, ...]]:
    """Return milliseconds of processor that scripts took in each round: a load, the press on Accept, a bare load."""
    rounds = [
        (*_script_time(browser, url, unchanged, press=True), _script_time(browser, url, bare, press=False)[0])
        for _load in range(LOADS)
    ]
    return dict(zip(("first page", "Accept", "bare page"), zip(*rounds, strict=True), strict=True))


def unchanged(text: str) -> str:
    """Return a page or script as it is."""
    return text


def bare(text: str) -> str:
    """Return a page, or main.js, as it would be without the question about cookies."""
    if IN_MAIN in text:
        return text[: text.index(IN_MAIN)]
    asked = text.index(' data-asked="')
    text = text[:asked] + text[text.index(">", asked) :]
    return without(text.replace(STATE.strip(), ""), *SECTION)


def _script_time(browser: Browser, url: str, edit: Edit, *, press: bool) -> tuple[float, float]:
    with _first_visit(browser, url, edit) as page:
        watch = page.context.new_cdp_session(page)
        watch.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        watch.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(f"{url}{POLICY}", wait_until="load")
        loading = _settled_time(page, watch)
        if not press:
            return loading, 0.0
        box = page.locator(PRESSED).bounding_box() or {}
        before = _settled_time(page, watch)  # to find the button took script of playwright's own
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        page.wait_for_timeout(SETTLED)
        return loading, _settled_time(page, watch) - before


def _settled_time(page: Page, watch: Any) -> float:
    page.wait_for_timeout(SETTLED)
    metrics = watch.send("Performance.getMetrics")["metrics"]
    return 1000 * float(next(one["value"] for one in metrics if one["name"] == "ScriptDuration"))


def first_sight(browser: Browser, url: str) -> dict[str, Any]:
    """Return what a first visit asked for, when the banner was painted after the first paint (ms), and all shifts."""
    with _first_visit(browser, url, observed) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.add_init_script(WATCH)
        page.goto(f"{url}{POLICY}", wait_until="networkidle")
        early = list(asked)
        painted, first = page.evaluate(PAINTED)
        shifts = [_shifts(page)]
        page.locator(PRESSED).click()
        shifts.append(_shifts(page))
        page.reload(wait_until="networkidle")
        shifts.append(_shifts(page))
    return {"asked": early, "too early": too_early(early, url), "after": painted - first, "shifts": shifts}


def observed(text: str) -> str:
    """Return a page whose browser notes when the banner's heading is painted."""
    return text.replace('<h2 id="cookie_heading"', '<h2 elementtiming="banner" id="cookie_heading"')


def too_early(asked: list[str], url: str) -> list[str]:
    """Return the requests that must wait for a choice, and those to other hosts."""
    places = [urlsplit(one) for one in asked]
    own = urlsplit(url).netloc
    return [place.path for place in places if place.netloc != own or any(word in place.path for word in NOT_YET)]


def _shifts(page: Page) -> float:
    page.wait_for_timeout(SETTLED)
    return float(page.evaluate("window.moved"))


@contextmanager
def _first_visit(browser: Browser, url: str, edit: Edit) -> Iterator[Page]:
    """Open a fresh profile in which the page and main.js pass through `edit`, the same way with each of them."""

    def pass_on(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=edit(answer.text()))

    context = browser.new_context()
    page = context.new_page()
    page.route(f"{url}{POLICY}", pass_on)
    page.route("**/main.*js", pass_on)
    yield page
    context.close()
