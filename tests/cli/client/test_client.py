"""The client of the API believes nothing: odd answers become one sentence, never a trace."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portway.cli.client.client import Answer, Client, Frame
from portway.cli.failure import Failed, NotRunning
from tests.cli.conftest import Portway
from tests.fakes.origins.ports import kept_port
from tests.fakes.portway.rest_double import RUN_TOKEN, RestDouble, status_of

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


@contextmanager
def answering(content: bytes) -> Iterator[tuple[Client, list[bytes]]]:
    """Send `content` to whoever connects first, and keep what was asked."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                request = connection.recv(65536)
                if b"Content-Length: " in request and request.endswith(b"\r\n\r\n"):
                    request += connection.recv(65536)  # what it brings comes apart from its head
                requests.append(request)
                connection.sendall(content)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield Client(server.getsockname()[1], "t0ken"), requests
        finally:
            thread.join()


@pytest.mark.odd_answers
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "broke off"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "broke off"),
        (HEAD + b"<html>", "is not Portway"),
        (HEAD + b"[1]", "is not Portway"),
        (HEAD + b"[" * 100_000, "is not Portway"),
        (HEAD + b"\xff", "is not Portway"),
        (HEAD + b'{"a": ' + b"1" * 5000 + b"}", "is not Portway"),
    ],
    ids=["nothing", "another protocol", "html", "a list", "deep", "no text", "a long number"],
)
def test_an_odd_answer_is_one_sentence(content: bytes, sentence: str) -> None:
    with answering(content) as (client, _requests), pytest.raises(Failed, match=sentence):
        client.call("GET", "/api/tunnels")


def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_the_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Failed, match="within 0 seconds"):
        Client(server.getsockname()[1], "t0ken").call("GET", "/api/tunnels", limit=0.1)


def test_nobody_there_is_no_running_portway() -> None:
    with kept_port() as port, pytest.raises(NotRunning):
        Client(port, "t0ken").call("GET", "/api/tunnels")


@pytest.mark.odd_answers
def test_a_redirect_is_not_followed() -> None:
    moved = b'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\n\r\n{"a": 1}'
    with answering(moved) as (client, _requests):
        assert client.call("GET", "/api/tunnels") == Answer(302, {"a": 1})


@pytest.mark.odd_answers
def test_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with answering(HEAD + b"{}") as (client, _requests):
        assert client.call("GET", "/api/tunnels").body == {}


@pytest.mark.odd_answers
def test_the_request_says_who_asks_and_what_it_brings() -> None:
    with answering(HEAD + b"{}") as (client, requests):
        client.call("POST", "/api/token", {"renew": True})
    head, _, body = requests[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /api/token HTTP/1.1"
    assert b"Host: 127.0.0.1:%d" % client.port in lines
    assert {b"Authorization: Bearer t0ken", b"Content-Type: application/json"} <= set(lines)
    assert body == b'{"renew": true}'


@pytest.mark.odd_answers
def test_a_stream_is_read_frame_by_frame_past_heartbeats_and_strange_lines() -> None:
    content = (
        STREAM + b':\n\nid: 1\nevent: a\ndata: {"x": 1}\n\nretry: 5\n: hello\n\nevent: b\r\ndata: {}\r\n\r\nevent: c\n'
    )
    with answering(content) as (client, _requests), client.stream("GET", "/api/events") as frames:
        assert not isinstance(frames, Answer)
        assert list(frames) == [Frame("a", {"x": 1}), Frame("b", {})]


@pytest.mark.children
def test_a_command_that_nobody_reads_any_more_ends_quietly(environment: dict[str, str], double: RestDouble) -> None:
    for number in range(3000):
        double.tell(status_of(f"toy{number}"))
    variables = {**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    words = [sys.executable, "-m", "portway", "status", "--json"]
    with subprocess.Popen(words, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.children
def test_a_command_that_only_asks_imports_nothing_heavy(environment: dict[str, str], double: RestDouble) -> None:
    script = (
        "import sys; from portway.__main__ import main; sys.argv = ['portway', 'status']; main();"
        "print(*sys.modules, file=sys.stderr)"
    )
    variables = {**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ended = subprocess.run([sys.executable, "-c", script], env=variables, capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in ended.stderr.split()} - set(sys.stdlib_module_names)
    assert "click" in imported
    assert imported.isdisjoint({"PySide6", "shiboken6", "requests", "keyring", "psutil", "msgspec", "tomlkit", "segno"})
    assert not {"subprocess", "asyncio", "concurrent", "logging"} & set(ended.stderr.split())
    assert not any(name.startswith("portway.backends") for name in ended.stderr.split())


@pytest.mark.parametrize(
    ("typed", "completions"),
    [
        ("exp", {"expose"}),
        ("status t", {"toy"}),
        ("enable ", {"lan", "toy"}),
        ("enable toy --col", {"--colour"}),
        ("enable toy --colour b", {"blue"}),
        ("expose 3000 --via ", {"lan", "toy"}),
        ("config set toy.c", {"toy.colour"}),
        ("paint ", {"toy"}),
        ("completion z", {"zsh"}),
    ],
)
def test_the_shell_completes_what_can_follow(
    portway: Portway,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    completions: set[str],
) -> None:
    words = f"portway {typed}"
    for name, value in (
        ("_PORTWAY_COMPLETE", "bash_complete"),
        ("COMP_WORDS", words),
        ("COMP_CWORD", str(len(words.split(" ")) - 1)),
    ):
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        portway()
    assert {line.partition(",")[2] for line in capsys.readouterr().out.splitlines()} == completions


def test_the_token_of_the_run_is_the_one_that_lets_in(portway: Portway, double: RestDouble) -> None:
    assert portway("status").code == 0
    assert double.calls[0].headers["Authorization"] == f"Bearer {RUN_TOKEN}"
