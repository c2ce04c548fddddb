"""What belongs to others on this computer is as it was after every test; a test that touched it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.tailscale.computer import AUTH_KEY, FORBIDDEN, HOST, PASSWORD, FakeTailscale, check_all_in

pytestmark = pytest.mark.children

ROOT = Path(__file__).parents[4]
_TOUCHES = """
import pytest
from tests.fakes.tailscale.computer import FakeTailscale

def test_that_touches_a_neighbour(tmp_path):
    FakeTailscale(tmp_path / "bin").take_down(8443)
"""


@pytest.fixture
def other(tmp_path: Path) -> FakeTailscale:
    """Return one that is not looked at when this test ends."""
    folder = tmp_path / "deeper"
    folder.mkdir()
    return FakeTailscale(folder / "bin")


def call(tailscale: FakeTailscale, *arguments: str, **environment: str) -> None:
    surroundings = {"PATH": os.environ["PATH"], "LC_ALL": "C", "USER": "root", **environment}
    subprocess.run(
        [str(tailscale.program), *arguments],
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=20,
    )


def test_an_untouched_one_passes(other: FakeTailscale) -> None:
    call(other, "status", "--json", "--peers=false")
    other.publish(443, "/", "http://127.0.0.1:20128")
    check_all_in(other.folder.parent)


def _replaced(world: dict[str, Any]) -> None:
    world["config"]["Web"][f"{HOST}:8443"]["Handlers"]["/"]["Proxy"] = "http://127.0.0.1:20128"


def _made_private(world: dict[str, Any]) -> None:
    world["config"]["AllowFunnel"].clear()


def _without_a_mount(world: dict[str, Any]) -> None:
    del world["config"]["Web"][f"{HOST}:8443"]["Handlers"]["/docs"]


def _without_foreground(world: dict[str, Any]) -> None:
    del world["config"]["Foreground"]


@pytest.mark.parametrize("touch", [_replaced, _made_private, _without_a_mount, _without_foreground])
def test_whatever_is_touched_is_seen(other: FakeTailscale, touch: Callable[[dict[str, Any]], None]) -> None:
    other.change(touch)
    with pytest.raises(AssertionError, match="was touched"):
        check_all_in(other.folder.parent)


@pytest.mark.parametrize("word", [*FORBIDDEN, "--accept-routes=false"])
def test_a_command_that_could_touch_it_is_seen(other: FakeTailscale, word: str) -> None:
    call(other, "up", word)
    with pytest.raises(AssertionError, match=word):
        check_all_in(other.folder.parent)


@pytest.mark.parametrize("secret", [PASSWORD, AUTH_KEY])
def test_a_secret_in_a_call_is_seen(other: FakeTailscale, secret: str) -> None:
    call(other, "status", "--json", SOME_VARIABLE=secret)
    with pytest.raises(AssertionError):
        check_all_in(other.folder.parent)


def test_a_test_that_touches_a_neighbour_fails(tmp_path: Path) -> None:
    file = tmp_path / "test_touching.py"
    file.write_text(_TOUCHES)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-c",
        str(ROOT / "pyproject.toml"),
        "--rootdir",
        str(tmp_path),
        "--basetemp",
        str(tmp_path / "base"),
        str(file),
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "app")))}
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "1 passed, 1 error" in ran.stdout
    assert "was touched" in ran.stdout
