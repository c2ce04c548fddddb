"""A run that a fault has ended leaves word of it for the next one; one that ends itself, or is ended, leaves none."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.logs.crash_record import CRASH, LAST_CRASH, faults_noted

_SECRET = "a-secret-value"
_RUN = """
import faulthandler, os, signal, sys
from pathlib import Path
from portway.system.logs.crash_record import faults_noted
from portway.system.processes.signals import forbid_core_dump
forbid_core_dump()
def stumble():
    raise ValueError(sys.argv[2])
with faults_noted(Path(sys.argv[1])):
    print("runs", flush=True)
    {end}
"""
_FAULTS = {
    "a crash of native code": ("faulthandler._sigsegv()", "Segmentation fault"),
    "an abort": ("os.abort()", "Aborted"),
    "an exception": ("stumble()", "ValueError"),
}
_NO_FAULTS = {"itself": "pass", "a kill": "os._exit(9)"}


def run(folder: Path, end: str) -> None:
    """Let a run end so."""
    command = [sys.executable, "-c", _RUN.format(end=end), str(folder), _SECRET]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "runs\n", done.stderr


def told(folder: Path) -> str:
    """Return what a next run, which ends well, hears of the one before."""
    with faults_noted(folder) as last:
        return last


@pytest.mark.children
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals that end a process")
@pytest.mark.parametrize(("end", "words"), _FAULTS.values(), ids=_FAULTS)
def test_a_fault_is_told_once_with_its_stacks(
    tmp_path: Path, expected_logs: pytest.LogCaptureFixture, end: str, words: str
) -> None:
    run(tmp_path, end)
    assert stat.S_IMODE((tmp_path / CRASH).stat().st_mode) == 0o600
    assert told(tmp_path) == words
    (record,) = [one for one in expected_logs.records if one.levelname == "WARNING"]
    assert words in record.getMessage()
    assert "diagnostics under About" in record.getMessage()
    kept = (tmp_path / LAST_CRASH).read_text(encoding="utf-8")
    assert 'File "<string>"' in kept
    assert _SECRET not in kept
    assert told(tmp_path) == ""


@pytest.mark.children
@pytest.mark.parametrize("end", _NO_FAULTS.values(), ids=_NO_FAULTS)
def test_what_ends_itself_or_is_ended_leaves_no_fault(tmp_path: Path, end: str) -> None:
    run(tmp_path, end)
    assert told(tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_what_is_told_in_a_sentence_is_no_fault(tmp_path: Path) -> None:
    with pytest.raises(TunnelError), faults_noted(tmp_path):
        raise TunnelError(Code.NO_DISPLAY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ("Windows fatal exception: access violation\n\nThread 0x1 (most recent call first):\n", "access violation"),
        ("Windows fatal exception: code 0x8001010d\n\nThread 0x1 (most recent call first):\n", ""),
        ("", ""),
    ],
)
def test_what_windows_goes_on_after_is_no_fault(
    tmp_path: Path, expected_logs: pytest.LogCaptureFixture, left: str, words: str
) -> None:
    (tmp_path / CRASH).write_text(left, encoding="utf-8")
    assert told(tmp_path) == words
    assert (len([one for one in expected_logs.records if one.levelname == "WARNING"]) == 1) is bool(words)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes no links for everybody")
def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("Fatal Python error: Aborted\n", encoding="utf-8")
    state = tmp_path / "state"
    state.mkdir()
    (state / CRASH).symlink_to(other)
    assert told(state) == ""
    assert other.read_text(encoding="utf-8") == "Fatal Python error: Aborted\n"


def test_a_folder_that_is_not_there_is_no_failure(tmp_path: Path) -> None:
    assert told(tmp_path / "nowhere") == ""
