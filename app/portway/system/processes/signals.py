"""SIGTERM, SIGINT and SIGHUP end this process in order, and a crash leaves no dump of its memory."""

import contextlib
import signal
import socket
from types import FrameType

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")  # each system has some of them


class SignalInbox:
    """Keeps the signals that came until somebody reads them. Made on the main thread; needs no event loop.

    Python runs its handlers only between its own instructions, and an idle Qt loop runs none: here the number comes
    through a socket, which makes a loop turn at once.
    """

    def __init__(self) -> None:
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        self._wakeup_before = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        self._handlers_before = {number: signal.signal(number, _note) for number in numbers}

    def fileno(self) -> int:
        """Return the descriptor that is readable while a signal waits."""
        return self._reading.fileno()

    def take(self) -> bool:
        """Return whether one came since the last call."""
        with contextlib.suppress(BlockingIOError):
            return any(number in self._handlers_before for number in self._reading.recv(4096))
        return False

    def ignore(self) -> None:
        """Let none of them change anything until the process is gone.

        Only at the very end: a child that is started after this would ignore them too. Python itself puts back the
        defaults while it takes itself apart, but leaves ignored ones alone.
        """
        for number in self._handlers_before:
            signal.signal(number, signal.SIG_IGN)

    def close(self) -> None:
        """Restore what was before."""
        for number, handler in self._handlers_before.items():
            signal.signal(number, handler)
        self._handlers_before.clear()
        signal.set_wakeup_fd(self._wakeup_before)
        self._reading.close()
        self._writing.close()


def _note(_number: int, _frame: FrameType | None) -> None:
    """Let the signal do nothing by itself: its number comes through the wake-up descriptor."""


def forbid_core_dump() -> None:
    """Have the system keep no core dump of this process and of its children: tokens and passwords would be in it.

    A child may allow its own again. Nothing on Windows: dumps are made only where an administrator has set them up.
    """
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
