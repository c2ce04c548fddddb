"""`portway mcp` as an agent runs it: a process of its own, a real Portway behind it, a real server behind a URL."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent

from portway.backends.registry import FACTORIES
from portway.system.storage.folders import Folders
from tests.agents.conftest import AGENT
from tests.fakes.backends.news import wait_until
from tests.fakes.portway.agent import raw_agent
from tests.fakes.portway.command_line import LIMIT, PORTWAY, Running, command_line

pytestmark = pytest.mark.children


@pytest.fixture
def profile(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "PORTWAY_API_PORT": "0", "PORTWAY_LAN_ADDRESS": "127.0.0.2"}


@pytest.fixture
def portway(profile: dict[str, str], folders: Folders, tmp_path: Path) -> Iterator[Running]:
    """Run a Portway of the person's, without a screen."""
    with command_line(profile, tmp_path, "--headless") as running:
        wait_until(lambda: (folders.run / "api.json").exists() or running.process.poll() is not None, LIMIT)
        assert running.process.poll() is None, running.err
        yield running


@asynccontextmanager
async def connected(profile: dict[str, str], tmp_path: Path, mode: Any = "legacy") -> AsyncIterator[Client]:  # noqa: ANN401 - a word
    command, *arguments = PORTWAY
    server = StdioServerParameters(command=command, args=[*arguments, "mcp"], env=profile)
    with (tmp_path / "mcp.err").open("w") as errors:
        async with Client(stdio_client(server, errors), mode=mode, client_info=AGENT) as client:
            yield client


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return str(content.text)


@dataclass(frozen=True, slots=True)
class Shop:
    """A server whose page no other one has: where it is still open, nothing else is taken for it."""

    port: int
    page: bytes


@pytest.fixture
def shop() -> Iterator[Shop]:
    page = secrets.token_hex(16).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield Shop(server.server_address[1], page)
        server.shutdown()
        thread.join()


def visit(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=LIMIT) as answer:
        return bytes(answer.read())


async def _given(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, text_of(result)
    found: dict[str, Any] = result.structured_content
    return found


def is_open(url: str, shop: Shop) -> bool:
    with contextlib.suppress(OSError):
        return visit(url) == shop.page
    return False


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_session_from_the_first_word_to_the_last(
    profile: dict[str, str], folders: Folders, tmp_path: Path, shop: Shop, mode: str
) -> None:
    async def session() -> None:
        async with connected(profile, tmp_path, mode) as client:
            opened = await _given(client, "expose", target=str(shop.port))
            url = opened["publicUrl"]
            assert (opened["id"], opened["reach"], opened["inspect"]) == ("lan", "network", True)
            assert await anyio.to_thread.run_sync(visit, f"{url}/?token=abcdefgh") == shop.page
            waited = await _given(client, "wait_for_request", tunnel="lan", after=0)
            number = waited["request"]["id"]
            read = await _given(client, "read_request", tunnel="lan", request=number)
            assert read["status"] == 200
            assert "abcdefgh" not in json.dumps(read)
            sent = await _given(client, "replay_request", tunnel="lan", request=number)
            assert (sent["request"]["replayOf"], sent["request"]["status"]) == (number, 200)
            assert (await _given(client, "stop", tunnel="lan"))["phase"] == "stopped"
            assert not await anyio.to_thread.run_sync(is_open, url, shop)
            running = json.loads((folders.run / "api.json").read_text())["pid"]
        _wait_for_end(running)

    anyio.run(session)


def test_what_it_opened_ends_with_it_and_what_is_to_last_does_not(
    profile: dict[str, str], tmp_path: Path, shop: Shop, portway: Running
) -> None:
    urls = []

    async def session() -> None:
        async with connected(profile, tmp_path) as client:
            lasting = await _given(client, "expose", target=str(shop.port), lasting=True)
            guard = {"readOnly": True}
            own = await _given(client, "expose", target=str(shop.port), guard=guard)
            urls.extend([lasting["publicUrl"], own["publicUrl"]])
            assert own["id"] == "lan-2"
            assert own["guard"]["readOnly"]
            assert await anyio.to_thread.run_sync(visit, own["publicUrl"]) == shop.page

    anyio.run(session)
    lasting, own = urls
    wait_until(lambda: not is_open(own, shop), LIMIT)
    assert visit(lasting) == shop.page
    assert portway.process.poll() is None


def test_a_client_that_is_killed_takes_what_it_opened_with_it(
    profile: dict[str, str], shop: Shop, portway: Running
) -> None:
    with raw_agent(profile) as agent:
        assert agent.greet()["serverInfo"]["name"] == "portway"
        agent.call(2, "expose", {"target": str(shop.port)})
        url = agent.answer_to(2)["result"]["structuredContent"]["publicUrl"]
        assert visit(url) == shop.page
        agent.process.kill()
        wait_until(lambda: not is_open(url, shop), LIMIT)
    assert portway.process.poll() is None


def test_the_portway_that_it_started_ends_with_it_however_it_ends(
    profile: dict[str, str], folders: Folders, shop: Shop
) -> None:
    for end in (signal.SIGKILL, signal.SIGTERM):
        with raw_agent(profile) as agent:
            agent.greet()
            agent.call(2, "expose", {"target": str(shop.port)})
            assert agent.answer_to(2)["result"]["structuredContent"]["running"]
            running = json.loads((folders.run / "api.json").read_text())["pid"]
            os.kill(agent.process.pid, end)
            agent.process.wait(LIMIT)
            _wait_for_end(running)


def test_rubbish_is_passed_by(profile: dict[str, str], portway: Running) -> None:
    with raw_agent(profile) as agent:
        agent.write(b"\xff\x00 not JSON\n{}\n[1, 2]\n" + b"x" * 200_000 + b'\n{"jsonrpc": "2.0"}\n')
        assert agent.greet()["protocolVersion"] == "2025-06-18"
        agent.write(b'{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": 5}}\n"half\n\n')
        agent.call(3, "list_tunnels", {})
        assert not agent.answer_to(3)["result"].get("isError")
        agent.leave()
        assert agent.process.wait(LIMIT) == 0
    assert portway.process.poll() is None


def test_a_client_that_leaves_in_the_middle_of_a_call_ends_it(profile: dict[str, str], portway: Running) -> None:
    with raw_agent(profile) as agent:
        agent.greet()
        agent.call(2, "wait_for_request", {"tunnel": "lan", "seconds": 600})
        agent.call(3, "list_tunnels", {})
        agent.answer_to(3)
        agent.leave()
        assert agent.process.wait(LIMIT) == 0
    assert portway.process.poll() is None


def test_without_a_screen_the_internet_takes_a_password_and_an_end(
    profile: dict[str, str], tmp_path: Path, portway: Running
) -> None:
    async def session() -> None:
        async with connected(profile, tmp_path) as client:
            refused = await client.call_tool("expose", {"target": "3000", "via": "cloudflared"})
            assert refused.is_error
            assert text_of(refused).endswith("Code: not_allowed")
            tunnels = (await _given(client, "list_tunnels"))["tunnels"]
            assert not any(tunnel["wanted"] for tunnel in tunnels)

    anyio.run(session)
    assert portway.process.poll() is None


def test_a_portway_that_ended_is_found_or_started_again(
    profile: dict[str, str], folders: Folders, tmp_path: Path
) -> None:
    async def session() -> None:
        async with connected(profile, tmp_path) as client:
            await _given(client, "list_tunnels")
            first = json.loads((folders.run / "api.json").read_text())["pid"]
            os.kill(first, signal.SIGKILL)
            await anyio.to_thread.run_sync(_wait_for_end, first)
            assert len((await _given(client, "list_tunnels"))["tunnels"]) == len(FACTORIES)
            assert json.loads((folders.run / "api.json").read_text())["pid"] != first

    anyio.run(session)


def test_twenty_at_once_open_twenty_different_servers(
    profile: dict[str, str], tmp_path: Path, portway: Running
) -> None:
    async def session() -> None:
        opened: dict[str, str] = {}

        async with connected(profile, tmp_path) as client:

            async def expose(port: int) -> None:
                status = await _given(client, "expose", target=str(port))
                opened[status["id"]] = status["targetUrl"]

            async with anyio.create_task_group() as tasks:
                for port in range(1, 21):
                    tasks.start_soon(expose, port)
        assert len(opened) == 20
        assert set(opened.values()) == {f"http://localhost:{port}" for port in range(1, 21)}

    anyio.run(session)
    assert portway.process.poll() is None


def test_where_the_sdk_is_not_installed_one_sentence_says_how_it_comes(profile: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['mcp'] = None\n")
    hidden = {**profile, "PYTHONPATH": os.pathsep.join((str(tmp_path), profile["PYTHONPATH"]))}
    ran = subprocess.run([*PORTWAY, "mcp"], env=hidden, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "What agents need is not installed. Install it: pipx install --force 'portway[mcp]'\n"


def test_no_other_command_loads_anything_of_it(profile: dict[str, str]) -> None:
    code = (
        "import sys; from portway.__main__ import main; sys.argv[1:] = ['status']\n"
        "try: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env=profile, capture_output=True, text=True, check=False, timeout=LIMIT
    )
    loaded = {name.partition(".")[0] for name in ran.stderr.split()}
    assert "portway" in loaded
    assert not loaded & {"mcp", "mcp_types", "pydantic", "anyio", "jsonschema", "starlette"}
    assert "portway.agents" not in ran.stderr


def _wait_for_end(pid: int) -> None:
    wait_until(lambda: not _runs(pid), LIMIT)


def _runs(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False
