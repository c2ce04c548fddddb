"""Made-up calls, from the OpenAPI document: right ones, wrong ones, and such as follow from answers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from portway.rest.policy import FailedLogins
from tests.rest.wire import Rest

LIMIT = 100.0  # seconds: only bounds a hang
ROOT = Path(__file__).parents[2]


class Generous(FailedLogins):
    """Forgives any number of wrong tokens, as schemathesis tries many and expects 401 for each."""

    def count(self) -> None:
        """Count nothing."""


@pytest.mark.timeout(120)
def test_no_made_up_call_finds_a_fault(rest: Rest, tmp_path: Path) -> None:
    rest.server._policy._failed_logins = Generous()
    command = [
        str(Path(sys.executable).with_name("st")), "run", f"http://{rest.host}/api/openapi.json",
        f"--url=http://{rest.host}", "--header", f"Authorization: Bearer {rest.token}", "--no-color", "--workers=1",
        "--max-examples=10", "--generation-deterministic", "--phases=coverage,fuzzing,stateful",
        # An answer without end would hold it for ever.
        "--exclude-path=/api/events", "--exclude-path-regex=/install$",
    ]  # fmt: skip
    hooks = {"SCHEMATHESIS_HOOKS": "tests.rest.fuzzing_hooks", "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
    with (tmp_path / "report").open("wb") as report:
        child = subprocess.Popen(command, stdout=report, stderr=report, cwd=tmp_path, env=os.environ | hooks)
        until = time.monotonic() + LIMIT
        while child.poll() is None and time.monotonic() < until:
            QCoreApplication.processEvents()
            time.sleep(0.0005)
        child.kill()
        child.wait()
    text = (tmp_path / "report").read_text(errors="replace")
    assert child.returncode == 0, text[-5000:]
    assert "✅ Coverage" in text
    assert "✅ Fuzzing" in text
    assert "✅ Stateful" in text
