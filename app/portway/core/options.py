"""How a backend declares its options once, so that REST bodies, the command line and Settings follow from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_KEY = "portway.option"


class Kind(StrEnum):
    """What sort of value an option takes, hence which control, which JSON type and which check it gets."""

    TEXT = "text"
    FLAG = "flag"
    PORT = "port"
    CHOICE = "choice"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    PATH = "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One declared option. The words are English source strings; `body` is its JSON key and its key in Settings."""

    label: str
    help: str
    kind: Kind
    body: str
    in_body: bool = True  # may be named in an enable or command body
    in_settings: bool = True  # has a row on the backend's settings page
    restarts: bool = True  # another value than the running one restarts the tunnel
    verbatim: bool = False  # blanks around the text belong to it, and it cannot be empty: a password
    stored: bool = False  # a token: PUT and DELETE .../token, and `remember`, put it into the keyring
    environment: tuple[str, ...] = ()  # variables that give its value, the first one set wins; shown locked
    choices: tuple[str, ...] = ()
    pattern: str | None = None  # the whole value must match
    expected: str = ""  # what the pattern means, for the refusal: "a host name like …"
    grammar: Callable[..., object] | None = None  # called as grammar(text, field=…); raises TunnelError(bad_request)
    settings_grammar: Callable[..., object] | None = None  # what a value in the settings file must pass as well
    lowest_port: int = 1  # 0 where that means any free one
    page: str | None = None  # where a person gets the value
    sign_up_page: str | None = None  # where one without an account gets one


def option(default: Any, /, **facts: Any) -> Any:  # noqa: ANN401 - stands for the field's own type, as dataclasses.field does
    """Declare a field of an options dataclass; the keyword arguments are those of Option."""
    return dataclasses.field(default=default, metadata={_KEY: Option(**facts)})


@dataclass(frozen=True, slots=True)
class NoOptions:
    """For what takes no options."""


def declared(options: type) -> Mapping[str, Option]:
    """Return the declared options of a dataclass by field name, in order."""
    return {item.name: item.metadata[_KEY] for item in dataclasses.fields(options) if _KEY in item.metadata}


def camel(name: str) -> str:
    """Return the JSON spelling of a Python name: `listen_port` is `listenPort`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
