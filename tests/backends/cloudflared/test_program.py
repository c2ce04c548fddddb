"""A quick tunnel in the whole program, as people use it: its own process, enabled by REST, killed and started again."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from portway.core.target import Target
from portway.system.storage.app_state import AppState
from portway.system.storage.state_file import StateFile
from tests.backends.cloudflared.conftest import CloudflaredWorld, has_ended
from tests.fakes.origins.page import PAGE
from tests.fakes.portway.program import call_api, started

pytestmark = pytest.mark.children

URL = "https://plum-otter-lamp-1.trycloudflare.com"
STRANGER = b"a page of somebody else"
MOMENTS = (0.15, 0.4)  # seconds from asking for the tunnel to the kill: while and after it comes up
LIMITED = "ERR Error unmarshaling QuickTunnel response: error code: 1015"


def test_a_tunnel_survives_the_death_of_portway_and_ends_with_a_disable(
    world: CloudflaredWorld, origin: Target, tmp_path: Path
) -> None:
    environment = {**world.services.environment, "PORTWAY_API_PORT": "0"}
    with started(environment, tmp_path / "first") as first:
        body = {"action": "enable", "target": origin.url}
        code, answer = first.call("POST", "/api/tunnels/cloudflared", body)
        assert (code, answer["success"]) == (200, True), answer
        before = answer["status"]
        assert (before["publicUrl"], before["protocol"], before["edgeLocation"]) == (URL, "http2", "lhr01")
        first.process.kill()
        first.ended()
    assert world.fetch(URL) == b"Bad gateway"  # nobody gets in without the program that would have to know of it

    with started(environment, tmp_path / "second") as second:
        after = second.wait_for_phase("running", "cloudflared")
        assert (after["publicUrl"], after["pid"]) == (before["publicUrl"], before["pid"])
        apart = datetime.fromisoformat(after["since"]) - datetime.fromisoformat(before["since"])
        assert abs(apart.total_seconds()) < 1
        assert world.service.names == 1
        assert world.fetch(URL) == PAGE
        log = Path(after["logPath"]).read_text(encoding="utf-8")
        assert "Registered tunnel connection" in log
        code, answer = second.call("POST", "/api/tunnels/cloudflared", {"action": "disable"})
        assert (code, answer["status"]["phase"]) == (200, "stopped")
        assert has_ended(before["pid"])


class _Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(STRANGER)))
        self.end_headers()
        self.wfile.write(STRANGER)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing."""


@contextmanager
def _stranger_at(port: int | None) -> Iterator[None]:
    """Let another program have this port; none where there is none yet."""
    if port is None:
        yield
        return
    with ThreadingHTTPServer(("127.0.0.1", port), _Stranger) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("moment", MOMENTS)
def test_whoever_has_the_relays_port_after_a_kill_gets_no_visitor_once_portway_is_back(
    world: CloudflaredWorld, origin: Target, tmp_path: Path, moment: float
) -> None:
    environment = {**world.services.environment, "PORTWAY_API_PORT": "0"}
    body = {"action": "enable", "target": origin.url}
    with started(environment, tmp_path / "first") as first:
        api = first.api()

        def enable() -> None:
            with contextlib.suppress(OSError, HTTPException, ValueError):  # it is killed meanwhile
                call_api(api["port"], api["token"], "POST", "/api/tunnels/cloudflared", body)

        asking = threading.Thread(target=enable)
        asking.start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            first.process.wait(moment)
        first.process.kill()
        first.ended()
        asking.join()
    kept = AppState(StateFile(world.services.folders.state / "app.json")).relay_port("cloudflared")
    records = world.services.folders.state / "cloudflared-state.json"
    survivor = world.record["pid"] if records.exists() else None
    with _stranger_at(kept), started(environment, tmp_path / "second") as second:
        second.call("POST", "/api/tunnels/cloudflared", body)
        status = second.wait_for_phase("running", "cloudflared")
        assert world.fetch(status["publicUrl"]) == PAGE
        if kept is not None:
            assert f":{kept}" not in world.record["targetUrl"]
            assert survivor is None or has_ended(survivor)
        second.call("POST", "/api/tunnels/cloudflared", {"action": "disable"})


def test_a_failed_start_is_never_a_lost_cause(world: CloudflaredWorld, origin: Target, tmp_path: Path) -> None:
    world.service.refusal = (429, "error code: 1015")
    environment = {**world.services.environment, "PORTWAY_API_PORT": "0"}
    with started(environment, tmp_path / "program") as program:
        body = {"action": "enable", "target": origin.url}
        _code, answer = program.call("POST", "/api/tunnels/cloudflared", body)
        statuses = [answer["status"], *(program.status("cloudflared") for _ in range(100))]
        for status in statuses:
            assert (status["phase"], status["code"], status["publicUrl"]) == ("starting", "rate_limited", None)
            assert status["lastError"]
            assert status["retryAt"]
        assert not answer["success"]


def test_a_hundred_failed_starts_tell_their_cause_a_hundred_times(
    world: CloudflaredWorld, origin: Target, tmp_path: Path
) -> None:
    """One look right after each, as an impatient page of settings has it."""
    program = tmp_path / "refused"
    program.write_text(f"#!/bin/sh\necho '{LIMITED}' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o700)
    environment = {**world.services.environment, "PORTWAY_API_PORT": "0", "CLOUDFLARED_BIN": str(program)}
    with started(environment, tmp_path / "program") as portway:
        api = portway.api()
        heard = []
        for _ in range(100):
            for method, body in (("POST", {"action": "enable", "target": origin.url}), ("GET", None)):
                _code, answer = call_api(api["port"], api["token"], method, "/api/tunnels/cloudflared", body)
                status = answer.get("status", answer)
                heard.append((status["phase"], status["code"], status["publicUrl"], bool(status["lastError"])))
            call_api(api["port"], api["token"], "POST", "/api/tunnels/cloudflared", {"action": "disable"})
    assert Counter(heard) == {("starting", "rate_limited", None, True): 200}
