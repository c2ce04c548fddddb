"""Starts Portway without a screen, in a process of its own, and waits until it answers."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from portway.cli.client.client import Client
from portway.cli.failure import Failed
from portway.core.foreign_text import harmless_line
from portway.system.processes.child import Child
from portway.system.processes.command import CommandOutput

_START_LIMIT = 20.0  # seconds; a cold start takes under one
_STOP_LIMIT = 15.0  # seconds; longer than Portway takes for its sessions
_LOOK_EVERY = 0.02
_WORDS_KEPT = 4096  # bytes
_SAYS = "portway: "  # begins each sentence that Portway says on standard error


class HeadlessPortway:
    """A Portway that this command started. `tied`: it ends with us, however we end."""

    def __init__(self, program: Sequence[str], environment: Mapping[str, str], *, tied: bool) -> None:
        arguments = [*program, "--headless", *(["--tied"] if tied else [])]
        # A session of its own: Ctrl-C at the terminal is for us, and we end it in order. Its standard input is a
        # pipe of which only we hold the other end: the system closes it even when we are killed.
        self._child = Child(
            arguments,
            environment,  # whole: it is Portway, which reads its settings there
            stdin=subprocess.PIPE if tied else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._output = CommandOutput(self._child, _WORDS_KEPT, tells_lines=False)

    @property
    def ended(self) -> bool:
        """Whether it is gone."""
        return self._child.ended.is_set()

    def wait_until_ready(self, find_client: Callable[[], Client | None]) -> Client:
        """Return the client that `find_client` finds: of this process, or of one that was a moment faster.

        Raises Failed.
        """
        until = time.monotonic() + _START_LIMIT
        while time.monotonic() < until:
            ended = self.ended
            client = find_client()
            if client is not None:
                return client
            if ended:
                raise Failed(self._last_words())
            time.sleep(_LOOK_EVERY)
        self.stop()
        raise Failed(f"Portway did not answer within {_START_LIMIT:.0f} seconds; “portway logs” may tell why.")

    def stop(self) -> None:
        """End it in order, by the end of its standard input; by force if that does not help."""
        if self._child.stdin is not None:
            with contextlib.suppress(OSError):
                self._child.stdin.close()
            if self._child.ended.wait(_STOP_LIMIT):
                return
        self._child.stop(_STOP_LIMIT)

    def _last_words(self) -> str:
        """Return the sentences with which it ended; where there is none, its last line is all that is known."""
        self._output.wait_for_rest()
        words = [harmless_line(word.strip()) for word in self._output.text("stderr").splitlines() if word.strip()]
        sentences = [word.removeprefix(_SAYS) for word in words if word.startswith(_SAYS)]
        if sentences:
            return "\n".join(sentences)
        last = f" Its last words: {words[-1]}" if words else ""
        return f"Portway could not be started; “portway logs” may tell why.{last}"
