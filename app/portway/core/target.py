"""The grammar of a target: the local server that is exposed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from portway.core.codes import Code
from portway.core.errors import TunnelError

LOCALHOST = "localhost"
NAME_SHAPE = (  # The last label begins with a letter: what ends in a number, resolvers read as an IPv4 address.
    r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.){0,7}[A-Za-z](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
)
_NAME = re.compile(NAME_SHAPE)
_URL = re.compile(r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?P<rest>.*)", re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:/?#@\[\]]*)(?P<colon>:(?P<port>[^/?#@:]*))?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What a server listens on that takes connections on every address of this computer: reached at the loopback one.
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound here
_LOOPBACKS = ("127.0.0.1", "::1")
_HIGHEST_PORT = 65535
_KNOWN = 128  # texts: window and tray ask for the same few at each change


@dataclass(frozen=True, slots=True)
class Target:
    """A local server, as written. `host` is `localhost`, a literal loopback address without brackets, or a name.

    A name belongs to this computer only if it is looked up and leads to loopback addresses alone.
    """

    scheme: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """Scheme, host and port; no trailing slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def name(self) -> str | None:
        """The name to look up; None for `localhost` and a literal address, which need no look-up."""
        return self.host if self.host != LOCALHOST and _NAME.fullmatch(self.host) else None

    @property
    def candidates(self) -> tuple[str, ...]:
        """The literal addresses that may answer for it, in the order in which they are tried.

        Of a name none is known before it is looked up.
        """
        if self.name is not None:
            return ()
        return _LOOPBACKS if self.host == LOCALHOST else (self.host,)

    @property
    def first(self) -> Target:
        """This target at the first address at which a server may be."""
        return self.at(next(iter(self.candidates), _LOOPBACKS[0]))

    def may_be(self, other: Target) -> bool:
        """Whether the same server may answer for both."""
        hosts, others = {self.host, *self.candidates}, {other.host, *other.candidates}
        return (self.scheme, self.port) == (other.scheme, other.port) and not hosts.isdisjoint(others)

    def at(self, address: str) -> Target:
        """Return this target at one literal address."""
        return Target(self.scheme, address, self.port)


def parse_target(text: str, own_ports: Collection[int] = (), *, field: str = "target") -> Target:
    """Read a port, or the address of a local server as people have it: with or without scheme, a lone slash at most.

    `3000`, `:3000`, `localhost:3000`, `http://0.0.0.0:8000`, `https://shop.test`. `own_ports` are ports of ours that
    must not be exposed. Raises TunnelError(bad_request), whose sentence names `field` and repeats nothing of the text.
    """
    target = _parse(text.strip(), field)
    if target.port in own_ports:
        raise _refused(field, "own_port", port=target.port)
    return target


def port_target(port: int, own_ports: Collection[int] = (), *, field: str = "port") -> Target:
    """Return what a bare port means: the local server that answers there, whichever loopback address it uses."""
    return parse_target(str(port), own_ports, field=field)


@lru_cache(_KNOWN)
def _parse(text: str, field: str) -> Target:
    bare_port = text.removeprefix(":")
    if bare_port.isascii() and bare_port.isdigit():
        return Target("http", LOCALHOST, _port(bare_port, field))
    match = _URL.fullmatch(text)
    assert match is not None  # noqa: S101 - it takes every text
    scheme, rest = (match["scheme"] or "http").lower(), match["rest"].removesuffix("/")
    if scheme not in _DEFAULT_PORTS:
        raise _refused(field, "scheme")
    if "@" in rest:
        raise _refused(field, "user")
    authority = _AUTHORITY.fullmatch(rest)
    if authority is None or not authority["host"]:
        raise _refused(field, "path" if re.search(r"[^\s/?#:.@\[\]][/?#]", rest) else "not_a_url")
    if not authority["colon"] and match["scheme"] is None:
        raise _refused(field, "not_a_url")
    host = _host(authority["host"], field)
    return Target(scheme, host, _port(authority["port"], field) if authority["colon"] else _DEFAULT_PORTS[scheme])


def _host(text: str, field: str) -> str:
    name = text.lower()
    if _NAME.fullmatch(name):
        return name
    bracketed = name.startswith("[")
    try:
        address = str(ipaddress.ip_address(name[1:-1] if bracketed else name))
    except ValueError:
        raise _refused(field, "host") from None
    address = _EVERY_ADDRESS.get(address, address)
    # Of IPv6 only ::1: for Python 3.13 and newer ::ffff:127.0.0.1 is loopback, too, and any address with a zone.
    if (address != "::1") if bracketed else not ipaddress.ip_address(address).is_loopback:
        raise _refused(field, "host")
    return address


def _port(text: str, field: str) -> int:
    plain = text.isascii() and text.isdigit() and len(text) <= 5  # noqa: PLR2004 - digits of the highest port
    if not plain or not 1 <= int(text) <= _HIGHEST_PORT:
        raise _refused(field, "port")
    return int(text)


def _refused(field: str, variant: str, **parameters: Any) -> TunnelError:  # noqa: ANN401 - shown with str
    return TunnelError(Code.BAD_REQUEST, f"target_{variant}", field=field, **parameters)
