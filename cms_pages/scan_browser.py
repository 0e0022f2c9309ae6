"""Drives a Chromium over the site's pages in each state of the question about cookies, and writes down what it does.

Each state begins with a fresh profile. Values of cookies and storage are compared here and go no further.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cms_pages.models.cookies import Kind
from cms_pages.scanning import Entry, Sight, State, chosen, paths_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Response

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the lightest first
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATIENCE = 30_000  # milliseconds for a page, a press or the browser's start
SETTLING = 3_000  # milliseconds a page may go on asking after it has loaded; one that polls never falls silent
TALL = {"width": 1280, "height": 8000}  # so that what loads only when scrolled to is loaded
CHOICE = "/cookies/choice/"
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })"
STORAGE = """() => {
  try { return { local: { ...localStorage }, session: { ...sessionStorage } }; } catch { return {}; }
}"""
BUTTONS = {State.ACCEPTED: "accept", State.REJECTED: "reject"}

Key = tuple[str, str, str, str]  # kind, name, host, path
Held = dict[Key, tuple[str, float]]  # value, and when it ends in seconds of the epoch; -1: with the session


class ScanFailed(Exception):
    """The scan could not be carried out; the text says what to do."""


@dataclass(frozen=True)
class Tour:
    """Where to go: first the page that asks, then the others; `private` names those where nothing optional may be."""

    url: str
    first: list[str]
    private: frozenset[str]
    limit: int  # pages
    is_asked: bool


@dataclass(frozen=True)
class Scan:
    """What was seen, where, and which pages were left out."""

    sights: list[Sight]
    pages: list[str]
    left_out: list[str]


def browser_path() -> str:
    """Return where the machine's Chromium is; raise ScanFailed when it has none."""
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    raise ScanFailed("No Chromium on PATH; on Debian: apt-get install chromium.")


def scan(tour: Tour, say: Callable[[str], None]) -> Scan:
    """Visit every page in every state; raise ScanFailed where a page does not answer or the banner does not obey."""
    path = browser_path()
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise ScanFailed(
            "playwright is not installed: it is a development dependency, which ./kelisim test brings."
        ) from error
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=QUIET, timeout=PATIENCE)
            try:
                return _scan(chromium, tour, say)
            finally:
                chromium.close()
    except Error as error:
        raise ScanFailed(f"The browser stopped: {error.message.splitlines()[0]}") from error


def _scan(chromium: Browser, tour: Tour, say: Callable[[str], None]) -> Scan:
    pages, left_out = chosen(tour.first, _sitemap(chromium, tour.url), tour.limit)
    sights: list[Sight] = []
    for state in State:
        if state in BUTTONS and not tour.is_asked:
            say(f"{state}: nothing to press, for no optional group is asked about")
            continue
        begun = time.monotonic()
        sights += _in_state(chromium, tour, state, pages)
        say(f"{state}: {len(pages)} pages in {time.monotonic() - begun:.0f} s")
    return Scan(sights, pages, left_out)


def _sitemap(chromium: Browser, url: str) -> list[str]:
    context = chromium.new_context()
    answer = context.request.get(f"{url}/sitemap.xml", timeout=PATIENCE)
    if not answer.ok:
        raise ScanFailed(f"{url}/sitemap.xml answered {answer.status}.")
    paths = paths_in(answer.text())
    context.close()
    return paths


def _in_state(chromium: Browser, tour: Tour, state: State, pages: list[str]) -> list[Sight]:
    visitor = Visitor(chromium, tour.url, state)
    try:
        sights = list(visitor.answer(pages[0])) if state in BUTTONS else []
        for path in pages:
            visitor.open(path)
            sights.append(visitor.sight(path, state, private=path in tour.private))
        return sights
    finally:
        visitor.context.close()


class Visitor:
    """A fresh profile, and what its pages have done since the last look."""

    def __init__(self, chromium: Browser, url: str, state: State) -> None:
        signal = state == State.SIGNALLED
        headers = {"Sec-GPC": "1"} if signal else {}
        self.url = url
        self.state = state
        self.context = chromium.new_context(viewport=TALL, extra_http_headers=headers)  # type: ignore[arg-type]
        self.context.set_default_timeout(PATIENCE)
        if signal:
            self.context.add_init_script(GPC)
        self.requests: list[str] = []
        self.before_answer = 0  # how many of them came before the choice was acknowledged
        self.held: Held = {}
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("response", self._acknowledged)
        self.page = self.context.new_page()
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))

    def open(self, path: str) -> None:
        """Open a page and wait until it asks for nothing more."""
        answer = self.page.goto(f"{self.url}{path}", wait_until="load")
        if answer and not answer.ok:
            raise ScanFailed(f"{path} answered {answer.status}.")
        self._settle()

    def answer(self, path: str) -> Iterator[Sight]:
        """Press the banner's button; what came before the acknowledgement belongs to nothing answered."""
        self.open(path)
        held = self._read()
        button = self.page.locator(f".cookies button[value={BUTTONS[self.state]}]")
        if not button.is_visible():
            raise ScanFailed(f"{path} shows no banner to press, though optional groups are declared.")
        with self.page.expect_response(lambda answer: urlsplit(answer.url).path == CHOICE) as acknowledged:
            button.click()
        if acknowledged.value.status not in {200, 303}:
            raise ScanFailed(f"The choice was not recorded: {CHOICE} answered {acknowledged.value.status}.")
        self._settle()
        early, self.requests = self.requests[: self.before_answer], self.requests[self.before_answer :]
        yield Sight(path, State.UNANSWERED, self._entries(held), tuple(early))
        yield self.sight(path, self.state)

    def sight(self, path: str, state: State, *, private: bool = False) -> Sight:
        """Return what came since the last look."""
        made = Sight(path, state, self._entries(self._read()), tuple(self.requests), private)
        self.requests.clear()
        return made

    def _acknowledged(self, answer: Response) -> None:
        if urlsplit(answer.url).path == CHOICE:
            self.before_answer = len(self.requests)

    def _settle(self) -> None:
        from playwright.sync_api import TimeoutError as TooLong

        try:
            self.page.wait_for_load_state("networkidle", timeout=SETTLING)
        except TooLong:
            return  # it polls; what it asked for so far is written down

    def _entries(self, held: Held) -> tuple[Entry, ...]:
        """Return all that is held, and remember it to know what the next page changes."""
        before, self.held = self.held, held
        return tuple(_entry(key, content[1], before.get(key) != content) for key, content in held.items())

    def _read(self) -> Held:
        held: Held = {}
        for cookie in self.context.cookies():
            key = (Kind.COOKIE.value, cookie["name"], cookie["domain"], cookie["path"])
            held[key] = cookie["value"], cookie["expires"]
        for frame in self.page.frames:
            held |= _stored(frame)
        return held


def _entry(key: Key, ends: float, is_new: bool) -> Entry:
    kind, name, host, _path = key
    return Entry(kind, name, host, None if ends < 0 else ends - time.time(), is_new)


def _stored(frame: Frame) -> Held:
    # Unlike evaluate() this has a time limit, should the page's script never end.
    found: dict[str, dict[str, Any]] = frame.wait_for_function(STORAGE, timeout=PATIENCE).json_value()
    host = urlsplit(frame.url).hostname or ""
    rows = [(kind, name, value) for kind, entries in found.items() for name, value in entries.items()]
    return {(kind, name, host, ""): (str(value), -1) for kind, name, value in rows}
