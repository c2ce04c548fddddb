"""A child process that may outlive us: its output goes to a file, its end is waited for, and it ends as a group."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from portway.system.files import PRIVATE_FILE, private_folder
from portway.system.process_identity import ProcessIdentity, identity_of

_MOST_OUTPUT = 1 << 20
_LOOK_EVERY = 0.1  # where the end of a process of somebody else's cannot be waited for


class Process(Protocol):
    """One running program. Safe on every thread."""

    @property
    def identity(self) -> ProcessIdentity:
        """Which one it is."""

    @property
    def ended(self) -> threading.Event:
        """Set once it has ended."""

    @property
    def code(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs, and for an adopted one."""

    def stop(self, grace: float) -> bool:
        """Ask it to end, and after `grace` seconds end its whole group. Blocks; returns whether it has ended."""


class Hold(Protocol):
    """What this system can do to one process. Not to be used once that has ended."""

    def ask(self) -> None:
        """Tell it to end."""

    def end(self) -> None:
        """End it by force, with all that it started."""

    def let_go(self) -> None:
        """Hold it no longer; it runs on."""


class OutputFile:
    """What a child writes: appended to one private file, which is cut where it grows too large."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._place = 0
        self._rest = b""

    def open_empty(self) -> int:
        """Return a descriptor to append to; what an earlier child wrote is gone."""
        private_folder(self.path.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        self._place, self._rest = 0, b""
        return os.open(self.path, flags, PRIVATE_FILE)

    def new_lines(self) -> list[str]:
        """Return the whole lines that came since the last call. A flood is skipped, and the file cut."""
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                start = self._place if self._place <= size else 0
                file.seek(max(start, size - _MOST_OUTPUT))
                content = self._rest + file.read(_MOST_OUTPUT)
                self._place = file.tell()
        except OSError:
            return []
        if self._place >= _MOST_OUTPUT:
            self._cut()
        *lines, rest = content.split(b"\n")
        self._rest = rest[-_MOST_OUTPUT:]
        return [line.decode(errors="replace").rstrip("\r") for line in lines]

    def last_words(self) -> list[str]:
        """Return what is left once nobody writes any more, its last line whole or not."""
        lines = self.new_lines()
        rest, self._rest = self._rest.decode(errors="replace").strip(), b""
        return [*lines, rest] if rest else lines

    def _cut(self) -> None:
        # The writer appends, so it goes on at the new end.
        with contextlib.suppress(OSError):
            os.truncate(self.path, 0)
            self._place = 0


class ChildProcess:
    """A process that we started, in a session of its own. Raises OSError where it cannot be started."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], output: OutputFile) -> None:
        descriptor = output.open_empty()
        try:
            self._process = subprocess.Popen(
                list(arguments),
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
                creationflags=_HIDDEN,
            )
        finally:
            os.close(descriptor)
        self.identity = _identity(self._process, arguments[0])
        self.ended = threading.Event()
        self._hold = _hold(self._process.pid, grouped=True)
        self._reaping = threading.Lock()
        self._waiter = threading.Thread(target=self._wait, name=f"end of {self._process.pid}", daemon=True)
        self._waiter.start()

    @property
    def code(self) -> int | None:
        """Its exit code."""
        return self._process.returncode if self.ended.is_set() else None

    def stop(self, grace: float) -> bool:
        """Ask it to end, and after `grace` seconds end its whole group."""
        for send in (self._hold.ask, self._hold.end):
            self._signal(send)
            if self.ended.wait(grace):
                self._waiter.join(grace)
                return True
        return False

    def _signal(self, send: Callable[[], None]) -> None:
        """Signal it while its number is still its own: until it is reaped, which needs the same lock."""
        with self._reaping:
            if self._process.returncode is None:
                send()

    def _wait(self) -> None:
        _wait_unreaped(self._process)
        with self._reaping:
            self._process.wait()
            self._hold.let_go()
        self.ended.set()


class AdoptedProcess:
    """A process that an earlier run of ours started. Only ever signalled while it is that very one."""

    def __init__(self, identity: ProcessIdentity) -> None:
        self.identity = identity
        self.code: int | None = None
        self.ended = threading.Event()
        self._left = threading.Event()
        self._wake, self._woken = os.pipe()
        self._waiter = threading.Thread(target=self._wait, name=f"end of {identity.pid}", daemon=True)
        self._waiter.start()

    def stop(self, grace: float) -> bool:
        """Ask it to end, and after `grace` seconds end its whole group. May be tried again where that failed."""
        for by_force in (False, True):
            self._signal(by_force=by_force)
            if self.ended.wait(grace):
                self.leave()
                return True
        return False

    def _signal(self, *, by_force: bool) -> None:
        hold = _hold(self.identity.pid, grouped=False)
        try:
            if self.identity.is_alive():  # asked only now: while Windows has it held, its number stays its own
                (hold.end if by_force else hold.ask)()
        finally:
            hold.let_go()

    def leave(self) -> None:
        """Wait for its end no longer; it runs on."""
        if not self._left.is_set():
            self._left.set()
            os.close(self._woken)
            self._waiter.join(1.0)

    def _wait(self) -> None:
        try:
            _wait_for_end(self.identity, self._wake, self._left)
        finally:
            os.close(self._wake)
        if not self.identity.is_alive():
            self.ended.set()


def _wait_for_end(identity: ProcessIdentity, wake: int, left: threading.Event) -> None:
    """Block until the process has ended or `wake` is closed at its other end."""
    descriptor = _pidfd(identity.pid)
    if descriptor is None:
        while identity.is_alive() and not left.wait(_LOOK_EVERY):
            pass
        return
    try:
        if sys.platform != "win32":
            poll = select.poll()  # unlike select.select it takes descriptors above 1023
            poll.register(descriptor, select.POLLIN)
            poll.register(wake, select.POLLIN)
            while identity.is_alive() and not left.is_set():
                poll.poll()
    finally:
        os.close(descriptor)


def _wait_unreaped(process: subprocess.Popen[bytes]) -> None:
    """Block until it has ended, but leave its number to it, so that nobody else can get it meanwhile."""
    if sys.platform == "win32":
        process.wait()  # a handle, not a number, is what is waited for
    elif hasattr(os, "waitid"):
        with contextlib.suppress(ChildProcessError):  # somebody else has reaped it
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    else:  # macOS before Python 3.13
        while process.poll() is None:
            time.sleep(_LOOK_EVERY)


def _pidfd(pid: int) -> int | None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return os.pidfd_open(pid)
    return None


def _identity(process: subprocess.Popen[bytes], program: str) -> ProcessIdentity:
    """Return who it is. Popen returns after the program has taken its place, so this is never a copy of us."""
    ended = ProcessIdentity(pid=process.pid, started="ended", boot="ended", exe=program)
    return identity_of(process.pid) or ended


if sys.platform == "win32":
    from portway.system.process_windows import system_holds

    # Without CREATE_NO_WINDOW a console would pop up; it has one all the same, by which it can be asked to end.
    _HIDDEN = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    _hold = system_holds().of
else:
    _HIDDEN = 0

    @dataclass(frozen=True, slots=True)
    class _PosixHold:
        """Implements Hold, for the leader of a session."""

        pid: int

        def ask(self) -> None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, signal.SIGTERM)

        def end(self) -> None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

        def let_go(self) -> None:
            """Nothing is held: until it is reaped, its number is its own."""

    def _hold(pid: int, *, grouped: bool) -> Hold:  # noqa: ARG001 - a session is a group
        return _PosixHold(pid)
