"""Telling one process from a later one with the same number, with /proc and without."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portway.system.processes.identity import identity_of

pytestmark = pytest.mark.children


@pytest.fixture(params=["with /proc", "without, as on macOS and Windows"])
def surroundings(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "with /proc":
        monkeypatch.setattr("portway.system.processes.identity.PROC", tmp_path / "proc")


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.mark.usefixtures("surroundings")
class TestIdentity:
    def test_a_process_is_itself_until_its_end(self, child: subprocess.Popen[bytes]) -> None:
        identity = identity_of(child.pid)
        assert identity is not None
        assert identity == identity_of(child.pid)
        assert identity.is_alive()
        assert Path(identity.exe) == Path(psutil.Process(child.pid).exe())
        child.kill()
        child.wait()
        assert not identity.is_alive()
        assert identity_of(child.pid) is None

    def test_one_that_has_ended_and_was_not_reaped_is_nobody(self, child: subprocess.Popen[bytes]) -> None:
        identity = identity_of(child.pid)
        assert identity is not None
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not identity.is_alive()

    @pytest.mark.parametrize("changes", [{"started": "1.5"}, {"boot": "another"}, {"exe": "/bin/other"}, {"pid": 1}])
    def test_each_part_of_it_counts(self, child: subprocess.Popen[bytes], changes: dict[str, object]) -> None:
        identity = identity_of(child.pid)
        assert identity is not None
        assert not dataclasses.replace(identity, **changes).is_alive()  # type: ignore[arg-type]
