"""What `portway doctor` says of the tray is what the desktop can do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.fakes.backends.news import wait_until
from tests.fakes.desktop.tray_host import TrayHost

pytestmark = [pytest.mark.desktop, pytest.mark.children]


def said_of_the_tray(desktop: dict[str, str]) -> str:
    command = [sys.executable, "-m", "portway", "doctor", "--json"]
    ran = subprocess.run(command, env=desktop, capture_output=True, text=True, check=False)
    findings = json.loads(ran.stdout)["findings"]
    return str(next(finding["text"] for finding in findings if finding["subject"] == "tray"))


def test_without_a_panel_it_says_so(desktop: dict[str, str]) -> None:
    assert said_of_the_tray(desktop) == "this desktop shows no tray icons now."


def test_a_panel_of_the_old_kind_is_seen(desktop: dict[str, str], trayer: None) -> None:
    wait_until(lambda: said_of_the_tray(desktop) == "the desktop shows tray icons.", seconds=40)


def test_a_panel_on_the_bus_is_seen(desktop: dict[str, str], host: TrayHost) -> None:
    assert said_of_the_tray(desktop) == "the desktop shows tray icons."
