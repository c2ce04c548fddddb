"""Which wishes outlive this run of the program: kept in state/wishes.json, written at each change."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portway.core.backend import Backend
from portway.core.errors import TunnelError
from portway.core.hub import Ask
from portway.core.option_values import check_value
from portway.core.options import Kind, declared
from portway.core.status import BackendId
from portway.core.target import parse_target
from portway.system.wishes_file import Wish, WishesFile

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RestoredWish:
    """What an earlier run of the program wanted, as its file has it and as the enable that it means."""

    wish: Wish
    ask: Ask


class WishBook:
    """The lasting wishes of all tunnels. Main thread.

    `left_alone`: this run serves one command. It neither brings wishes back, nor changes what the file holds.
    """

    def __init__(self, file: WishesFile, *, left_alone: bool = False) -> None:
        self._file = file
        self._left_alone = left_alone
        self._wishes: dict[BackendId, Wish] = {}
        self._begun = False  # until then the file holds what an earlier run left
        self._closed = False

    def begin(self, backends: Iterable[Backend], *, always: bool) -> Mapping[BackendId, RestoredWish]:
        """Start this run of the program with the wishes of the earlier one that hold, and return them.

        From now on an end without `finish` is an unclean one.
        """
        if self._left_alone:
            return {}
        self._begun = True
        known = {backend.id: backend for backend in backends}
        restored: dict[BackendId, RestoredWish] = {}
        for wish in self._file.restored(always=always):
            ask = ask_of(known[wish.backend], wish) if wish.backend in known else None
            if ask is None:
                logger.warning("The wish for %s is not understood any more, so it does not come back.", wish.backend)
            else:
                restored[wish.backend] = RestoredWish(wish, ask)
                self._wishes[wish.backend] = wish
        self._write()
        return restored

    def keep(self, wish: Wish) -> None:
        """This is wanted from now on."""
        if self._wishes.get(wish.backend) != wish:
            self._wishes[wish.backend] = wish
            self._write()

    def drop(self, backend: BackendId) -> None:
        """This is not wanted any more."""
        if self._wishes.pop(backend, None) is not None:
            self._write()

    def finish(self, staying: Collection[BackendId]) -> None:
        """The program ends on purpose; tunnels of `staying` are left up. Later changes are not wishes."""
        if self._closed or not self._begun:
            return
        self._closed = True
        wishes = [dataclasses.replace(wish, stays=wish.backend in staying) for wish in self._wishes.values()]
        self._file.write(wishes, clean=True)

    def _write(self) -> None:
        if self._begun and not self._closed:
            self._file.write(self._wishes.values())


def wish_of(backend: Backend, ask: Ask, facts: Mapping[str, str]) -> Wish:
    """Return what is kept of an enable: what was named in it, without secrets."""
    kept = {
        name: ask.options[name]
        for name, option in declared(backend.options).items()
        if name in ask.options and option.kind is not Kind.SECRET
    }
    options = {name: value for name, value in kept.items() if isinstance(value, str | int | bool)}
    target = None if ask.target is None else ask.target.url
    return Wish(
        backend=backend.id, target=target, options=MappingProxyType(options), facts=MappingProxyType(dict(facts))
    )


def ask_of(backend: Backend, wish: Wish) -> Ask | None:
    """Return the enable that a restored wish means; None if its target is not one. Bad options fall away alone."""
    try:
        target = None if wish.target is None else parse_target(wish.target)
    except TunnelError:
        return None
    options: dict[str, object] = {}
    for name, option in declared(backend.options).items():
        if name in wish.options and option.kind is not Kind.SECRET:
            try:
                options[name] = check_value(option, wish.options[name])
            except TunnelError:
                continue
    return Ask(target=target, options=MappingProxyType(options), restored=True)
