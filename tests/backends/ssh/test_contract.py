"""SSH keeps what every backend promises, with a real ssh and a real sshd."""

from __future__ import annotations

import pytest

from tests.backends.ssh.conftest import SshWorld
from tests.contract import BackendContract, Stage

pytestmark = pytest.mark.children


class TestSsh(BackendContract):
    @pytest.fixture
    def stage(self, world: SshWorld) -> Stage:
        return world
