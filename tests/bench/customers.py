"""p7, p8, p9: what a customer with very many orders costs, copied, erased and looked at."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.bench import stage
from tests.bench.rows import Figure
from tests.bench.servers import ROOT, SHIPPED

MANY, ERASED, FEW = 100_000, 50_000, 10  # orders of one customer
ROUNDS = 3  # processes, of which the quietest counts: a neighbour only adds
LOCKED = 200  # milliseconds for which others may be kept waiting
GROWTH = 1.3  # of what a row costs, when there are many times as many
besides = 0  # orders for which p7 and p8 are measured once more; none unless asked for


@contextmanager
def database(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of our site: on SQLite, or in a database of its own where DATABASE_URL names PostgreSQL."""
    environment = stage.our_environment(folder)
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield environment
        return
    import psycopg

    server, _slash, _home = address.partition("?")[0].rpartition("/")
    name = f"kelisim_bench_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            data = Path(mkdtemp(dir=folder))  # of its own too, or its marks of the erased would be another database's
            (data / "static").symlink_to(folder / "static")
            environment = {**environment, "DATABASE_URL": f"{server}/{name}", "DATA_DIR": str(data)}
            for command in (["migrate", "--verbosity=0"], ["load_demo"]):
                stage.run(ROOT, {**environment, "DEBUG": "1"}, "manage.py", *command)
            yield environment
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def told(environment: dict[str, str], program: str, *arguments: object) -> Any:
    """Return what a program beside this one has measured in a process of its own."""
    return json.loads(stage.run(ROOT, environment, str(Path(__file__).with_name(program)), *map(str, arguments)))


def p7(folder: Path, seconds: float, kind: str = SHIPPED) -> Iterator[Figure]:
    """A copy of one customer with many orders against a plain streamed export of the same; its memory; its growth."""
    with database(folder) as environment:

        def quietest(count: int, way: str, rounds: int = ROUNDS) -> dict[str, float]:
            made = [told(environment, "many_rows.py", count, way) for _round in range(rounds)]
            return min(made, key=lambda one: one["seconds"])

        ours, plain, dump = (quietest(MANY, way) for way in ("copy", "export", "dump"))
        more = quietest(3 * MANY, "copy", rounds=1)
        most = quietest(besides, "copy", rounds=1) if besides else {}
    detail = f"{ours['seconds']:.2f} s of CPU; the same three forms written plainly and packed {plain['seconds']:.2f} s"
    what = f"copy of {MANY:,} orders ÷ a streamed export of the same rows"
    yield Figure("p7", f"{what}, in the same forms: CPU", ours["seconds"] / plain["seconds"], 1.5, "less", detail)
    detail = f"{dump['seconds']:.2f} s: JSON alone, not packed, hashed or read back"
    yield Figure("p7", f"{what}, to one file of JSON: CPU", ours["seconds"] / dump["seconds"], None, "less", detail)
    detail = f"{ours['before']:.0f} MB after a copy of nothing, {ours['after']:.0f} at the highest"
    memory = ours["after"] - ours["before"]
    yield Figure("p7", "the same: memory above the idle process, MB", memory, 20, "less", detail)
    detail = f"{more['seconds']:.2f} s of CPU, {more['after'] - more['before']:.0f} MB"
    growth = more["seconds"] / ours["seconds"] / 3
    yield Figure("p7", "three times as many orders: CPU a row ÷", growth, GROWTH, "less", detail)
    if besides:
        memory, growth = most["after"] - most["before"], most["seconds"] / ours["seconds"] / (besides / MANY)
        detail = f"{most['seconds']:.2f} s of CPU"
        yield Figure("p7", f"{besides:,} orders: CPU a row ÷ that of {MANY:,}", growth, GROWTH, "less", detail)
        yield Figure("p7", f"{besides:,} orders: memory above the idle process, MB", memory, 20, "less")


def p8(folder: Path, seconds: float, kind: str = SHIPPED) -> Iterator[Figure]:
    """Erasing a customer with many orders against plain SQL of the same effect; its locks; its growth."""
    with database(folder) as environment:
        unit = "cpu"  # with that of the process of PostgreSQL that serves it, which must be on this machine
        rounds = [told(environment, "erased_orders.py", ERASED) for _round in range(ROUNDS)]
        fewer = told(environment, "erased_orders.py", ERASED // 10)["ours"]
        most = told(environment, "erased_orders.py", besides)["ours"] if besides else {}
    # Each round finds more in the tables than the last, so each figure has its own quietest one.
    ours, plain = (
        {name: min(each[way][name] for each in rounds) for name in rounds[0][way]} for way in ("ours", "plain")
    )
    whole = f"{unit}+"
    what = f"erasing a customer with {ERASED:,} orders ÷ plain SQL of the same effect: {unit}"
    detail = f"{ours[unit]:.2f} s, plain {plain[unit]:.2f} s; both without the re-scan"
    yield Figure("p8", what, ours[unit] / plain[unit], 2.0, "less", detail)
    detail = f"{ours[whole]:.2f} s, plain {plain[whole]:.2f} s"
    yield Figure("p8", "both with a search of every table", ours[whole] / plain[whole], 2.0, "less", detail)
    detail = f"{ours[whole]:.2f} s, plain {plain[unit]:.2f} s"
    yield Figure("p8", "ours with its re-scan, plain without", ours[whole] / plain[unit], None, "less", detail)
    longest = ours["longest"] * 1000
    detail = f"{ours['transactions']:.0f} transactions; plain has one, of {plain['longest'] * 1000:.0f} ms"
    yield Figure("p8", "longest transaction: ms", longest, LOCKED, "less", detail)
    growth = ours[unit] / fewer[unit] / 10
    detail = f"{fewer[unit]:.2f} s for {ERASED // 10:,}, without the re-scan"
    yield Figure("p8", "ten times as many orders: an order ÷", growth, GROWTH, "less", detail)
    if besides:
        growth = most[unit] / ours[unit] / (besides / ERASED)
        detail = f"{most[unit]:.2f} s, with the re-scan {most[whole]:.2f} s"
        yield Figure("p8", f"{besides:,} orders: an order ÷ one of {ERASED:,}", growth, GROWTH, "less", detail)
        longest = most["longest"] * 1000
        yield Figure("p8", f"{besides:,} orders: longest transaction: ms", longest, LOCKED, "less")


def p9(folder: Path, seconds: float, kind: str = SHIPPED) -> Iterator[Figure]:
    """Each page of the cabinet for a customer with many orders against one with few; its queries."""
    with database(folder) as environment:
        pages = told(environment, "cabinet_pages.py", MANY, FEW)
    for name, made in pages.items():
        few, many = made["seconds"]
        detail = "{:.1f} and {:.1f} ms, {} and {} queries".format(many * 1000, few * 1000, *reversed(made["queries"]))
        yield Figure("p9", f"{name}, {MANY:,} orders ÷ {FEW}", many / few, 2.0, "less", detail)
    more = [name for name, made in pages.items() if len(set(made["queries"])) > 1]
    yield Figure("p9", "pages whose queries are not constant", len(more), 0, "less", ", ".join(more))
