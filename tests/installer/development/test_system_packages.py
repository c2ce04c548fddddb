import importlib.util
import os
import sys
from pathlib import Path

import pytest

from development import system_packages
from development.environment import SetUpError
from development.system_packages import (
    DESKTOP_PROGRAMS,
    QT_LIBRARIES,
    ensure_desktop_programs,
    ensure_system,
    installed_libraries,
    installed_programs,
    missing_packages,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Debian and Ubuntu only")

APT_GET = """\
#!/bin/sh
echo "$@" >> "$APT_CALLS"
for package in "$@"; do
  if [ "$package" = "$APT_UNKNOWN" ]; then echo "E: Unable to locate package $package"; exit 100; fi
done
"""


class Apt:
    """An apt-get that writes down what it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.calls_file = folder / "calls"
        program = folder / "apt-get"
        program.write_text(APT_GET, encoding="utf-8")
        program.chmod(0o755)

    def calls(self) -> list[str]:
        return self.calls_file.read_text(encoding="utf-8").splitlines() if self.calls_file.exists() else []


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Apt:
    apt = Apt(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("APT_CALLS", str(apt.calls_file))
    monkeypatch.setattr(system_packages, "installed_libraries", lambda: frozenset({"libGL.so.1"}))
    return apt


def be(monkeypatch: pytest.MonkeyPatch, user: int) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)


def test_a_person_gets_the_one_command_to_type(apt: Apt, monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, 1000)
    with pytest.raises(SetUpError, match="sudo apt-get install --yes libegl1 libfoo"):
        ensure_system({"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1", "libfoo.so.1": "libfoo"})
    assert apt.calls() == []


def test_python_without_ensurepip_is_in_the_same_command(apt: Apt, monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, 1000)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    with pytest.raises(SetUpError, match=f"sudo apt-get install --yes {package} libegl1"):
        ensure_system({"libEGL.so.1": "libegl1"})


@pytest.mark.children
def test_root_installs_and_says_so(
    apt: Apt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    be(monkeypatch, 0)
    ensure_system({"libEGL.so.1": "libegl1"})
    assert apt.calls()[-1].startswith("install --yes")
    assert apt.calls()[-1].endswith("libegl1")
    assert "Installing system packages with apt-get: libegl1" in capsys.readouterr().err


@pytest.mark.children
def test_a_failed_install_is_tried_with_fresh_lists_and_then_told(apt: Apt, monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, 0)
    monkeypatch.setenv("APT_UNKNOWN", "libegl1")
    with pytest.raises(SetUpError, match="could not install libegl1"):
        ensure_system({"libEGL.so.1": "libegl1"})
    assert apt.calls()[-2].startswith("update")
    assert apt.calls()[-1].startswith("install")


def test_nothing_missing_asks_for_nothing(apt: Apt) -> None:
    ensure_system({"libGL.so.1": "libgl1"})
    assert apt.calls() == []


@pytest.mark.children
def test_one_unknown_program_does_not_cost_the_others(
    apt: Apt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    be(monkeypatch, 0)
    monkeypatch.setattr(system_packages, "DESKTOP_PROGRAMS", {"no-such-1": "one", "no-such-2": "two"})
    monkeypatch.setenv("APT_UNKNOWN", "two")
    ensure_desktop_programs()
    assert any(call.endswith("--no-install-recommends one") for call in apt.calls())
    assert "Tests that need two will be skipped" in capsys.readouterr().err


@pytest.mark.children
@pytest.mark.parametrize("systemd", [False, True])
def test_what_would_begin_to_listen_is_left_to_a_person(
    apt: Apt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, *, systemd: bool
) -> None:
    be(monkeypatch, 0)
    monkeypatch.setattr(system_packages, "DESKTOP_PROGRAMS", {"no-such-1": "openssh-server"})
    monkeypatch.setattr(system_packages, "_SYSTEMD", tmp_path if systemd else tmp_path / "nothing")
    ensure_desktop_programs()
    assert any(call.endswith("openssh-server") for call in apt.calls()) is not systemd
    assert ("will be skipped" in capsys.readouterr().err) is systemd


def test_a_person_is_told_which_tests_are_skipped(
    apt: Apt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    be(monkeypatch, 1000)
    monkeypatch.setattr(system_packages, "DESKTOP_PROGRAMS", {"no-such-1": "one"})
    ensure_desktop_programs()
    assert "Tests that need one will be skipped" in capsys.readouterr().err
    assert apt.calls() == []


def test_missing_packages_keep_their_order() -> None:
    assert missing_packages({"a": "A", "b": "B", "c": "C"}, frozenset("b")) == ["A", "C"]


def test_a_system_without_a_list_of_libraries_is_not_complained_about() -> None:
    assert missing_packages(QT_LIBRARIES, None) == []


@pytest.mark.children
def test_libraries_are_found_by_their_names() -> None:
    found = installed_libraries()
    assert found is None or "libc.so.6" in found


def test_programs_of_the_administrator_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert installed_programs(["no-such-program"]) == frozenset()
    assert installed_programs(["ldconfig"]) == frozenset({"ldconfig"})


def test_the_list_of_programs_can_be_looked_up() -> None:
    assert all(program and package for program, package in DESKTOP_PROGRAMS.items())
