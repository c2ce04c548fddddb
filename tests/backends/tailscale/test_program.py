"""A real Portway, over REST: what scripts for OmniRoute's Tailscale calls find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portway.core.target import Target
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.page import PAGE
from tests.fakes.portway.program import Program, started
from tests.fakes.tailscale.cli import ENABLE, LINK
from tests.fakes.tailscale.computer import NEVER_LOGGED_IN, RUNNING, URL, FakeTailscale

pytestmark = pytest.mark.children

TUNNEL = "/api/tunnels/tailscale"


def test_the_whole_way_from_log_in_to_off(
    tailscale: FakeTailscale, environment: dict[str, str], tmp_path: Path, origin: Target
) -> None:
    tailscale.become(NEVER_LOGGED_IN)
    with started({**environment, "PORTWAY_API_PORT": "0"}, tmp_path / "said") as portway:
        portway.wait_for_phase("needs_auth", "tailscale")
        code, check = portway.call("GET", f"{TUNNEL}/check")
        assert (code, check["installed"], check["daemonRunning"], check["loggedIn"]) == (200, True, True, False)

        code, answer = portway.call("POST", f"{TUNNEL}/enable", {"port": origin.port})
        assert (code, answer["success"], answer["needsLogin"], answer["authUrl"]) == (200, False, True, LINK)

        tailscale.behave(funnel_off="wait")
        tailscale.become(RUNNING)  # the person has logged in
        status = wait_for_code(portway, "funnel_not_enabled")
        assert (status["funnelNotEnabled"], status["enableUrl"], status["actionUrl"]) == (True, ENABLE, ENABLE)

        tailscale.behave(funnel_off=None)
        code, answer = portway.call("POST", TUNNEL, {"action": "enable", "port": origin.port})
        assert (code, answer["success"]) == (200, True), answer
        assert (answer["tunnelUrl"], answer["publicUrl"], answer["apiUrl"]) == (URL, URL, f"{URL}/v1")
        assert tailscale.fetch(URL) == PAGE
        status = portway.status("tailscale")
        assert (status["phase"], status["tunnelUrl"], status["enabled"]) == ("running", URL, True)

        code, answer = portway.call("POST", f"{TUNNEL}/login", {})
        assert (code, answer["alreadyLoggedIn"]) == (200, True)
        for name, value in (("hostname", "-x"), ("sudoPassword", "a\nb"), ("publicPort", "80"), ("port", 0)):
            code, answer = portway.call("POST", f"{TUNNEL}/enable", {name: value})
            assert (code, answer["code"]) == (400, "bad_request")
            assert answer["error"].startswith(f"{name}: ")

        code, answer = portway.call("POST", f"{TUNNEL}/disable", {})
        assert (code, answer["success"], answer["status"]["phase"]) == (200, True, "stopped")
        assert tailscale.proxy_of(URL) is None


def wait_for_code(portway: Program, code: str) -> dict[str, Any]:
    wait_until(lambda: portway.status("tailscale")["code"] == code, 20.0, code)
    return portway.status("tailscale")
