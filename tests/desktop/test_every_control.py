"""Every control of the window, clicked on a real screen, and what the hub, the settings and the keyring were asked."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.desktop.conftest import ROOT

pytestmark = pytest.mark.desktop


@pytest.mark.timeout(450)
@pytest.mark.parametrize("table", ["settings_clicks.py", "card_clicks.py"])
def test_every_control_does_what_the_table_says(desktop: dict[str, str], table: str) -> None:
    environment = {**os.environ, "DISPLAY": desktop["DISPLAY"], "PORTWAY_TEST_PLATFORM": "xcb"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/desktop/clicks/{table}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
