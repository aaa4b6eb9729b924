"""Handing a sealed message to a push service.

Its address came from a browser, which is to say from anybody. So we speak to it over https alone, at an address of the
open internet that we looked up ourselves, follow nothing that it says, and wait and read for so long and no longer.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

HTTPS_PORT = 443
A_STEP = 10.0
IN_ALL = 20.0
"""Seconds: to connect, to be silent; and before the line is cut whatever happens on it."""
NAT64 = ip_network("64:ff9b::/96")


class Refused(Exception):
    """An address that we do not speak to."""


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: int = 0
    """Seconds, if the service named them."""

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Nobody is subscribed there any more (RFC 8030, 7.3)."""
        return self.status in (404, 410)

    @property
    def later(self) -> bool:
        return self.status == 429 or self.status >= 500


def checked(endpoint: str) -> SplitResult:
    """The parts of an address that may be a push service's, as far as its text says. Raises Refused."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port or HTTPS_PORT
    except ValueError as error:
        raise Refused("no address") from error
    plain = endpoint.isascii() and endpoint.isprintable() and not set(' "<>\\^`{|}') & set(endpoint)
    if not plain or parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise Refused("no plain https address")
    if port != HTTPS_PORT and not settings.PUSH_PRIVATE_ADDRESSES:
        raise Refused(f"port {port}")
    return parts


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is one of the open internet; of one that stands for another, whether that is."""
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            within = IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return is_public(within)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _looked_up(host: str, port: int) -> list[str]:
    """Its addresses, all of them public. Raises Refused, and OSError if there are none."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if not settings.PUSH_PRIVATE_ADDRESSES and not is_public(ip_address(address.partition("%")[0])):
            raise Refused(f"{host} is at a private address")
    return found


class _Line(HTTPSConnection):
    """Connects to an address that was looked up and checked, whatever the name leads to by now."""

    def connect(self) -> None:
        *others, last = _looked_up(self.host, self.port)
        for address in others:
            with suppress(OSError):
                self._connect(address)
                return
        self._connect(last)

    def _connect(self, address: str) -> None:
        line = socket.create_connection((address, self.port), timeout=A_STEP)
        try:
            self.sock = ssl.create_default_context().wrap_socket(line, server_hostname=self.host)
        except BaseException:
            line.close()
            raise

    def cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def hand_over(endpoint: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Posts `body` there. Raises Refused for an address that we do not speak to, and OSError if nobody answers or what
    answers is no HTTP."""
    parts = checked(endpoint)
    line = _Line(str(parts.hostname), parts.port or HTTPS_PORT, timeout=A_STEP)
    watch = Timer(IN_ALL, line.cut)
    watch.daemon = True
    watch.start()
    try:
        line.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        answer = line.getresponse()
        named = answer.getheader("Retry-After", "")
        return Answer(answer.status, int(named) if named.isascii() and named.isdecimal() and len(named) < 7 else 0)
    except HTTPException as error:
        raise ConnectionError("no HTTP") from error
    finally:
        watch.cancel()
        line.close()
