"""Holds answers and events of the REST API against the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from portway.core.backend import Backend
from portway.rest.openapi import document
from tests.watched.http_answers import Seen

PUBLISHED = Path(__file__).parents[2] / "docs" / "openapi.json"
_FAILURE = {"$ref": "#/components/schemas/FailureMessage"}


class Documented:
    """One document, ready to be asked."""

    def __init__(self, content: bytes) -> None:
        self.document: dict[str, Any] = json.loads(content)
        self._validator = cache(self._made_validator)

    @classmethod
    def of(cls, backends: Iterable[Backend], version: str) -> Documented:
        return cls(document(backends, version))

    @classmethod
    def published(cls) -> Documented:
        """Return the one in docs; another test claims that it is that of this version."""
        return cls(PUBLISHED.read_bytes())

    def check(self, method: str, target: str, status: int, body: object) -> None:
        """Fail where the body of an answer is not as the document says of this call and status."""
        operation = self._operation(method, target)
        schema = _FAILURE
        if operation is not None:
            answers = operation["responses"]
            schema = answers.get(str(status), answers["default"])["content"]["application/json"]["schema"]
        self._validator(json.dumps(schema)).validate(body)

    def check_event(self, method: str, target: str, event: str, data: object) -> None:
        """Fail where one event of a stream is not as the document says of this call."""
        operation = self._operation(method, target)
        events = {} if operation is None else operation["responses"]["200"]["content"]["text/event-stream"]["x-events"]
        assert event in events, f"{method} {target} has no event {event}"
        self._validator(json.dumps(events[event])).validate(data)

    def check_seen(self, seen: Seen) -> None:
        """Fail where an answer or event that a client got is not as the document says."""
        if seen.event is None:
            self.check(seen.method, seen.target, seen.status, json.loads(seen.content))
        else:
            self.check_event(seen.method, seen.target, seen.event, json.loads(seen.content))

    def _operation(self, method: str, target: str) -> dict[str, Any] | None:
        path = target.partition("?")[0]
        found: dict[str, Any] | None = (
            self.document["paths"].get(path, {}).get("get" if method == "HEAD" else method.lower())
        )
        return found

    def _made_validator(self, schema: str) -> Any:  # noqa: ANN401 - the library has no public type
        whole = {"components": self.document["components"], **json.loads(schema)}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
