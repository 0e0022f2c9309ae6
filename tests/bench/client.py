"""A load client: one process, several keep-alive connections to the loopback, one request at a time on each.

Raw sockets and epoll, because the client must cost less than the server it measures. Run as a process of its own:
a job in JSON on standard input, a result in JSON on standard output.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import time
from array import array
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

RECEIVE = 1 << 20  # bytes
TOO_LONG = 60.0  # seconds after which a server that does not answer fails the run


@dataclass
class Connection:
    """One connection and what has arrived of the answer it waits for."""

    address: tuple[str, int]
    socket: socket.socket = field(init=False)
    begun: float = 0.0
    arrived: bytes = b""

    def open(self, poller: select.epoll) -> int:
        """Connect and say to which number the kernel's events will refer."""
        self.socket = socket.create_connection(self.address, timeout=TOO_LONG)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poller.register(self.socket, select.EPOLLIN)
        return self.socket.fileno()

    def send(self, request: bytes) -> None:
        """Ask."""
        self.begun = time.perf_counter()
        self.arrived = b""
        self.socket.sendall(request)


def measure(job: dict[str, Any]) -> dict[str, Any]:
    """Load the address with the job's requests in turn; return requests, seconds and latencies in milliseconds."""
    if job.get("cpu") is not None:
        os.sched_setaffinity(0, {job["cpu"]})
    requests = cycle([request.encode("latin-1") for request in job["requests"]])
    poller = select.epoll()
    connections: dict[int, Connection] = {}
    for _each in range(job["connections"]):
        connection = Connection((job["host"], job["port"]))
        connections[connection.open(poller)] = connection
        connection.send(next(requests))
    wanted = f"HTTP/1.1 {job['status']}".encode()
    latencies, length = array("d"), 0
    begun = time.perf_counter()
    end = begun + job["seconds"]
    now = begun
    while now < end:
        events = poller.poll(TOO_LONG)
        if not events:
            raise SystemExit("The server did not answer in a minute.")
        for number, _event in events:
            connection = connections[number]
            chunk = connection.socket.recv(RECEIVE)
            arrived = connection.arrived + chunk if connection.arrived else chunk
            if len(arrived) != length:
                whole = whole_length(arrived, wanted)
                if chunk and (not whole or len(arrived) < whole):
                    connection.arrived = arrived
                    continue
                length = len(arrived)
            if not arrived.startswith(wanted):
                raise SystemExit(f"Wanted {wanted!r}, got {arrived[:200]!r}.")
            now = time.perf_counter()
            latencies.append(now - connection.begun)
            if b"\r\nConnection: close\r\n" in arrived[:600]:
                connections.pop(number)
                poller.unregister(number)
                connection.socket.close()
                connections[connection.open(poller)] = connection
            connection.send(next(requests))
    ordered = sorted(latencies)
    return {
        "requests": len(ordered),
        "seconds": now - begun,
        "p50": 1000 * ordered[len(ordered) // 2],
        "p99": 1000 * ordered[len(ordered) * 99 // 100],
        "worst": 1000 * ordered[-1],
    }


def whole_length(arrived: bytes, wanted: bytes) -> int:
    """Return how long the whole answer is; 0 while its head has not arrived."""
    head, found, _body = arrived.partition(b"\r\n\r\n")
    if not found:
        return 0
    if wanted.endswith(b"304"):
        return len(head) + 4
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(head) + 4 + int(value)
    raise SystemExit(f"An answer without its length: {head[:300]!r}")


if __name__ == "__main__":
    print(json.dumps(measure(json.load(sys.stdin))))
