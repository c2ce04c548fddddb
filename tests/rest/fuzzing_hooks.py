"""What schemathesis loads before it begins: the one value of which the document cannot say what the API does with it.

A port is written in digits, and 3000.0 is refused, as `test_values` claims: most parsers of JSON read another type from
it, so a program that sends it has a bug. JSON Schema knows no such difference, 3000.0 is an integer there, and OpenAPI
has no other word for it than the description.
"""

from __future__ import annotations

import schemathesis

PORTS = ("port", "listenPort")


@schemathesis.hook
def filter_body(context: schemathesis.HookContext, body: object) -> bool:
    """Leave out a port with a fraction of nothing."""
    ports = [body.get(name) for name in PORTS] if isinstance(body, dict) else []
    return not any(isinstance(port, float) and port.is_integer() for port in ports)
