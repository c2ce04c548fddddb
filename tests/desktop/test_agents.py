"""An agent on a real desktop: what it wants to open is asked of the person, and the answer is what happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.core.target import Target
from tests.fakes.desktop.notification_server import NotificationServer
from tests.fakes.desktop.tray_host import TrayHost
from tests.fakes.portway.agent import raw_agent
from tests.fakes.portway.program import LOOPBACK_ONLY, TRAY, started

pytestmark = pytest.mark.desktop


@pytest.fixture
def daemon(bus: str) -> Iterator[NotificationServer]:
    server = NotificationServer(bus)
    yield server
    server.end()
    assert server.refused == []


def test_the_person_decides_about_what_an_agent_opens(
    desktop: dict[str, str], host: TrayHost, daemon: NotificationServer, origin: Target, tmp_path: Path
) -> None:
    environment = {**desktop, **LOOPBACK_ONLY}
    asked = {"target": str(origin.port), "via": "lan", "expiresIn": "1h"}
    with started(environment, tmp_path / "output", (*TRAY, "--autostart")) as program:
        host.wait_for_item()
        program.api()
        with raw_agent(environment) as agent:
            agent.greet()
            agent.call(2, "expose", asked)
            first = daemon.wait_for("Raw Agent wants to open a tunnel")
            assert "It stops after 1 h." in first.text
            daemon.press(first, "refuse")
            assert agent.answer_to(2)["result"]["isError"]
            daemon.wait_for_closed(first.number)
            assert program.status()["wanted"] is False
            agent.call(3, "expose", asked)
            daemon.press(daemon.wait_for_another("Raw Agent wants to open a tunnel", first), "allow")
            opened = agent.answer_to(3)["result"]["structuredContent"]
            assert (opened["running"], opened["publicUrl"]) == (True, program.status()["publicUrl"])
            agent.leave()
            assert agent.process.wait() == 0
        program.wait_for_phase("stopped")
        program.call("POST", "/api/quit")
        assert program.ended() == 0
