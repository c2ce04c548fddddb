"""Runs a program of others once: bounded in time and memory, and ended together with all that it started."""

import contextlib
import os
import select
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from portway.core.cancel import CancelToken, Deadline
from portway.system.processes.child import Child, Children, ChildRules

StreamName = Literal["stdout", "stderr"]
LineListener = Callable[[StreamName, str], None]

_BLOCK = 1 << 14  # bytes read at once
_LONGEST_LINE = 1 << 16
_MOST_KEPT = 1 << 20  # bytes of each stream
_LINES_AHEAD = 64  # read but not yet looked at: a flood waits in the pipe, not in memory
_AFTER_END = 0.5  # seconds for the rest of its words; one that it left behind may hold its streams for ever
_LATE_WORDS = 5.0  # seconds, if there are words by then that nobody has read yet: one left behind may go on for ever
_LOOK_EVERY = 0.02  # seconds, for those


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended. `code` is negative where a signal ended it. The texts are its last words, see `kept`."""

    code: int
    stdout: str
    stderr: str


class CommandTimeoutError(Exception):
    """A program did not end within its limit, in seconds, and was ended."""

    def __init__(self, program: str, limit: float) -> None:
        super().__init__(f"{program} did not end within {limit:g} seconds")
        self.limit = limit


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPolicy:
    """How a program is ended that must not go on. `grace` is in seconds.

    `by_force` and `alone` are those of ChildRules. Where force is not allowed, `on_waiting` is called once after
    `grace`, and the wait goes on until the program has really ended.
    """

    grace: float = 1.0
    by_force: bool = True
    alone: bool = False
    on_waiting: Callable[[], None] | None = None


def run_command(  # noqa: PLR0913 - one call, all of it named
    children: Children,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    limit: float,
    cancel: CancelToken | None = None,
    stdin: bytes = b"",
    on_line: LineListener | None = None,
    ending: EndPolicy = EndPolicy(),
    kept: int = _MOST_KEPT,
    folder: Path | None = None,
) -> Finished:
    """Run `arguments` to their end and return how it ended, with the last `kept` bytes of each stream.

    It runs in `folder`, if there is one.

    `on_line` gets each line on this thread; what it raises ends the program and passes. Raises CommandTimeoutError
    after `limit` seconds, Cancelled, or OSError where it cannot be started.
    """
    deadline, cancel = Deadline.after(limit), cancel or CancelToken()
    child = children.start(
        arguments,
        environment,
        ChildRules(by_force=ending.by_force, alone=ending.alone, folder=folder),
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    output = CommandOutput(child, kept, tells_lines=on_line is not None)
    try:
        _write(child.stdin, stdin)
        with cancel.calling(output.wake):
            for name, line in output.lines(deadline, cancel):
                if on_line is not None:
                    on_line(name, line.decode(errors="replace").rstrip("\r\n"))
    except TimeoutError:
        _end(child, ending)
        raise CommandTimeoutError(Path(arguments[0]).name, limit) from None
    except BaseException:
        _end(child, ending)
        raise
    finally:
        output.leave()
    return Finished(child.code or 0, output.text("stdout"), output.text("stderr"))


class CommandOutput:
    """Both streams, read by a thread each, so that neither can block the program; only their ends are kept."""

    def __init__(self, child: Child, kept: int, *, tells_lines: bool) -> None:
        self._child = child
        self._kept = kept
        self._tells_lines = tells_lines
        self._changed = threading.Condition()
        self._lines: deque[tuple[StreamName, bytes]] = deque()
        self._tails: dict[StreamName, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}
        self._last: Deadline | None = None  # until when words are waited for once the program has ended
        self._very_last = Deadline.after(0)  # and until when those are read that are there
        self._read_from: set[IO[bytes]] = set()
        self._left = False
        self._begin("stdout", child.stdout)
        self._begin("stderr", child.stderr)
        child.at_end(self._on_end)

    def lines(self, deadline: Deadline, cancel: CancelToken) -> Iterator[tuple[StreamName, bytes]]:
        """Yield what comes until the program has ended, and its streams too or a moment is over.

        Raises Cancelled, and TimeoutError at the deadline.
        """
        while (line := self._next(deadline, cancel)) is not None:
            yield line

    def text(self, name: StreamName) -> str:
        """Return the last words so far."""
        with self._changed:
            return self._tails[name].decode(errors="replace")

    def wait_for_rest(self) -> None:
        """Return once nobody writes any more, or a moment after the program, which is about to, has ended. Blocks."""
        with contextlib.suppress(TimeoutError):
            while self._next(Deadline.after(_LATE_WORDS), CancelToken()) is not None:
                pass

    def wake(self) -> None:
        """Make the waiting thread look again. Any thread."""
        with self._changed:
            self._changed.notify_all()

    def leave(self) -> None:
        """Hear no more lines. What still comes is read, so that nobody who holds a stream is blocked, and dropped."""
        with self._changed:
            self._left = True
            self._lines.clear()
            self._changed.notify_all()

    def _next(self, deadline: Deadline, cancel: CancelToken) -> tuple[StreamName, bytes] | None:
        with self._changed:
            while True:
                cancel.check()
                if self._last is None and deadline.over:
                    raise TimeoutError
                if self._last is not None and (min(deadline, self._very_last).over or self._is_all_read(self._last)):
                    return None
                if self._lines:
                    self._changed.notify_all()  # there is room again
                    return self._lines.popleft()
                until = deadline if self._last is None else min(self._last, deadline)
                self._changed.wait(_LOOK_EVERY if until.over else until.left)

    def _is_all_read(self, last: Deadline) -> bool:
        """Whether no more words of a program that has ended are to come. A busy computer may not have read them yet."""
        if self._lines:
            return False
        return not self._read_from or (last.over and not any(map(_has_more, self._read_from)))

    def _begin(self, name: StreamName, stream: IO[bytes] | None) -> None:
        if stream is not None:
            self._read_from.add(stream)
            what = f"{name} of {self._child.identity.pid}"
            threading.Thread(target=self._read, args=(name, stream), name=what, daemon=True).start()

    def _on_end(self) -> None:
        with self._changed:
            self._last = Deadline.after(_AFTER_END)
            self._very_last = Deadline.after(_LATE_WORDS)
            self._changed.notify_all()

    def _read(self, name: StreamName, stream: IO[bytes]) -> None:
        rest = b""
        while block := os.read(stream.fileno(), _BLOCK):
            self._keep(name, block)
            if self._tells_lines:
                *lines, rest = (rest + block).split(b"\n")
                for line in lines:
                    self._pass_on(name, line)
                if len(rest) > _LONGEST_LINE:
                    self._pass_on(name, rest)
                    rest = b""
        if rest:
            self._pass_on(name, rest)
        with self._changed:
            self._read_from.discard(stream)  # whoever looks at it has the same lock, so it is closed only now
            stream.close()
            self._changed.notify_all()

    def _keep(self, name: StreamName, block: bytes) -> None:
        with self._changed:
            tail = self._tails[name]
            tail += block
            del tail[: max(len(tail) - self._kept, 0)]

    def _pass_on(self, name: StreamName, line: bytes) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._left or len(self._lines) < _LINES_AHEAD)
            if not self._left:
                self._lines.append((name, line))
                self._changed.notify_all()


def _has_more(stream: IO[bytes]) -> bool:
    """Whether there is something to read, or its end. Windows cannot tell that of a pipe."""
    if sys.platform == "win32":
        return False
    poll = select.poll()  # unlike select.select it takes descriptors above 1023
    poll.register(stream, select.POLLIN)
    return bool(poll.poll(0))


def _write(stream: IO[bytes] | None, content: bytes) -> None:
    if stream is not None:
        with contextlib.suppress(OSError), stream:
            stream.write(content)  # short enough for the pipe: never blocks


def _end(child: Child, ending: EndPolicy) -> None:
    if ending.by_force:
        child.stop(ending.grace)
        return
    child.ask()
    if not child.ended.wait(ending.grace) and ending.on_waiting is not None:
        ending.on_waiting()
        child.ended.wait()
