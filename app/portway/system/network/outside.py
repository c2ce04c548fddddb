"""A public URL as somebody elsewhere meets it: its name asked over HTTPS, and the address that is found visited.

The resolver of this computer is never asked for such a name: what does not exist yet would be remembered as missing,
for up to half an hour and for all who share that resolver (read: reports to cloudflared, Tailscale and others).
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from portway.core.guard.reasons import Reason, Why, why
from portway.system.network.encrypted import connect_encrypted

_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_MESSAGE = "application/dns-message"  # RFC 8484
_ADDRESS, _ADDRESS_6, _INTERNET, _NO_SUCH_NAME = 1, 28, 1, 3  # RFC 1035, RFC 3596
_RECURSE = 0x0100
_POINTER = 0xC0
_MOST = 64 * 1024  # bytes of an answer that are read
_OK = 200


@dataclass(frozen=True, slots=True)
class Resolver:
    """Answers DNS over HTTPS at a literal address, for which it has a certificate."""

    name: str
    address: str
    port: int = 443
    path: str = "/dns-query"


RESOLVERS = (Resolver("Cloudflare", "1.1.1.1"), Resolver("Google", "8.8.8.8"))


class NotKnownError(Exception):
    """It cannot be told how it looks from outside, for a reason."""

    def __init__(self, reason: Why) -> None:
        super().__init__(str(reason))
        self.why = reason


@dataclass(frozen=True, slots=True)
class Met:
    """What the edge answered."""

    status: int
    headers: Mapping[str, str]  # by name in small letters
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Outside:
    """How to look from outside. `limit` is for each step, in seconds. Any thread; blocks.

    `trust` makes what checks certificates; `edge` replaces address and port of the edge, for tests alone.
    """

    resolvers: tuple[Resolver, ...] = RESOLVERS
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    limit: float = 20.0  # healthy handshakes with Funnel took up to 9.7 s (read)
    edge: Callable[[str, int], tuple[str, int]] = lambda address, port: (address, port)

    def look_up(self, name: str) -> tuple[str, ...]:
        """Return the addresses of a name, those of IPv4 first. Raises NotKnownError."""
        problem = why(Reason.NO_RESOLVER)
        for resolver in self.resolvers:
            try:
                found = tuple(
                    address for kind in (_ADDRESS, _ADDRESS_6) for address in self._asked(resolver, name, kind)
                )
            except (OSError, http.client.HTTPException, ValueError, struct.error, IndexError):
                continue
            if found:
                return found
            problem = why(Reason.NAME_UNKNOWN, resolver=resolver.name)
        raise NotKnownError(problem)

    def visit(self, name: str, port: int, path: str, addresses: tuple[str, ...]) -> Met:
        """Ask for a path at the first address that answers, under the name. Raises NotKnownError."""
        problem = why(Reason.NO_ADDRESS)
        for address in addresses:
            connection = http.client.HTTPSConnection(name, port, timeout=self.limit, context=self._trusted)
            try:
                connection.sock = self._encrypted(self.edge(address, port), name)
                # ngrok shows browsers a page of its own instead, unless this is there.
                headers = {"Accept": "text/plain", "User-Agent": "Portway", "ngrok-skip-browser-warning": "1"}
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                found = {key.lower(): value for key, value in answer.getheaders()}
                return Met(answer.status, found, answer.read(_MOST))
            except ssl.SSLCertVerificationError as error:
                raise NotKnownError(why(Reason.INTERCEPTED)) from error
            except ssl.SSLError:
                problem = why(Reason.NOT_ENCRYPTED)
            except (OSError, http.client.HTTPException):
                continue
            finally:
                connection.close()
        raise NotKnownError(problem)

    def dial(self, name: str, port: int, addresses: tuple[str, ...]) -> ssl.SSLSocket:
        """Connect to the first address that answers, under the name. Raises NotKnownError."""
        problem = why(Reason.NO_ADDRESS)
        for address in addresses:
            try:
                return self._encrypted(self.edge(address, port), name)
            except ssl.SSLCertVerificationError as error:
                raise NotKnownError(why(Reason.INTERCEPTED)) from error
            except ssl.SSLError:
                problem = why(Reason.NOT_ENCRYPTED)
            except OSError:
                continue
        raise NotKnownError(problem)

    def _asked(self, resolver: Resolver, name: str, kind: int) -> Iterator[str]:
        place = (resolver.address, resolver.port)
        connection = http.client.HTTPSConnection(*place, timeout=self.limit, context=self._trusted)
        with contextlib.closing(connection):
            connection.sock = self._encrypted(place, resolver.address)
            connection.request("POST", resolver.path, query(name, kind), {"Content-Type": _MESSAGE, "Accept": _MESSAGE})
            answer = connection.getresponse()
            content = answer.read(_MOST)
        if answer.status != _OK:
            message = f"the resolver answers {answer.status}"
            raise ValueError(message)
        yield from addresses_in(content, kind)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """What checks certificates, made once for all steps: to read those of the system takes longest of all."""
        return self.trust()

    def _encrypted(self, place: tuple[str, int], name: str) -> ssl.SSLSocket:
        return connect_encrypted(*place, self.limit, self._trusted, name)


def unseen_from_here(public_url: str, environment: Mapping[str, str]) -> Why | None:
    """Return why this computer cannot look at the URL as others do; None where it can."""
    parts = urlsplit(public_url)
    if parts.scheme != "https" or not parts.hostname:
        return why(Reason.NOT_PUBLIC)
    if any(environment.get(name) for name in _PROXIES):
        return why(Reason.PROXY)
    return None


def query(name: str, kind: int) -> bytes:
    """Return a question, with the number 0, as a cache likes it. Raises ValueError for what is no name."""
    labels = [label.encode("ascii") for label in name.rstrip(".").split(".")]
    if not all(1 <= len(label) <= 63 for label in labels):  # noqa: PLR2004 - RFC 1035
        message = "it is no name"
        raise ValueError(message)
    written = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return struct.pack("!6H", 0, _RECURSE, 1, 0, 0, 0) + written + struct.pack("!2H", kind, _INTERNET)


def addresses_in(message: bytes, kind: int) -> Iterator[str]:
    """Yield the addresses of an answer, none for a name that does not exist. Raises ValueError, struct.error."""
    _number, flags, questions, answers, _, _ = struct.unpack_from("!6H", message)
    code = flags & 0x000F
    if code not in {0, _NO_SUCH_NAME}:
        problem = f"the resolver failed with {code}"
        raise ValueError(problem)
    at = 12
    for _ in range(questions):
        at = _after_name(message, at) + 4
    for _ in range(answers):
        at = _after_name(message, at)
        found, _class, _ttl, length = struct.unpack_from("!2HIH", message, at)
        at += 10
        if found == kind:
            family = socket.AF_INET if kind == _ADDRESS else socket.AF_INET6
            yield socket.inet_ntop(family, message[at : at + length])
        at += length


def _after_name(message: bytes, at: int) -> int:
    while message[at]:
        if message[at] & _POINTER == _POINTER:
            return at + 2
        at += message[at] + 1
    return at + 1
