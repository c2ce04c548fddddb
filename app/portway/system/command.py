"""Runs a program of others once: bounded in time and memory, and ended together with all that it started."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from portway.core.cancel import CancelToken

StreamName = Literal["stdout", "stderr"]
LineListener = Callable[[StreamName, str], None]

_LONGEST_LINE = 64 * 1024
_MOST_KEPT = 1 << 20  # bytes of each stream
_LINES_AHEAD = 256  # read but not yet looked at: a flood waits in the pipe, not in memory

if sys.platform == "win32":
    _HIDDEN = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _HIDDEN = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended. `code` is negative where a signal ended it. The texts are cut at 1 MiB."""

    code: int
    stdout: str
    stderr: str


class CommandTimeoutError(Exception):
    """A program did not end within its limit, in seconds, and was ended."""

    def __init__(self, program: str, limit: float) -> None:
        super().__init__(f"{program} did not end within {limit:g} seconds")
        self.limit = limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a program is ended that must not go on. `grace` is in seconds.

    One that runs with more rights than ours only gets the wish (`by_force` False): to kill what stands between it and
    us would leave it running. `on_waiting` is then called once, and the wait goes on until it has really ended.
    """

    grace: float = 1.0
    by_force: bool = True
    on_waiting: Callable[[], None] | None = None


def run_command(  # noqa: PLR0913 - one call, all of it named
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    limit: float,
    cancel: CancelToken | None = None,
    stdin: bytes = b"",
    on_line: LineListener | None = None,
    ending: Ending = Ending(),
) -> Finished:
    """Run `arguments` to their end and return how it ended.

    `on_line` gets each line on this thread; what it raises ends the program and passes. Raises CommandTimeoutError
    after `limit` seconds, Cancelled, or OSError where it cannot be started.
    """
    process = subprocess.Popen(
        list(arguments),
        env=dict(environment),
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # on Windows without a meaning
        creationflags=_HIDDEN,
    )
    deadline = time.monotonic() + limit
    output = _Output(process)
    try:
        _write(process, stdin)
        _follow(process, output, deadline, cancel, on_line)
        code = process.wait(max(deadline - time.monotonic(), 0.0))
    except (queue.Empty, subprocess.TimeoutExpired):
        _end(process, ending)
        raise CommandTimeoutError(Path(arguments[0]).name, limit) from None
    except BaseException:
        _end(process, ending)
        raise
    finally:
        output.leave()
    return Finished(code, output.text("stdout"), output.text("stderr"))


class _Output:
    """Both streams, read by a thread each, so that neither can block the program."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.lines: queue.Queue[tuple[StreamName, bytes] | None] = queue.Queue(_LINES_AHEAD)
        self._kept: dict[StreamName, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}
        self._left = threading.Event()
        streams: tuple[tuple[StreamName, IO[bytes] | None], ...] = (
            ("stdout", process.stdout),
            ("stderr", process.stderr),
        )
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream), name=f"{name} of {process.pid}", daemon=True)
            for name, stream in streams
            if stream is not None
        ]
        self.open = len(self._readers)
        for reader in self._readers:
            reader.start()

    def keep(self, name: StreamName, line: bytes) -> None:
        room = _MOST_KEPT - len(self._kept[name])
        self._kept[name] += line[:room]

    def text(self, name: StreamName) -> str:
        return self._kept[name].decode(errors="replace")

    def wake(self) -> None:
        """Make the waiting thread look at its cancel token. Any thread; never blocks."""
        with contextlib.suppress(queue.Full):
            self.lines.put_nowait(None)

    def leave(self) -> None:
        """Let the readers end: at the end of their stream, or when a grandchild that holds it ends."""
        self._left.set()
        deadline = time.monotonic() + 1.0
        for reader in self._readers:
            while reader.is_alive() and time.monotonic() < deadline:
                with contextlib.suppress(queue.Empty):
                    self.lines.get_nowait()  # one that waits for room in the queue goes on
                reader.join(0.01)

    def _read(self, name: StreamName, stream: IO[bytes]) -> None:
        with stream:
            for line in iter(lambda: stream.readline(_LONGEST_LINE), b""):
                self._pass_on(name, line)
        self._pass_on(name, b"")

    def _pass_on(self, name: StreamName, line: bytes) -> None:
        if not self._left.is_set():
            self.lines.put((name, line))


def _write(process: subprocess.Popen[bytes], content: bytes) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError), process.stdin:
            process.stdin.write(content)  # short enough for the pipe: never blocks


def _follow(
    process: subprocess.Popen[bytes],
    output: _Output,
    deadline: float,
    cancel: CancelToken | None,
    on_line: LineListener | None,
) -> None:
    """Read both streams to their ends. Raises queue.Empty at the deadline."""
    with contextlib.nullcontext() if cancel is None else cancel.calling(output.wake):
        while output.open:
            try:
                item = output.lines.get(timeout=max(deadline - time.monotonic(), 0.0))
            except queue.Empty:
                if process.poll() is None:
                    raise
                return  # It has ended, and left somebody behind who holds its output.
            if cancel is not None:
                cancel.check()
            if item is None:
                continue
            name, line = item
            if not line:
                output.open -= 1
                continue
            output.keep(name, line)
            if on_line is not None:
                on_line(name, line.decode(errors="replace").rstrip("\r\n"))


def _end(process: subprocess.Popen[bytes], ending: Ending) -> None:
    _signal(process, signal.SIGTERM)
    try:
        process.wait(ending.grace)
    except subprocess.TimeoutExpired:
        if not ending.by_force:
            if ending.on_waiting is not None:
                ending.on_waiting()
                process.wait()
            return
    if ending.by_force:
        _signal(process, _KILL)
        process.wait()


if sys.platform == "win32":
    _KILL = signal.SIGTERM

    def _signal(process: subprocess.Popen[bytes], _signal_number: int) -> None:
        system = os.environ.get("SYSTEMROOT", r"C:\Windows")
        subprocess.run(
            [rf"{system}\System32\taskkill.exe", "/F", "/T", "/PID", str(process.pid)],
            capture_output=True,
            check=False,
            creationflags=subprocess.CREATE_NO_WINDOW,
        )
        process.kill()
else:
    _KILL = signal.SIGKILL

    def _signal(process: subprocess.Popen[bytes], signal_number: int) -> None:
        # The group, which is its own: a child that outlived it would hold what it held.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal_number)
