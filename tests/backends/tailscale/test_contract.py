"""Tailscale Funnel keeps what every backend promises."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from portway.backends.tailscale.backend import TailscaleBackend, TailscaleOptions
from portway.core.backend import Session
from portway.core.codes import Code
from portway.system.services import Services
from tests.contract import BackendContract
from tests.fakes.tailscale.computer import PASSWORD, FakeTailscale

pytestmark = pytest.mark.children


class TailscaleStage:
    """A computer with Tailscale; its command can be made to hang, its daemon to end."""

    secrets: Mapping[str, str] = {"sudo_password": PASSWORD}
    options = TailscaleOptions()

    def __init__(self, services: Services, tailscale: FakeTailscale) -> None:
        self.backend = TailscaleBackend(services)
        self._tailscale = tailscale

    def fetch(self, public_url: str) -> bytes:
        return self._tailscale.fetch(public_url)

    def visit(self, public_url: str, path: str, body: bytes | None = None) -> bytes:
        return self._tailscale.visit(public_url, path, body)

    def hold_start(self) -> None:
        self._tailscale.behave(hangs=["funnel"])

    def fail_start(self) -> Code:
        self._tailscale.behave(daemon_down=True)
        return Code.DAEMON_NOT_RUNNING

    def cut(self, session: Session) -> None:
        assert session.public_url
        self._tailscale.behave(daemon_down=True)


class TestTailscale(BackendContract):
    @pytest.fixture
    def stage(self, services: Services, tailscale: FakeTailscale) -> TailscaleStage:
        return TailscaleStage(services, tailscale)
