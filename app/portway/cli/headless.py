"""Starts Portway without a screen, in a process of its own, and waits until it answers."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections import deque
from typing import IO

from portway.cli.client import Client
from portway.cli.failure import Failed
from portway.cli.invocation import Invocation

_START_LIMIT = 20.0  # seconds; a cold start takes under one
_STOP_LIMIT = 15.0  # seconds; longer than Portway takes for its sessions
_LOOK_EVERY = 0.02
_LINES_KEPT = 20
_SAYS = "portway: "  # begins each sentence that Portway says on standard error


class HeadlessPortway:
    """A Portway that this command started. `tied`: it ends with us, however we end."""

    def __init__(self, invocation: Invocation, *, tied: bool) -> None:
        self._invocation = invocation
        self._words: deque[str] = deque(maxlen=_LINES_KEPT)
        arguments = [*invocation.program, "--headless", *(["--tied"] if tied else [])]
        # A session of its own: Ctrl-C at the terminal is for us, and we end it in order. Its standard input is a
        # pipe of which only we hold the other end: the system closes it even when we are killed.
        self._process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE if tied else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=dict(invocation.environment),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            text=True,
            errors="replace",
        )
        assert self._process.stderr is not None  # noqa: S101 - for the type checker: it was asked for
        self._reader = threading.Thread(target=self._read, args=(self._process.stderr,), daemon=True)
        self._reader.start()

    @property
    def ended(self) -> bool:
        """Whether it is gone."""
        return self._process.poll() is not None

    def wait_until_ready(self) -> Client:
        """Return a client that gets in: of this process, or of one that was a moment faster. Raises Failed."""
        until = time.monotonic() + _START_LIMIT
        while time.monotonic() < until:
            ended = self.ended
            client = self._invocation.living_client()
            if client is not None:
                return client
            if ended:
                raise Failed(self._last_words())
            time.sleep(_LOOK_EVERY)
        self.stop()
        raise Failed(f"Portway did not answer within {_START_LIMIT:.0f} seconds; “portway logs” may tell why.")

    def stop(self) -> None:
        """End it in order, by the end of its standard input; by force if that does not help."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        for end in (self._process.terminate, self._process.kill):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_LIMIT)
                return
            end()
        self._process.wait()

    def _read(self, stream: IO[str]) -> None:
        with contextlib.suppress(ValueError, OSError):
            for line in stream:
                self._words.append(line.strip())

    def _last_words(self) -> str:
        """Return the sentences with which it ended; where there is none, its last line is all that is known."""
        self._reader.join(1.0)
        words = [word for word in self._words if word]
        sentences = [word.removeprefix(_SAYS) for word in words if word.startswith(_SAYS)]
        if sentences:
            return "\n".join(sentences)
        last = f" Its last words: {words[-1]}" if words else ""
        return f"Portway could not be started; “portway logs” may tell why.{last}"


def start_headless(invocation: Invocation) -> Client:
    """Start one that stays when this command is over. Raises Failed."""
    return HeadlessPortway(invocation, tied=False).wait_until_ready()
