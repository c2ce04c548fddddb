"""The command line as a person runs it: a process of its own, whose output goes to files or to a terminal."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.fakes.backends.news import wait_until
from tests.limits import NEVER

LIMIT = NEVER  # two busy processors start Python and Qt slowly
PORTWAY = (sys.executable, "-m", "portway")
_LOOKS_APART = 0.05


@dataclass(frozen=True, slots=True)
class Running:
    """One `portway` process, whose output goes to files."""

    process: subprocess.Popen[bytes]
    output: Path
    errors: Path

    @property
    def out(self) -> str:
        return self.output.read_text()

    @property
    def err(self) -> str:
        return self.errors.read_text()

    def url(self) -> str:
        """Wait for the first URL."""
        wait_until(lambda: "\n" in self.out or self.process.poll() is not None, LIMIT)
        assert self.out, self.err
        return self.out.splitlines()[0]

    def says(self, text: str) -> None:
        """Wait until it has said this on standard error."""
        wait_until(lambda: text in self.err or self.process.poll() is not None, LIMIT, text)
        assert text in self.err, self.err + self.out

    def ended(self) -> int:
        """Wait for its end and return the exit code."""
        return self.process.wait(LIMIT)

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.ended()

    def family(self) -> list[psutil.Process]:
        """Return this process and all below it."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]


@contextmanager
def command_line(environment: Mapping[str, str], folder: Path, *words: str, stdin: str = "") -> Iterator[Running]:
    """Run a command; what still runs at the end of the block is asked to end."""
    number = len(list(folder.glob("out-*")))
    output, errors = (folder / f"{name}-{number}" for name in ("out", "err"))
    with output.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(
            [*PORTWAY, *words],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
        )
    assert process.stdin is not None
    with process.stdin as pipe:
        pipe.write(stdin.encode())
    try:
        yield Running(process, output, errors)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(LIMIT)


class Terminal:
    """A terminal with one `portway` in it."""

    def __init__(self, environment: Mapping[str, str], *words: str) -> None:
        self._ours, theirs = os.openpty()
        self.process = subprocess.Popen(
            [*PORTWAY, *words],
            env={**environment, "TERM": "xterm"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._shown = b""
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def shown(self) -> str:
        """All that was written to it so far."""
        return self._shown.decode(errors="replace")

    def shows(self, text: str) -> None:
        """Wait until this was written to it."""
        wait_until(lambda: text in self.shown or not self._reader.is_alive(), LIMIT, text)
        assert text in self.shown, self.shown

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def ended(self) -> int:
        """Wait for its end, and return the exit code."""
        code = self.process.wait(LIMIT)
        self._reader.join(LIMIT)
        return code

    def close(self) -> None:
        """End what still runs."""
        self._over.set()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(LIMIT)
        self._reader.join(LIMIT)
        os.close(self._ours)

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # so does Linux tell that nobody has the other side any more
            while not self._over.is_set():
                if select.select([self._ours], [], [], _LOOKS_APART)[0]:
                    self._shown += os.read(self._ours, 65536)
