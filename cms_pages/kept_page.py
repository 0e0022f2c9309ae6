"""One public page as it is kept: its bytes in each encoding, its headers, its validators."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import threading
from dataclasses import dataclass

import brotli

Headers = list[tuple[str, str]]
Key = tuple[str, str, str, str]  # scheme, host, script name, path

# The first reader after a publication should not wait for the best compression: for a page of 45 KB level 3 takes
# 0.3 ms, level 11 50 ms and is a quarter smaller. `KeptPage.improve` makes that later, for pages that last.
QUICK, BEST = 3, 11
STORED = "br"  # on the disk besides the body as it is, for the first reader of another process
HEADERS_SIZE = 2048  # bytes, roughly
CDN_AWAY = "public, max-age=0"
# What a 304 repeats (RFC 9110, 15.4.5), the CDN's own field besides.
REPEATED = {"cache-control", "cdn-cache-control", "content-location", "expires", "vary"}
# Ours to write, or about one connection only.
REWRITTEN = {"content-length", "content-encoding", "etag", "vary", "date", "connection", "kelisim-cache-control"}


@dataclass(frozen=True, slots=True)
class Body:
    """The page in one encoding, ready to send."""

    data: list[bytes]
    size: int
    etag: str
    headers: Headers
    headers_unchanged: Headers
    quality: int


# Line breaks before these are there for who reads the template: no browser shows them.
OF_A_BLOCK = (
    b"article|aside|body|dd|details|div|dl|dt|footer|form|h[1-6]|head|header|html|li|link|main|meta|nav|noscript|ol|p"
    b"|section|summary|table|tbody|td|th|thead|title|tr|ul"
)
NEVER_SHOWN = re.compile(rb"\n+(?=</?(?:%s)[ >])" % OF_A_BLOCK)


class KeptPage:
    """A rendered page, `version` and two clocks telling until when it is true."""

    __slots__ = ("bodies", "digest", "expires", "expires_at", "headers", "html", "is_quick", "kept_since", "lock",
                 "size", "source_tag", "used", "version")  # fmt: skip

    def __init__(self, headers: Headers, html: bytes, digest: str = "") -> None:
        """Keep the body and the headers Django gave, less those that belong to one answer.

        What comes with its digest was kept before, without what no browser shows.
        """
        self.source_tag = next((value for name, value in headers if name.lower() == "etag"), "")  # the view's own
        self.headers = [item for item in headers if item[0].lower() not in REWRITTEN] + [("Vary", "Accept-Encoding")]
        self.html = html = NEVER_SHOWN.sub(b"", html) if _is_html(headers) and not digest else html
        self.digest = digest or _digest(self.headers, html)
        self.version: tuple[int, int] | None = None  # None: rendered by an earlier process
        self.expires = 0.0  # by the monotonic clock
        self.expires_at = 0.0  # by the wall clock
        self.kept_since = self.used = 0.0
        self.is_quick = True
        self.lock = threading.Lock()
        self.bodies = {"identity": self._body("identity", html)}
        self.size = len(html) + HEADERS_SIZE

    def compress(self, encoding: str, quality: int = QUICK) -> Body:
        """Return the page in this encoding; as it is where that is no longer."""
        return self.add(encoding, compress(encoding, self.html, quality), quality)

    def add(self, encoding: str, data: bytes, quality: int) -> Body:
        """Keep the page in this encoding, unless it is there smaller; nothing: it is no smaller than as it is."""
        with self.lock:
            before = self.bodies.get(encoding)
            if before and before.size <= len(data):
                return before
            smaller = 0 < len(data) < len(self.html)
            body = self._body(encoding, data, quality) if smaller else self.bodies["identity"]
            self.bodies[encoding] = body
            self.size = sum(kept.size for kept in self.bodies.values()) + HEADERS_SIZE
            return body

    def improve(self) -> None:
        """Compress as well as it goes; takes a processor 20 to 70 ms."""
        self.is_quick = False
        for encoding in [name for name in self.bodies if name != "identity"]:
            self.compress(encoding, BEST)

    def stored(self, key: Key) -> bytes:
        """Return the page as a file keeps it: a line of JSON, the body, and the body as most browsers want it."""
        head = {"key": key, "digest": self.digest, "tag": self.source_tag, "headers": self.headers}
        best = self.bodies.get(STORED) or self.compress(STORED)
        sent = best.data[0] if best is not self.bodies["identity"] else b""
        whole = hashlib.sha256(self.html + sent).hexdigest()
        told = {**head, "size": len(self.html), "whole": whole, "quality": best.quality}
        return json.dumps(told).encode() + b"\n" + self.html + sent

    @classmethod
    def from_stored(cls, stored: bytes) -> KeptPage:
        """Read what `stored` wrote; raise ValueError when it is torn or not ours."""
        head, _newline, rest = stored.partition(b"\n")
        try:
            fields = json.loads(head)
            if hashlib.sha256(rest).hexdigest() != fields["whole"]:
                raise ValueError("This file holds only a part of a page.")
            headers = [(str(name), str(value)) for name, value in (*fields["headers"], ("ETag", fields["tag"]))]
            page = cls(headers, rest[: fields["size"]], fields["digest"])
            page.add(STORED, rest[fields["size"] :], fields["quality"])
        except (TypeError, KeyError) as error:
            raise ValueError("This file does not hold a page.") from error
        return page

    def _body(self, encoding: str, data: bytes, quality: int = 0) -> Body:
        # Other bytes, another strong ETag (RFC 9110, 8.8.3): the better compression has its own.
        tag = f'"{self.digest}-{encoding}{quality or ""}"'
        own = [("ETag", tag), ("Content-Length", str(len(data)))]
        if quality:
            own.append(("Content-Encoding", encoding))
        repeated = [item for item in self.headers if item[0].lower() in REPEATED]
        return Body([data], len(data), tag, self.headers + own, [*repeated, ("ETag", tag)], quality)


def compress(encoding: str, data: bytes, quality: int) -> bytes:
    """Return the data in this encoding: br, gzip or identity."""
    if encoding == "br":
        return brotli.compress(data, quality=quality, mode=brotli.MODE_TEXT)
    if encoding == "gzip":
        return gzip.compress(data, compresslevel=min(quality, 9), mtime=0)
    return data


def without_cdn(headers: Headers) -> Headers:
    """Return the headers with no word for a CDN to keep the page: it is about to change, or may be out of date."""
    return [(name, CDN_AWAY if name.lower() == "cdn-cache-control" else value) for name, value in headers]


def accepted(header: str) -> str:
    """Return the encoding to answer with: br, gzip or identity, whichever the client likes best, br among equals."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        weights[name.strip()] = _weight(weight.strip())
    others = weights.get("*", 0.0)
    liked = {name: weights.get(name, others) for name in ("br", "gzip")}
    best = max(liked, key=lambda name: liked[name])
    return best if liked[best] > 0 and liked[best] >= weights.get("identity", 0.0) else "identity"


def same_tag(if_none_match: str, etag: str) -> bool:
    """Say whether the header names this tag, compared weakly (RFC 9110, 13.1.2)."""
    if if_none_match == etag or if_none_match.strip() == "*":  # what browsers send, first
        return True
    return any(tag.strip().removeprefix("W/") == etag for tag in if_none_match.split(","))


def _weight(parameter: str) -> float:
    if not parameter.startswith("q="):
        return 1.0
    try:
        return float(parameter[2:])
    except ValueError:
        return 0.0


def _is_html(headers: Headers) -> bool:
    return any(name.lower() == "content-type" and value.startswith("text/html") for name, value in headers)


def _digest(headers: Headers, html: bytes) -> str:
    return hashlib.sha256(json.dumps(headers).encode() + b"\n" + html).hexdigest()[:16]
