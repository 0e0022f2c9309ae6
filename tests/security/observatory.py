"""Mozilla's HTTP Observatory as arithmetic: what its scan would give for these headers.

Modifiers as its documentation and scanner state them in 2025 (developer.mozilla.org/en-US/observatory); only those a
page of ours can meet. Begin at 100, take the penalties; from 90 on the bonuses are added. Preloading (+5) is a list
that browsers keep, so it is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from http.cookies import SimpleCookie

HALF_A_YEAR = 15_768_000  # seconds
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def score(headers: Mapping[str, str], cookies: SimpleCookie, html: str) -> int:
    """Return the score of a page served over HTTPS."""
    modifiers = [
        cookies_modifier(cookies),
        policy_modifier(headers),
        -50 if headers.get("Access-Control-Allow-Origin") == "*" and cookies else 0,
        corp_modifier(headers),
        hsts_modifier(headers),
        referrer_modifier(headers),
        frames_modifier(headers),
        scripts_modifier(html),
        0 if headers.get("X-Content-Type-Options") == "nosniff" else -5,
    ]
    begun = 100 + sum(each for each in modifiers if each < 0)
    return max(0, begun + sum(each for each in modifiers if each > 0) if begun >= 90 else begun)


def directives(headers: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the Content-Security-Policy as names and sources."""
    parts = [part.split() for part in headers.get("Content-Security-Policy", "").split(";")]
    return {part[0]: part[1:] for part in parts if part}


def policy_modifier(headers: Mapping[str, str]) -> int:
    """Reward a policy that begins with nothing and allows nothing inline."""
    policy = directives(headers)
    if not policy:
        return -25
    default = policy.get("default-src", ["*"])
    scripts, styles, objects = (policy.get(name, default) for name in ("script-src", "style-src", "object-src"))
    broad = {"*", "http:", "https:", "data:", "'unsafe-inline'"}
    if broad & {*scripts, *objects}:
        return -20
    if "'unsafe-eval'" in scripts:
        return -10
    if broad & {*styles}:
        return 0
    return 10 if default == ["'none'"] else 5


def cookies_modifier(cookies: SimpleCookie) -> int:
    """Reward cookies that are Secure, HttpOnly and SameSite; a page without cookies is neither better nor worse."""
    if not cookies:
        return 0
    for name, cookie in cookies.items():
        if not cookie["secure"]:
            return -40 if "session" in name else -20
        if "session" in name and not cookie["httponly"]:
            return -30
    return 5 if all(cookie["samesite"] in {"Lax", "Strict"} for cookie in cookies.values()) else 0


def hsts_modifier(headers: Mapping[str, str]) -> int:
    """Take points where browsers may come back without HTTPS."""
    age = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    if age is None:
        return -20
    return 0 if int(age[1]) >= HALF_A_YEAR else -10


def referrer_modifier(headers: Mapping[str, str]) -> int:
    """Reward silence about where a visitor came from."""
    policy = headers.get("Referrer-Policy")
    if policy is None:
        return 0
    return 5 if policy in PRIVATE else -5


def frames_modifier(headers: Mapping[str, str]) -> int:
    """Reward a policy that says who may frame the page."""
    if "frame-ancestors" in directives(headers):
        return 5
    return 0 if headers.get("X-Frame-Options") in {"DENY", "SAMEORIGIN"} else -20


def corp_modifier(headers: Mapping[str, str]) -> int:
    """Reward resources that other sites cannot embed."""
    return 10 if headers.get("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"} else 0


def scripts_modifier(html: str) -> int:
    """Take points for scripts from elsewhere without integrity."""
    return -5 if any("//" in source for source in ScriptSources.of(html)) else 0


class ScriptSources(HTMLParser):
    """Collects the addresses of scripts without integrity."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []

    @classmethod
    def of(cls, html: str) -> list[str]:
        """Return the addresses in this page."""
        parser = cls()
        parser.feed(html)
        return parser.sources

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a script's address."""
        found = dict(attrs)
        if tag == "script" and found.get("src") and not found.get("integrity"):
            self.sources.append(found["src"] or "")
