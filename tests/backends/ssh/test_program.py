"""A server of one's own in the whole program: enabled by REST, killed and started again, and gone with a quit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psutil
import pytest

from portway.core.target import Target
from tests.backends.ssh.conftest import SshWorld
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.page import PAGE
from tests.fakes.portway.program import Program, started

pytestmark = pytest.mark.children


def enable(program: Program, world: SshWorld, origin: Target, **more: object) -> tuple[int, dict[str, Any]]:
    body = {"server": world.server.address, "serverPort": world.server.port, "target": origin.url, **more}
    return program.call("POST", "/api/tunnels/ssh", {"action": "enable", **body})


@pytest.fixture
def environment_of_program(world: SshWorld) -> dict[str, str]:
    return {**world.services.environment, "PORTWAY_API_PORT": "0"}


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_tunnel_survives_the_death_of_portway_and_ends_with_a_quit(
    world: SshWorld, origin: Target, environment_of_program: dict[str, str], tmp_path: Path
) -> None:
    with started(environment_of_program, tmp_path / "first") as first:
        code, answer = enable(first, world, origin)
        assert (code, answer["success"]) == (200, True), answer
        before = answer["status"]
        assert (before["server"], before["encrypted"]) == (world.server.address, False)
        assert world.fetch(before["publicUrl"]) == PAGE
        first.process.kill()
        first.ended()
    assert not gone(before["pid"])
    with pytest.raises(OSError):  # noqa: PT011 - nobody gets in without the program that would have to know of it
        world.fetch(before["publicUrl"])

    with started(environment_of_program, tmp_path / "second") as second:
        after = second.wait_for_phase("running", "ssh")
        assert (after["publicUrl"], after["pid"]) == (before["publicUrl"], before["pid"])
        assert world.fetch(after["publicUrl"]) == PAGE
        assert second.call("POST", "/api/quit")[0] == 200
        assert second.ended() == 0
    assert gone(before["pid"])
    wait_until(lambda: not world.server.connections())


def test_a_server_that_cuts_the_connection_gets_it_again(
    world: SshWorld, origin: Target, environment_of_program: dict[str, str], tmp_path: Path
) -> None:
    with started(environment_of_program, tmp_path / "program") as program:
        _, answer = enable(program, world, origin)
        url, pid = answer["status"]["publicUrl"], answer["status"]["pid"]
        world.server.kill_connections()
        wait_until(lambda: program.status("ssh")["pid"] not in (pid, None))
        assert program.wait_for_phase("running", "ssh")["publicUrl"] == url
        assert world.fetch(url) == PAGE


def test_an_unknown_server_needs_a_yes_to_its_fingerprint(
    world: SshWorld, origin: Target, environment_of_program: dict[str, str], tmp_path: Path
) -> None:
    world.known_hosts.write_text("")
    with started(environment_of_program, tmp_path / "program") as program:
        code, answer = enable(program, world, origin)
        status = answer["status"]
        assert (code, answer["success"], status["phase"], status["code"]) == (200, False, "needs_auth", "unknown_host")
        assert status["hostKey"] == world.server.fingerprint
        code, answer = enable(program, world, origin, hostKey=status["hostKey"])
        assert (code, answer["success"]) == (200, True), answer
        assert answer["status"]["hostKey"] is None
