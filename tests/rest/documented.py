"""Holds answers against the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import jsonschema_rs

from portway.core.backend import Backend
from portway.rest.openapi import document

_FAILURE = {"$ref": "#/components/schemas/FailureMessage"}


class Documented:
    """The document of one version, ready to be asked."""

    def __init__(self, backends: Iterable[Backend], version: str) -> None:
        self.document: dict[str, Any] = json.loads(document(backends, version))
        self._validator = cache(self._made_validator)

    def check(self, request: bytes, status: int, body: object) -> None:
        """Fail where the body of an answer is not as the document says of this call and status."""
        method, _, rest = request.partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0].decode("latin-1")
        self.validator(method.decode("latin-1"), path, status).validate(body)

    def validator(self, method: str, path: str, status: int) -> Any:  # noqa: ANN401 - the library has no public type
        known = self.document["paths"].get(path, {}).get("get" if method == "HEAD" else method.lower())
        if known is None:
            return self._validator(json.dumps(_FAILURE))
        answers = known["responses"]
        content = answers.get(str(status), answers["default"])["content"]
        return self._validator(json.dumps(content["application/json"]["schema"]))

    def _made_validator(self, schema: str) -> Any:  # noqa: ANN401 - the library has no public type
        whole = {"components": self.document["components"], **json.loads(schema)}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
