"""Recorded requests as they are sent."""

import base64
import dataclasses
from datetime import datetime
from typing import Any

from msgspec import UNSET, UnsetType

from portway.core.hub import RecordedBody, RecordedRequest, RequestRow
from portway.rest.api.messages import Message

Headers = tuple[tuple[str, str], ...]


class RowMessage(Message, frozen=True, kw_only=True):
    """One recorded request in a list. Times in milliseconds, sizes in bytes of bodies as they passed."""

    id: int
    tunnel: str
    started_at: datetime
    method: str
    path: str
    status: int
    duration_ms: float | None
    first_byte_ms: float | None
    request_bytes: int
    response_bytes: int
    content_type: str | None
    client: str
    replay_of: int | None
    refused_by: str | None
    state: str


class RequestsMessage(Message, frozen=True, kw_only=True):
    """Recorded requests, the newest first. `dropped` is how many made room for newer ones."""

    requests: tuple[RowMessage, ...]
    dropped: int
    capturing: bool


class BodyMessage(Message, frozen=True, kw_only=True):
    """A body, unpacked: as text where it is one, else in Base64.

    `size` is in bytes as it passed. `kept`: nothing of it is missing here. `encoding` is its Content-Encoding.
    """

    text: str | UnsetType = UNSET
    base64: str | UnsetType = UNSET
    size: int
    kept: bool
    encoding: str | None


class RequestMessage(RowMessage, frozen=True, kw_only=True):
    """All that is kept of one request and its answer. Headers are pairs of name and value, in their order."""

    request_headers: Headers
    request_body: BodyMessage
    response_headers: Headers
    response_body: BodyMessage


class ReplayedMessage(Message, frozen=True, kw_only=True):
    """The request that was sent again, with what the local server answered."""

    request: RowMessage


class MoreRequestsMessage(Message, frozen=True, kw_only=True):
    """How many requests of a tunnel there were besides those that were told one by one."""

    more: int
    tunnel: str


def row_message(row: RequestRow) -> RowMessage:
    """Return a row as it is sent."""
    return RowMessage(**_fields(row))


def request_message(recorded: RecordedRequest) -> RequestMessage:
    """Return a whole request as it is sent. Unpacks bodies, so it may take some milliseconds."""
    return RequestMessage(
        **_fields(recorded.row),
        request_headers=recorded.request_headers,
        request_body=_body(recorded.request_body),
        response_headers=recorded.response_headers,
        response_body=_body(recorded.response_body),
    )


def _fields(row: RequestRow) -> dict[str, Any]:
    return {item.name: getattr(row, item.name) for item in dataclasses.fields(row)}


def _body(body: RecordedBody) -> BodyMessage:
    from portway.relay.capture.decoding import shown  # late: a program that records nothing does without

    content = shown(body)
    if content.text is not None:
        return BodyMessage(text=content.text, size=body.size, kept=not content.cut, encoding=body.encoding)
    packed = base64.b64encode(content.data).decode()
    return BodyMessage(base64=packed, size=body.size, kept=not content.cut, encoding=body.encoding)
