"""Made-up calls, from the OpenAPI document: right ones, wrong ones, and such as follow from answers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QMetaObject, Qt, QTimer

from portway.rest.http.policy import FailedLogins
from tests.rest.wire import Rest

pytestmark = pytest.mark.children

LIMIT = 280_000  # milliseconds: only bounds a hang
ROOT = Path(__file__).parents[3]


class Generous(FailedLogins):
    """Forgives any number of wrong tokens, as schemathesis tries many and expects 401 for each."""

    def count(self) -> None:
        """Count nothing."""


@pytest.mark.timeout(300)  # it computes all the time, with whom it shares the processors
def test_no_made_up_call_finds_a_fault(rest: Rest, tmp_path: Path) -> None:
    rest.serving._policy._failed_logins = Generous()
    command = [
        str(Path(sys.executable).with_name("st")),
        "run",
        f"http://{rest.host}/api/openapi.json",
        f"--url=http://{rest.host}",
        "--header",
        f"Authorization: Bearer {rest.token}",
        "--no-color",
        "--workers=1",
        "--max-examples=6",
        "--generation-deterministic",
        "--phases=coverage,fuzzing,stateful",
        # An answer without end would hold it for ever.
        "--exclude-path=/api/events",
        # What events hold is said in `x-events`, which it does not know. What is alike for all is tried on one.
        "--exclude-path-regex=/(install|streams|ssh)$|/(cloudflared|ngrok|tailscale|ssh)/(guard|extend|verify|requests)",
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.rest.fuzzing_hooks", "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
    with (tmp_path / "report").open("wb") as report:
        child = subprocess.Popen(command, stdout=report, stderr=report, cwd=tmp_path, env=os.environ | hooks)
        _serve_until_end(child)
    text = (tmp_path / "report").read_text(errors="replace")
    assert child.returncode == 0, text[-5000:]
    assert "✅ Coverage" in text
    assert "✅ Fuzzing" in text
    assert "✅ Stateful" in text


def _serve_until_end(child: subprocess.Popen[bytes]) -> None:
    """Run the event loop, on which the server is, without a look at the clock: both share the processor."""
    loop, over = QEventLoop(), QTimer()
    over.timeout.connect(loop.quit)

    def wait() -> None:
        child.wait()
        QMetaObject.invokeMethod(loop, "quit", Qt.ConnectionType.QueuedConnection)

    over.start(LIMIT)
    watcher = threading.Thread(target=wait)
    watcher.start()
    loop.exec()
    child.kill()
    watcher.join()
