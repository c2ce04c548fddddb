"""What is wished of one tunnel, kept in the wishes file while it stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from portway.core.backend import Backend
from portway.core.hub import Ask
from portway.runtime.plan import joined, without_secrets
from portway.runtime.wish_book import WishBook, wish_of


class StandingWish:
    """`ask` is the wish, None while nothing is wanted. `facts` are the surroundings to which it belongs."""

    def __init__(self, backend: Backend, book: WishBook) -> None:
        self._backend = backend
        self._book = book
        self.ask: Ask | None = None
        self._facts: Mapping[str, str] = MappingProxyType({})

    @property
    def facts(self) -> Mapping[str, str]:
        """The surroundings in which it was fulfilled; empty until then."""
        return self._facts

    def join(self, ask: Ask) -> Ask:
        """Wish it, or wish more of it: what `ask` does not name stays as it was. Return the whole."""
        self.ask = joined(self.ask, ask)
        return self.ask

    def bind(self, facts: Mapping[str, str]) -> None:
        """It belongs to these surroundings from now on. Keep it."""
        self._facts = facts
        if self.ask is not None and self.ask.lasting:
            self._book.keep(wish_of(self._backend, self.ask, facts))

    def keep(self) -> None:
        """Keep what was changed."""
        self.bind(self._facts)

    def fulfilled(self) -> None:
        """What was asked for the first time it comes up is done."""
        if self.ask is not None:
            self.ask = dataclasses.replace(self.ask, remember=False, on_stored=(), by_person=False, restored=False)

    def drop_secrets(self) -> None:
        """What came with the request was not accepted."""
        if self.ask is not None:
            self.ask = without_secrets(self.ask)

    def drop(self) -> None:
        """Wish it no longer."""
        self.ask = None
        self._facts = MappingProxyType({})
        self._book.drop(self._backend.id)
