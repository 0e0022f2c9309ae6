"""What one rendering costs: run in a process of its own, for our site or for the plain one.

Calls the WSGI application as a server would, close() included, and prints JSON: milliseconds of CPU (median) and
queries per request. For ours each request comes right after a publication: of the page itself, which is rendered,
compressed and stored anew, or of another, after which Django is asked whether this one still stands.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
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


def main(module: str, path: str, published: str) -> None:
    """Measure and print; `published` is "itself", "another" or nothing."""
    application = import_module(module).application
    for _each in range(WARM_UP):
        ask(application, path)
    milliseconds = []
    for _each in range(ROUNDS):
        with published_before(application, published):
            begun = time.process_time()
            ask(application, path)
            milliseconds.append(1000 * (time.process_time() - begun))
    with published_before(application, published), counted() as queries:
        size = len(ask(application, path))
    looks = [sql for sql in queries if "publicversion" in sql.lower()]  # at most one a second, whatever is asked
    result = {"ms": statistics.median(milliseconds), "queries": len(queries) - len(looks), "looks": len(looks)}
    print(json.dumps({**result, "bytes": size}))


@contextmanager
def published_before(application: Any, published: str) -> Iterator[None]:
    """Publish before a request; raise RuntimeError when it was not answered by the way that is measured."""
    if not published:
        yield
        return
    from cms_pages.page_version import bump

    bump()
    (before,) = application.pages.values()
    if published == "itself":
        before.source_tag = ""  # so that Django renders it
        before.digest = "another text"  # so that it is compressed anew
        application.last_good.digests.clear()  # and written to the disk
    yield
    (after,) = application.pages.values()
    if (after is before) == (published == "itself") or after.version != application.version:
        raise RuntimeError(f"Published: {published}, but the page was {'kept' if after is before else 'made anew'}.")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], next(iter(sys.argv[3:]), ""))
