"""p4: what a visit puts on the wire, as a real Chromium counts it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import brotli
from playwright.sync_api import sync_playwright

from tests.running import QUIET, browser_path

VISITS = (("/ru/privacy/", "/ru/offer/"), ("/ru/", "/ru/privacy/"))


@dataclass
class Load:
    """One page with all it fetched."""

    path: str
    requests: int = 0
    size: float = 0.0  # bytes, heads included
    parts: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {size / 1000:.1f}" for name, size in self.parts.items())
        return f"{self.path} {self.size / 1000:.1f} KB in {self.requests} ({parts})"


def words_alone(page: bytes) -> int:
    """Return how many bytes the words of a page would take without any markup, compressed as well as it goes."""
    (main,) = re.findall(r"<main.*</main>", page.decode(), re.DOTALL)
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
    return len(brotli.compress(words.encode(), quality=11, mode=brotli.MODE_TEXT))


def visits(address: str) -> Iterator[list[Load]]:
    """Make each visit in a fresh window; raise LookupError without a Chromium."""
    path = browser_path()
    if path is None:
        raise LookupError("p4 needs a Chromium on PATH.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        for visit in VISITS:
            page = chromium.new_context().new_page()
            yield [_load(page, address, path) for path in visit]
        chromium.close()


def _load(page: Any, address: str, path: str) -> Load:
    load, names = Load(path), {}
    watch = page.context.new_cdp_session(page)

    def answered(event: dict[str, Any]) -> None:
        response = event["response"]
        if response["url"].startswith("http") and not response.get("fromDiskCache"):
            names[event["requestId"]] = response["url"].rpartition("/")[2].partition("?")[0] or "html"

    def from_memory(event: dict[str, Any]) -> None:
        names.pop(event["requestId"], None)

    def finished(event: dict[str, Any]) -> None:
        name = names.pop(event["requestId"], None)
        if name and event["encodedDataLength"]:
            load.requests += 1
            load.size += event["encodedDataLength"]
            load.parts[name] = event["encodedDataLength"]

    watch.on("Network.responseReceived", answered)
    watch.on("Network.requestServedFromCache", from_memory)
    watch.on("Network.loadingFinished", finished)
    watch.send("Network.enable")
    page.goto(f"{address}{path}", wait_until="networkidle")
    page.wait_for_timeout(500)
    watch.detach()
    return load
