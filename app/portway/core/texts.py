"""Texts for people that are declared away from the window: marked here, translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias, TypeVar

Key = TypeVar("Key")
TranslatableTable: TypeAlias = dict[Key, str]
"""A table all of whose values are such texts: `NAMES: TranslatableTable[str] = {…}` marks every one of them."""


def translatable(text: str) -> str:
    """Return `text` as it is: an English source text, or a template with {names}, that the window translates."""
    return text


_NO_VALUES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a backend is for, in the places where that is said."""

    purpose: str  # on its card, beside “Off”
    summary: str  # below the title of its settings page
    cost: str  # on the first-run page: account, and how long the URL lasts
    page: str = ""  # what it is, on the web
    get: str = ""  # how a person gets the program that it needs
    short_lived: str = ""  # where its URL does not last: what follows for somebody who stores it elsewhere


SOMEHOW_PUBLIC = About(
    purpose="public, for everyone with the link",
    summary="Public, for everyone with the link.",
    cost="Public, for everyone with the link.",
)


class OfferKind(StrEnum):
    """What the button of an offer does."""

    COPY = "copy"  # value: the text
    SETTING = "setting"  # value: JSON key of an option of this backend, “=”, and what it becomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A button that helps. `label` and `value` are templates; shown where all that `value` names is known.

    `after_reading`: only beside the sentence, which has to be read before; elsewhere it leads to that.
    """

    kind: OfferKind
    label: str
    value: str
    after_reading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One line below the URL of a running tunnel. A time among the values is shown as people write it."""

    text: str
    values: Mapping[str, str | datetime] = field(default_factory=lambda: _NO_VALUES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What the card of a running tunnel points out in a calm box, with what helps."""

    text: str
    values: Mapping[str, str] = field(default_factory=lambda: _NO_VALUES)
    offers: tuple[Offer, ...] = ()
