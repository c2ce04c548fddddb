"""The grammar of a target: the local server that is exposed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from portway.core.codes import Code
from portway.core.errors import TunnelError

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)", re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:/?#@\[\]]*)(?::(?P<port>[^/?#@:]*))?")
_HIGHEST_PORT = 65535
LOCALHOST = "localhost"


@dataclass(frozen=True, slots=True)
class Target:
    """A local server, as written. `host` is `localhost` or a literal loopback address without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """Scheme, host and port; no trailing slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def candidates(self) -> tuple[str, ...]:
        """The literal addresses that may answer for it, in the order in which they are tried."""
        return ("127.0.0.1", "::1") if self.host == LOCALHOST else (self.host,)

    def at(self, address: str) -> Target:
        """Return this target at one literal address."""
        return Target(self.scheme, address, self.port)


def parse_target(text: str, own_ports: Collection[int] = (), *, field: str = "target") -> Target:
    """Read a port, or http(s)://LOOPBACK:PORT with nothing behind it but a lone slash.

    `own_ports` are ports of ours that must not be exposed. Raises TunnelError(bad_request) whose sentence
    names `field` and says what is wrong with the text.
    """
    target = _parse(text.strip(), field)
    if target.port in own_ports:
        raise _refused(field, "own_port", port=target.port)
    return target


def port_target(port: int, own_ports: Collection[int] = (), *, field: str = "port") -> Target:
    """Return what a bare port means: the local server that answers there, whichever loopback address it uses."""
    return parse_target(str(port), own_ports, field=field)


def _parse(text: str, field: str) -> Target:
    if text.isascii() and text.isdigit():
        return Target("http", LOCALHOST, _port(text, field))
    match = _URL.fullmatch(text)
    if match is None:
        raise _refused(field, "not_a_url", text=_shown(text))
    scheme = match["scheme"].lower()
    if scheme not in ("http", "https"):
        raise _refused(field, "scheme", scheme=_shown(scheme))
    rest = match["rest"].removesuffix("/")
    if "@" in rest:
        raise _refused(field, "user")
    authority = _AUTHORITY.fullmatch(rest)
    if authority is None:
        raise _refused(field, "path" if re.search(r"[/?#]", rest) else "not_a_url", text=_shown(text))
    if not authority["port"]:
        raise _refused(field, "no_port", text=_shown(text))
    return Target(scheme, _host(authority["host"], field), _port(authority["port"], field))


def _host(text: str, field: str) -> str:
    name = text.lower()
    if name == LOCALHOST:
        return name
    bracketed = name.startswith("[")
    try:
        address = ipaddress.ip_address(name[1:-1] if bracketed else name)
    except ValueError:
        raise _refused(field, "host", host=_shown(text)) from None
    # Of IPv6 only ::1: for Python 3.13 and newer ::ffff:127.0.0.1 is loopback, too, and any address with a zone.
    if (str(address) != "::1") if bracketed else not address.is_loopback:
        raise _refused(field, "host", host=_shown(text))
    return str(address)


def _port(text: str, field: str) -> int:
    plain = text.isascii() and text.isdigit() and len(text) <= 5  # noqa: PLR2004 - digits of the highest port
    if not plain or not 1 <= int(text) <= _HIGHEST_PORT:
        raise _refused(field, "port", text=_shown(text))
    return int(text)


def _refused(field: str, variant: str, **parameters: Any) -> TunnelError:  # noqa: ANN401 - shown with str
    return TunnelError(Code.BAD_REQUEST, f"target_{variant}", field=field, **parameters)


def _shown(text: str) -> str:
    """Return foreign text short and printable enough for a sentence."""
    clean = "".join(character if character.isprintable() else "�" for character in text)
    return clean if len(clean) <= 80 else clean[:79] + "…"  # noqa: PLR2004 - about a line
