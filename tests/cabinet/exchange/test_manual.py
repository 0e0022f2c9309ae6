"""The scripts of the manual work as they stand there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.test import Client

from cabinet.exchange.signing import new_secret
from tests.cabinet.exchange.shop import EVENTS, Shop

MANUAL = (Path(__file__).resolve().parents[3] / "docs" / "integrator.md").read_text()
SCRIPTS = {kind: re.findall(rf"```{kind}\n(.*?)```", MANUAL, re.DOTALL) for kind in ("python", "bash")}
BILL = {"number": "7", "amount": "1200.50"}


def script(kind, begins):
    (found,) = [one for one in SCRIPTS[kind] if begins in one]
    return found


@pytest.fixture
def heard():
    """A server that keeps what it hears, and its address."""
    kept = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"outcome": "applied"}')

        def log_message(self, *args): ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield kept, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def taken(kept):
    """What our endpoint answers to what the script has sent."""
    ((path, headers, body),) = kept
    assert path == EVENTS
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    sent = {name: headers[name] for name in names}
    return Client().post(EVENTS, body, headers["content-type"], headers=sent)


def test_the_python_script_is_taken(heard, bills, shop, tmp_path):
    kept, url = heard
    (tmp_path / "send_event.py").write_text(script("python", "send_event.py TYPE"))
    environment = {**os.environ, "KELISIM_URL": url, "KELISIM_SECRET": shop.secret}
    command = [sys.executable, tmp_path / "send_event.py", "bill.paid"]
    subprocess.run(command, input=json.dumps(BILL), text=True, env=environment, check=True, capture_output=True)
    assert taken(kept).json()["outcome"] == "applied" and bills == ["7"]


def test_the_shell_script_is_taken(heard, bills, shop, tmp_path):
    kept, url = heard
    (tmp_path / "event.json").write_text(
        json.dumps({"type": "bill.paid", "timestamp": "2026-11-26T09:30:00Z", "data": BILL})
    )
    environment = {**os.environ, "KELISIM_URL": url, "KELISIM_SECRET": shop.secret}
    command = ["bash", "-c", script("bash", "send_event.sh")]
    try:
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        if b"not found" in error.stderr:
            pytest.skip("No curl or openssl here.")
        raise
    assert taken(kept).json()["outcome"] == "applied" and bills == ["7"]


def test_the_manuals_way_to_verify_agrees_with_us(db):
    known = {}
    exec(script("python", "def is_from_kelisim"), known)
    shop, body = Shop(), b'{"type": "customer.erased"}'
    headers = shop.headers(body, "msg_1", int(time.time()))
    assert known["is_from_kelisim"](shop.secret, headers, body)
    assert not known["is_from_kelisim"](shop.secret, headers, body + b" ")
    assert not known["is_from_kelisim"](new_secret(), headers, body)
    assert not known["is_from_kelisim"](shop.secret, shop.headers(body, "msg_1", 1), body)
