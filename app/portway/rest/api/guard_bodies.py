"""The bodies that say who may open a tunnel, and until when."""

from dataclasses import dataclass, replace
from typing import Any

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.guard.deadline import DURATION, LONGEST, Until, read_duration, read_ends
from portway.core.guard.rules import (
    FASTEST,
    LONGEST_NOTE,
    LONGEST_PASSWORD,
    MOST_ENTRIES,
    SHORTEST_PASSWORD,
    read_change,
)
from portway.core.hub import GuardRequest
from portway.rest.api.bodies import Body, Values, parse_object

GUARD_RULES = "GuardRules"  # its name in the document

_REFERENCE = {"$ref": f"#/components/schemas/{GUARD_RULES}"}
# Narrower than what is read, so that what they let through is right.
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_GROUPS = r"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,2}"
_LONG = r"(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}"
_NOTED = rf"(?: # [A-Za-z0-9](?:[A-Za-z0-9 .,-]{{0,{LONGEST_NOTE - 2}}}[A-Za-z0-9])?)?"
_NETWORK = (
    rf"^(?:(?:{_BYTE}\.){{3}}{_BYTE}(?:/(?:3[0-2]|[12]?[0-9]))?"
    rf"|(?:{_LONG}|(?:{_GROUPS})?::(?:{_GROUPS})?)(?:/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))?){_NOTED}$"
)
_SEGMENT = r"\.?[A-Za-z0-9_~-][A-Za-z0-9_.~-]*"
_PATH = rf"^(?:[A-Z][A-Z-]{{0,23}} )?/(?:{_SEGMENT}/)*(?:{_SEGMENT})?\*?$"
_PASSWORD = r"^[!-~](?:[ -~]*[!-~])?$"  # noqa: S105 - the shape of one
_DURATION = {
    "description": "Seconds, or a text like 15m, 1h or 2d: from now on, those included in which the computer sleeps.",
    "anyOf": [{"type": "integer", "minimum": 1, "maximum": LONGEST}, {"type": "string", "pattern": f"^{DURATION}$"}],
}
_ENDS = {
    "description": f"{_DURATION['description']} Or `{Until.LOGOUT}`: when the person logs out, or the computer sleeps.",
    "anyOf": [*_DURATION["anyOf"], {"const": Until.LOGOUT.value}, {"type": "null"}],
}


@dataclass(frozen=True, slots=True)
class GuardBody(Body):
    """Rules for visitors, each optional, and when the tunnel stops. `null` takes one away."""

    def read(self, content: bytes) -> Values:
        """Return a GuardRequest as `request`. Raises TunnelError(bad_request)."""
        record = parse_object(content) if content else {}
        given = record.get("expiresIn")
        ends = None if given is None else read_ends(given)
        return {"request": GuardRequest(change=read_change(record), ends="expiresIn" in record, expires_in=ends)}

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "object", "allOf": [_REFERENCE], "properties": {"expiresIn": _ENDS}}


@dataclass(frozen=True, slots=True)
class ExtendBody(Body):
    """How much longer a tunnel is to stay open."""

    def read(self, content: bytes) -> Values:
        """Return the seconds as `seconds`. Raises TunnelError(bad_request)."""
        given = (parse_object(content) if content else {}).get("expiresIn")
        if given is None:
            raise TunnelError(Code.BAD_REQUEST, field="expiresIn", problem="it is missing")
        return {"seconds": read_duration(given)}

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "object", "properties": {"expiresIn": _DURATION}, "required": ["expiresIn"]}


@dataclass(frozen=True, slots=True)
class GuardedBody(Body):
    """The keys of an enable, which also says who may open the tunnel, and until when."""

    def read(self, content: bytes) -> Values:
        """Return the values that are named, with `guard` as a GuardChange. Raises TunnelError(bad_request)."""
        # Not by `super()`: a dataclass with slots is another class than the one in which that word stands.
        values = dict(Body.read(self, content))
        record = parse_object(content) if content else {}
        if record.get("guard") is not None:
            change = read_change(record["guard"])
            values["guard"] = replace(change, own=change.secret is not None)
        if record.get("expiresIn") is not None:
            values["expires_in"] = read_ends(record["expiresIn"])
        return values

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        schema = Body.schema(self)
        guard = {
            "description": "Who may open it while this wish stands. What is not named is as the tunnel has it.",
            "anyOf": [_REFERENCE, {"type": "null"}],
        }
        return {**schema, "properties": {**schema["properties"], "guard": guard, "expiresIn": _ENDS}}


def guard_rules() -> dict[str, Any]:
    """Return the JSON Schema of the rules, each of which may be named."""
    rules = {
        "password": {
            "description": "A new password for visitors; true: the one that is stored, false: none.",
            "anyOf": [
                {
                    "type": "string",
                    "minLength": SHORTEST_PASSWORD,
                    "maxLength": LONGEST_PASSWORD,
                    "pattern": _PASSWORD,
                    "format": "password",
                },
                {"type": "boolean"},
                {"type": "null"},
            ],
            "writeOnly": True,
        },
        "basic": {"description": "Programs may also give it as Basic credentials.", "type": ["boolean", "null"]},
        "allow": _list("Only these addresses, or ranges of them, may come; with a note behind a `#`.", _NETWORK),
        "deny": _list("These may not come, even if they are allowed.", _NETWORK),
        "readOnly": {"description": "Visitors can look, but not send.", "type": ["boolean", "null"]},
        "open": _list("Paths that need no password, like `POST /webhooks/*`.", _PATH),
        "paths": _list("Only these paths are open.", _PATH),
        "rateLimit": {
            "description": "How many requests a minute one visitor may send.",
            "type": ["integer", "null"],
            "minimum": 1,
            "maximum": FASTEST,
        },
    }
    return {"title": GUARD_RULES, "description": "Rules for visitors.", "type": "object", "properties": rules}


def _list(description: str, pattern: str) -> dict[str, Any]:
    entry = {"type": "string", "pattern": pattern}
    return {"description": description, "type": ["array", "null"], "maxItems": MOST_ENTRIES, "items": entry}
