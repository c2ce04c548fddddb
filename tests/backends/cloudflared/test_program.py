"""A quick tunnel in the whole program, as people use it: its own process, enabled by REST, killed and started again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import psutil

from portway.core.target import Target
from tests.backends.cloudflared.conftest import CloudflaredWorld
from tests.fakes.origin import PAGE
from tests.fakes.program import call_api, started

URL = "https://plum-otter-lamp-1.trycloudflare.com"
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
    assert world.fetch(URL) == PAGE

    with started(environment, tmp_path / "second") as second:
        after = second.wait_for_phase("running", "cloudflared")
        assert (after["publicUrl"], after["pid"]) == (before["publicUrl"], before["pid"])
        apart = datetime.fromisoformat(after["since"]) - datetime.fromisoformat(before["since"])
        assert abs(apart.total_seconds()) < 1
        assert world.service.names == 1
        log = Path(after["logPath"]).read_text(encoding="utf-8")
        assert "Registered tunnel connection" in log
        code, answer = second.call("POST", "/api/tunnels/cloudflared", {"action": "disable"})
        assert (code, answer["status"]["phase"]) == (200, "stopped")
        ended = not psutil.pid_exists(before["pid"]) or psutil.Process(before["pid"]).status() == psutil.STATUS_ZOMBIE
        assert ended


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
