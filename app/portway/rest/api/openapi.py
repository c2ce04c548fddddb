"""The OpenAPI 3.1 document, made from the same routes, bodies and messages that the API answers with. Pure."""

import json
from collections.abc import Iterable, Sequence
from inspect import cleandoc
from typing import Any

import msgspec

from portway.core.backend import Backend
from portway.core.settings import TUNNEL_ID
from portway.rest.api.backend_messages import BackendMessages, Messages
from portway.rest.api.bodies import ACTION
from portway.rest.api.guard_bodies import GUARD_RULES, guard_rules
from portway.rest.api.messages import (
    DoneMessage,
    FailureMessage,
    HealthMessage,
    LinkMessage,
    Message,
    ProgressMessage,
    StreamCheckMessage,
    TokenMessage,
    TunnelsMessage,
)
from portway.rest.api.request_messages import (
    MoreRequestsMessage,
    ReplayedMessage,
    RequestMessage,
    RequestsMessage,
    RowMessage,
)
from portway.rest.api.routes import HEALTH, TUNNELS, Operation, Route, build_routes, tunnel_routes
from portway.rest.http.answers import EVENT_STREAM, JSON, TEXT
from portway.rest.http.policy import LONGEST_WAIT, NUMBER, TUNNEL, BodyRule

_REFERENCE = "#/components/schemas/{name}"
_FAILURE = {"$ref": _REFERENCE.format(name=FailureMessage.__name__)}
_DESCRIPTION = (
    "Portway's tunnels on this computer. Every answer closes its connection. Calls come from this computer only, and "
    "carry a token: `Authorization: Bearer TOKEN`, or the cookie `auth_token`. Keys of a body that are not named here "
    "are ignored, and `null` is as absent, but for the rules of a guard, which it takes away."
)
_WAIT = {
    "name": "wait",
    "in": "query",
    "description": "How many seconds the answer may take; after that it is 202, and the work goes on.",
    "schema": {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT},
}
_NUMBER = {
    "name": NUMBER.strip("{}"),
    "in": "path",
    "required": True,
    "description": "The number of a recorded request.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 9_999_999_999},
}
_TUNNEL = {
    "name": TUNNEL.strip("{}"),
    "in": "path",
    "required": True,
    "description": "The word of a tunnel.",
    "schema": {"type": "string", "pattern": f"^{TUNNEL_ID}$"},
}
_RECORDED: dict[Operation, type] = {
    Operation.REQUESTS: RequestsMessage,
    Operation.REQUEST: RequestMessage,
    Operation.REPLAY: ReplayedMessage,
}
_OF_A_TUNNEL = frozenset(
    {
        Operation.STATUS,
        Operation.CHANGE,
        Operation.SWITCH,
        Operation.COMMAND,
        Operation.GUARD,
        Operation.EXTEND,
        Operation.VERIFY,
    }
)
_REQUESTS = (RowMessage, MoreRequestsMessage, *_RECORDED.values())
_SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "auth_token"},
}


def document(backends: Iterable[Backend], version: str) -> bytes:
    """Return the document as indented JSON."""
    return json.dumps(_document(tuple(backends), version), indent=2, ensure_ascii=False).encode()


def _document(backends: tuple[Backend, ...], version: str) -> dict[str, Any]:
    messages = Messages(backends)
    types = _types(messages)
    # By type, not by name: the schemas of two backends may share a class of their own.
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    _straighten(components)
    by_type = dict(zip(types, schemas, strict=True))
    writer = _Writer(messages, by_type)
    paths: dict[str, dict[str, Any]] = {}
    for route in build_routes(backends):
        paths.setdefault(route.path, {})[route.method.lower()] = writer.operation(route)
    of_all: dict[tuple[str, str], list[Route]] = {}
    for route in (route for backend in backends for route in tunnel_routes(backend)):
        of_all.setdefault((route.path, route.method), []).append(route)
    for (path, method), same in of_all.items():
        paths.setdefault(path, {})[method.lower()] = writer.operation_of_all(same)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Portway",
            "version": version,
            "description": _DESCRIPTION,
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": "http://127.0.0.1:20129"}],
        "security": [{"bearer": []}, {"cookie": []}],
        "paths": paths,
        "components": {"schemas": {**components, GUARD_RULES: guard_rules()}, "securitySchemes": _SECURITY_SCHEMES},
    }


def _types(messages: Messages) -> tuple[type, ...]:
    own = [
        kind
        for backend in messages.all()
        for kind in (backend.status_type, backend.switch_type, *backend.command_types.values())
    ]
    return (
        FailureMessage,
        HealthMessage,
        DoneMessage,
        TokenMessage,
        LinkMessage,
        TunnelsMessage,
        ProgressMessage,
        StreamCheckMessage,
        *_REQUESTS,
        *own,
    )


class _Writer:
    """Describes routes, with the schemas of their answers by type."""

    def __init__(self, messages: Messages, schemas: dict[type, dict[str, Any]]) -> None:
        self._messages = messages
        self._schemas = schemas

    def operation(self, route: Route) -> dict[str, Any]:
        """Return what the document says of one method of a path."""
        operation: dict[str, Any] = {
            "operationId": _operation_id(route.method, route.path),
            "summary": route.summary,
            "tags": [route.backend.kind if route.backend is not None else "portway"],
            "responses": self._responses(route),
        }
        parameters = _parameters(route)
        if parameters:
            operation["parameters"] = parameters
        if route.body is not None:
            operation["requestBody"] = {
                "required": route.rule.body is BodyRule.REQUIRED,
                "content": {JSON: {"schema": route.body.schema()}},
            }
        if route.path == HEALTH:
            operation["security"] = []
        return operation

    def operation_of_all(self, routes: Sequence[Route]) -> dict[str, Any]:
        """Return what the document says of one method of a path that tunnels of these backends have."""
        first, *others = [self.operation(route) for route in routes]
        bodies = [_body_schema(one) for one in (first, *others)]
        if bodies[0] is not None:
            first["requestBody"]["content"][JSON]["schema"] = _any_of(bodies)
        for status, response in first["responses"].items():
            response.pop("links", None)
            for kind, content in response["content"].items():
                same = [one["responses"][status]["content"][kind]["schema"] for one in (first, *others)]
                content["schema"] = _any_of(same)
        return {**first, "tags": ["tunnels"]}

    def _responses(self, route: Route) -> dict[str, Any]:
        responses = self._bare_responses(route)
        links = _links(route)
        if links:
            responses["200"]["links"] = links
        return responses

    def _bare_responses(self, route: Route) -> dict[str, Any]:
        if route.streams:
            content = {EVENT_STREAM: {"schema": {"type": "string"}, "x-events": self._events(route)}}
            stream = {"description": "Server-sent events; `x-events` has the data of each.", "content": content}
            return {"200": stream, "default": _answer("Refused.", _FAILURE)}
        if route.operation is Operation.CURL:
            text = {"description": "Done.", "content": {TEXT: {"schema": {"type": "string"}}}}
            return {"200": text, "default": _answer("Refused.", _FAILURE)}
        schema = self._answer_schema(route)
        if not self._has_outcome(route):
            done = "201" if route.operation is Operation.ADD else "200"
            return {done: _answer("Done.", schema), "default": _answer("Refused.", _FAILURE)}
        return {
            "200": _answer("It is as asked, or a person has to go on: `success` tells which.", schema),
            "202": _answer("Still at work.", schema),
            "default": _answer("It failed, or was refused.", {"anyOf": [schema, _FAILURE]}),
        }

    def _events(self, route: Route) -> dict[str, Any]:
        """Return the schema of the data of each event; OpenAPI 3.1 has no word of its own for it."""
        if route.operation is Operation.EVENTS:
            request = {"anyOf": [self._schemas[RowMessage], self._schemas[MoreRequestsMessage]]}
            tunnels = self._schemas[TunnelsMessage]
            return {"status": self._any_status(), "tunnels": tunnels, "request": request}
        if route.operation is Operation.STREAMS:
            return {"check": self._schemas[StreamCheckMessage], "done": self._schemas[DoneMessage], "error": _FAILURE}
        return {
            "progress": self._schemas[ProgressMessage],
            "done": self._schemas[self._answer_type(route)],
            "error": _FAILURE,
        }

    def _any_status(self) -> dict[str, Any]:
        return {"anyOf": [self._schemas[backend.status_type] for backend in self._messages.all()]}

    def _has_outcome(self, route: Route) -> bool:
        return route.operation is Operation.SWITCH or (route.operation is Operation.COMMAND and route.method != "GET")

    def _answer_schema(self, route: Route) -> dict[str, Any]:
        match route.operation:
            case Operation.HEALTH:
                return self._schemas[HealthMessage]
            case Operation.DOCUMENT | Operation.HAR:
                return {"type": "object"}
            case Operation.STATUSES:
                tunnels = {"type": "array", "items": self._any_status()}
                return {"type": "object", "properties": {"tunnels": tunnels}, "required": ["tunnels"]}
            case Operation.TOKEN:
                return self._schemas[TokenMessage]
            case operation if operation in _RECORDED:
                return self._schemas[_RECORDED[operation]]
            case Operation.LINK:
                return self._schemas[LinkMessage]
            case Operation.ADD:
                return self._any_status()
            case operation if operation in _OF_A_TUNNEL:
                return self._schemas[self._answer_type(route)]
            case _:
                return self._schemas[DoneMessage]

    def _answer_type(self, route: Route) -> type[Message]:
        assert route.backend is not None  # noqa: S101 - asked only for the routes of a backend
        messages: BackendMessages = self._messages.of(route.backend.kind)
        if route.operation is Operation.COMMAND and route.command is not None:
            found: type[Message] = messages.command_types[route.command.name]
            return found
        kind: type[Message] = messages.switch_type if route.operation is Operation.SWITCH else messages.status_type
        return kind


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [one for one, place in ((_TUNNEL, TUNNEL), (_NUMBER, NUMBER)) if place in route.path]
    if route.waits:
        found.append(_WAIT)
    for one in route.query:
        schema = {"type": "string", "pattern": f"^(?:{one.shape})$"}
        found.append({"name": one.name, "in": "query", "description": one.help, "schema": schema})
    return found


def _body_schema(operation: dict[str, Any]) -> dict[str, Any] | None:
    schema: dict[str, Any] | None = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
    return schema


def _any_of(schemas: Iterable[Any]) -> Any:  # noqa: ANN401 - a JSON Schema
    """Return one that takes what any of these takes; each of them once."""
    distinct: list[Any] = []
    for schema in schemas:
        if schema not in distinct:
            distinct.append(schema)
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _links(route: Route) -> dict[str, Any]:
    """Return what may be done next: switch a tunnel whose status was read, read the status of one that changed."""
    if route.backend is None or route.streams:
        return {}
    path = f"{TUNNELS}/{route.backend.id}"
    if route.operation is not Operation.STATUS:
        return {"status": {"operationId": _operation_id("GET", path)}}
    switch = _operation_id("POST", path)
    return {action: {"operationId": switch, "requestBody": {"action": action}} for action in ACTION.choices}


def _operation_id(method: str, path: str) -> str:
    """Return a name that stays."""
    parts = [method.lower(), *path.removeprefix("/api/").replace("-", "/").split("/")]
    first, *rest = (part.strip("{}").replace(".", "_") for part in parts)
    return first + "".join(part.capitalize() for part in rest)


def _straighten(components: dict[str, Any]) -> None:
    """Take the indentation out of what docstrings brought: Python keeps it up to 3.12, and not from then on."""
    for schema in components.values():
        if "description" in schema:
            schema["description"] = cleandoc(schema["description"])
