"""Servers to measure: started on the loopback, each with a processor to itself, their CPU time read from the kernel."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.running import free_port

HOST = "127.0.0.1"
PATIENCE = 60  # seconds for a server to start
ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
_cpus = sorted(os.sched_getaffinity(0))
# The server has one processor to itself and the client another, so that neither takes the other's time.
SERVER_CPU, CLIENT_CPU = (_cpus[-2], _cpus[-1]) if len(_cpus) > 1 else (None, None)

COMMANDS: dict[str, list[str]] = {
    "granian-1": ["granian", "--interface=wsgi", "--no-ws", "--log-level=error", "--blocking-threads=1"],
    "granian-2": ["granian", "--interface=wsgi", "--no-ws", "--log-level=error", "--blocking-threads=2"],
    "granian-4": ["granian", "--interface=wsgi", "--no-ws", "--log-level=error", "--blocking-threads=4"],
    "gunicorn-sync": ["gunicorn", "--worker-class=sync", "--log-level=error"],
    "gunicorn-gthread-4": ["gunicorn", "--worker-class=gthread", "--threads=4", "--log-level=error"],
}
SHIPPED = "granian-4"  # what ./kelisim run starts


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    def fetch(self, path: str, **headers: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Return status, headers and body of one answer."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            sent = {"Host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
            connection.request("GET", path, headers=sent)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    def cpu(self) -> float:
        """Return the seconds of CPU that the server and its workers have used."""
        return sum(_cpu_of(pid) for pid in self.pids())

    def memory(self) -> float:
        """Return the memory of the server and its workers in MB, shared pages divided among those who share them."""
        return sum(_pss_of(pid) for pid in self.pids()) / 1024

    def interrupt(self) -> None:
        """End the server as Ctrl-C would; kill it when it has not ended after ten seconds."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def pids(self) -> list[int]:
        """Return the server's process and all below it."""
        found = [self.process.pid]
        for pid in found:
            children = Path(f"/proc/{pid}/task/{pid}/children")
            found.extend(int(child) for child in children.read_text().split())
        return found


@contextmanager
def serving(kind: str, application: str, folder: Path, *, workers: int = 1, **environment: str) -> Iterator[Server]:
    """Serve a WSGI application and end it afterwards; its words go to a file in the folder."""
    port = free_port()
    module, *options = COMMANDS[kind]
    bind = [f"--host={HOST}", f"--port={port}"] if module == "granian" else [f"--bind={HOST}:{port}"]
    command = [sys.executable, "-m", module, *options, *bind, f"--workers={workers}", application]
    log = folder / f"server-{port}.log"
    with log.open("wb") as words:
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, stdout=words, stderr=words)
    if SERVER_CPU is not None:
        os.sched_setaffinity(process.pid, {SERVER_CPU})  # before it starts its workers, which inherit this
    server = Server(process, port)
    try:
        _wait(server, log)
        yield server
    finally:
        server.interrupt()


def load(
    server: Server, requests: list[str], *, seconds: float, status: int = 200, connections: int = 8
) -> dict[str, Any]:
    """Load the server; return requests per second, CPU per request in microseconds, latencies in milliseconds."""
    job = {
        "host": HOST,
        "port": server.port,
        "requests": requests,
        "connections": connections,
        "seconds": seconds,
        "status": status,
        "cpu": CLIENT_CPU,
    }
    before = server.cpu()
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("client.py"))],
        check=False,
        input=json.dumps(job),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    result = json.loads(done.stdout)
    used = server.cpu() - before
    result["rate"] = result["requests"] / result["seconds"]
    result["cpu"] = 1e6 * used / result["requests"]
    result["busy"] = used / result["seconds"]
    return dict(result)


def request(path: str, **headers: str) -> str:
    """Return a request as a browser sends it."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", "Accept: text/html", "Accept-Encoding: gzip, deflate, br"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""])


def _wait(server: Server, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.process.poll() is None:
        try:
            server.fetch("/")
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The server did not start:\n{log.read_text()[-3000:]}")


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _pss_of(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return float(next(line for line in lines if line.startswith("Pss:")).split()[1])
