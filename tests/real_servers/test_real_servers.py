"""Real servers behind the relay: each serves its visitors as without it. They skip where a server is not installed."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.relay.truth import host_is_refused
from tests.fakes.backends.news import wait_until
from tests.real_servers.installed import missing
from tests.real_servers.running import BIG, PUBLIC_NAME, Running, running
from tests.real_servers.table import SERVERS, RealServer

pytestmark = [
    pytest.mark.children,
    pytest.mark.timeout(200),
    pytest.mark.skipif(sys.platform == "win32", reason="the programs are named as on Linux and macOS"),
]
_SHA = hashlib.sha256(BIG).hexdigest()
_ASK_MCP = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "visitor", "version": "1"}},
}


def _named(name: str) -> RealServer:
    return next(server for server in SERVERS if server.name == name)


@pytest.fixture(params=SERVERS, ids=lambda server: server.name)
def behind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    """Yield one of them, with its relay."""
    server: RealServer = request.param
    reason = missing(server)
    if reason is not None:
        pytest.skip(reason)
    with running(server, tmp_path) as one:
        yield one


def test_serves_its_visitors_as_without_the_relay(behind: Running) -> None:
    server = behind.server
    _claim_host_truth(behind)
    if server.refuses:
        behind.send_own_name()
    if server.page == "/":
        status, page = behind.ask("GET", "/")
        assert (status, b"hello" in page or b"<script>" in page) == (200, True)
    if server.big is not None:
        for _ in range(2):
            status, body = behind.ask("GET", server.big)
            assert (status, hashlib.sha256(body).hexdigest()) == (200, _SHA)
    if server.digest is not None:
        assert behind.ask("POST", server.digest, BIG) == (200, _SHA.encode())
    if server.events is not None:
        _claim_events(behind, server.events)
    if server.socket is not None:
        _claim_socket(behind, server.socket)


def _claim_host_truth(behind: Running) -> None:
    """It is known from questions that change nothing whether it refuses the public name."""
    assert host_is_refused(behind.target, PUBLIC_NAME, 20.0, behind.server.page) is behind.server.refuses


def _claim_events(behind: Running, path: str) -> None:
    with behind.asked("GET", path, Accept="text/event-stream") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.readline().startswith(b"data: 0")
        (behind.folder / "seen").touch()  # now, and not before, the second one comes: the first did not wait for it
        assert b"data: 1" in answer.read()


def _claim_socket(behind: Running, path: str) -> None:
    if behind.server.protocol == "vite-hmr":
        token = re.search(rb'wsToken = "([^"]+)"', behind.ask("GET", "/@vite/client")[1])
        assert token is not None
        path += "?token=" + token[1].decode()
    visitor = behind.socket(path)
    try:
        if behind.server.greets:
            assert "type" in visitor.hear() or visitor.hear()
        else:
            visitor.send("a message")
            assert visitor.hear() == "a message"
    finally:
        visitor.close()


def test_a_tool_of_an_mcp_server_is_reached(tmp_path: Path) -> None:
    server = _named("mcp")
    if (reason := missing(server)) is not None:
        pytest.skip(reason)
    with running(server, tmp_path) as behind:
        behind.send_own_name()
        body, kinds = json.dumps(_ASK_MCP).encode(), "application/json, text/event-stream"
        with behind.asked("POST", "/mcp", body, Content_Type="application/json", Accept=kinds) as answer:
            assert answer.status == 200
            assert b"serverInfo" in answer.read()


def test_a_real_browser_uses_page_socket_and_event_stream(tmp_path: Path) -> None:
    server, browser = _named("fastapi"), shutil.which("chromium") or shutil.which("google-chrome")
    if (reason := missing(server)) is not None or browser is None:
        pytest.skip(reason or "no Chromium is installed")
    with running(server, tmp_path) as behind:
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={tmp_path}/b"]
        command = [
            browser,
            *options,
            "--virtual-time-budget=20000",
            "--dump-dom",
            f"http://127.0.0.1:{behind.relay.port}/",
        ]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as visitor:
            try:
                wait_until(lambda: behind.ask("GET", "/seen")[1] == b"echo,event,fetch", 60)
            finally:
                visitor.kill()
