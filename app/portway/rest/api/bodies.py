"""Request bodies: strict JSON, and values checked by the options that a backend declares."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NoReturn

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.options import HIGHEST_PORT, LONGEST_TEXT, Kind, Option, check_value
from portway.core.secret import Secret
from portway.core.settings import TUNNEL_TARGET
from portway.core.target import NAME_SHAPE

ACTION = Option(
    label="Action",
    help="What to do.",
    kind=Kind.CHOICE,
    body="action",
    choices=("enable", "disable"),
)
TARGET = Option(
    label="Target",
    kind=Kind.TEXT,
    body="target",
    help="The local server to expose: a port, or a host of this computer, also with http:// or https:// and a port.",
)
PORT = Option(label="Port", help="Short for `target` with that bare port.", kind=Kind.PORT, body="port")
REMEMBER = Option(
    label="Remember",
    help="Store the token in the keyring once it has worked.",
    kind=Kind.FLAG,
    body="remember",
)
LASTING = Option(
    label="Lasting",
    kind=Kind.FLAG,
    body="lasting",
    help="False: it is not turned on again after this run of Portway. True if absent.",
)
INSPECT = Option(
    label="Inspect",
    kind=Kind.FLAG,
    body="inspect",
    help="Record requests in memory, to look at them and send them again. As before if absent, at first false.",
)
RENEW = Option(label="Renew", help="Make a new token; the old one is void at once.", kind=Kind.FLAG, body="renew")

# As `check_value` and `parse_target` read texts; blanks around one are dropped, and Python knows more of them.
_BLANKS = r"[\s\x1c-\x1f\x85]*"
_TEXT_SHAPE = r"[^\x00-\x1f\x7f]*"
_PORT_SHAPE = (  # at most five digits
    r"(?:0{0,4}[1-9]|0{0,3}[1-9]\d|0{0,2}[1-9]\d{2}|0?[1-9]\d{3}"
    r"|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])"
)
_HOST_SHAPE = rf"(?:{NAME_SHAPE}|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])"
_TARGET_SHAPE = (
    rf"(?::?{_PORT_SHAPE}|{_HOST_SHAPE}:{_PORT_SHAPE}/?|[Hh][Tt][Tt][Pp][Ss]?://{_HOST_SHAPE}(?::{_PORT_SHAPE})?/?)"
)

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """The keys that a body may have, by the name that the program uses for each. Unknown keys are ignored.

    `null_clears`: null is a value, which takes away what was set; else it is as absent.
    """

    keys: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    required: frozenset[str] = frozenset()
    null_clears: bool = False

    def read(self, content: bytes) -> Values:
        """Return the values that are named; secrets wrapped. Raises TunnelError(bad_request)."""
        if not content and self.required:
            raise TunnelError(Code.BAD_REQUEST, "body_missing")
        record = parse_object(content) if content else {}
        values: dict[str, Any] = {}
        for name, option in self.keys.items():
            given = record.get(option.body)
            if given is None:
                if name in self.required:
                    raise TunnelError(Code.BAD_REQUEST, field=option.body, problem="it is missing")
                if self.null_clears and option.body in record:
                    values[name] = None
                continue
            value = check_value(option, _encodable(option, given))
            values[name] = Secret(str(value)) if option.kind is Kind.SECRET else value
            if name in self.required and value == "":
                raise TunnelError(Code.BAD_REQUEST, field=option.body, problem="it is empty")
        return values

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        properties = {
            option.body: _schema(option, required=name in self.required) for name, option in self.keys.items()
        }
        if self.null_clears:
            for property_schema in properties.values():
                property_schema["description"] += " Null takes away what was set."
        schema: dict[str, Any] = {"type": "object", "properties": properties}
        if self.required:
            schema["required"] = [option.body for name, option in self.keys.items() if name in self.required]
        if {"target", "port"} <= self.keys.keys():
            named = {"target": {"type": "string"}, "port": {"type": "integer"}}
            schema["not"] = {"required": ["target", "port"], "properties": named}
        return schema


def parse_object(content: bytes) -> dict[str, Any]:
    """Return a JSON object. Raises TunnelError(bad_request) for anything that is not exactly one."""
    try:
        record = json.loads(content.decode(), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise _malformed("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _malformed(f"it stops to be JSON at character {error.pos + 1}") from None
    except RecursionError:
        raise _malformed("it is nested too deeply") from None
    except _MalformedError as error:
        raise _malformed(str(error)) from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise _malformed("a number in it is too long") from None
    if not isinstance(record, dict):
        raise _malformed("it is another JSON value")
    return record


class _MalformedError(ValueError):
    """What the hooks of the JSON parser refuse."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        message = "a key is repeated"
        raise _MalformedError(message)
    return record


def _refuse_constant(_name: str) -> NoReturn:
    message = "NaN and Infinity are not JSON"
    raise _MalformedError(message)


def _malformed(problem: str) -> TunnelError:
    return TunnelError(Code.BAD_REQUEST, "body", problem=problem)


def _encodable(option: Option, value: object) -> object:
    """Refuse half a character (a lone surrogate), which nothing that is written later could hold."""
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise TunnelError(Code.BAD_REQUEST, field=option.body, problem="it has half a character") from None
    return value


def _shape(option: Option, *, may_be_empty: bool) -> str:
    if option is TARGET:
        return _TARGET_SHAPE
    if option is TUNNEL_TARGET:
        return f"(?:|{_TARGET_SHAPE})"
    return _TEXT_SHAPE if option.pattern is None else f"({'|' if may_be_empty else ''}{option.pattern})"


def _schema(option: Option, *, required: bool) -> dict[str, Any]:
    """Return the JSON Schema of one value, as `check_value` takes it."""
    match option.kind:
        case Kind.FLAG:
            schema: dict[str, Any] = {"type": "boolean"}
        case Kind.PORT:
            schema = {"type": "integer", "minimum": option.lowest_port, "maximum": HIGHEST_PORT}
        case Kind.CHOICE if option.choices:
            schema = {"type": "string", "enum": list(option.choices)}
        case _:
            shape = _shape(option, may_be_empty=not required)
            blanks = "" if option.verbatim else _BLANKS
            schema = {"type": "string", "maxLength": LONGEST_TEXT, "pattern": f"^{blanks}{shape}{blanks}$"}
            if option.verbatim:
                schema["minLength"] = 1
    if option.kind is Kind.SECRET:
        schema |= {"format": "password", "writeOnly": True}
    if not required:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"].append(None)
    # To JSON Schema 3000.0 is an integer as well, so only words can tell that it is refused.
    note = " Digits only: 3000, not 3000.0." if option.kind is Kind.PORT else ""
    return {"description": option.help + note, **schema}
