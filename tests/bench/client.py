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
from itertools import cycle
from typing import Any

RECEIVE = 1 << 20  # bytes
TOO_LONG = 60.0  # seconds after which a server that does not answer fails the run


class Client:
    """Keeps a number of connections busy and notes how long each answer took."""

    def __init__(self, job: dict[str, Any]) -> None:
        """Connect; the job says where, how often at once, what to ask and which status to expect."""
        self.address = (job["host"], job["port"])
        self.requests = cycle([request.encode("latin-1") for request in job["requests"]])
        self.wanted = f"HTTP/1.1 {job['status']}".encode()
        self.length = 0  # bytes of the last whole answer: the next one is likely as long
        self.latencies = array("d")
        self.poller = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.begun: dict[int, float] = {}
        self.arrived: dict[int, bytes] = {}
        for _each in range(job["connections"]):
            self.connect()

    def connect(self) -> None:
        """Open a connection and ask on it."""
        opened = socket.create_connection(self.address, timeout=TOO_LONG)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = opened.fileno()
        self.sockets[number] = opened
        self.poller.register(number, select.EPOLLIN)
        self.ask(number)

    def ask(self, number: int) -> None:
        """Send the next request."""
        self.arrived[number] = b""
        self.begun[number] = time.perf_counter()
        self.sockets[number].sendall(next(self.requests))

    def run(self, seconds: float) -> float:
        """Go on for so many seconds and return how many it really were."""
        begun = time.perf_counter()
        while time.perf_counter() < begun + seconds:
            events = self.poller.poll(TOO_LONG)
            if not events:
                raise SystemExit("The server did not answer in a minute.")
            for number, _event in events:
                self.receive(number)
        return time.perf_counter() - begun

    def receive(self, number: int) -> None:
        """Take what has arrived; ask again when it is a whole answer."""
        chunk = self.sockets[number].recv(RECEIVE)
        arrived = self.arrived[number] + chunk
        if len(arrived) != self.length:
            whole = whole_length(arrived, self.wanted)
            if chunk and (not whole or len(arrived) < whole):
                self.arrived[number] = arrived
                return
            self.length = len(arrived)
        if not arrived.startswith(self.wanted):
            raise SystemExit(f"Wanted {self.wanted!r}, got {arrived[:200]!r}.")
        self.latencies.append(time.perf_counter() - self.begun[number])
        if b"\r\nConnection: close\r\n" in arrived[:600]:
            self.poller.unregister(number)
            self.sockets.pop(number).close()
            self.connect()
        else:
            self.ask(number)


def measure(job: dict[str, Any]) -> dict[str, Any]:
    """Load the address with the job's requests in turn; return requests, seconds and latencies in milliseconds."""
    if job.get("cpu") is not None:
        os.sched_setaffinity(0, {job["cpu"]})
    client = Client(job)
    seconds = client.run(job["seconds"])
    ordered = sorted(client.latencies)
    return {
        "requests": len(ordered),
        "seconds": seconds,
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
