"""Ending a child on Windows: an interrupt through its own console, then its whole job. Imported there only."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Mapping
from ctypes import wintypes
from typing import Any

_CTRL_BREAK = 1  # Go, and most others, take it for an interrupt; Ctrl-C is off in a group of one's own
_TERMINATE_AND_SET_QUOTA = 0x0001 | 0x0100  # both are needed to put a process into a job
_FORCED = 1  # the exit code of what was ended by force
_FUNCTIONS: Mapping[str, tuple[object, tuple[object, ...]]] = {
    "OpenProcess": (wintypes.HANDLE, (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)),
    "TerminateProcess": (wintypes.BOOL, (wintypes.HANDLE, wintypes.UINT)),
    "CreateJobObjectW": (wintypes.HANDLE, (wintypes.LPVOID, wintypes.LPCWSTR)),
    "AssignProcessToJobObject": (wintypes.BOOL, (wintypes.HANDLE, wintypes.HANDLE)),
    "TerminateJobObject": (wintypes.BOOL, (wintypes.HANDLE, wintypes.UINT)),
    "CloseHandle": (wintypes.BOOL, (wintypes.HANDLE,)),
    "GetConsoleWindow": (wintypes.HWND, ()),
    "AttachConsole": (wintypes.BOOL, (wintypes.DWORD,)),
    "GenerateConsoleCtrlEvent": (wintypes.BOOL, (wintypes.DWORD, wintypes.DWORD)),
    "FreeConsole": (wintypes.BOOL, ()),
}


class WindowsHandles:
    """Opens processes. `kernel32` is the library of that name. Any thread."""

    def __init__(self, kernel32: Any) -> None:  # noqa: ANN401 - a library, whose functions are known by name only
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(kernel32, name)
            function.restype, function.argtypes = result, arguments
        self._kernel32 = kernel32
        self._console = threading.Lock()  # a program has one console at a time

    def of(self, pid: int, *, grouped: bool) -> WindowsHold:
        """Return the hold on a process; `grouped`: with what it starts from now on, for a child that is new."""
        return WindowsHold(self._kernel32, self._console, pid, grouped=grouped)


class WindowsHold:
    """Implements process.ProcessHandle. While it is held, nobody else gets the number of the process."""

    def __init__(self, kernel32: Any, console: threading.Lock, pid: int, *, grouped: bool) -> None:  # noqa: ANN401 - see above
        self._kernel32 = kernel32
        self._console = console
        self._pid = pid
        self._process = kernel32.OpenProcess(_TERMINATE_AND_SET_QUOTA, False, pid)
        self._job = self._new_job() if grouped and self._process else None

    def ask(self) -> None:
        """Interrupt it; where that cannot be said, because we run in a terminal of our own, end it."""
        with self._console:
            if not self._kernel32.GetConsoleWindow():
                self._kernel32.FreeConsole()  # if we have one at all, nobody sees it
            if self._kernel32.AttachConsole(self._pid):
                told = self._kernel32.GenerateConsoleCtrlEvent(_CTRL_BREAK, self._pid)
                self._kernel32.FreeConsole()
                if told:
                    return
        self.end()

    def end(self) -> None:
        """End it by force, with its job."""
        if self._job:
            self._kernel32.TerminateJobObject(self._job, _FORCED)
        elif self._process:
            self._kernel32.TerminateProcess(self._process, _FORCED)

    def let_go(self) -> None:
        """Hold it no longer; it runs on, as its job has no limit that would end it."""
        for handle in (self._job, self._process):
            if handle:
                self._kernel32.CloseHandle(handle)
        self._job = self._process = None

    def _new_job(self) -> int | None:
        """Put it into a job of its own. Not one that ends with us: a tunnel has to outlive a crash of ours."""
        job: int | None = self._kernel32.CreateJobObjectW(None, None)
        if job and not self._kernel32.AssignProcessToJobObject(job, self._process):
            self._kernel32.CloseHandle(job)
            return None
        return job


def system_holds() -> WindowsHandles:
    """Return those of this computer."""
    return WindowsHandles(ctypes.WinDLL("kernel32"))  # type: ignore[attr-defined, unused-ignore]
