"""How Windows ends a child, on a stand-in for kernel32: what is called there, in which order, and what is not."""

from __future__ import annotations

import ctypes
import dataclasses
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from portway.system.processes import child as child_module
from portway.system.processes.child import Child
from portway.system.processes.output_file import OutputFile
from portway.system.processes.process_windows import WindowsHandles, WindowsHold

PID, PROCESS, JOB = 4321, 0x50, 0x60
Call = tuple[object, ...]
OPENED: Call = ("OpenProcess", 0x101, False, PID)
GROUPED: list[Call] = [OPENED, ("CreateJobObjectW", None, None), ("AssignProcessToJobObject", JOB, PROCESS)]
WINDOW: Call = ("GetConsoleWindow",)
INTERRUPTED: list[Call] = [WINDOW, ("AttachConsole", PID), ("GenerateConsoleCtrlEvent", 1, PID), ("FreeConsole",)]
UNSEEN: list[Call] = [WINDOW, ("FreeConsole",), *INTERRUPTED[1:]]
JOB_ENDED: Call = ("TerminateJobObject", JOB, 1)
PROCESS_ENDED: Call = ("TerminateProcess", PROCESS, 1)


class Function:
    """One function of the library: it answers as planned, and keeps how it was called."""

    def __init__(self, name: str, answer: int, calls: list[Call]) -> None:
        self._name, self._answer, self._calls = name, answer, calls
        self.restype: object = None
        self.argtypes: tuple[object, ...] | None = None

    def __call__(self, *arguments: object) -> int:
        assert self.argtypes is not None, f"{self._name} is called without its types: handles would be cut to 32 bits"
        assert len(arguments) == len(self.argtypes)
        self._calls.append((self._name, *arguments))
        return self._answer


class Kernel32:
    """Every function succeeds but those that are named."""

    def __init__(self, *failing: str) -> None:
        self.calls: list[Call] = []
        self._failing = failing

    def __getattr__(self, name: str) -> Function:
        handle = {"OpenProcess": PROCESS, "CreateJobObjectW": JOB}.get(name, 1)
        function = Function(name, 0 if name in self._failing else handle, self.calls)
        setattr(self, name, function)
        return function


Deed = Callable[[WindowsHold], None]


@pytest.mark.parametrize(
    ("deed", "failing", "grouped", "calls"),
    [
        (WindowsHold.ask, (), True, [*GROUPED, *INTERRUPTED]),
        (WindowsHold.ask, (), False, [OPENED, *INTERRUPTED]),
        (WindowsHold.ask, ("GetConsoleWindow",), True, [*GROUPED, *UNSEEN]),
        # We run in a terminal, or it has no console: it cannot be asked.
        (WindowsHold.ask, ("AttachConsole",), True, [*GROUPED, *INTERRUPTED[:2], JOB_ENDED]),
        (WindowsHold.ask, ("GenerateConsoleCtrlEvent",), True, [*GROUPED, *INTERRUPTED, JOB_ENDED]),
        (WindowsHold.end, (), True, [*GROUPED, JOB_ENDED]),
        (WindowsHold.end, (), False, [OPENED, PROCESS_ENDED]),
        (WindowsHold.end, ("CreateJobObjectW",), True, [*GROUPED[:2], PROCESS_ENDED]),
        (WindowsHold.end, ("AssignProcessToJobObject",), True, [*GROUPED, ("CloseHandle", JOB), PROCESS_ENDED]),
        (WindowsHold.end, ("OpenProcess",), True, [OPENED]),
        (WindowsHold.let_go, (), True, [*GROUPED, ("CloseHandle", JOB), ("CloseHandle", PROCESS)]),
        (WindowsHold.let_go, (), False, [OPENED, ("CloseHandle", PROCESS)]),
        (WindowsHold.let_go, ("OpenProcess",), True, [OPENED]),
    ],
)
def test_what_is_called(deed: Deed, failing: tuple[str, ...], calls: list[Call], *, grouped: bool) -> None:
    kernel32 = Kernel32(*failing)
    deed(WindowsHandles(kernel32).of(PID, grouped=grouped))
    assert kernel32.calls == calls


def test_letting_go_twice_closes_nothing_twice() -> None:
    kernel32 = Kernel32()
    hold = WindowsHandles(kernel32).of(PID, grouped=True)
    hold.let_go()
    before = list(kernel32.calls)
    hold.let_go()
    hold.end()
    assert kernel32.calls == before


def test_a_crash_of_ours_ends_no_child() -> None:
    """The job has no limit at all, above all not the one that ends it with its last handle."""
    kernel32 = Kernel32()
    WindowsHandles(kernel32).of(PID, grouped=True)
    assert "SetInformationJobObject" not in {name for name, *_ in kernel32.calls}


class Windows(Kernel32):
    """It also does what it is asked to, as far as that is possible here."""

    def __init__(self) -> None:
        super().__init__()
        self.flags = 0
        self._popen = subprocess.Popen

    def start(self, *arguments: Any, creationflags: int, **options: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 - those of Popen
        self.flags = creationflags
        child: subprocess.Popen[bytes] = self._popen(*arguments, **options)
        self.GenerateConsoleCtrlEvent = self._interrupt
        return child

    def _interrupt(self, _event: int, pid: int) -> int:
        os.kill(pid, signal.SIGINT)
        return 1


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    kernel32 = Windows()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", lambda _name: kernel32, raising=False)
    for name, value in (("CREATE_NO_WINDOW", 0x08000000), ("CREATE_NEW_PROCESS_GROUP", 0x200)):
        monkeypatch.setattr(subprocess, name, value, raising=False)
    monkeypatch.setattr(subprocess, "Popen", kernel32.start)
    return kernel32


@pytest.fixture
def as_on_windows(windows: Windows) -> ModuleType:
    """The module once more, as it is there."""
    spec = importlib.util.spec_from_file_location("child_as_on_windows", child_module.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module  # where its dataclasses look
    spec.loader.exec_module(module)
    del sys.modules[module.__name__]
    return module


def start(module: ModuleType, output: OutputFile) -> Child:
    descriptor = output.open_empty()
    arguments = [sys.executable, "-c", PATIENT]
    child: Child = module.Child(arguments, dict(os.environ), stdout=descriptor, stderr=descriptor)
    os.close(descriptor)
    return child


PATIENT = "import time; print('up', flush=True)\ntry: time.sleep(60)\nexcept KeyboardInterrupt: raise SystemExit(3)"


@pytest.mark.children
def test_a_child_has_no_window_and_gets_a_last_word(
    windows: Windows, as_on_windows: ModuleType, tmp_path: Path
) -> None:
    output = OutputFile(tmp_path / "output.log")
    child = start(as_on_windows, output)
    while b"up" not in output.path.read_bytes():
        assert not child.ended.wait(0.02)
    assert windows.flags == 0x08000200
    assert child.stop(10.0)
    assert child.code == 3
    names = [name for name, *_ in windows.calls]
    assert names[:3] == ["OpenProcess", "CreateJobObjectW", "AssignProcessToJobObject"]
    assert names[-2:] == ["CloseHandle", "CloseHandle"]
    assert "TerminateJobObject" not in names


@pytest.mark.children
def test_an_adopted_child_gets_a_last_word_and_a_stranger_with_its_number_none(
    windows: Windows, as_on_windows: ModuleType, tmp_path: Path
) -> None:
    output = OutputFile(tmp_path / "output.log")
    child = start(as_on_windows, output)
    while b"up" not in output.path.read_bytes():
        assert not child.ended.wait(0.02)
    del windows.calls[:]
    other = dataclasses.replace(child.identity, started="1")
    as_on_windows.AdoptedProcess(other).stop(0.1)
    assert not child.ended.is_set()
    assert {name for name, *_ in windows.calls} <= {"OpenProcess", "CloseHandle"}
    assert as_on_windows.AdoptedProcess(child.identity).stop(10.0)
    assert child.ended.wait(10)
    assert child.code == 3
