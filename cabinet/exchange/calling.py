"""Calling an address that somebody typed: https, public, checked and then held to, and not for long (trust.md, s16)."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from cabinet.exchange.courier import PATIENCE

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[..., Any]  # socket.getaddrinfo

# What is no host of the internet (IANA's registries of special addresses), by which a network behind ours is reached.
NOT_PUBLIC_4 = [
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
# Of IPv6 only global unicast is public: neither mapped, NAT64, unique local, link-local nor multicast stands in it.
PUBLIC_6 = ipaddress.ip_network("2000::/3")
NOT_PUBLIC_6 = [
    ipaddress.ip_network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")  # Teredo, documentation, 6to4
]


class NotAllowed(Exception):
    """The address may not be called: neither now nor the next time, unless its name leads elsewhere by then."""


def parts_of(url: str) -> SplitResult:
    """Return the parts of an address that may be called as far as its text tells; raise NotAllowed."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise NotAllowed("It is no address.") from error
    if not host or "@" in parts.netloc or set(url) - set(map(chr, range(33, 127))):
        raise NotAllowed("It names a host, and neither a user nor spaces.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_demo_of_this_machine(host)):
        raise NotAllowed("It begins with https://.")
    literal = literal_of(host)
    if literal and not may_call(literal):
        raise NotAllowed("It is no host of the internet.")
    return parts


def is_demo_of_this_machine(host: str) -> bool:
    """Tell whether this is a demo that calls its own machine."""
    literal = literal_of(host)
    return settings.DEBUG and (host == "localhost" or bool(literal and literal.is_loopback))


def literal_of(host: str) -> Address | None:
    """Return the address that stands in place of a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def may_call(address: Address) -> bool:
    """Tell whether an address is a host of the internet; a demo may call its own machine, too."""
    if isinstance(address, ipaddress.IPv4Address):
        is_public = not any(address in network for network in NOT_PUBLIC_4)
    else:
        is_public = address in PUBLIC_6 and not any(address in network for network in NOT_PUBLIC_6)
    return is_public or (settings.DEBUG and address.is_loopback)


def resolved(parts: SplitResult, resolver: Resolver) -> tuple[str, int]:
    """Return the address and port to connect to; raise NotAllowed when its name leads anywhere it must not.

    One address among several that must not be called is enough: who controls the name controls their order.
    """
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = [info[4][0] for info in resolver(name_of(parts), port, type=socket.SOCK_STREAM)]
    if not found or not all(may_call(ipaddress.ip_address(one.partition("%")[0])) for one in found):
        raise NotAllowed("Its name leads to what is no host of the internet.")
    return found[0], port


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    resolver: Resolver = socket.getaddrinfo,
    context: ssl.SSLContext | None = None,
) -> int:
    """Post the body and return the status of the answer, whose body is not read; a redirect is an answer.

    Connects to the very address that was checked, while certificate, SNI and Host are the name's. Raise NotAllowed,
    OSError or HTTPException; whatever the other side does, it is over after PATIENCE seconds.
    """
    parts = parts_of(url)
    with (
        connected(resolved(parts, resolver)) as plain,
        over_in_time(plain),
        closing(secured(plain, parts, context)) as sock,
    ):
        return asked(sock, parts, body, headers)


def secured(plain: socket.socket, parts: SplitResult, context: ssl.SSLContext | None) -> socket.socket:
    """Return the connection under TLS, its certificate made out to the name and not to the address."""
    if parts.scheme != "https":  # a demo that calls its own machine
        return plain
    return (context or ssl.create_default_context()).wrap_socket(plain, server_hostname=name_of(parts))


def name_of(parts: SplitResult) -> str:
    """Return the host as certificates and resolvers have it."""
    try:
        return (parts.hostname or "").encode("idna").decode()
    except UnicodeError as error:
        raise NotAllowed("It names no host.") from error


def asked(sock: socket.socket, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
    """Post over an open connection and return the status."""
    connection = http.client.HTTPConnection(name_of(parts))
    connection.sock = sock
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", target, body, {"Host": parts.netloc, **headers, "Connection": "close"})
    return connection.getresponse().status


@contextmanager
def connected(address: tuple[str, int]) -> Iterator[socket.socket]:
    """Open a connection to an address that was checked, and close it afterwards."""
    sock = socket.create_connection(address, timeout=PATIENCE / 2)
    try:
        yield sock
    finally:
        sock.close()


@contextmanager
def over_in_time(sock: socket.socket) -> Iterator[None]:
    """Cut the connection after PATIENCE, for a side that sends a byte now and then would keep it open for ever."""
    second = sock.dup()  # TLS takes the first one over
    cut = threading.Timer(PATIENCE, shut, [second])
    cut.daemon = True
    cut.start()
    try:
        yield
    finally:
        cut.cancel()
        second.close()


def shut(sock: socket.socket) -> None:
    """End both directions of a connection, whoever else holds it."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is over already
