"""What asks the program to end or to look again, and how it ends: in real processes where the process is the matter."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytestqt.qtbot import QtBot

from portway.core.timing import Timing
from portway.runtime.ending import Ending
from portway.runtime.stop_signals import StopSignals
from portway.runtime.world_watch import WorldWatch

_LIMIT = 20  # seconds for a Python with Qt to start on a busy machine
_LOOP = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from portway.runtime.{module} import {name}
application = QCoreApplication([])
thing = {name}()
thing.{signal}.connect(application.quit)
QTimer.singleShot(0, lambda: print("ready", flush=True))
application.exec()
print("ended well", flush=True)
"""


@contextmanager
def looping(module: str, name: str, signal_name: str) -> Iterator[subprocess.Popen[str]]:
    """Run an idle event loop that `name` can end."""
    code = _LOOP.format(module=module, name=name, signal=signal_name)
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to other processes")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_ends_an_idle_loop(name: str) -> None:
    with looping("stop_signals", "StopSignals", "received") as child:
        child.send_signal(getattr(signal, name))
        assert ended_well(child)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to other processes")
def test_signals_are_as_before_after_the_close(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGTERM)
    signals = StopSignals()
    with qtbot.waitSignal(signals.received):
        os.kill(os.getpid(), signal.SIGTERM)
    signals.close()
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_tied_program_ends_with_the_one_that_holds_its_input() -> None:
    with looping("tie", "Tie", "loosed") as child:
        assert child.stdin is not None
        child.stdin.write("this is not read as anything\n")
        child.stdin.flush()
        child.stdin.close()
        assert ended_well(child)


def test_the_end_does_all_its_steps_in_order_and_once() -> None:
    done: list[str] = []
    ending = Ending(5)
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
    ending = Ending(5)
    ending.then(fail)
    ending.then(lambda: done.append("lock"))
    ending.run()
    assert done == ["lock"]


def test_the_end_is_bounded_whatever_hangs() -> None:
    code = (
        "import time\nfrom portway.runtime.ending import Ending\n"
        "ending = Ending(0.2)\nending.then(lambda: time.sleep(60))\nending.run()"
    )
    began = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=_LIMIT, check=False)
    assert ended.returncode == 1
    assert "took too long" in ended.stderr
    assert time.monotonic() - began < _LIMIT


def test_a_beat_that_comes_far_too_late_means_that_the_computer_slept(qtbot: QtBot) -> None:
    watch = WorldWatch(Timing(network_poll=0.2))
    with qtbot.waitSignal(watch.changed, timeout=5000):
        time.sleep(0.5)  # the loop stands still, like a process that was stopped
    watch.close()


def test_nothing_is_noticed_while_nothing_happens(qtbot: QtBot) -> None:
    watch = WorldWatch(Timing(network_poll=1.0))
    with qtbot.assertNotEmitted(watch.changed, wait=300):
        pass
    watch.close()
    watch.close()
