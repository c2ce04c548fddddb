"""Who may open a tunnel: the rules as a person writes them, checked, and how one set of rules becomes another."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network
from types import MappingProxyType
from typing import Any

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.options import camel
from portway.core.secret import Secret

Network = IPv4Network | IPv6Network

MOST_ENTRIES = 100  # of one list
FASTEST = 100_000  # requests a minute
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
PASSWORD = "guard_password"  # noqa: S105 - the name under which the keyring has it
OWN_PASSWORD = "wish_password"  # noqa: S105 - and the name of one that belongs to a wish

LONGEST_NOTE = 60  # characters
_NOTE = "#"  # what is written behind it, of an address, is for people
_ONE_DEVICE = 64  # bits of an IPv6 address that stay the same while a device changes the others
_RULE = re.compile(r"(?:(?P<method>[A-Z][A-Z-]{0,23}) )?(?P<path>/[!-~]*)")
_NO_PATH = re.compile(r"%|//|\\|\?|#|;|\*(?!$)|/\.{1,2}(?:/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """The rules of one tunnel, without its secret. Entries of lists are as people write them, and are sound.

    `password`: visitors need one. `basic`: programs may also give it as Basic credentials. `allow` and `deny` are
    networks, each with a note where a person made one: `198.51.100.0/24 # Office`; `deny` wins. `paths`: only these are
    open. `open`: these need no password. `rate_limit` is in requests a minute, for one visitor.
    """

    password: bool = False
    basic: bool = False
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    read_only: bool = False
    open: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    rate_limit: int | None = None

    @property
    def stands(self) -> bool:
        """Whether it keeps anybody from anything."""
        return bool(self.password or self.allow or self.deny or self.read_only or self.paths or self.rate_limit)


OPEN_TO_ALL = Guard()
# What holds where nobody can tell any more what was to hold.
SHUT = Guard(deny=("0.0.0.0/0", "::/0"))
GUARD_KEYS = {camel(item.name): item.name for item in fields(Guard)}  # as JSON and TOML spell them


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardChange:
    """What is to be otherwise. `rules` holds what was named, by field of `Guard`; `secret` is a new password.

    `own`: that password belongs to one wish, and not to the tunnel for good.
    """

    rules: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    secret: Secret | None = None
    own: bool = False

    def of(self, guard: Guard) -> Guard:
        """Return the rules after this change of them. An address that stays keeps its note where none is named."""
        noted = {name: _noted(self.rules[name], getattr(guard, name)) for name in _NETWORKS if name in self.rules}
        return replace(guard, **{**self.rules, **noted})

    def after(self, earlier: "GuardChange | None") -> "GuardChange":
        """Return both changes, one after the other, as one."""
        if earlier is None:
            return self
        later = self if "password" in self.rules else earlier
        rules = MappingProxyType({**earlier.rules, **self.rules})
        return GuardChange(rules=rules, secret=later.secret, own=later.own)

    def without(self, names: Collection[str]) -> "GuardChange | None":
        """Return the rest of it, None if nothing is left."""
        rules = {name: value for name, value in self.rules.items() if name not in names}
        kept = "password" in rules
        return (
            GuardChange(rules=MappingProxyType(rules), secret=self.secret if kept else None, own=self.own and kept)
            if rules
            else None
        )


@dataclass(frozen=True, slots=True)
class PathRule:
    """One rule about paths: of one method, or any; of one path, or, with a star at its end, all that begin so."""

    method: str | None
    path: str
    begins: bool

    def fits(self, method: str, path: str) -> bool:
        """Whether a request is one of those. `path` is decoded and plain."""
        if self.method is not None and method != self.method:
            return False
        return path.startswith(self.path) if self.begins else path == self.path


def parse_network(text: str, *, field: str = "allow") -> Network:
    """Read an address, or a range of them. Raises TunnelError(bad_request).

    An IPv6 address alone means its /64: a device changes the rest of its own every day. A note behind it is left out.
    """
    plain = plain_network(text).strip("[]")
    try:
        network = ip_network(plain, strict=False)
        if "/" not in plain and isinstance(network, IPv6Network):
            mapped = IPv6Address(plain).ipv4_mapped
            return ip_network(f"{plain}/{_ONE_DEVICE}", strict=False) if mapped is None else IPv4Network(mapped)
    except ValueError:
        raise TunnelError(Code.BAD_REQUEST, "guard_network", field=field) from None
    return network


def plain_network(entry: str) -> str:
    """Return an entry of `allow` or `deny` without its note."""
    return entry.partition(_NOTE)[0].strip()


def note_of(entry: str) -> str:
    """Return what a person noted of an entry of `allow` or `deny`; mostly nothing."""
    return entry.partition(_NOTE)[2].strip()


def with_note(network: str, note: str) -> str:
    """Return an entry of `allow` or `deny` with a note; an empty one takes away what was noted before."""
    return f"{network} {_NOTE} {note}".rstrip()


def parse_path_rule(text: str, *, field: str = "paths") -> PathRule:
    """Read a rule like `/webhooks/*` or `POST /hook`. Raises TunnelError(bad_request)."""
    match = _RULE.fullmatch(text.strip())
    if match is None or _NO_PATH.search(match["path"]):
        raise TunnelError(Code.BAD_REQUEST, "guard_path", field=field)
    return PathRule(match["method"], match["path"].removesuffix("*"), match["path"].endswith("*"))


def read_change(record: object, *, field: str = "guard") -> GuardChange:
    """Read what JSON or TOML says of a guard; null takes a rule away. Raises TunnelError(bad_request)."""
    if not isinstance(record, Mapping):
        raise TunnelError(Code.BAD_REQUEST, "guard", field=field)
    rules: dict[str, Any] = {}
    secret: Secret | None = None
    for name, read in _READERS.items():
        if camel(name) in record:
            value = record[camel(name)]
            rules[name] = getattr(OPEN_TO_ALL, name) if value is None else read(value, camel(name))
    given = record.get("password")
    if isinstance(given, str):
        secret, rules["password"] = Secret(checked_password(given)), True
    elif "password" in record:
        rules["password"] = bool(_flag(given, "password")) if given is not None else False
    return GuardChange(rules=MappingProxyType(rules), secret=secret)


def whole_change(guard: Guard, *, own: bool) -> GuardChange:
    """Return the change that makes any guard this one. `own`: its password belongs to the wish."""
    rules = {item.name: getattr(guard, item.name) for item in fields(guard)}
    return GuardChange(rules=MappingProxyType(rules), own=own)


def read_guard(record: object, *, field: str = "guard") -> Guard:
    """Read a whole guard as `guard_record` wrote it. Raises TunnelError(bad_request): a part alone would be wider."""
    change = read_change(record, field=field)
    if change.secret is not None or (isinstance(record, Mapping) and not record.keys() <= _KEYS):
        raise TunnelError(Code.BAD_REQUEST, "guard", field=field)
    return change.of(OPEN_TO_ALL)


def guard_record(guard: Guard) -> dict[str, Any]:
    """Return what differs from no guard at all, as JSON and TOML have it. There is no secret in it."""
    found = {key: getattr(guard, name) for key, name in GUARD_KEYS.items()}
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in found.items()
        if value not in (False, (), None)
    }


def checked_password(text: str, *, field: str = "password") -> str:
    """Return a password that may be used. Raises TunnelError(bad_request), which does not repeat it."""
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD or not text.isprintable() or text != text.strip():
        raise TunnelError(Code.BAD_REQUEST, "guard_password", field=field, shortest=SHORTEST_PASSWORD)
    return text


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise TunnelError(Code.BAD_REQUEST, "value_flag", field=name)
    return value


def _rate(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= FASTEST:
        raise TunnelError(Code.BAD_REQUEST, "guard_rate", field=name, limit=FASTEST)
    return value


def _list(value: object, name: str, entry: Callable[[str], str]) -> tuple[str, ...]:
    """Return the entries, each once, in their order; of a network that is named twice, what is noted last."""
    if not isinstance(value, list | tuple) or len(value) > MOST_ENTRIES:
        raise TunnelError(Code.BAD_REQUEST, "guard_list", field=name, limit=MOST_ENTRIES)
    if not all(isinstance(one, str) for one in value):
        raise TunnelError(Code.BAD_REQUEST, "guard_list", field=name, limit=MOST_ENTRIES)
    return tuple({plain_network(one): one for one in map(entry, value)}.values())


def _networks(value: object, name: str) -> tuple[str, ...]:
    def checked(text: str) -> str:
        network, note = _short(parse_network(text, field=name)), note_of(text)
        if len(note) > LONGEST_NOTE or not note.isprintable():
            raise TunnelError(Code.BAD_REQUEST, "guard_note", field=name, limit=LONGEST_NOTE)
        return with_note(network, note) if _NOTE in text else network

    return _list(value, name, checked)


def _noted(entries: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """Return entries with the notes that they had, where they name none, and without those that were taken away."""
    known = {plain_network(entry): entry for entry in before}
    kept = (known.get(entry, entry) if _NOTE not in entry else entry for entry in entries)
    return tuple(entry if note_of(entry) else plain_network(entry) for entry in kept)


def _paths(value: object, name: str) -> tuple[str, ...]:
    def checked(text: str) -> str:
        parse_path_rule(text, field=name)
        return text.strip()

    return _list(value, name, checked)


def _short(network: Network) -> str:
    """Return a network as people write it: one address of IPv4 without its length."""
    alone = isinstance(network, IPv4Network) and network.prefixlen == network.max_prefixlen
    return str(network.network_address) if alone else str(network)


_READERS: Mapping[str, Callable[[object, str], Any]] = {
    "basic": _flag,
    "allow": _networks,
    "deny": _networks,
    "read_only": _flag,
    "open": _paths,
    "paths": _paths,
    "rate_limit": _rate,
}
_NETWORKS = ("allow", "deny")
_KEYS = {camel(name) for name in _READERS} | {"password"}
