"""The OpenAPI 3.1 document, made from the same routes, bodies and messages that the API answers with. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from portway.core.backend import Backend
from portway.rest.answers import EVENT_STREAM, JSON
from portway.rest.bodies import ACTION
from portway.rest.messages import (
    BackendMessages,
    DoneMessage,
    FailureMessage,
    HealthMessage,
    Message,
    Messages,
    ProgressMessage,
    TokenMessage,
)
from portway.rest.policy import LONGEST_WAIT, BodyRule
from portway.rest.routes import HEALTH, TUNNELS, Operation, Route, build_routes

_REFERENCE = "#/components/schemas/{name}"
_FAILURE = {"$ref": _REFERENCE.format(name=FailureMessage.__name__)}
_DESCRIPTION = (
    "Portway's tunnels on this computer. Every answer closes its connection. Calls come from this computer only, and "
    "carry a token: `Authorization: Bearer TOKEN`, or the cookie `auth_token`. Keys of a body that are not named here "
    "are ignored, and `null` is as absent."
)
_WAIT = {
    "name": "wait",
    "in": "query",
    "description": "How many seconds the answer may take; after that it is 202, and the work goes on.",
    "schema": {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT},
}
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
    by_type = dict(zip(types, schemas, strict=True))
    writer = _Writer(messages, by_type)
    paths: dict[str, dict[str, Any]] = {}
    for route in build_routes(backends):
        paths.setdefault(route.path, {})[route.method.lower()] = writer.operation(route)
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
        "components": {"schemas": components, "securitySchemes": _SECURITY_SCHEMES},
    }


def _types(messages: Messages) -> tuple[type, ...]:
    own = [
        kind
        for backend in messages.all()
        for kind in (backend.status_type, backend.switch_type, *backend.command_types.values())
    ]
    return (FailureMessage, HealthMessage, DoneMessage, TokenMessage, ProgressMessage, *own)


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
            "tags": [route.backend.id if route.backend is not None else "portway"],
            "responses": self._responses(route),
        }
        if route.waits:
            operation["parameters"] = [_WAIT]
        if route.body is not None:
            operation["requestBody"] = {
                "required": route.rule.body is BodyRule.REQUIRED,
                "content": {JSON: {"schema": route.body.schema()}},
            }
        if route.path == HEALTH:
            operation["security"] = []
        return operation

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
        schema = self._answer_schema(route)
        if not self._has_outcome(route):
            return {"200": _answer("Done.", schema), "default": _answer("Refused.", _FAILURE)}
        return {
            "200": _answer("It is as wished, or a person has to go on: `success` tells.", schema),
            "202": _answer("Still at work.", schema),
            "default": _answer("It failed, or was refused.", {"anyOf": [schema, _FAILURE]}),
        }

    def _events(self, route: Route) -> dict[str, Any]:
        """Return the schema of the data of each event; OpenAPI 3.1 has no word of its own for it."""
        if route.operation is Operation.EVENTS:
            return {"status": self._any_status()}
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
            case Operation.DOCUMENT:
                return {"type": "object"}
            case Operation.STATUSES:
                tunnels = {"type": "array", "items": self._any_status()}
                return {"type": "object", "properties": {"tunnels": tunnels}, "required": ["tunnels"]}
            case Operation.TOKEN:
                return self._schemas[TokenMessage]
            case Operation.STATUS | Operation.SWITCH | Operation.COMMAND:
                return self._schemas[self._answer_type(route)]
            case _:
                return self._schemas[DoneMessage]

    def _answer_type(self, route: Route) -> type[Message]:
        assert route.backend is not None  # noqa: S101 - asked only for the routes of a backend
        messages: BackendMessages = self._messages.of(route.backend.id)
        if route.operation is Operation.COMMAND and route.command is not None:
            found: type[Message] = messages.command_types[route.command.name]
            return found
        kind: type[Message] = messages.status_type if route.operation is Operation.STATUS else messages.switch_type
        return kind


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
    first, *rest = (part.replace(".", "_") for part in parts)
    return first + "".join(part.capitalize() for part in rest)
