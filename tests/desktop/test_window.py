"""The window on a real screen: what its tests claim holds there too."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.desktop.conftest import ROOT

pytestmark = pytest.mark.desktop


@pytest.mark.timeout(450)
def test_the_window_holds_on_a_screen_what_its_tests_claim(desktop: dict[str, str]) -> None:
    environment = {**os.environ, "DISPLAY": desktop["DISPLAY"], "PORTWAY_TEST_PLATFORM": "xcb"}
    # Pages are laid out alike everywhere; what a screen adds is focus, keys, clicks and painting.
    files = [
        str(ROOT / "tests" / "gui" / name)
        for name in ("cards/test_card.py", "cards/test_card_entry.py", "window/test_window.py")
    ]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not page", *files]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
