"""cloudflared keeps what every backend promises, with real child processes."""

from __future__ import annotations

import pytest

from tests.backends.cloudflared.conftest import CloudflaredWorld, NamedWorld
from tests.contract import BackendContract, Stage

pytestmark = pytest.mark.children


class TestCloudflared(BackendContract):
    @pytest.fixture
    def stage(self, world: CloudflaredWorld) -> Stage:
        return world


class TestNamedTunnel(BackendContract):
    @pytest.fixture
    def stage(self, named_world: NamedWorld) -> Stage:
        return named_world
