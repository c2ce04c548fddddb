"""Whatever a path on this computer is called, an answer that tells it is valid JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from portway.core.foreign_text import PublicUrl
from portway.rest.http.answers import answer, as_json


class Message(msgspec.Struct):
    """One that names a file."""

    path: str
    since: datetime
    paths: list[str]


def test_bytes_that_are_no_text_are_replaced() -> None:
    name = Path("/opt/b\udcffn/ü\udc80").as_posix()
    message = Message(name, datetime(2026, 11, 25, tzinfo=UTC), [name])
    shown = {"path": "/opt/b\ufffdn/ü\ufffd", "since": "2026-11-25T00:00:00Z", "paths": ["/opt/b\ufffdn/ü\ufffd"]}
    assert json.loads(answer(message).body) == shown
    assert json.loads(as_json({"tunnels": [message]})) == {"tunnels": [shown]}


def test_a_checked_url_is_a_text_like_any_other() -> None:
    url = PublicUrl("https://host.tail1234.ts.net")
    assert json.loads(as_json({"url": url, "path": "\udcff"})) == {"url": str(url), "path": "\ufffd"}
    assert json.loads(as_json(url)) == str(url)


def test_what_has_no_json_is_an_error() -> None:
    with pytest.raises(TypeError, match="object"):
        as_json(object())
