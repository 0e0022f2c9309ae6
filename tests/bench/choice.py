"""Which server to ship: `python -m tests.bench.choice` measures those in question with our site, in turn.

Eight clients read the policy while two others keep asking for a private page that takes Django some 10 ms; then the
time to start, to end after Ctrl-C with connections open, and the memory. Decided once (DECISIONS.md, 15); run it again
before deciding anew, with names such as `granian-2x1` for some of them only.
"""

from __future__ import annotations

import socket
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench import stage
from tests.bench.rows import OURS, settled
from tests.bench.servers import COMMANDS, HOST, Server, load, request, serving

ROUNDS, SECONDS = 3, 2.0
QUESTION = [(kind, workers) for workers in (1, 2) for kind in COMMANDS]
SLOW_PAGE = "/ru/accounts/login/"


def measure(kind: str, folder: Path, workers: int) -> dict[str, float]:
    """Return one round of figures for one kind of server."""
    environment = stage.our_environment(folder)
    begun = time.perf_counter()
    with serving(kind, OURS, folder, workers=workers, **environment) as server:
        started = time.perf_counter() - begun
        settled(server)
        alone = load(server, [request(stage.POLICY)], seconds=SECONDS)
        with ThreadPoolExecutor() as both:
            slow = both.submit(load, server, [request(SLOW_PAGE)], seconds=SECONDS + 1, connections=2)
            time.sleep(0.3)
            fast = both.submit(load, server, [request(stage.POLICY)], seconds=SECONDS, connections=8).result()
            slow_result = slow.result()
        return {
            "start s": started,
            "req/s": alone["rate"],
            "p99 ms": alone["p99"],
            "mixed req/s": fast["rate"],
            "mixed p50 ms": fast["p50"],
            "mixed p99 ms": fast["p99"],
            "mixed worst ms": fast["worst"],
            "slow p99 ms": slow_result["p99"],
            "memory MB": server.memory(),
            "Ctrl-C s": ctrl_c(server),
        }


def ctrl_c(server: Server) -> float:
    """Return how long the server takes to end while a client keeps its connection open."""
    with socket.create_connection((HOST, server.port)) as client:
        client.sendall(request(stage.POLICY).encode())
        client.recv(1 << 20)
        begun = time.perf_counter()
        server.interrupt()
        return time.perf_counter() - begun


def main(question: list[tuple[str, int]]) -> None:
    """Measure every kind of server in turn and print medians."""
    found: dict[tuple[str, int], list[dict[str, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="kelisim-bench-") as folder:
        for _round in range(ROUNDS):
            for kind, workers in question:
                found[kind, workers].append(measure(kind, Path(folder), workers))
    names = list(next(iter(found.values()))[0])
    print(f"{'server × workers':<24}" + "".join(f"{name:>15}" for name in names))
    for (kind, workers), rounds in found.items():
        middle = [statistics.median(one[name] for one in rounds) for name in names]
        print(f"{kind + ' × ' + str(workers):<24}" + "".join(f"{value:>15.2f}" for value in middle))


if __name__ == "__main__":
    asked = [(kind, int(workers)) for kind, _x, workers in (word.partition("x") for word in sys.argv[1:])]
    main(asked or QUESTION)
