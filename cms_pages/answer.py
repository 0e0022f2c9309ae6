"""What Django answers, held back until it is known whether the answer may be kept for everybody."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from cms_pages.kept_page import Headers
from cms_pages.public import OURS, lifetime_of

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

log = logging.getLogger("kelisim.pages")


class Answer:
    """One answer: status, headers without the word meant for the page cache, body not yet read."""

    def __init__(self, application: Application, environ: Environ) -> None:
        """Ask; what the application raises is raised."""
        self.status = ""
        self.headers: Headers = []
        self.exc_info: Any = None
        self.is_public, self.lifetime = False, 0
        self.chunks = application(environ, self._start_response)

    def _start_response(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], NoReturn]:
        self.status, self.exc_info = status, exc_info
        ours = [value for name, value in headers if name == OURS]
        self.headers = [item for item in headers if item[0] != OURS]
        self.is_public = bool(ours) and status[:3] in {"200", "304"}
        self.lifetime = lifetime_of(ours[0]) if self.is_public else 0
        return _refuse_write

    @property
    def is_unchanged(self) -> bool:
        """Say whether the view would show what we told it we have."""
        return self.is_public and self.status.startswith("304")

    @property
    def is_keepable(self) -> bool:
        """Say whether this may be kept for everybody; an answer that wrongly claims so is told to the log."""
        if not self.lifetime or self.is_unchanged:
            return False
        reason = why_private(self.headers)
        if reason:
            log.error("pages.not_public", extra={"data": {"reason": reason}})
        return not reason

    def body(self) -> bytes:
        """Read the body to its end and close it."""
        try:
            return b"".join(self.chunks)
        finally:
            self.close()

    def close(self) -> None:
        """Let the application end the request."""
        close = getattr(self.chunks, "close", None)
        if close:
            close()

    def send(self, start_response: StartResponse, *, head: bool = False) -> Iterable[bytes]:
        """Pass the answer on as it came."""
        start_response(self.status, self.headers, *([self.exc_info] if self.exc_info else []))
        if not head:
            return self.chunks
        self.close()
        return []


def why_private(headers: Headers) -> str:
    """Return what in these headers belongs to one person only, or makes the bytes unfit to keep; empty if nothing."""
    for name, value in headers:
        field, words = name.lower(), value.lower()
        if field in {"set-cookie", "content-encoding", "transfer-encoding"}:
            return field
        if field == "vary" and words.replace(" ", "") != "accept-encoding":
            return f"vary: {words}"
        if field == "cache-control" and ("private" in words or "no-store" in words):
            return f"cache-control: {words}"
        if field.startswith("content-security-policy") and "'nonce-" in words:
            return "nonce"
    return ""


def is_plain(environ: Environ) -> bool:
    """Say whether the request carries nothing that a page could answer to but its address."""
    told = environ.get("QUERY_STRING") or environ.get("HTTP_COOKIE") or environ.get("HTTP_AUTHORIZATION")
    return environ["REQUEST_METHOD"] == "GET" and not told


def plain_request(scheme: str, host: str, script_name: str, path: str, secure: tuple[str, str] = ("", "")) -> Environ:
    """Return a request for an address and nothing else; `secure` is what a proxy says of https, and where."""
    header, value = secure
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": script_name,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": host,
        "SERVER_NAME": host.partition(":")[0],
        "SERVER_PORT": host.rpartition(":")[2] if ":" in host else ("443" if scheme == "https" else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        **({header: value} if header and scheme == "https" else {}),
    }


def _refuse_write(data: bytes) -> NoReturn:
    raise NotImplementedError("Django returns its body; nothing here calls write().")
