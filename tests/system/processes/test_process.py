"""A child that may outlive us: it ends when told, as a group, and nobody else is ever hit."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from portway.system.processes import child
from portway.system.processes.child import AdoptedProcess, Child
from portway.system.processes.identity import ProcessIdentity, identity_of
from portway.system.processes.output_file import OutputFile
from tests.fakes.backends.news import wait_until
from tests.fakes.backends.written import child_writing_to
from tests.limits import AT_ONCE

pytestmark = pytest.mark.children

Start = Callable[[str], Child]
SLEEP = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
WITH_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]).wait()"


@pytest.fixture
def output(tmp_path: Path) -> OutputFile:
    return OutputFile(tmp_path / "state" / "output.log")


@pytest.fixture
def start(output: OutputFile) -> Iterator[Start]:
    begun: list[Child] = []

    def begin(code: str) -> Child:
        begun.append(child_writing_to(output, [sys.executable, "-c", code], dict(os.environ)))
        return begun[-1]

    yield begin
    for process in begun:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.identity.pid, signal.SIGKILL)
        assert process.ended.wait(AT_ONCE)


def up(output: OutputFile) -> None:
    wait_until(lambda: b"up" in output.path.read_bytes())


def test_its_exit_code_is_known_at_its_end(start: Start) -> None:
    process = start("raise SystemExit(7)")
    assert process.ended.wait(AT_ONCE)
    assert process.code == 7


def test_it_ends_when_asked(start: Start, output: OutputFile) -> None:
    process = start(SLEEP)
    up(output)
    assert process.stop(AT_ONCE)
    assert process.code == -signal.SIGTERM


def test_a_stubborn_one_is_ended_with_all_that_it_started(start: Start, output: OutputFile) -> None:
    process = start(WITH_CHILD)
    up(output)
    (grandchild,) = psutil.Process(process.identity.pid).children()
    grandchild.send_signal(signal.SIGTERM)
    assert grandchild.is_running()
    assert process.stop(0.2)


def test_a_stop_after_the_end_hits_nobody_who_got_the_number(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    process = start("")
    assert process.ended.wait(AT_ONCE)
    hit: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, _number: hit.append(pid))
    monkeypatch.setattr(os, "killpg", lambda pid, _number: hit.append(pid))
    assert process.stop(0.1)
    monkeypatch.undo()
    assert hit == []


class TestAdopted:
    @pytest.fixture
    def stranger(self) -> Iterator[subprocess.Popen[bytes]]:
        with subprocess.Popen(
            [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, start_new_session=True
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
            process.kill()

    def test_its_end_is_told_at_once(self, stranger: subprocess.Popen[bytes]) -> None:
        adopted = AdoptedProcess(known(stranger.pid))
        stranger.kill()
        assert adopted.ended.wait(AT_ONCE)
        adopted.leave()

    def test_a_stop_that_failed_can_be_tried_again(
        self, stranger: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        adopted = AdoptedProcess(known(stranger.pid))
        with monkeypatch.context() as patch:
            patch.setattr(os, "killpg", lambda _pid, _number: None)
            patch.setattr(child, "_SURELY_GONE", 0.1)
            assert not adopted.stop(0.1)
        assert adopted.stop(0.3)

    def test_another_process_with_its_number_is_left_alone(self, stranger: subprocess.Popen[bytes]) -> None:
        identity = known(stranger.pid)
        other = ProcessIdentity(pid=identity.pid, started="1", boot=identity.boot, exe=identity.exe)
        adopted = AdoptedProcess(other)
        adopted.stop(0.1)
        assert identity.is_alive()

    def test_it_can_be_waited_for_where_a_thousand_files_are_open(self, stranger: subprocess.Popen[bytes]) -> None:
        with contextlib.ExitStack() as stack:
            null = stack.enter_context(Path(os.devnull).open("rb"))
            for _ in range(1030):
                stack.callback(os.close, os.dup(null.fileno()))
            adopted = AdoptedProcess(known(stranger.pid))
            assert not adopted.ended.wait(0.05)
            stranger.kill()
            assert adopted.ended.wait(AT_ONCE)
            adopted.leave()


def known(pid: int) -> ProcessIdentity:
    identity = identity_of(pid)
    assert identity is not None
    return identity


def test_lines_come_whole_however_they_are_written(output: OutputFile) -> None:
    descriptor = output.open_empty()
    heard: list[str] = []
    for part in (b"on", b"e\ntw", "ö".encode()[:1], "ö".encode()[1:], b"o\r\n", b"rest"):
        os.write(descriptor, part)
        heard += output.new_lines()
    os.close(descriptor)
    assert heard == ["one", "twöo"]
    assert output.last_words() == ["rest"]
