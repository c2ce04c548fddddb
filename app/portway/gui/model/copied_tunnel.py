"""What a copy of a person's own tunnel is called, and what it takes over. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from types import MappingProxyType

from portway.core.errors import TunnelError
from portway.core.guard.rules import Guard, GuardChange
from portway.core.options import declared
from portway.core.settings import SavedTunnel, check_tunnel_id
from portway.core.status import TunnelStatus

_LONGEST_WORD, _LONGEST_NAME = 32, 60  # characters
_NUMBERED = re.compile(r"(?P<stem>.*?)[- ](?P<number>[0-9]{1,4})", re.ASCII)


def copied(tunnel: SavedTunnel, statuses: Iterable[TunnelStatus], options: type) -> SavedTunnel:
    """Return the same under a word and a name that are free: of `api` or `api-2`, `api-3` and “api 3”.

    Without what belongs to that tunnel alone, as the `options` of its backend declare it.
    """
    there = tuple(statuses)
    own = {name for name, option in declared(options).items() if option.own}
    kept = MappingProxyType({name: value for name, value in tunnel.options.items() if name not in own})
    words = {one.id for one in there} | {str(one.backend) for one in there}
    names = {one.name for one in there}
    word, shown = _stem(tunnel.id), _stem(tunnel.name or tunnel.id)
    number = 2
    while True:
        made, called = _numbered(word, "-", number, _LONGEST_WORD), _numbered(shown, " ", number, _LONGEST_NAME)
        if called not in names and _is_free(made, words):
            return replace(tunnel, id=made, name=called, options=kept)
        number += 1


def copied_rules(guard: Guard) -> GuardChange:
    """Return all rules of a guard but the password: that is a secret of the other tunnel, and stays there."""
    rules = {item.name: getattr(guard, item.name) for item in fields(guard) if item.name != "password"}
    return GuardChange(rules=MappingProxyType(rules))


def _numbered(stem: str, joint: str, number: int, longest: int) -> str:
    """Return a stem with a number, cut where it would be too long; no joint stands twice then."""
    end = f"{joint}{number}"
    return stem[: longest - len(end)].rstrip(joint) + end


def _stem(text: str) -> str:
    """Return a word or name without the number that tells a copy from others."""
    match = _NUMBERED.fullmatch(text)
    return match["stem"] if match is not None and match["stem"] else text


def _is_free(word: str, taken: Collection[str]) -> bool:
    try:
        check_tunnel_id(word, taken)
    except TunnelError:
        return False
    return True
