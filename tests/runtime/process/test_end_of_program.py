"""What asks the program to end or to look again, and how it ends: in real processes where the process is the matter."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytestqt.qtbot import QtBot

from portway.core.timing import Timing
from portway.runtime.process.environment_watch import EnvironmentMonitor
from portway.runtime.process.shutdown import ParentWatch, Shutdown, StopSignals
from portway.system.processes.signals import SignalInbox
from tests.limits import AT_ONCE

_LIMIT = 20  # seconds for a Python with Qt to start on a busy machine
_LOOP = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from portway.runtime.process.shutdown import {name}
from portway.system.processes.signals import SignalInbox
application = QCoreApplication([])
thing = {name}({arguments})
thing.{signal}.connect(application.quit)
QTimer.singleShot(0, lambda: print("ready", flush=True))
application.exec()
print("ended well", flush=True)
"""


@contextmanager
def looping(name: str, signal_name: str, arguments: str = "") -> Iterator[subprocess.Popen[str]]:
    """Run an idle event loop that `name` can end."""
    code = _LOOP.format(name=name, signal=signal_name, arguments=arguments)
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            yield child
        finally:
            child.kill()


def ended_well(child: subprocess.Popen[str]) -> bool:
    assert child.stdout is not None
    assert child.stderr is not None
    return (child.stdout.readline(), child.wait(_LIMIT), child.stderr.read()) == ("ended well\n", 0, "")


@pytest.mark.children
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to other processes")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_ends_an_idle_loop(name: str) -> None:
    with looping("StopSignals", "received", "SignalInbox()") as child:
        child.send_signal(getattr(signal, name))
        assert ended_well(child)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to other processes")
def test_signals_are_as_before_after_the_close(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGTERM)
    inbox = SignalInbox()
    signals = StopSignals(inbox)
    with qtbot.waitSignal(signals.received):
        os.kill(os.getpid(), signal.SIGTERM)
    signals.close()
    inbox.close()
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to other processes")
def test_one_that_came_before_the_loop_is_heard_in_it(qtbot: QtBot) -> None:
    inbox = SignalInbox()
    os.kill(os.getpid(), signal.SIGTERM)
    signals = StopSignals(inbox)
    with qtbot.waitSignal(signals.received):
        pass
    signals.close()
    inbox.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to other processes")
@pytest.mark.children
def test_none_of_them_changes_anything_while_python_takes_itself_apart() -> None:
    code = (
        "import os, signal\nfrom portway.system.processes.signals import SignalInbox\n"
        "class Late:\n    def __del__(self, kill=os.kill, pid=os.getpid()):\n"
        "        for number in (1, 2, 15): kill(pid, number)\n"
        "inbox = SignalInbox()\ninbox.ignore()\nlate = Late()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=_LIMIT, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.children
def test_a_tied_program_ends_with_the_one_that_holds_its_input() -> None:
    with looping("ParentWatch", "parent_ended") as child:
        assert child.stdin is not None
        child.stdin.write("this is not read as anything\n")
        child.stdin.flush()
        child.stdin.close()
        assert ended_well(child)


def test_the_end_does_all_its_steps_in_order_and_once() -> None:
    done: list[str] = []
    ending = Shutdown(5)
    ending.then(lambda: done.append("sessions"))
    ending.then(lambda: done.append("lock"))
    ending.first(lambda: done.append("api"))
    ending.run()
    ending.run()
    assert done == ["api", "sessions", "lock"]


@pytest.mark.expected_logs
def test_a_step_that_fails_does_not_keep_the_others_from_being_done() -> None:
    def fail() -> None:
        message = "a bug"
        raise ZeroDivisionError(message)

    done: list[str] = []
    ending = Shutdown(5)
    ending.then(fail)
    ending.then(lambda: done.append("lock"))
    ending.run()
    assert done == ["lock"]


@pytest.mark.children
def test_the_end_is_bounded_whatever_hangs() -> None:
    code = (
        "import time\nfrom portway.runtime.process.shutdown import Shutdown\n"
        "ending = Shutdown(0.2)\nending.then(lambda: time.sleep(60))\nending.run()"
    )
    began = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=_LIMIT, check=False)
    assert ended.returncode == 1
    assert "took too long" in ended.stderr
    assert time.monotonic() - began < _LIMIT


def test_a_beat_that_comes_far_too_late_means_that_the_computer_slept(qtbot: QtBot) -> None:
    watch = EnvironmentMonitor(Timing(network_poll=0.2))
    with qtbot.waitSignal(watch.changed):
        time.sleep(0.5)  # the loop stands still, like a process that was stopped
    watch.close()


def test_sleep_is_noticed_whatever_is_done_to_the_date(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asleep = [0.0]
    monkeypatch.setattr("portway.runtime.process.environment_watch.seconds_asleep", lambda: asleep[0])
    watch = EnvironmentMonitor(Timing(network_poll=0.05))
    news: list[str] = []
    watch.woke.connect(lambda: news.append("woke"))
    asleep[0] = 0.5  # as much as clocks may differ
    before = watch._asleep
    qtbot.waitUntil(lambda: watch._asleep != before)
    assert news == []
    asleep[0] = 60.0
    qtbot.waitUntil(lambda: news == ["woke"])
    watch.close()


def test_nothing_is_noticed_while_nothing_happens(qtbot: QtBot) -> None:
    watch = EnvironmentMonitor(Timing(network_poll=AT_ONCE))
    with qtbot.assertNotEmitted(watch.changed, wait=300):
        pass
    watch.close()
    watch.close()


@pytest.fixture
def held_input() -> Iterator[int]:
    """Make standard input a pipe, and return its other end."""
    kept, (read, write) = os.dup(0), os.pipe()
    os.dup2(read, 0)
    os.close(read)
    yield write
    os.dup2(kept, 0)
    os.close(kept)


def test_the_end_of_the_starter_is_told_on_the_main_thread_whatever_it_wrote(qtbot: QtBot, held_input: int) -> None:
    told: list[threading.Thread] = []
    watch = ParentWatch()
    watch.parent_ended.connect(lambda: told.append(threading.current_thread()))
    os.write(held_input, b"words that nobody asked for")
    qtbot.waitUntil(lambda: not select.select([0], [], [], 0)[0])
    assert not told
    os.close(held_input)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [threading.main_thread()]
