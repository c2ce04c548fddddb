"""/v1 is shown only of a server that has an API there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.status import BackendId, Phase, Reach, TunnelStatus
from portway.gui.platform.api_finder import ApiFinder, lists_models


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    answer = (200, b"")
    asked = 0


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked += 1
        status, body = self.server.answer if self.path == "/v1/models" else (404, b"")
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Handler) as one:
        threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()
        yield one
        one.shutdown()


def url_of(server: _Server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


@pytest.mark.parametrize(
    ("status", "body", "there"),
    [
        (200, b'{"object": "list", "data": []}', True),
        (401, b'{"error": {"message": "no key"}}', True),
        (401, b"<html>log in</html>", False),
        (200, b"<html>an app with one page for every path</html>", False),
        (200, b"{}", False),
        (200, b"[1]", False),
        (404, b"not here", False),
        (200, b"[" * 100_000, False),
    ],
)
def test_an_api_is_what_lists_models(server: _Server, status: int, body: bytes, *, there: bool) -> None:
    server.answer = (status, body)
    assert lists_models(url_of(server)) is there


def test_nothing_that_listens_is_no_api(server: _Server) -> None:
    assert not lists_models("http://127.0.0.1:1")
    assert not lists_models("https://127.0.0.1:1")


def test_it_asks_once_about_what_is_open_and_tells_what_it_found(server: _Server, qtbot: QtBot) -> None:
    server.answer = (200, b'{"data": []}')
    finder = ApiFinder()
    off = TunnelStatus(backend=BackendId("lan"), reach=Reach.NETWORK, target_url=url_of(server))
    up = replace(off, phase=Phase.RUNNING, public_url="http://192.0.2.7:1")
    silent = Problem(Code.ORIGIN_DOWN, parameters={"target": off.target_url})
    finder.take_status(off)
    finder.take_status(replace(up, problem=silent))
    assert server.asked == 0
    with qtbot.waitSignal(finder.found):
        for _ in range(3):
            finder.take_status(up)
    assert finder.has_api(off.target_url)
    assert server.asked == 1
    assert not finder.has_api("http://127.0.0.1:2")
