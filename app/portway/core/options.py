"""How a backend declares its options once, and which values each takes; bodies, command line and Settings follow."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import Target

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
    flags: tuple[str, ...] = ()  # its names on the command line, where these are not made of the field's
    in_body: bool = True  # may be named in an enable or command body
    in_settings: bool = True  # has a row on the backend's settings page
    restarts: bool = True  # another value than the running one restarts the tunnel
    verbatim: bool = False  # blanks around the text belong to it, and it cannot be empty: a password
    stored: bool = False  # a token: PUT and DELETE .../token, and `remember`, put it into the keyring
    own: bool = False  # belongs to one tunnel: what is set or stored for its backend holds for the built-in one alone
    question: str = ""  # of a stored secret: what is said where it is asked for
    environment: tuple[str, ...] = ()  # variables that give its value, the first one set wins; shown locked
    choices: tuple[str, ...] = ()
    tunnels: bool = False  # a choice that lists the saved tunnels as well
    pattern: str | None = None  # the whole value must match
    expected: str = ""  # what the pattern means, for the refusal: "a host name like …"
    unwrap: Callable[[str], str] | None = None  # takes off what people paste around the value, before it is checked
    grammar: Callable[..., object] | None = None  # called as grammar(text, field=…); raises TunnelError(bad_request)
    settings_grammar: Callable[..., object] | None = None  # what a value in the settings file must pass as well
    lowest_port: int = 1  # 0 where that means any free one
    page: str | None = None  # where a person gets the value
    sign_up_page: str | None = None  # where one without an account gets one


def option(default: Any, /, **facts: Any) -> Any:  # noqa: ANN401 - stands for the field's own type, as dataclasses.field does
    """Declare a field of an options dataclass; the keyword arguments are those of Option."""
    return dataclasses.field(default=default, metadata={_KEY: Option(**facts)})


def flag(default: bool, /, **facts: Any) -> Any:  # noqa: ANN401, FBT001 - stands for the field's own type; its default
    """Declare one that is on or off."""
    return option(default, kind=Kind.FLAG, **facts)


@dataclass(frozen=True, slots=True)
class NoOptions:
    """For what takes no options."""


def declared(options: type) -> Mapping[str, Option]:
    """Return the declared options of a dataclass by field name, in order."""
    return {item.name: item.metadata[_KEY] for item in dataclasses.fields(options) if _KEY in item.metadata}


def without_own(options: Any) -> Any:  # noqa: ANN401 - any options dataclass
    """Return `options` without what belongs to one tunnel alone."""
    plain = type(options)()
    own = {name: getattr(plain, name) for name, option in declared(type(options)).items() if option.own}
    return dataclasses.replace(options, **own)


TUNNEL_KEYS = ("id", "backend", "name", "target")  # what every saved tunnel has; they are no options


def tunnel_options(options: type) -> Mapping[str, Option]:
    """Return those that can be saved for one tunnel: what can be set for its backend, and the Host of its target."""
    return {
        name: option
        for name, option in declared(options).items()
        if option.kind is not Kind.SECRET
        and (option.in_settings or name == HOST_OPTION)
        and option.body not in TUNNEL_KEYS
    }


def camel(name: str) -> str:
    """Return the JSON spelling of a Python name: `listen_port` is `listenPort`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


LONGEST_TEXT = 4096
HIGHEST_PORT = 65535
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FLAGS = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


def check_value(option: Option, value: object, *, field: str | None = None) -> str | int | bool:
    """Return `value`, as JSON or TOML gave it, if the option takes it.

    Texts come back without blanks around them, unless the option is `verbatim` or lists choices, which are exact. An
    empty text means "not set" and passes, except for what is verbatim and a choice that does not list it. Raises
    TunnelError(bad_request) that names `field`, by default the option's JSON key, and what is expected; never what was
    given, which may be a secret that was pasted into the wrong place.
    """
    name = option.body if field is None else field
    match option.kind:
        case Kind.FLAG:
            if not isinstance(value, bool):
                raise _refused(name, "flag")
            return value
        case Kind.PORT:
            return _port(option, value, name)
        case Kind.CHOICE | Kind.PATH | Kind.TEXT | Kind.SECRET:
            if not isinstance(value, str):
                raise _refused(name, "text")
            return _text(option, value, name)


def read_value(option: Option, text: str, *, field: str | None = None) -> str | int | bool:
    """Read and check a value that was typed: a command-line argument, or the environment."""
    plain = _trimmed(option, text)
    if option.kind is Kind.FLAG:
        return check_value(option, _FLAGS.get(plain.lower(), plain), field=field)
    if option.kind is Kind.PORT and plain.isascii() and plain.isdigit() and len(plain) <= len(str(HIGHEST_PORT)):
        return check_value(option, int(plain), field=field)
    return check_value(option, plain, field=field)


def _port(option: Option, value: object, field: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and option.lowest_port <= value <= HIGHEST_PORT:
        return value
    raise _refused(field, "port", lowest=option.lowest_port)


def _text(option: Option, value: str, field: str) -> str:
    if option.kind is Kind.CHOICE and option.choices:
        if value not in option.choices:
            raise _refused(field, "choice", choices=", ".join(filter(None, option.choices)))
        return value
    text = _trimmed(option, value)
    _check_plain(option, text, field)
    if option.unwrap is not None:
        text = option.unwrap(text)
    if not text:
        return text
    if option.kind is Kind.PATH and not PurePath(text).is_absolute():
        raise _refused(field, "path")
    if option.pattern is not None and re.fullmatch(option.pattern, text) is None:
        raise _refused(field, "pattern", expected=option.expected or "in the form that is expected")
    if option.grammar is not None:
        option.grammar(text, field=field)
    return text


def _check_plain(option: Option, text: str, field: str) -> None:
    if option.verbatim and not text:
        raise _refused(field, "empty")
    if len(text) > LONGEST_TEXT:
        raise _refused(field, "long", limit=LONGEST_TEXT)
    if _CONTROL.search(text):
        raise _refused(field, "characters")


def _trimmed(option: Option, text: str) -> str:
    return text if option.verbatim else text.strip()


def _refused(field: str, variant: str, **parameters: Any) -> TunnelError:  # noqa: ANN401 - shown with str
    return TunnelError(Code.BAD_REQUEST, f"value_{variant}", field=field, **parameters)


HOST_OPTION = "host_header"  # the name of its field
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


def host_header_option() -> Any:  # noqa: ANN401 - stands for the field's own type, as `option` does
    """Declare it. It belongs to one tunnel and its target, so it is no setting."""
    return option(
        "",
        label="Host header",
        help="The name that your local server gets as Host. Without one, it gets the public name.",
        kind=Kind.TEXT,
        body="hostHeader",
        flags=("host", "host-header"),
        in_settings=False,
        pattern=rf"{_LABEL}(?:\.{_LABEL})*(?::\d{{1,5}})?",
        expected="a host like localhost:3000",
    )


def host_of(target: Target, options: Any) -> str:  # noqa: ANN401 - of any backend
    """Return what the target is to get as Host: what was asked for, the name by which it was named, else nothing."""
    asked = getattr(options, HOST_OPTION, "")
    named = "" if target.name is None else target.url.partition("://")[2]
    return str(asked or named)
