"""What values a declared option takes: one rule for REST bodies, settings, environment and command line."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.options import Kind, Option

LONGEST_TEXT = 4096
HIGHEST_PORT = 65535
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FLAGS = {
    "true": True, "yes": True, "on": True, "1": True,
    "false": False, "no": False, "off": False, "0": False,
}  # fmt: skip


def check_value(option: Option, value: object, *, field: str | None = None) -> str | int | bool:
    """Return `value`, as JSON or TOML gave it, if the option takes it.

    Texts come back without blanks around them, unless the option is `verbatim`. An empty text means "not set" and
    passes, except for what is verbatim and a choice that does not list it. Raises TunnelError(bad_request) that names
    `field`, by default the option's JSON key, and never shows a secret.
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
    raise _refused(field, "port", text=_shown(value), lowest=option.lowest_port)


def _text(option: Option, value: str, field: str) -> str:
    text = _trimmed(option, value)
    _check_plain(option, text, field)
    if option.kind is Kind.CHOICE:
        if option.choices and text not in option.choices:
            raise _refused(field, "choice", text=_shown(text), choices=", ".join(filter(None, option.choices)))
        return text
    if not text:
        return text
    if option.kind is Kind.PATH and not PurePath(text).is_absolute():
        raise _refused(field, "path", text=_shown(text))
    if option.pattern is not None and re.fullmatch(option.pattern, text) is None:
        expected = option.expected or "in the form that is expected"
        if option.kind is Kind.SECRET:
            raise _refused(field, "secret", expected=expected)
        raise _refused(field, "pattern", text=_shown(text), expected=expected)
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


def _shown(value: object) -> str:
    """Return a foreign value short and printable enough for a sentence; a number is never written out in full."""
    if isinstance(value, int) and not isinstance(value, bool):
        # Longer than any port; str() of a huge number is slow, and refused by Python over 4,300 digits.
        return str(value) if abs(value) < 10**12 else "that number"
    text = value if isinstance(value, str) else str(value) if isinstance(value, bool | float) else type(value).__name__
    clean = "".join(character if character.isprintable() else "�" for character in text)
    return clean if len(clean) <= 80 else clean[:79] + "…"  # noqa: PLR2004 - about a line
