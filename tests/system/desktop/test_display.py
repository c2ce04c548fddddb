"""Whether there is a screen: measured, not believed."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from portway.system.desktop.display import has_display

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always one")


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ""},
        {"DISPLAY": "nonsense"},
        {"DISPLAY": ":61234"},
        {"DISPLAY": "127.0.0.1:99999"},  # beyond the ports that there are
        {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/nowhere"},
        {"QT_QPA_PLATFORM": "xcb"},
    ],
)
def test_one_that_is_only_named_is_none(environment: dict[str, str]) -> None:
    assert not has_display(environment)


def test_a_wayland_screen_answers_at_its_socket(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as screen:
        screen.bind(str(tmp_path / "w"))
        screen.listen()
        assert has_display({"WAYLAND_DISPLAY": "w", "XDG_RUNTIME_DIR": str(tmp_path)})
        assert has_display({"WAYLAND_DISPLAY": str(tmp_path / "w")})


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has abstract sockets")
def test_an_x_screen_answers_at_its_abstract_socket() -> None:
    with socket.socket(socket.AF_UNIX) as screen:
        screen.bind("\0/tmp/.X11-unix/X60017")
        screen.listen()
        assert has_display({"DISPLAY": ":60017"})
        assert has_display({"DISPLAY": ":60017.0"})


def test_a_platform_without_a_screen_of_its_own_needs_none() -> None:
    assert has_display({"QT_QPA_PLATFORM": "offscreen"})
