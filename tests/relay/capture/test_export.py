"""What leaves for other programs: a command that a shell takes as it is meant, and an archive that tools read."""

from __future__ import annotations

import base64
import json
import os
import shlex
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from portway.core.hub import RecordedRequest
from portway.core.target import Target, parse_target
from portway.relay.capture.export import as_curl, as_har
from tests.limits import SEEN
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
    expected = ["curl", "--request", "POST", "--header", "Accept: */*", "--data-raw", "hi"]
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


@pytest.mark.children
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/items?filter[name]=a&in={1,2}&from[1-3]", b""),
        ("GET", "/a/../b/./c", b""),
        ("GET", "/..?x", b""),
        ("HEAD", "/", b""),
        ("POST", "/", b"@export.py"),
        ("PUT", "/", "@ü\r\n two lines\n".encode()),
    ],
)
def test_curl_sends_it_as_it_was(tmp_path: Path, method: str, path: str, body: bytes) -> None:
    (tmp_path / "export.py").write_text("what a visitor must not get sent")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SEEN)
        command = as_curl(recorded(path, method=method, sent=body), Target("http", *server.getsockname()))
        home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
        with subprocess.Popen(["sh", "-c", command], cwd=tmp_path, env=home, stdout=subprocess.DEVNULL) as curl:
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as said:
                connection.settimeout(SEEN)
                line = said.readline()
                lengths = [one for one in iter(said.readline, b"\r\n") if one.lower().startswith(b"content-length:")]
                assert said.read(sum(int(one.partition(b":")[2]) for one in lengths)) == body
                left = 9 if method == "HEAD" else 0  # of which a HEAD gets to know alone
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % left)
            assert curl.wait(SEEN) == 0
    assert line.split()[:2] == [method.encode(), path.encode()]


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
