"""The public pages one process keeps: in memory as they were last shown, and on the disk for all of the machine."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection

from cms_pages.kept_page import Body, KeptPage, Key
from cms_pages.last_good import LastGood

ARCHIVE = "/editions/"  # in the paths of what there may be thousands of: old editions, texts, comparisons
IMPROVE_AFTER = 5.0  # seconds a page must stand before the best compression is worth its 20 to 70 ms
PATH = 3  # in a key

Later = Callable[..., Any]  # does what it is given beside the requests, one after the other


def at_once(deed: Callable[..., object], *arguments: object) -> None:
    """Do it now: for commands and tests, where nobody waits for an answer."""
    deed(*arguments)


def beside_requests() -> Later:
    """Return what does things one after the other in a thread of its own; a server that ends lets it finish."""
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages")

    def later(deed: Callable[..., object], *arguments: object) -> Future[None]:
        return pool.submit(_and_disconnect, deed, *arguments)

    return later


def _and_disconnect(deed: Callable[..., object], *arguments: object) -> None:
    try:
        deed(*arguments)
    finally:
        connection.close()  # there may be nothing to do for days


class PageStore:
    """Never more than `limit` bytes, of memory and of disk each; what goes is what was asked for longest ago."""

    def __init__(self, last_good: LastGood, limit: int, later: Later) -> None:
        """Begin with an empty memory."""
        self.pages: dict[Key, KeptPage] = {}  # those out of date stay until replaced: they are the last good ones
        self.last_good, self.limit, self.later = last_good, limit, later
        self.lock, self.improving = threading.Lock(), threading.Lock()

    def renderings(self, key: Key) -> Iterator[KeptPage]:
        """Return the page as it was last rendered here, then as another process left it on the disk."""
        if key in self.pages:
            yield self.pages[key]
        shared = self.last_good.load(key)
        if shared:
            yield shared

    def take(self, key: Key, page: KeptPage, now: float) -> None:
        """Have the page in memory from now on, if it fits at all."""
        if page.size <= self.limit and self.pages.get(key) is not page:
            page.kept_since = now
            self.pages[key] = page
            self.evict(keep=key)

    def share(self, key: Key, page: KeptPage) -> None:
        """Write the page to the disk, after the reader has it."""
        if ARCHIVE not in key[PATH] and page.size <= self.limit:  # else comparisons could push out the texts in force
            self.soon(self.last_good.keep, key, page)

    def forget(self, key: Key) -> None:
        """Keep nothing of a page that is public no longer."""
        self.pages.pop(key, None)
        self.last_good.forget(key)

    def evict(self, keep: Key | None = None) -> None:
        """Drop the pages asked for longest ago until the rest fits."""
        with self.lock:
            total = sum(page.size for page in self.pages.values())
            for key in sorted(self.pages, key=lambda key: self.pages[key].used) if total > self.limit else ():
                if total <= self.limit or key == keep:
                    continue
                total -= self.pages.pop(key).size

    def compress(self, page: KeptPage, encoding: str) -> Body:
        """Return the page in an encoding nobody wanted before."""
        body = page.compress(encoding)
        self.evict()
        return body

    def improve_one(self, is_true: Callable[[KeptPage], bool]) -> None:
        """Give one page that lasts its best compression, beside the requests, at most one at a time."""
        for page in list(self.pages.values()):
            if page.is_quick and is_true(page) and page.used >= page.kept_since + IMPROVE_AFTER:
                if self.improving.acquire(blocking=False):
                    self.soon(self._improve, page)
                return

    def _improve(self, page: KeptPage) -> None:
        try:
            page.improve()
        finally:
            self.improving.release()

    def soon(self, deed: Callable[..., object], *arguments: object) -> None:
        """Do it beside the requests."""
        with contextlib.suppress(RuntimeError):  # the server is ending: the answer goes out, the copy is not made
            self.later(deed, *arguments)
