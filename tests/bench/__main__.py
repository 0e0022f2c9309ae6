"""`python -m tests.bench --rows p1,p3 --check --seconds 2`: measure, print ratios with their bounds and verdicts."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import customers, events, rows
from tests.bench.rows import Figure
from tests.bench.servers import COMMANDS, SHIPPED

P1_TO_P5 = (rows.p1, rows.p2, rows.p3, rows.p4, rows.p5)
ROWS = {row.__name__: row for row in (*P1_TO_P5, events.p6, customers.p7, customers.p8, customers.p9)}


def main() -> int:
    """Return 1 when asked to check and a figure is past its bound."""
    parser = argparse.ArgumentParser(prog="./kelisim bench", description="Measure the goals of speed side by side.")
    parser.add_argument("only", nargs="*", metavar="ROW", help="rows, as --rows has them: p8 p9")
    parser.add_argument("--rows", default=",".join(ROWS), help="which rows, separated by commas (all)")
    parser.add_argument("--seconds", type=float, default=0.6, help="of load in each of several rounds (0.6)")
    parser.add_argument("--server", choices=sorted(COMMANDS), default=SHIPPED, help=f"which server ({SHIPPED})")
    parser.add_argument("--orders", type=int, default=0, help="p7 and p8 of so many orders besides: 1000000")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a figure is past its bound")
    wanted = parser.parse_args()
    names = wanted.only or wanted.rows.split(",")
    unknown = set(names) - set(ROWS)
    if unknown:
        parser.error(f"There is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}.")
    customers.besides = wanted.orders
    begun = time.monotonic()
    print("row  figure  bound          what")
    missed = 0
    with tempfile.TemporaryDirectory(prefix="kelisim-bench-") as folder:
        for name in names:
            for figure in ROWS[name](Path(folder), wanted.seconds, wanted.server):
                show(figure)
                missed += not figure.holds
    verdict = "Every figure holds." if not missed else f"Past their bounds: {missed}."
    print(f"{verdict} Measured in {time.monotonic() - begun:.0f} s.")
    return 1 if missed and wanted.check else 0


def show(figure: Figure) -> None:
    """Print one line, and what stands behind it."""
    bound = "told"
    if figure.bound is not None:
        bound = f"{'≥' if figure.better == 'more' else '≤'} {figure.bound:g} {'holds' if figure.holds else 'MISSED'}"
    print(f"{figure.row:<4}{figure.value:>7.3g}  {bound:<14} {figure.what}", flush=True)
    if figure.detail:
        print(f"{'':<28}{figure.detail}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
