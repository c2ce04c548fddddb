"""Holds answers and events of the REST API against the OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import Any

import jsonschema_rs

from portway.core.backend import Backend
from tests.watched.http_answers import Seen

_FAILURE = {"$ref": "#/components/schemas/FailureMessage"}


class Documented:
    """One document, ready to be asked. It is made when it is first asked: most tests never do."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._validator = cache(self._made_validator)

    @cached_property
    def document(self) -> dict[str, Any]:
        """As a client reads it."""
        made: dict[str, Any] = json.loads(self._make())
        return made

    @classmethod
    def of(cls, backends: Iterable[Backend], version: str) -> Documented:
        from portway.rest.api.openapi import document  # late: most tests ask no document

        return cls(lambda: document(backends, version))

    @classmethod
    def published(cls) -> Documented:
        """Return that of the real program. Another test claims that it is the one in docs: a stale page fails one."""
        return cls(_made)

    def check(self, method: str, target: str, status: int, body: object) -> None:
        """Fail where the body of an answer is not as the document says of this call and status."""
        operation = self._operation(method, target)
        schema = _FAILURE
        if operation is not None:
            answers = operation["responses"]
            schema = answers.get(str(status), answers["default"])["content"]["application/json"]["schema"]
        self._validator(json.dumps(schema)).validate(body)

    def check_text(self, method: str, target: str) -> None:
        """Fail where a text came that the document does not name."""
        operation = self._operation(method, target)
        assert operation is not None
        assert "text/plain; charset=utf-8" in operation["responses"]["200"]["content"]

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
        path = re.sub(r"(?<=/)[1-9][0-9]{0,9}(?=/|$)", "{number}", target.partition("?")[0])
        verb = "get" if method == "HEAD" else method.lower()
        paths = self.document["paths"]
        general = re.sub(r"^/api/tunnels/[a-z][a-z0-9-]*", "/api/tunnels/{id}", path)
        found: dict[str, Any] | None = paths.get(path, {}).get(verb) or paths.get(general, {}).get(verb)
        return found

    def _made_validator(self, schema: str) -> Any:  # noqa: ANN401 - the library has no public type
        whole = {"components": self.document["components"], **json.loads(schema)}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _made() -> bytes:
    from portway.rest.__main__ import published  # late: it imports every backend

    return published()
