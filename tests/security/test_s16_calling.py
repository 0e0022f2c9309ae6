"""s16: an address that staff typed is called by https, where it was checked, on the internet alone, and briefly."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from http.client import HTTPException

import pytest

from cabinet.exchange import calling
from cabinet.exchange.calling import NotAllowed, parts_of, post, resolved
from tests.cabinet.exchange.receiver import NAME, certificates, leads_to, receiving

HOOKS = f"https://{NAME}/hooks"
NOT_PUBLIC = [
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1", "172.31.255.1"),
    *("192.0.0.1", "192.168.1.1", "198.18.0.1", "203.0.113.5", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1"),
    *("::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1"),
]
PUBLIC = ["8.8.8.8", "100.63.255.255", "172.32.0.1", "2a00:1450:4001::1"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_s16_a_name_that_leads_into_a_network_is_refused(address):
    with pytest.raises(NotAllowed):
        resolved(parts_of(HOOKS), leads_to(address))
    with pytest.raises(NotAllowed):
        resolved(parts_of(HOOKS), leads_to("8.8.8.8", address))


@pytest.mark.parametrize("address", PUBLIC)
def test_s16_a_host_of_the_internet_may_be_called(address):
    assert resolved(parts_of(HOOKS), leads_to(address)) == (address, 443)


@pytest.mark.parametrize("address", [one for one in NOT_PUBLIC if "%" not in one])
def test_s16_such_an_address_itself_is_refused(address):
    with pytest.raises(NotAllowed):
        parts_of(f"https://[{address}]/" if ":" in address else f"https://{address}/")


@pytest.mark.parametrize(
    "url",
    [
        *("http://shop.example/", "ftp://shop.example/", "file:///etc/passwd", "//shop.example/", "shop.example", ""),
        *("https://", "https:///path", "https://user@shop.example/", "https://a:b@shop.example/", "https://a\\@b/"),
        *("https://shop.example/ x", "https://shop.example/\n", "https://shop.example:99999/", "https://[::1/"),
        *("https://shop.example/\u0436", "http://127.0.0.1/", "http://localhost/"),
    ],
)
def test_s16_anything_but_plain_https_is_refused(url):
    with pytest.raises(NotAllowed):
        parts_of(url)


@pytest.mark.parametrize("written", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"])
def test_s16_other_ways_to_write_the_loopback_are_refused_once_resolved(written):
    with pytest.raises(NotAllowed):
        resolved(parts_of(f"https://{written}/"), socket.getaddrinfo)


def test_s16_only_a_demo_may_call_its_own_machine(settings):
    settings.DEBUG = True
    assert parts_of("http://127.0.0.1:8001/hooks").port == 8001
    with pytest.raises(NotAllowed):
        parts_of("http://shop.example/")
    with pytest.raises(NotAllowed):
        parts_of("https://10.0.0.1/")


def test_s16_the_checked_address_is_called_under_the_name(tmp_path, settings):
    settings.DEBUG = True  # so that the loopback may be called
    server, client = certificates(tmp_path)
    names = []
    server.sni_callback = lambda sock, name, context: names.append(name)
    asked = []

    def resolve(host, port, type=0):  # leads elsewhere the second time it is asked
        asked.append(host)
        return leads_to("127.0.0.1" if len(asked) == 1 else "10.0.0.1")(host, port, type)

    with receiving(context=server) as receiver:
        assert post(receiver.url, b"{}", {"webhook-id": "msg_1"}, resolver=resolve, context=client) == 200
    ((path, headers, body),) = receiver.heard
    assert (path, headers["host"], headers["webhook-id"], body) == (
        "/hooks?shop=1",
        f"{NAME}:{receiver.port}",
        "msg_1",
        b"{}",
    )
    assert asked == [NAME] and names == [NAME]


def test_s16_a_certificate_of_another_name_is_refused(tmp_path, settings):
    settings.DEBUG = True
    server, client = certificates(tmp_path, "other.example")
    with receiving(context=server) as receiver, pytest.raises(ssl.SSLCertVerificationError):
        post(receiver.url, b"{}", {}, resolver=leads_to("127.0.0.1"), context=client)
    assert receiver.heard == []


def test_s16_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, settings):
    settings.DEBUG = True
    with receiving(context=certificates(tmp_path)[0]) as receiver, pytest.raises(ssl.SSLCertVerificationError):
        post(receiver.url, b"{}", {}, resolver=leads_to("127.0.0.1"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_s16_a_redirect_is_not_followed(settings, status):
    settings.DEBUG = True
    with receiving(status) as receiver:
        assert post(receiver.url, b"{}", {}) == status
    assert len(receiver.heard) == 1


@contextmanager
def dripping(first: bytes, drop: bytes):
    """A server that sends a little again and again, for as long as it is listened to."""
    listener = socket.create_server(("127.0.0.1", 0))
    over, sent = threading.Event(), []

    def serve():
        peer, _address = listener.accept()
        with peer:
            try:
                peer.sendall(first)
                while not over.wait(0.02):
                    sent.append(peer.send(drop))
            except OSError:
                over.set()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/", sent
    over.set()
    listener.close()
    thread.join(timeout=5)


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_s16_a_side_that_drips_is_cut_off(settings, monkeypatch, first):
    settings.DEBUG = True
    monkeypatch.setattr(calling, "PATIENCE", 0.5)
    begun = time.monotonic()
    with dripping(first, b"x") as (url, _sent), suppress(OSError, HTTPException):
        assert post(url, b"{}", {}) == 200  # its first line was whole
    assert time.monotonic() - begun < 10


def test_s16_an_endless_answer_is_not_read(settings):
    settings.DEBUG = True
    with dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096) as (url, _sent):
        assert post(url, b"{}", {}) == 200
