"""Who asks, as the headers of a request tell it. Most that a browser sends are alike: those are known again."""

from functools import lru_cache
from typing import NamedTuple

from portway.core.backend import ClientHeader
from portway.relay.guard.judged_fields import JudgedFields
from portway.relay.guard.limits import Client, key_of, parse_client
from portway.relay.guard.policy import Address

_KNOWN, _MOST_KNOWN = 64, 4096  # visitors, and bytes of headers by which one is known again
_HIDDEN_METHOD = (b"\r\nx-http-method-override:", b"\r\nx-http-method:", b"\r\nx-method-override:")
_HIDDEN_PATH = (b"\r\nx-original-url:", b"\r\nx-rewrite-url:")


class Visitor(NamedTuple):
    """What follows from where a request came from and from its headers alone, whatever it asks for.

    `address` is None where the way in does not tell it, or oddly; `key` is what counts as one client. `cookies` are
    the values of those of this tunnel, `kept` are the headers without those of any. `hides_method`, `hides_path`: a
    header names another one, which some servers then take instead.
    """

    address: Address | None
    key: Client
    kept: bytes
    cookies: tuple[str, ...]
    hides_method: bool
    hides_path: bool


class Visitors:
    """Those of one gate, on the loop's thread.

    `client_header` is the one in which the way in names the visitor; None: only the peer counts. The cookies of all
    tunnels begin with `family`, those of this one are called `mine`.
    """

    def __init__(self, client_header: ClientHeader | None, family: bytes, mine: bytes) -> None:
        self._client_header = client_header
        self._client_name = b"" if client_header is None else client_header.name.encode()
        self._family, self._mine = family, mine
        self._known = lru_cache(_KNOWN)(self._found)

    def find(self, peer: str, fields: bytes) -> Visitor:
        """Return who sends these headers from there."""
        return self._known(peer, fields) if len(fields) <= _MOST_KNOWN else self._found(peer, fields)

    def forget(self) -> None:
        """Know nobody again. Any thread."""
        self._known.cache_clear()

    def _found(self, peer: str, fields: bytes) -> Visitor:
        asked = JudgedFields(fields)
        address = self._address(peer, asked)
        kept, cookies = asked.without_cookies(self._family, self._mine)
        hides_method, hides_path = asked.has_any(_HIDDEN_METHOD), asked.has_any(_HIDDEN_PATH)
        return Visitor(address, key_of(address), kept, tuple(cookies), hides_method, hides_path)

    def _address(self, peer: str, asked: JudgedFields) -> Address | None:
        """Return it by the header of the way in alone, where that has one. None where it is missing or odd."""
        if self._client_header is None:
            return parse_client(peer)
        values = [value.decode("latin-1") for value in asked.values(self._client_name)]
        return parse_client(self._client_header.client(values))
