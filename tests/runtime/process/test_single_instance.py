"""Only one Portway for each profile, and what a second one finds out about the first."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from portway.runtime.process.single_instance import Claim, SingleInstance
from portway.system.storage.file_lock import FileLock
from portway.system.storage.folders import Folders, find_folders

pytestmark = [pytest.mark.children, pytest.mark.usefixtures("qapp")]

_LIMIT = 30  # seconds for many starts at once on a busy machine
_RIVAL = """
import sys
from portway.system.storage.folders import find_folders
from portway.runtime.process.single_instance import SingleInstance
from PySide6.QtCore import QCoreApplication
application = QCoreApplication([])
instance = SingleInstance(find_folders({"PORTWAY_HOME": sys.argv[1]}), headless=True)
claim = instance.claim(show=False, limit=30.0)
if claim == "ours":
    instance.listen()
print(claim.value, flush=True)
if claim == "ours":
    application.exec()
"""


def rival(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", _RIVAL, str(home)], stdout=subprocess.PIPE, text=True)


def first_line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def claimed_elsewhere(folders: Folders, qtbot: QtBot, *, show: bool) -> str:
    """Claim in a second process, while the loop of the first one turns."""
    code = _RIVAL.replace("show=False", f"show={show}")
    home = str(folders.config.parent)
    child = subprocess.Popen([sys.executable, "-c", code, home], stdout=subprocess.PIPE, text=True)
    with child:
        try:
            qtbot.waitUntil(lambda: child.poll() is not None, timeout=_LIMIT * 1000)
            return first_line(child)
        finally:
            child.kill()


def test_the_first_one_has_it_and_gives_it_back_without_a_trace(folders: Folders) -> None:
    first = SingleInstance(folders, headless=True)
    assert first.claim(show=True) is Claim.OURS
    first.listen()
    assert {path.name for path in folders.sockets.iterdir()} == {"portway.lock", "portway.socket"}
    first.release()
    first.release()
    assert list(folders.sockets.iterdir()) == []
    second = SingleInstance(folders, headless=True)
    assert second.claim(show=True) is Claim.OURS
    second.release()


def test_a_second_start_raises_the_window_of_the_first(folders: Folders, qtbot: QtBot) -> None:
    first = SingleInstance(folders, headless=False)
    first.claim(show=True)
    first.listen()
    with qtbot.waitSignal(first.window_asked):
        assert claimed_elsewhere(folders, qtbot, show=True) == Claim.WINDOW
    first.release()


def test_a_second_start_without_a_screen_raises_nothing(folders: Folders, qtbot: QtBot) -> None:
    first = SingleInstance(folders, headless=False)
    first.claim(show=True)
    first.listen()
    with qtbot.assertNotEmitted(first.window_asked):
        assert claimed_elsewhere(folders, qtbot, show=False) == Claim.WINDOW
    first.release()


def test_a_first_one_without_a_screen_says_so(folders: Folders, qtbot: QtBot) -> None:
    first = SingleInstance(folders, headless=True)
    first.claim(show=True)
    first.listen()
    with qtbot.assertNotEmitted(first.window_asked):
        assert claimed_elsewhere(folders, qtbot, show=True) == Claim.HEADLESS
    first.release()


def test_one_that_is_just_starting_is_waited_for(folders: Folders, qtbot: QtBot) -> None:
    first = SingleInstance(folders, headless=False)
    first.claim(show=True)
    QTimer.singleShot(500, first, first.listen)
    with qtbot.waitSignal(first.window_asked):
        assert claimed_elsewhere(folders, qtbot, show=True) == Claim.WINDOW
    first.release()


def test_one_that_does_not_answer_is_not_waited_for_long(folders: Folders) -> None:
    lock = FileLock(folders.sockets / "portway.lock")
    assert lock.take()
    assert SingleInstance(folders, headless=True).claim(show=True) is Claim.SILENT
    lock.release()


def test_what_a_killed_one_left_is_no_obstacle(home: Path) -> None:
    with rival(home) as first:
        assert first_line(first) == "ours"
        first.kill()
    folders = find_folders({"PORTWAY_HOME": str(home)})
    assert (folders.sockets / "portway.lock").exists()
    instance = SingleInstance(folders, headless=True)
    assert instance.claim(show=True) is Claim.OURS
    instance.release()


def test_of_many_at_the_same_instant_exactly_one_remains(home: Path) -> None:
    rivals = [rival(home) for _ in range(8)]
    try:
        claims = sorted(first_line(child) for child in rivals)
        assert claims == sorted(["ours", *["headless"] * 7])
    finally:
        for child in rivals:
            child.kill()
            child.communicate(timeout=_LIMIT)


def test_works_in_a_profile_whose_path_is_too_long_for_a_socket(tmp_path: Path, qtbot: QtBot) -> None:
    home = tmp_path / ("a" * 100) / ("b" * 100)
    folders = find_folders({"PORTWAY_HOME": str(home)})
    first = SingleInstance(folders, headless=True)
    assert first.claim(show=True) is Claim.OURS
    first.listen()
    assert claimed_elsewhere(folders, qtbot, show=True) == Claim.HEADLESS
    first.release()
    assert list(folders.sockets.iterdir()) == []
    folders.sockets.rmdir()


def test_a_later_start_can_take_over(home: Path) -> None:
    code = _RIVAL.replace("print(claim.value", "instance.end_asked.connect(application.quit)\nprint(claim.value")
    code += "    instance.release()\n"
    command = [sys.executable, "-c", code, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first_line(first) == "ours"
        instance = SingleInstance(find_folders({"PORTWAY_HOME": str(home)}), headless=False)
        assert instance.claim(show=True, limit=_LIMIT) is Claim.HEADLESS
        assert instance.take_over(_LIMIT)
        assert first.wait(_LIMIT) == 0
    instance.release()


@pytest.mark.expected_logs
def test_goes_on_alone_where_no_lock_can_be_made(folders: Folders) -> None:
    folders.sockets.parent.mkdir(parents=True)
    folders.sockets.write_text("a file, where the folder should be")
    instance = SingleInstance(folders, headless=True)
    assert instance.claim(show=True) is Claim.OURS
    instance.release()


def test_a_lock_is_never_held_twice_while_it_is_given_back(folders: Folders) -> None:
    path = folders.sockets / "portway.lock"
    first, second = FileLock(path), FileLock(path)
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()
    assert not path.exists()


def test_profiles_do_not_disturb_each_other(folders: Folders, tmp_path: Path) -> None:
    other = dataclasses.replace(folders, sockets=tmp_path / "other")
    first, second = SingleInstance(folders, headless=True), SingleInstance(other, headless=True)
    assert first.claim(show=True) is second.claim(show=True) is Claim.OURS
    first.release()
    second.release()
