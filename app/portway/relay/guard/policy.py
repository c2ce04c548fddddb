"""What becomes of one request: the rules in their order, pure.

What they look at is made anew for each request, as tuples: those are made in a third of the time.
"""

from collections.abc import Collection
from enum import StrEnum
from functools import cached_property, lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from portway.core.guard.rules import Guard, Network, parse_network, parse_path_rule

Address = IPv4Address | IPv6Address

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_WEBSOCKET = "websocket"
_KNOWN = 256  # addresses that need not be looked for in the networks again


class Rule(StrEnum):
    """Which rule kept a visitor out: a stable word, shown beside the request."""

    EXPIRED = "expired"
    ADDRESS = "address"
    PATH = "path"
    READ_ONLY = "read_only"
    PROTOCOL = "protocol"  # other than HTTP/1 or WebSocket: what comes then could not be judged
    RATE = "rate"
    PASSWORD = "password"  # noqa: S105 - the name of a rule
    TRIES = "tries"  # too many wrong passwords
    LOCKED = "locked"  # a password is asked for, and none is known: the keyring is closed


class Verdict(StrEnum):
    """What becomes of a request that no rule refuses."""

    PASS = "pass"  # noqa: S105 - the name of a verdict
    ASK = "ask"  # for the password
    OWN = "own"  # it is for us: the log-in


class Facts(NamedTuple):
    """What is known of a request. `path` is the plain one, None where there is none on which all agree.

    `client` is None where the way in does not tell it. `upgrade` is the protocol that is asked for, in small letters.
    `hidden_method`, `hidden_path`: a header names another one, which some servers then take instead. `own`: it is
    for one of our own paths, which exist only while a password is asked for.
    """

    client: Address | None
    method: str
    path: str | None
    upgrade: str = ""
    hidden_method: bool = False
    hidden_path: bool = False
    own: bool = False


class ClientState(NamedTuple):
    """What is known of who asks. `let_in`: the password was shown. `spent`: more requests than it may send."""

    let_in: bool = False
    spent: bool = False


class Now(NamedTuple):
    """What is known of the tunnel. `locked`: nobody can show the password, as it is not known here either."""

    expired: bool = False
    locked: bool = False


class Rules:
    """A guard, ready to be applied."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.allow = tuple(map(parse_network, guard.allow))
        self.deny = tuple(map(parse_network, guard.deny))
        self.paths = tuple(map(parse_path_rule, guard.paths))
        self.open = tuple(map(parse_path_rule, guard.open))
        self.admits = lru_cache(_KNOWN)(self._admits) if self.allow or self.deny else _admits_all

    @cached_property
    def about_paths(self) -> bool:
        """Whether anything depends on the path."""
        return bool(self.paths or (self.open and self.guard.password))

    def _admits(self, client: Address | None) -> bool:
        """Whether one with this address may come; None: nobody knows it."""
        if client is None or _within(client, self.deny):
            return False
        return not self.allow or _within(client, self.allow)

    def needs_no_password(self, facts: Facts) -> bool:
        """Whether the request is one of those that are excepted."""
        return facts.path is not None and any(rule.fits(facts.method, facts.path) for rule in self.open)


def decide(facts: Facts, rules: Rules, client: ClientState, now: Now) -> Verdict | Rule:
    """Return what becomes of a request: the first rule that refuses it, else what is to be done.

    Nothing here depends on an order of requests, on time, or on what was decided before.
    """
    refused = refused_to_all(facts, rules, now)
    if refused is not None:
        return refused
    guard = rules.guard
    if facts.own:
        return Rule.LOCKED if now.locked else Verdict.OWN
    if guard.rate_limit is not None and client.spent:
        return Rule.RATE
    if not guard.password or rules.needs_no_password(facts):
        return Verdict.PASS
    if now.locked:
        return Rule.LOCKED
    return Verdict.PASS if client.let_in else Verdict.ASK


def refused_to_all(facts: Facts, rules: Rules, now: Now) -> Rule | None:
    """Return the rule that refuses it whatever the visitor shows, None where there is none."""
    if now.expired:
        return Rule.EXPIRED
    if not rules.admits(facts.client):
        return Rule.ADDRESS
    if facts.own:
        return None
    if rules.about_paths and not _may_go(facts, rules):
        return Rule.PATH
    if rules.guard.read_only and (facts.method not in _READING or facts.upgrade or facts.hidden_method):
        return Rule.READ_ONLY
    # After any other switch of protocols, requests would pass that nobody judges.
    return Rule.PROTOCOL if facts.upgrade not in {"", _WEBSOCKET} else None


def _admits_all(_client: Address | None) -> bool:
    return True


def _may_go(facts: Facts, rules: Rules) -> bool:
    if facts.path is None or facts.hidden_path or facts.hidden_method:
        return False
    return not rules.paths or any(rule.fits(facts.method, facts.path) for rule in rules.paths)


def _within(client: Address, networks: Collection[Network]) -> bool:
    return any(client in network for network in networks if network.version == client.version)
