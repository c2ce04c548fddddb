"""The only way in which Portway starts, holds and ends other programs: each leads a group, which ends as a whole.

Nobody else's process is ever signalled: a child only until it is reaped, since another process may then get its number;
an adopted process only while it is still the recorded one.
"""

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
from typing import IO, Protocol

from portway.core.cancel import Deadline
from portway.core.errors import Cancelled
from portway.system.processes.identity import MARK, ProcessIdentity, identity_of

_LOOK_EVERY = 0.1  # seconds, where the system cannot be waited for
_AFTER_KILL = 0.5  # seconds for all killed processes to be gone, at the end of the program
_SURELY_GONE = 3.0  # seconds for one: a busy computer takes its time

Stream = int | IO[bytes]


class Process(Protocol):
    """One running program. Safe on every thread."""

    @property
    def identity(self) -> ProcessIdentity:
        """Who it is, so that a later process with the same number is not taken for it."""

    @property
    def ended(self) -> threading.Event:
        """Set once it has ended."""

    @property
    def code(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs, and for an adopted one."""

    def stop(self, grace: float) -> bool:
        """Ask its group to end, and after `grace` seconds end it. Blocks; returns whether the process has ended."""

    def end(self) -> None:
        """End its group by force, at once."""

    def leave(self) -> None:
        """Let it run on, also after the end of this program."""


class ProcessHandle(Protocol):
    """What this system can do to one process and its group. Not to be used once that process is reaped."""

    def ask(self) -> None:
        """Tell it to end."""

    def end(self) -> None:
        """End it by force, with all that it started."""

    def let_go(self) -> None:
        """Hold it no longer; it runs on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRules:
    """How a child is treated. `mark` is the word by which a later Portway finds it again; empty: none has to.

    `by_force` is False for a program with more rights than ours. It is only asked to end: to kill what stands between
    it and us, such as sudo, would leave it running. `alone`: what it leaves in its group runs on when it has ended.
    `folder` is where it runs; None: where we do.
    """

    mark: str = ""
    by_force: bool = True
    alone: bool = False
    folder: Path | None = None


class Child:
    """A program that we started. Safe on every thread.

    Raises OSError where it cannot be started. `environment` is all that it gets to know; see `child_environment`.
    """

    def __init__(  # noqa: PLR0913 - its three streams are named
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        rules: ChildRules = ChildRules(),
        *,
        stdin: Stream = subprocess.DEVNULL,
        stdout: Stream = subprocess.DEVNULL,
        stderr: Stream = subprocess.DEVNULL,
    ) -> None:
        self._rules = rules
        self._at_end: list[Callable[[], None]] = []
        self._process = subprocess.Popen(
            list(arguments),
            env={**environment, MARK: rules.mark} if rules.mark else dict(environment),
            cwd=rules.folder,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,  # on Windows without a meaning
            creationflags=_HIDDEN,
        )
        self.stdin, self.stdout, self.stderr = self._process.stdin, self._process.stdout, self._process.stderr
        self.identity = _identity(self._process, arguments[0])
        self.ended = threading.Event()
        self.left = False
        self._handle = _handle(self._process.pid, grouped=True)
        self._reaping = threading.Lock()
        self._ends_its_group = rules.by_force and not rules.alone
        self._waiter = threading.Thread(target=self._wait, name=f"end of {self._process.pid}", daemon=True)
        self._waiter.start()

    @property
    def code(self) -> int | None:
        """Its exit code."""
        return self._process.returncode if self.ended.is_set() else None

    def at_end(self, listener: Callable[[], None]) -> None:
        """Call `listener` once it has ended: on a thread of ours, or at once if it has."""
        with self._reaping:
            if not self.ended.is_set():
                self._at_end.append(listener)
                return
        listener()

    def ask(self) -> None:
        """Tell its group to end. Does nothing once it has."""
        self._ends_its_group = self._rules.by_force
        self._signal(self._handle.ask)

    def end(self) -> None:
        """End its group by force, or only tell it where force would do harm. Does nothing once it has ended."""
        if self._rules.by_force:
            self._signal(self._handle.end)
        else:
            self.ask()

    def stop(self, grace: float) -> bool:
        """Ask its group to end, and after `grace` seconds end it."""
        self.ask()
        if not self.ended.wait(grace):
            self.end()
        if not self.ended.wait(_SURELY_GONE):
            return False
        self._waiter.join(_SURELY_GONE)
        return True

    def leave(self) -> None:
        """Let it run on: `Children.end_all` passes it by."""
        self.left = True

    def _signal(self, send: Callable[[], None]) -> None:
        """Signal it while its number is still its own: until it is reaped, which needs the same lock."""
        with self._reaping:
            if self._process.returncode is None:
                send()

    def _wait(self) -> None:
        _wait_unreaped(self._process)
        with self._reaping:
            if self._ends_its_group and self._process.returncode is None:
                self._handle.end()  # those that it started: it is dead itself, but its number still names the group
            self._process.wait()
            self._handle.let_go()
            self.ended.set()
            listeners, self._at_end = self._at_end, []
        for listener in listeners:
            listener()


class AdoptedProcess:
    """A process that an earlier Portway started. Only ever signalled while it is that very one."""

    def __init__(self, identity: ProcessIdentity) -> None:
        self.identity = identity
        self.code: int | None = None
        self.ended = threading.Event()
        self._left = threading.Event()
        self._wake, self._woken = os.pipe()
        self._waiter = threading.Thread(target=self._wait, name=f"end of {identity.pid}", daemon=True)
        self._waiter.start()

    def stop(self, grace: float) -> bool:
        """Ask its group to end, and after `grace` seconds end it. May be tried again where that failed."""
        for by_force, limit in ((False, grace), (True, max(grace, _SURELY_GONE))):
            self._signal(by_force=by_force)
            if self.ended.wait(limit):
                self.leave()
                return True
        return False

    @property
    def left(self) -> bool:
        """Whether it is to run on."""
        return self._left.is_set()

    def end(self) -> None:
        """End its group by force."""
        self._signal(by_force=True)

    def leave(self) -> None:
        """Wait for its end no longer; it runs on."""
        if not self._left.is_set():
            self._left.set()
            os.close(self._woken)
            self._waiter.join(1.0)

    def _signal(self, *, by_force: bool) -> None:
        handle = _handle(self.identity.pid, grouped=False)
        try:
            if self.identity.is_alive():  # asked only now: while Windows has it held, its number stays its own
                (handle.end if by_force else handle.ask)()
        finally:
            handle.let_go()

    def _wait(self) -> None:
        try:
            _wait_for_end(self.identity, self._wake, self._left)
        finally:
            os.close(self._wake)
        if not self.identity.is_alive():
            self.ended.set()


class Children:
    """The processes of one running Portway, so that its end leaves none of them behind. Safe on every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[Child | AdoptedProcess] = set()
        self._closed = False

    def start(  # noqa: PLR0913 - its three streams are named
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        rules: ChildRules = ChildRules(),
        *,
        stdin: Stream = subprocess.DEVNULL,
        stdout: Stream = subprocess.DEVNULL,
        stderr: Stream = subprocess.DEVNULL,
    ) -> Child:
        """Start a child that `end_all` ends. Raises OSError, and Cancelled once that was called."""
        with self._lock:  # held while it starts, so that none can slip by `end_all`
            if self._closed:
                raise Cancelled
            child = Child(arguments, environment, rules, stdin=stdin, stdout=stdout, stderr=stderr)
            self._running.add(child)
        child.at_end(lambda: self._forget(child))
        return child

    def adopt(self, identity: ProcessIdentity) -> AdoptedProcess:
        """Take up a process that an earlier Portway left, which `end_all` ends too."""
        process = AdoptedProcess(identity)
        with self._lock:
            self._running.add(process)
        return process

    def end_all(self) -> bool:
        """End all that still runs and was not left, by force, and start no more. Blocks for half a second at most.

        Returns whether all have ended; one that may only be asked may go on for a while.
        """
        with self._lock:
            self._closed = True
            running = [process for process in self._running if not process.left]
        for process in running:
            process.end()
        until = Deadline.after(_AFTER_KILL)
        return all(process.ended.wait(until.left) for process in running)

    def _forget(self, child: Child) -> None:
        with self._lock:
            self._running.discard(child)


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
    """Block until it has ended, without reaping it: until then no other process gets its number."""
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
    """Return who it is. Popen returns only after `exec`, so this is never a copy of Portway itself."""
    ended = ProcessIdentity(pid=process.pid, started="ended", boot="ended", exe=program)
    return identity_of(process.pid) or ended


if sys.platform == "win32":
    from portway.system.processes.process_windows import system_holds

    # Without CREATE_NO_WINDOW a console would pop up; it has one all the same, by which it can be asked to end.
    _HIDDEN = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    _handle = system_holds().of
else:
    _HIDDEN = 0

    @dataclass(frozen=True, slots=True)
    class _GroupHandle:
        """Implements ProcessHandle, for the leader of a group."""

        pid: int

        def ask(self) -> None:
            self._send(signal.SIGTERM)

        def end(self) -> None:
            self._send(signal.SIGKILL)

        def let_go(self) -> None:
            """Nothing is held: until it is reaped, its number is its own."""

        def _send(self, number: int) -> None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    def _handle(pid: int, *, grouped: bool) -> ProcessHandle:  # noqa: ARG001 - a session is a group
        return _GroupHandle(pid)
