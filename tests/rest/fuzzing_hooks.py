"""What schemathesis loads before it begins: the values of which the document cannot say what the API does.

A port is written in digits, and 3000.0 is refused, as `test_values` claims: most parsers of JSON read another type from
it, so a program that sends it has a bug. JSON Schema knows no such difference, 3000.0 is an integer there, and OpenAPI
has no other word for it than the description. And of an address in the right form, only the computer itself can tell
whether it has it: `tests/backends/lan/test_addresses.py` claims what comes of one that it has not. What is a network, a
plain path, a time or a password is more than a pattern tells; `tests/core/guard/test_rules.py` claims which are taken.
And a body over the limit is refused with 413 whatever it holds, which schemathesis takes for no refusal of what is
wrong in it; it makes one up now and then, as the document happens to be. `tests/rest/http` claims what comes of that.
Nobody makes up the token of a Cloudflare tunnel, so it is told one; `tests/backends/cloudflared` claims what is none.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from typing import Any

import schemathesis

from portway.core.errors import TunnelError
from portway.core.guard.deadline import read_ends
from portway.core.guard.rules import read_change
from portway.rest.http.policy import LARGEST_BODY
from tests.backends.cloudflared.conftest import token_of

RULES = ("password", "basic", "allow", "deny", "readOnly", "open", "paths", "rateLimit")
TUNNEL_TOKEN = token_of("6f0a1c5e-1111-4222-8333-444455556666", "c2VjcmV0")
PORTS = ("port", "listenPort")


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Let there be one token of a tunnel."""
    for properties in _properties_in(raw_schema):
        asked = properties.get("tunnelToken")
        if asked is not None:
            asked["enum"] = [TUNNEL_TOKEN, *([None] if "null" in asked["type"] else [])]


def _properties_in(part: object) -> Iterator[dict[str, Any]]:
    """Yield what each object of the document may have."""
    if isinstance(part, dict) and isinstance(part.get("properties"), dict):
        yield part["properties"]
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in inner:
        yield from _properties_in(one)


@schemathesis.hook
def filter_body(context: schemathesis.HookContext, body: object) -> bool:
    """Leave out a port with a fraction of nothing, an address that may be anybody's, and what is too large."""
    if not isinstance(body, dict):
        return True
    if len(json.dumps(body)) > LARGEST_BODY:
        return False
    ports = [body.get(name) for name in PORTS]
    odd_ports = any(isinstance(port, float) and port.is_integer() for port in ports)
    return not odd_ports and not _is_address(body.get("address")) and _is_guard(body) and _is_guard(body.get("guard"))


def _is_guard(body: object) -> bool:
    """Whether the rules that are named in it are such, also by what no pattern tells."""
    try:
        if isinstance(body, dict):
            read_change({name: value for name, value in body.items() if name in RULES})
            if body.get("expiresIn") is not None:
                read_ends(body["expiresIn"])
    except TunnelError:
        return False
    return True


def _is_address(value: object) -> bool:
    try:
        ipaddress.ip_address(value.strip() if isinstance(value, str) else "")
    except ValueError:
        return False
    return True
