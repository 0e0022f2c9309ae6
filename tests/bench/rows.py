"""The rows of speed.md, each measured against its anchor in the same minute on the same machine."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import banner, stage, wire
from tests.bench.servers import HOST, ROOT, SHIPPED, Server, load, request, serving

ROUNDS = 9  # of each pair, in turn; the median counts
COLD_ROUNDS = 9  # of processes, each with the median of its requests; the quietest counts: a neighbour only adds
QUIET = 0.85  # of its processor a server uses when nothing else runs on the machine
OURS, PLAIN, BARE = "config.wsgi:application", "plain.wsgi:application", "tests.bench.bare:application"
ANALYTICS_COOKIES = 997  # different ones, so that no two neighbours are the same


@dataclass
class Figure:
    """One measured figure with its bound; None: it is only told."""

    row: str
    what: str
    value: float
    bound: float | None
    better: str  # "more" or "less"
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Say whether the figure keeps its bound."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.better == "more" else self.value <= self.bound


def p1(folder: Path, seconds: float, kind: str = SHIPPED) -> Iterator[Figure]:
    """A warm public page against a bare application with the same bytes on the same server."""
    plain = [request(stage.POLICY)]
    cookies = [request(stage.POLICY, Cookie=f"_ga=GA1.1.{n}; _ym_uid={n * 7919}") for n in range(ANALYTICS_COOKIES)]
    with ExitStack() as stack:
        ours = stack.enter_context(serving(kind, OURS, folder, **stage.our_environment(folder)))
        settled(ours)
        status, headers, _body = ours.fetch(stage.POLICY, Accept_Encoding="gzip, deflate, br")
        tag = dict(headers)["etag" if "etag" in dict(headers) else "ETag"]
        known = [request(stage.POLICY, If_None_Match=tag)]
        same = stage.bare_environment(ours, folder, "200", stage.POLICY, Accept_Encoding="gzip, deflate, br")
        unchanged = {"Accept_Encoding": "gzip, deflate, br", "If_None_Match": tag}
        same_304 = stage.bare_environment(ours, folder, "304", stage.POLICY, **unchanged)
        bare = stack.enter_context(serving(kind, BARE, folder, **same))
        bare_304 = stack.enter_context(serving(kind, BARE, folder, **same_304))
        for what, asked, anchor, status in (
            ("public page, warm: req/s ÷ bare WSGI", plain, bare, 200),
            ("the same, each request another cookie", cookies, bare, 200),
            ("the same, 304", known, bare_304, 304),
        ):
            pairs = [
                [load(server, asked, seconds=seconds, status=status) for server in (ours, anchor)]
                for _round in range(ROUNDS)
            ]
            yield Figure("p1", what, rate_ratio(pairs), 0.9, "more", pair_detail(pairs, kind))


def p2(folder: Path, seconds: float, kind: str = SHIPPED) -> Iterator[Figure]:
    """CPU of a plain Wagtail page against ours, on the same server."""
    asked = [request(stage.POLICY)]
    with ExitStack() as stack:
        ours = stack.enter_context(serving(kind, OURS, folder, **stage.our_environment(folder)))
        plain = stack.enter_context(serving(kind, PLAIN, folder, **stage.plain_environment()))
        settled(ours)
        plain.fetch(stage.PLAIN_PAGE)
        pairs = [
            [load(plain, [request(stage.PLAIN_PAGE)], seconds=seconds), load(ours, asked, seconds=seconds)]
            for _round in range(ROUNDS)
        ]
        what = "plain Wagtail page ÷ ours: CPU per request"
        yield Figure("p2", what, ratio(pairs, "cpu"), 50, "more", pair_detail(pairs, kind))


def p3(folder: Path, seconds: float, kind: str = SHIPPED) -> Iterator[Figure]:
    """What comes after a publication, of this page or of another, against a plain Wagtail page; how soon it is seen."""
    ours, plain = stage.our_environment(folder), {**stage.plain_environment()}
    plain["PYTHONPATH"] += f":{ROOT}"
    ways = {
        "itself": "first answer of a page that was published, made ready by who did ÷ plain Wagtail page: CPU",
        "another": "first answer of a page that a publication left as it was, made ready by nobody ÷ the same: CPU",
        "rendering": "the rendering itself, by who published or by a reader who came first ÷ the same: CPU",
    }
    rounds = [
        {
            **{way: cold(ours, "config.wsgi", stage.POLICY, way) for way in ways},
            "plain": cold(plain, "plain.wsgi", stage.PLAIN_PAGE),
        }
        for _round in range(COLD_ROUNDS)
    ]
    quietest = {way: min((each[way] for each in rounds), key=lambda made: made["ms"]) for way in (*ways, "plain")}
    theirs = quietest["plain"]
    for way, what in ways.items():
        mine = quietest[way]
        value = mine["ms"] / theirs["ms"]
        detail = f"{mine['ms']:.2f} ms for {mine['bytes']:,} bytes sent, "
        detail += f"plain {theirs['ms']:.2f} ms for {theirs['bytes']:,}"
        yield Figure("p3", what, value, 0.25 if way != "rendering" else None, "less", detail)
        detail = f"plain {theirs['queries']}; besides, one look at the version a second"
        yield Figure("p3", "the same: queries", mine["queries"], 2, "less", detail)
    with serving(kind, OURS, folder, workers=2, **ours) as server:
        detail = "seconds until no connection to two workers shows the old page"
        yield Figure("p3", "a publish reaches every worker: s", reach(server, ours), 1.0, "less", detail)


def p4(folder: Path, seconds: float, kind: str = SHIPPED) -> Iterator[Figure]:
    """Bytes and requests of the policy page, first and second page of a visit, in a real Chromium."""
    with serving(kind, OURS, folder, **stage.our_environment(folder)) as server:
        address = f"{HOST}:{server.port}"
        for path in {path for visit in wire.VISITS for path in visit}:
            settled(server, path, address)
        made = list(wire.visits(f"http://{address}"))
        words = wire.words_alone(server.fetch(stage.POLICY, Host=address)[2])
    (policy, second), (_home, policy_later) = made
    yield Figure("p4", "policy page, first of a visit: KB", policy.size / 1000, 50, "less", str(policy))
    yield Figure("p4", "the same: requests", policy.requests, 6, "less")
    largest = max(second, policy_later, key=lambda load: load.size)
    told = f"{second}; {policy_later}"
    yield Figure("p4", "second page of a visit, the larger of two: KB", largest.size / 1000, 8, "less", told)
    yield Figure("p4", "the same: requests", max(second.requests, policy_later.requests), 1, "less")
    detail = f"{words / 1000:.1f} KB are its words alone after brotli, without any markup"
    beyond = (policy_later.size - words) / 1000
    yield Figure("p4", "policy as the second page, past its words: KB", beyond, None, "less", detail)


def p5(folder: Path, seconds: float, kind: str = SHIPPED) -> Iterator[Figure]:
    """The banner: its bytes, its script on a slow processor, what it asks for and moves."""
    parts = banner.bytes_added()
    detail = ", ".join(f"{name} {count}" for name, count in parts.items())
    detail += "; brotli: shared files with it less without it, comments included; the words are HTML"
    yield Figure("p5", "banner: JS + CSS in KB", sum(parts.values()) / 1000, 2.5, "less", detail)
    with serving(kind, OURS, folder, **stage.our_environment(folder)) as server, banner.chromium() as browser:
        address = f"{HOST}:{server.port}"
        settled(server, stage.POLICY, address)
        made = banner.script_times(browser, f"http://{address}")
        seen = banner.first_sight(browser, f"http://{address}")
    middle = {name: statistics.median(times) for name, times in made.items()}
    slower = f"on a {banner.SLOWER} × slower CPU: ms"
    detail = "processor time, median of {} loads: {first page:.1f}, the same page without the banner {bare page:.1f}"
    added = middle["first page"] - middle["bare page"]
    yield Figure("p5", f"script of a first visit {slower}", added, 20, "less", detail.format(banner.LOADS, **middle))
    detail = "fetched, run, acknowledged and obeyed; nothing of it without the press"
    yield Figure("p5", f"script of the press on Accept {slower}", middle["Accept"], 20, "less", detail)
    detail = ", ".join(seen["too early"]) or f"{len(seen['asked'])} requests, all of them the page's own"
    yield Figure("p5", "requests of its own before a choice", len(seen["too early"]), 0, "less", detail)
    detail = "element timing of its heading less first contentful paint"
    yield Figure("p5", "shown after the first paint: ms", seen["after"], 0, "less", detail)
    detail = "load {}, Accept {}, reload {}; shifts after a press are counted too".format(*seen["shifts"])
    yield Figure("p5", "CLS of the three", sum(seen["shifts"]), 0, "less", detail)


def settled(server: Server, path: str = stage.POLICY, host: str = HOST) -> None:
    """Wait until a page has stood long enough to have its best compression."""
    tags: list[Any] = []
    end = time.monotonic() + 15
    while time.monotonic() < end:
        # As pages are kept by host, the host must be the one that is measured.
        _status, headers, _body = server.fetch(path, Host=host, Accept_Encoding="gzip, deflate, br")
        tags.append({name.lower(): value for name, value in headers}.get("etag"))
        if tags[-1] != tags[0]:
            return
        time.sleep(0.25)


def cold(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    """Measure renderings in a process of their own."""
    return dict(json.loads(stage.run(ROOT, environment, str(Path(__file__).with_name("cold.py")), *arguments)))


def reach(server: Server, environment: dict[str, str]) -> float:
    """Publish from another process and return the seconds until the old page is seen no more."""
    phone = f"+7 727 {time.time_ns() % 10**7:07d}"
    seen: list[tuple[float, bool]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            asked = time.monotonic()
            seen.append((asked, phone.encode() in server.fetch("/ru/")[2]))

    watchers = [threading.Thread(target=watch) for _each in range(4)]
    for watcher in watchers:
        watcher.start()
    try:
        command = [sys.executable, str(Path(__file__).with_name("publication.py")), phone]
        said = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        committed = float(said.split()[-1])
        time.sleep(2.5)
    finally:
        done.set()
        for watcher in watchers:
            watcher.join()
    if not any(new for _asked, new in seen):
        raise RuntimeError("The publication never reached a page.")
    return max((asked - committed for asked, new in seen if not new), default=0.0)


def ratio(pairs: list[list[dict[str, Any]]], key: str) -> float:
    """Return the median of the ratios, first ÷ second."""
    return statistics.median(one[key] / other[key] for one, other in pairs)


def rate_ratio(pairs: list[list[dict[str, Any]]]) -> float:
    """Return the ratio of requests per second; on a machine that others use too, per second of CPU time."""
    busy = [statistics.median(one["busy"] for one in side) for side in zip(*pairs, strict=True)]
    return ratio(pairs, "rate") if min(busy) >= QUIET else 1 / ratio(pairs, "cpu")


def pair_detail(pairs: list[list[dict[str, Any]]], kind: str) -> str:
    """Tell what stands behind a ratio."""
    sides = []
    for side in zip(*pairs, strict=True):
        rate, cpu, p99, busy = (statistics.median(one[key] for one in side) for key in ("rate", "cpu", "p99", "busy"))
        sides.append(f"{rate:,.0f}/s {cpu:.0f} µs CPU p99 {p99:.1f} ms busy {busy:.0%}")
    by = f"req/s ÷ {ratio(pairs, 'rate'):.2f}, CPU ÷ {ratio(pairs, 'cpu'):.2f}"
    return f"{kind}: {' | '.join(sides)}; {by}"
