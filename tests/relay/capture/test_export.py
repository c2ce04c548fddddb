"""What leaves for other programs: a command that a shell takes as it is meant, and an archive that tools read."""

from __future__ import annotations

import base64
import json
import shlex
from typing import Any

import pytest

from portway.core.hub import RecordedRequest
from portway.core.target import parse_target
from portway.relay.capture.export import as_curl, as_har
from tests.relay.capture.records import TUNNEL, answer, record, recording_store, request

TARGET = parse_target("http://localhost:3000")


def recorded(
    path: str = "/", *headers: str, method: str = "GET", sent: bytes = b"", received: bytes = b"", secrets: bool = False
) -> RecordedRequest:
    store = recording_store(most_of_a_body=1000)
    raw = request(path, *headers, method=method)
    number = record(store, raw, answer(200, "Content-Type: text/plain"), sent=(sent,), received=(received,))
    whole = store.get(TUNNEL, number, secrets=secrets)
    assert whole is not None
    return whole


def words(command: str) -> list[str]:
    return shlex.split(command.replace("\\\n", " "), comments=True)


def test_a_command_sends_the_same_to_the_local_server() -> None:
    one = recorded("/cart?x=1", "Accept: */*", "Connection: keep-alive", "Content-Length: 2", method="POST", sent=b"hi")
    expected = ["curl", "--request", "POST", "--header", "Accept: */*", "--data-binary", "hi"]
    assert words(as_curl(one, TARGET)) == [*expected, "http://localhost:3000/cart?x=1"]


@pytest.mark.parametrize("odd", ["it's", '"$(id)"', "a`b`", "$HOME", "-x", "ü;&|<>", "new\nline"])
def test_nothing_in_it_is_read_by_the_shell(odd: str) -> None:
    one = recorded(method="POST", sent=odd.encode())
    assert odd in words(as_curl(one, TARGET))


def test_a_masked_value_is_a_variable_that_a_person_fills_in() -> None:
    one = recorded("/?token=abc", "Authorization: Bearer abc")
    command = as_curl(one, TARGET)
    assert "abc" not in command
    assert """'Authorization: Bearer '"$TOKEN\"""" in command
    assert """token='"$TOKEN\"""" in command or 'token="$TOKEN"' in command


def test_with_secrets_it_is_whole() -> None:
    assert "Authorization: Bearer abc" in words(
        as_curl(recorded("/", "Authorization: Bearer abc", secrets=True), TARGET)
    )


@pytest.mark.parametrize("body", [b"\xff\xfe", b"x" * 2000, b"a\0b"])
def test_a_body_that_cannot_stand_in_a_command_is_asked_for(body: bytes) -> None:
    command = as_curl(recorded(method="PUT", sent=body), TARGET)
    assert command.startswith("# The body of")
    assert words(command)[-3:-1] == ["--data-binary", "@-"]


def archive(*requests: RecordedRequest) -> list[dict[str, Any]]:
    log = json.loads(as_har(requests, "1.2.3", "https://shop.example"))["log"]
    assert log["version"] == "1.2"
    assert log["creator"] == {"name": "Portway", "version": "1.2.3"}
    entries = log["entries"]
    assert isinstance(entries, list)
    return entries


def test_an_archive_holds_every_request_with_its_answer() -> None:
    first = recorded("/a?q=1&token=t", "Cookie: a=b", method="POST", sent=b"name=x", received=b"done")
    entries = archive(first, recorded("/b"))
    assert [entry["request"]["url"] for entry in entries][1] == "https://shop.example/b"
    entry = entries[0]
    assert entry["request"]["method"] == "POST"
    assert entry["request"]["queryString"][0] == {"name": "q", "value": "1"}
    assert entry["request"]["postData"]["text"] == "name=x"
    assert entry["response"]["status"] == 200
    assert entry["response"]["content"]["text"] == "done"
    assert "a=b" not in json.dumps(entry)
    assert entry["time"] >= entry["timings"]["wait"]


def test_bytes_in_an_archive_are_base64_and_what_is_missing_is_said() -> None:
    (entry,) = archive(recorded(received=b"\xff" * 2000))
    content = entry["response"]["content"]
    assert content["encoding"] == "base64"
    assert base64.b64decode(content["text"]) == b"\xff" * 1000
    assert entry["comment"] == "Not all of the bodies was kept."


def test_an_empty_archive_is_one_too() -> None:
    assert archive() == []
