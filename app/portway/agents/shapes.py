"""The JSON Schemas of what tools take and return, made from the types of the REST API, so they cannot differ. Pure."""

from collections.abc import Collection, Iterable, Mapping
from inspect import cleandoc
from typing import Any

import msgspec

from portway.core.backend import Backend
from portway.core.options import HIGHEST_PORT
from portway.core.settings import TUNNEL_ID
from portway.rest.api.guard_bodies import GUARD_RULES, guard_rules
from portway.rest.api.messages import StatusMessage
from portway.rest.api.request_messages import ReplayedMessage, RequestMessage, RequestsMessage
from portway.rest.api.routes import Operation, Route, tunnel_routes

Schema = dict[str, Any]
Record = dict[str, Any]

# What of a status helps to go on; the rest is about this computer.
STATUS_KEYS = (
    "id",
    "name",
    "backend",
    "reach",
    "phase",
    "running",
    "wanted",
    "publicUrl",
    "targetUrl",
    "lastError",
    "code",
    "actionUrl",
    "retryAt",
    "progress",
    "guard",
    "expiresAt",
    "inspect",
    "traffic",
)
_DEFINITIONS = "#/$defs/{name}"
_GUARD = {"$ref": _DEFINITIONS.format(name=GUARD_RULES)}
_TUNNEL = {"type": "string", "pattern": f"^{TUNNEL_ID}$", "description": "The id of a tunnel, as list_tunnels has it."}
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 9_999_999_999, "description": "The number of a request."}


def brief(status: Mapping[str, Any]) -> Record:
    """Return what of a status tools return."""
    return {key: status[key] for key in STATUS_KEYS}


def status_shape() -> Schema:
    """Return the schema of `brief`."""
    whole = _of_type(StatusMessage)
    properties = {key: whole["properties"][key] for key in STATUS_KEYS}
    return _with_definitions({**whole, "properties": properties, "required": list(STATUS_KEYS)})


def statuses_shape() -> Schema:
    """Return the schema of the statuses of all tunnels."""
    one = status_shape()
    definitions = one.pop("$defs")
    tunnels = {"type": "array", "items": one}
    return _object({"tunnels": tunnels}, {"tunnels"}) | {"$defs": definitions}


def requests_shape() -> Schema:
    """Return the schema of a list of recorded requests."""
    return _of_type(RequestsMessage)


def request_shape() -> Schema:
    """Return the schema of one recorded request with its headers and bodies."""
    return _of_type(RequestMessage)


def replayed_shape() -> Schema:
    """Return the schema of what came of a replay."""
    return _of_type(ReplayedMessage)


def awaited_shape() -> Schema:
    """Return the schema of a request that was waited for: null where none came in time."""
    one = request_shape()
    definitions = one.pop("$defs")
    request = {"anyOf": [one, {"type": "null"}], "description": "The request, or null where none came in time."}
    return _object({"request": request}, {"request"}) | {"$defs": definitions}


def findings_shape() -> Schema:
    """Return the schema of what the doctor finds, as `doctor.finding.Finding.as_record` has it."""
    finding = _object(
        {
            "subject": {"type": "string"},
            "grade": {"enum": ["ok", "note", "bad"]},
            "text": {"type": "string"},
            "wayOn": {"type": ["string", "null"], "description": "What helps."},
            "stopsAWish": {"type": "boolean", "description": "Whether something that is wanted cannot work like this."},
        },
        {"subject", "grade", "text", "wayOn", "stopsAWish"},
    )
    findings = {"type": "array", "items": finding}
    return _object({"healthy": {"type": "boolean"}, "findings": findings}, {"healthy", "findings"})


def expose_shape(backends: Iterable[Backend]) -> Schema:
    """Return the schema of what may be named to open a tunnel: keys of the enable body that every backend has."""
    known = tuple(backends)
    body = _route(known[0], Operation.SWITCH)
    properties = body.body.schema()["properties"] if body.body is not None else {}
    ways = ", ".join(f"{one.kind}: {one.title}, reaches {_reach(one)}" for one in known)
    via = {"enum": [str(one.kind) for one in known], "description": f"The way out. {ways}. Absent: the default one."}
    given = {
        # Many write a port as a number.
        "target": {**properties["target"], "type": ["string", "integer"], "minimum": 1, "maximum": HIGHEST_PORT},
        "via": via,
        "guard": {"description": "Who may open it.", **_GUARD},
        "expiresIn": properties["expiresIn"],
        "lasting": {
            "type": "boolean",
            "description": "True: it stays open when this client ends. Absent: it ends with this client.",
        },
    }
    return _object(given, {"target"}) | {"$defs": {GUARD_RULES: guard_rules()}}


def listing_shape(backend: Backend, *more: str) -> Schema:
    """Return the schema of which recorded requests are wanted: the query of the REST API, but for `more`."""
    return _object({"tunnel": _TUNNEL, **_filters(backend, more)}, {"tunnel"})


def awaiting_shape(backend: Backend, longest: int) -> Schema:
    """Return the schema of which request is waited for, and how long at most."""
    after = {
        **_NUMBER,
        "minimum": 0,
        "description": "Only requests with a greater number. Absent: those from now on.",
    }
    seconds = {
        "type": "integer",
        "minimum": 1,
        "maximum": longest,
        "description": "How long at most, in seconds; 60 if absent.",
    }
    filters = _filters(backend, ("limit", "before"))
    return _object({"tunnel": _TUNNEL, "after": after, "seconds": seconds, **filters}, {"tunnel"})


def replay_shape(backend: Backend) -> Schema:
    """Return the schema of a replay: the body of the REST API, and which request is sent again."""
    route = _route(backend, Operation.REPLAY)
    body = route.body.schema() if route.body is not None else {}
    return {**body, "properties": {"tunnel": _TUNNEL, "request": _NUMBER, **body["properties"]}, **_needs("request")}


def one_request_shape() -> Schema:
    """Return the schema of the name of one request."""
    return _object({"tunnel": _TUNNEL, "request": _NUMBER}, {"tunnel", "request"})


def one_tunnel_shape() -> Schema:
    """Return the schema of the name of one tunnel."""
    return _object({"tunnel": _TUNNEL}, {"tunnel"})


def nothing_shape() -> Schema:
    """Return the schema of a tool that takes nothing."""
    return _object({}, ())


def _filters(backend: Backend, without: Collection[str]) -> Schema:
    """Return the query of the list of requests, as properties: a number may be one, and is read as its digits."""
    query = _route(backend, Operation.REQUESTS).query
    return {
        one.name: {"type": ["string", "integer"], "pattern": f"^(?:{one.shape})$", "description": one.help}
        for one in query
        if one.name not in without
    }


def _route(backend: Backend, operation: Operation) -> Route:
    return next(route for route in tunnel_routes(backend) if route.operation is operation)


def _reach(backend: Backend) -> str:
    return "this network only" if backend.reach == "network" else "the internet"


def _object(properties: Schema, required: Iterable[str]) -> Schema:
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": sorted(required)} if required else schema


def _needs(*names: str) -> Schema:
    return {"required": ["tunnel", *names], "additionalProperties": False}


def _of_type(kind: type) -> Schema:
    """Return the schema of a type of the REST API, with all that it refers to."""
    (_reference,), components = msgspec.json.schema_components([kind], ref_template=_DEFINITIONS)
    for schema in components.values():
        if "description" in schema:  # Python keeps the indentation of a docstring up to 3.12, and not from then on
            schema["description"] = cleandoc(schema["description"])
    whole = components.pop(kind.__name__)
    return {**whole, "$defs": components}


def _with_definitions(schema: Schema) -> Schema:
    """Return the same without the definitions to which nothing in it refers."""
    definitions = schema["$defs"]
    used: set[str] = set()
    waiting = _referred(schema["properties"])
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting |= _referred(definitions[name])
    return {**schema, "$defs": {name: definitions[name] for name in definitions if name in used}}


def _referred(schema: object) -> set[str]:
    match schema:
        case {"$ref": str(reference)}:
            return {reference.rpartition("/")[2]}
        case dict():
            return {name for item in schema.values() for name in _referred(item)}
        case list():
            return {name for item in schema for name in _referred(item)}
        case _:
            return set()
