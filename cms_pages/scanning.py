"""What a browser held and asked for, compared with what is declared; knows no browser (scan_browser.py drives one)."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from cms_pages.cookies import is_asked
from cms_pages.models.cookies import Kind

SLACK = 60  # seconds that a clock or a slow page may add to a lifetime
ON_THE_WIRE = {"http", "https", "ws", "wss"}  # data:, blob: and the like ask nobody
HASH = re.compile(r"\.[0-9a-f]{8,}(?=\.js$)")  # what storage.py puts into the name of a file
KEPT_IN = {Kind.COOKIE: "cookie", Kind.LOCAL: "local storage", Kind.SESSION: "session storage"}
NEARLY = 0.95  # of a unit is called one: a cookie for a day is looked at a second later
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


class State(StrEnum):
    """What the visitor has said so far."""

    UNANSWERED = "nothing answered"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    SIGNALLED = "Global Privacy Control"


@dataclass(frozen=True)
class Entry:
    """A cookie or an entry of the browser's storage; `seconds` are left to it, None where the session ends it.

    `is_new` says that the page itself set or changed it.
    """

    kind: str
    name: str
    host: str
    seconds: float | None = None
    is_new: bool = True


@dataclass(frozen=True)
class Sight:
    """What the browser held after one page in one state, and the addresses that page asked for."""

    page: str
    state: State
    entries: tuple[Entry, ...] = ()
    requests: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True)
class Finding:
    """Something that was not declared so."""

    page: str
    state: State
    what: str
    why: str

    @property
    def row(self) -> tuple[str, ...]:
        """Return it as a row of a table."""
        return self.page, self.state, self.what, self.why


# Which pages ---------------------------------------------------------------------------------------------------------


def paths_in(sitemap: str) -> list[str]:
    """Return the paths a sitemap names, whatever host it gives them."""
    places = re.findall(r"<loc>\s*([^<]+?)\s*</loc>", sitemap)
    return [urlsplit(html.unescape(place)).path or "/" for place in places]


def chosen(first: Iterable[str], sitemap: Iterable[str], limit: int) -> tuple[list[str], list[str]]:
    """Return at most `limit` pages, each once, those of `first` before others; and those left out."""
    pages = list(dict.fromkeys([*first, *sitemap]))
    return pages[:limit], pages[limit:]


# Declared against seen -----------------------------------------------------------------------------------------------


class Declared:
    """The groups of a sealed question (cookies.content), for a site at one address."""

    def __init__(self, groups: list[dict[str, Any]], site: str) -> None:
        self.groups = groups
        self.netloc = urlsplit(site).netloc
        self.host = urlsplit(site).hostname or ""

    def findings(self, sights: Iterable[Sight]) -> list[Finding]:
        """Return what was not declared so, once for each state, with the first page it was met on."""
        pages: defaultdict[tuple[State, str, str], list[str]] = defaultdict(list)
        for sight in sights:
            for what, why in dict.fromkeys(self._faults(sight)):
                pages[sight.state, what, why].append(sight.page)
        return [Finding(_first(where), *key) for key, where in pages.items()]

    def of(self, entry: Entry) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Return each declaration that covers the entry, with its group."""
        return [(group, one) for group in self.groups for one in group["cookies"] if self._covers(group, one, entry)]

    def unseen(self, sights: Iterable[Sight]) -> list[str]:
        """Return the declared names that no state showed."""
        seen = {id(one) for sight in sights for entry in sight.entries for _group, one in self.of(entry)}
        return [one["name"] for group in self.groups for one in group["cookies"] if id(one) not in seen]

    def _faults(self, sight: Sight) -> Iterator[tuple[str, str]]:
        for entry in sight.entries:
            why = self._fault_of_entry(entry, sight)
            if why:
                yield f"{KEPT_IN[Kind(entry.kind)]} {entry.name} ({entry.host})", why
        for url in sight.requests:
            why = self._fault_of_request(url, sight)
            if why:
                yield without_query(url), why

    def _fault_of_entry(self, entry: Entry, sight: Sight) -> str:
        found = self.of(entry)
        if not found:
            return "not declared"
        # What was set elsewhere is held on private pages too.
        place = sight if entry.is_new else replace(sight, private=False)
        allowed = [one for group, one in found if is_allowed(group, place)]
        if not allowed:
            return early([group for group, _one in found], place)
        longest = max(allowed, key=lambda one: int(one["minutes"]))
        if entry.is_new and outlives(entry, longest["minutes"]):
            return f"lives {in_words(entry)}, declared: {longest['lifetime']}"
        return ""

    def _fault_of_request(self, url: str, sight: Sight) -> str:
        address = urlsplit(url)
        if address.scheme not in ON_THE_WIRE:
            return ""
        asking = [group for group in self.groups if self._asks(group, url)]
        if not asking:
            return "" if address.netloc == self.netloc else "host not declared"
        return "" if any(is_allowed(group, sight) for group in asking) else early(asking, sight)

    def _asks(self, group: dict[str, Any], url: str) -> bool:
        address = urlsplit(url)
        script = urlsplit(group["script"])
        is_script = bool(script.path) and HASH.sub("", address.path) == script.path
        return address.hostname in group["hosts"] or (is_script and address.netloc == (script.netloc or self.netloc))

    def _covers(self, group: dict[str, Any], one: dict[str, Any], entry: Entry) -> bool:
        if one["kind"] != entry.kind or not is_named(entry.name, one["name"]):
            return False
        if one["domain"]:
            return bool(one["domain"].lstrip(".") == entry.host.lstrip("."))
        hosts = [self.host] if one["is_ours"] else [self.host, *group["hosts"]]
        return any(is_within(host, entry.host) for host in hosts)


def is_named(name: str, declared: str) -> bool:
    """Say whether a declared name means this one; a star at its end stands for any further letters."""
    return name.startswith(declared[:-1]) if declared.endswith("*") else name == declared


def is_within(host: str, domain: str) -> bool:
    """Say whether a cookie of this domain reaches the host (RFC 6265, 5.1.3)."""
    domain = domain.lstrip(".")
    return host == domain or host.endswith(f".{domain}")


def is_allowed(group: dict[str, Any], sight: Sight) -> bool:
    """Say whether a group may do anything here."""
    return group["required"] or (sight.state == State.ACCEPTED and not sight.private and is_asked(group))


def early(groups: list[dict[str, Any]], sight: Sight) -> str:
    """Say why these groups had to wait."""
    names = ", ".join(group["varname"] for group in groups)
    if sight.private:
        return f"group {names} has no place on a private page"
    return f"early: group {names} is not allowed"


def outlives(entry: Entry, minutes: int) -> bool:
    """Say whether an entry lives longer than declared; 0 minutes means until the browser is closed.

    Nothing says when local storage ends; it survives the browser in any case. A Chromium cuts cookies to 400 days.
    """
    if entry.kind == Kind.LOCAL:
        return minutes == 0
    return entry.seconds is not None and entry.seconds > (minutes * 60 + SLACK if minutes else 0)


def in_words(entry: Entry) -> str:
    """Return how long an entry lives, in the largest unit that fits."""
    if entry.kind == Kind.LOCAL:
        return "until it is removed"
    if entry.seconds is None:
        return "until the browser is closed"
    size, unit = next((each for each in UNITS if entry.seconds >= NEARLY * each[0]), UNITS[-1])
    count = round(entry.seconds / size)
    return f"{count} {unit}{'' if count == 1 else 's'}"


def without_query(url: str) -> str:
    """Return an address without its query and fragment, which may tell of a person."""
    address = urlsplit(url)
    return f"{address.scheme}://{address.netloc}{address.path}"


def _first(pages: list[str]) -> str:
    others = len(set(pages)) - 1
    return f"{pages[0]} and {others} more" if others else pages[0]


# Tables --------------------------------------------------------------------------------------------------------------


def seen(sights: Iterable[Sight], declared: Declared) -> list[tuple[str, ...]]:
    """Return a row for all that was held or asked for: what, kept in or asked of, group, states."""
    rows: defaultdict[tuple[str, ...], Counter[State]] = defaultdict(Counter)
    for sight in sights:
        for entry in sight.entries:
            groups = ", ".join(dict.fromkeys(group["varname"] for group, _one in declared.of(entry)))
            rows[entry.name, f"{KEPT_IN[Kind(entry.kind)]} of {entry.host}", groups][sight.state] += 1
        for host in {urlsplit(url).netloc for url in sight.requests} - {""}:
            rows[host, "requests, pages", ""][sight.state] += 1
    return [(*row, ", ".join(f"{state} {count}" for state, count in states.items())) for row, states in rows.items()]


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return rows in columns as wide as their longest text."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
