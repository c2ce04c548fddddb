"""What a replay may change of a request: the one body whose values are no plain texts, numbers or flags."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.hub import RecordedRequest, ReplayRequest
from portway.rest.api.bodies import Body, Values, parse_object

_METHOD = r"[A-Z][A-Z-]{0,31}"
_PATH = r"/[!-~]*"
_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HEADER_VALUE = r"[^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]*"
_BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_TEXTS = {"method": _METHOD, "path": _PATH, "body": r"[^\ud800-\udfff]*", "bodyBase64": _BASE64}
_HELP = {
    "method": "Another method.",
    "path": "Another path, with its query.",
    "headers": "Headers to set, by name; null leaves one out. The others are as they were.",
    "body": "Another body, as text.",
    "bodyBase64": "Another body, in Base64; not beside `body`.",
}


@dataclass(frozen=True, slots=True)
class ReplayBody(Body):
    """The keys `method`, `path`, `headers`, `body` and `bodyBase64`, each optional."""

    def read(self, content: bytes) -> Values:
        """Return the values that are named. Raises TunnelError(bad_request)."""
        record = parse_object(content) if content else {}
        values = {name: value for name in _HELP if (value := record.get(name)) is not None}
        for name, shape in _TEXTS.items():
            value = values.get(name)
            if value is not None and not (isinstance(value, str) and re.fullmatch(shape, value)):
                _refuse(name)
        if {"body", "bodyBase64"} <= values.keys():
            raise TunnelError(Code.BAD_REQUEST, field="bodyBase64", problem="body is named as well; one is enough")
        if "headers" in values and not _are_headers(values["headers"]):
            _refuse("headers")
        return values

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        texts = {
            name: {"description": _HELP[name], "type": ["string", "null"], "pattern": f"^{shape}$"}
            for name, shape in _TEXTS.items()
            if name != "body"  # any text: JSON Schema has no word for half a character
        }
        headers = {
            "description": _HELP["headers"],
            "type": ["object", "null"],
            "propertyNames": {"pattern": f"^{_HEADER_NAME}$"},
            "additionalProperties": {"type": ["string", "null"], "pattern": r"^[^\x00-\x08\x0a-\x1f\x7f]*$"},
        }
        body = {"description": _HELP["body"], "type": ["string", "null"]}
        both = {"body": {"type": "string"}, "bodyBase64": {"type": "string"}}
        return {
            "type": "object",
            "properties": {**texts, "headers": headers, "body": body},
            "not": {"required": ["body", "bodyBase64"], "properties": both},
        }


def changes_of(values: Values, recorded: RecordedRequest) -> ReplayRequest:
    """Return what is to be sent otherwise; `recorded` has its secrets. Raises TunnelError(bad_request)."""
    return ReplayRequest(
        method=values.get("method"),
        path=values.get("path"),
        headers=_headers(recorded, values["headers"]) if "headers" in values else None,
        body=_body(values),
    )


def _headers(recorded: RecordedRequest, changed: dict[str, str | None]) -> tuple[tuple[str, str], ...]:
    """Return the headers, each changed one in the place of those that had its name."""
    names = {name.lower() for name in changed}
    kept = [(name, value) for name, value in recorded.request_headers if name.lower() not in names]
    return (*kept, *((name, value) for name, value in changed.items() if value is not None))


def _body(values: Values) -> bytes | None:
    if "bodyBase64" in values:
        try:
            return base64.b64decode(values["bodyBase64"], validate=True)
        except binascii.Error:
            _refuse("bodyBase64")
    return values["body"].encode() if "body" in values else None


def _are_headers(value: object) -> bool:
    return isinstance(value, dict) and all(
        re.fullmatch(_HEADER_NAME, name)
        and (text is None or (isinstance(text, str) and re.fullmatch(_HEADER_VALUE, text)))
        for name, text in value.items()
    )


def _refuse(name: str) -> NoReturn:
    raise TunnelError(Code.BAD_REQUEST, field=name, problem="it is not what a request may have there")
