"""Asking the page cache as a server would: a request, a clock, and applications to stand behind it."""

from __future__ import annotations

import io
from dataclasses import dataclass


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(application, path="/ru/privacy/", method="GET", query="", scheme="http", **headers):
    sent = {f"HTTP_{name.upper()}": value for name, value in {"host": "localhost", **headers}.items()}
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        **sent,
    }
    head: list = []
    chunks = application(environ, lambda status, headers, exc_info=None: head.extend((status, headers)))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    return Response(int(head[0][:3]), dict(head[1]), body)


class Counted:
    """Counts what reaches the application behind the cache."""

    def __init__(self, application):
        self.application, self.requests = application, []

    def __call__(self, environ, start_response):
        self.requests.append(environ)
        return self.application(environ, start_response)


class Page:
    """An application with one public page, and a few that only look like one."""

    def __init__(self, body=b"<p>words</p>" * 100, lifetime=3600, status="200 OK", **headers):
        self.body, self.status = body, status
        self.headers = [("Content-Type", "text/html"), ("Kelisim-Cache-Control", f"max-age={lifetime}")]
        self.headers += [(name.replace("_", "-"), value) for name, value in headers.items()]
        self.requests = []

    def __call__(self, environ, start_response):
        self.requests.append(environ)
        start_response(self.status, self.headers)
        return [self.body]
