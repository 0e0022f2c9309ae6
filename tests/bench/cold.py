"""What one rendering costs: run in a process of its own, for our site or for the plain one.

Calls the WSGI application as a server would, close() included, and prints JSON: milliseconds of CPU (median) and
queries per request. Each request comes right after a publication in which the measured worker took no part, of the
plain site too: SQLite and the processor then know nothing of what they had at hand. For ours it is one that changed the
page and was made ready by whoever published, one that left it as it was and was made ready by nobody, and one that
changed it, with a reader who comes first and so has it rendered, compressed and stored.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from typing import Any

ROUNDS, WARM_UP = 60, 10


def environ(path: str) -> dict[str, Any]:
    """Return a browser's request as a WSGI server hands it over."""
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
    }


def ask(application: Any, path: str) -> bytes:
    """Return the body of one answer; raise RuntimeError unless it is 200."""
    statuses: list[str] = []
    chunks = application(environ(path), lambda status, headers, exc_info=None: statuses.append(status))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    if statuses != ["200 OK"]:
        raise RuntimeError(f"{path}: {statuses}")
    return body


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the queries of one request."""
    from django.db import connection

    queries: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield queries


def main(module: str, path: str, way: str = "") -> None:
    """Measure and print; `way` is one of WAYS, or nothing for the plain site."""
    application = import_module(module).application
    publish = WAYS[way](application) if way else Plainly()
    for _each in range(WARM_UP):
        with publish():
            ask(application, path)
    left, milliseconds = noted(application), []
    for _each in range(ROUNDS):
        with publish():
            begun = time.process_time()
            ask(application, path)
            settle(left)
            milliseconds.append(1000 * (time.process_time() - begun))
    with publish(), counted() as queries:
        size = len(ask(application, path))
    looks = [sql for sql in queries if "publicversion" in sql.lower()]  # at most one a second, whatever is asked
    result = {"ms": statistics.median(milliseconds), "queries": len(queries) - len(looks), "looks": len(looks)}
    print(json.dumps({**result, "bytes": size}))


def noted(application: Any) -> list[Any]:
    """Return where what requests leave to be done beside them is noted from now on."""
    left: list[Any] = []
    if hasattr(application, "store"):
        later = application.store.later
        application.store.later = lambda *deed: left.append(later(*deed))
    return left


def settle(left: list[Any]) -> None:
    """Wait for what a request has left to be done beside it, so that it is counted too."""
    while left:
        left.pop().result()


class Plainly:
    """Publishes the plain site's page, over a connection of its own."""

    def __init__(self) -> None:
        """Stand ready."""
        self.elsewhere = ThreadPoolExecutor(max_workers=1)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Publish, have a request made."""
        self.elsewhere.submit(self.publish).result()
        yield

    def publish(self) -> None:
        """Publish what stands there once more."""
        from home.models import LegalPage  # type: ignore[import-not-found]

        LegalPage.objects.get().save_revision().publish()


class Publication:
    """Publishes before a request to a worker that took no part in it, and sees to it that it went the measured way."""

    readers_first = False  # who publishes makes the page ready before anybody asks for it
    changes = True  # what the page shows
    renderings = 0  # by Django, of the worker that is asked

    def __init__(self, worker: Any) -> None:
        """Take the worker; who publishes stands before Django as it does, with the same folder."""
        from cms_pages.page_cache import PageCache
        from cms_pages.page_version import public_pages_changed

        self.worker, self.asked = worker, 0
        self.elsewhere = ThreadPoolExecutor(max_workers=1)
        public_pages_changed.disconnect(worker.published_here)
        self.publisher = PageCache(worker.application)
        public_pages_changed.disconnect(self.publisher.published_here)
        self.django, worker.application = worker.application, self.count

    def count(self, *arguments: Any) -> Any:
        """Let Django answer the worker."""
        self.asked += 1
        return self.django(*arguments)

    def publish(self) -> None:
        """Publish over a connection of its own, as another process would."""
        from cms_pages.models import OperatorCard
        from cms_pages.page_version import bump

        if self.changes:
            card = OperatorCard.objects.get()
            card.phone = f"+7 727 {time.time_ns() % 10**7:07d}"
            card.save()
        else:
            bump()
        if not self.readers_first:
            self.publisher.make_ready()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Publish, have a request made, and raise RuntimeError when it was not answered as it is measured."""
        before = next(iter(self.worker.pages.values()), None)
        self.elsewhere.submit(self.publish).result()
        self.worker.check_at, self.asked = 0.0, 0
        yield
        (after,) = self.worker.pages.values()
        as_measured = self.asked == self.renderings and (after is not before) == self.changes
        if before and not (as_measured and after.version == self.worker.version):
            raise RuntimeError(f"{type(self).__name__}: asked Django {self.asked} times, {after is before=}.")


class Itself(Publication):
    """The page has changed, and whoever published it has made it ready."""


class Another(Publication):
    """The page was left as it was, and nobody has looked at it before its first reader."""

    readers_first, changes = True, False


class Rendering(Publication):
    """The page has changed, and its first reader comes before it is ready, or from another machine."""

    readers_first, renderings = True, 1


WAYS = {"itself": Itself, "another": Another, "rendering": Rendering}


if __name__ == "__main__":
    main(*sys.argv[1:])
