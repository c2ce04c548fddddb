"""Several tunnels in the whole program: two servers, five tunnels of two ways, through crashes to their removal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from portway.core.target import Target
from tests.backends.cloudflared.conftest import CloudflaredWorld
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.page import PAGE
from tests.fakes.portway.command_line import LIMIT, command_line
from tests.fakes.portway.program import LOOPBACK_ONLY, Program, fetch, started

pytestmark = pytest.mark.children

SECOND = b"the second server\n"
# Of cloudflared with words that no other test has: the port of a relay follows from its word, and another Portway on
# this machine may take that of a common one between the kill and the next start.
TUNNELS = ("lan", "site", "pane", "front-of-five", "api-of-five")


def test_five_tunnels_to_two_servers_come_back_after_a_kill_each_under_its_url_and_leave_nothing(
    world: CloudflaredWorld, origin: Target, tmp_path: Path
) -> None:
    environment = {**world.services.environment, **LOOPBACK_ONLY, "PORTWAY_API_PORT": "0"}

    def served(status: dict[str, Any]) -> bytes:
        url = status["publicUrl"]
        return fetch(url) if status["backend"] == "lan" else world.fetch(url)

    with second_origin() as second:
        targets = {"lan": origin, "site": second, "pane": origin, "front-of-five": origin, "api-of-five": second}
        pages = {name: PAGE if target == origin else SECOND for name, target in targets.items()}
        with started(environment, tmp_path / "first") as first:
            added(first, "site", "lan", second)
            added(first, "pane", "lan", origin)
            added(first, "front-of-five", "cloudflared", origin)
            added(first, "api-of-five", "cloudflared", second)
            before = {name: enabled(first, name, targets[name]) for name in TUNNELS}
            assert len({status["publicUrl"] for status in before.values()}) == 5
            assert {name: served(status) for name, status in before.items()} == pages
            with command_line(environment, tmp_path, "url", "api-of-five") as said:
                assert said.process.wait(LIMIT) == 0
                assert said.out == f"{before['api-of-five']['publicUrl']}\n"
            first.process.kill()
            first.ended()
        with started(environment, tmp_path / "second") as again:
            after = {name: again.wait_for_phase("running", name) for name in TUNNELS}
            assert {name: one["publicUrl"] for name, one in after.items()} == {
                name: one["publicUrl"] for name, one in before.items()
            }
            assert [after[name]["pid"] for name in TUNNELS] == [before[name]["pid"] for name in TUNNELS]
            assert {name: served(status) for name, status in after.items()} == pages
            assert again.call("DELETE", "/api/tunnels/api-of-five")[0] == 409
            assert again.call("POST", "/api/tunnels/api-of-five", {"action": "disable"})[1]["success"]
            assert served(after["front-of-five"]) == PAGE
            assert again.call("DELETE", "/api/tunnels/api-of-five")[0] == 200
            assert again.call("GET", "/api/tunnels/api-of-five")[0] == 404
            wait_until(lambda: not (again.folders.state / "tunnels" / "api-of-five").exists())
            assert "tunnel.site" in (again.folders.config / "settings.toml").read_text()
            again.call("POST", "/api/quit")
            assert again.ended() == 0
    for status in before.values():
        wait_until(lambda: status["pid"] is None or has_gone(status["pid"]))  # noqa: B023 - runs before the next turn
    assert list(again.folders.run.iterdir()) == []


@contextmanager
def second_origin() -> Iterator[Target]:
    """Serve another page than the first server does."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(SECOND)))
            self.end_headers()
            self.wfile.write(SECOND)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield Target("http", "127.0.0.1", server.server_address[1])
        server.shutdown()


def added(program: Program, name: str, backend: str, target: Target) -> None:
    code, answer = program.call("POST", "/api/tunnels", {"id": name, "backend": backend, "target": target.url})
    assert code == 201, answer


def enabled(program: Program, name: str, target: Target) -> dict[str, Any]:
    named = {"target": target.url} if name == "lan" else {}
    code, answer = program.call("POST", f"/api/tunnels/{name}", {"action": "enable", **named})
    assert (code, answer["success"]) == (200, True), answer
    status: dict[str, Any] = answer["status"]
    return status


def has_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
