"""Ctrl-C, SIGTERM and SIGHUP as one exception, so that what was started is stopped in order."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class StopAsked(BaseException):
    """Somebody wants this program to end. No Exception: nothing but the end of the command may catch it."""


@contextlib.contextmanager
def stop_signals() -> Iterator[None]:
    """Raise StopAsked in this block, once; what the block then still does is not disturbed by further signals.

    A signal that was ignored from the start, as by nohup, stays ignored.
    """
    heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _on_signal) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_stop_signals() -> None:
    """Let nothing disturb the cleaning up."""
    for number in _SIGNALS:
        signal.signal(number, _on_late_signal)


def _on_signal(_number: int, _frame: FrameType | None) -> NoReturn:
    ignore_stop_signals()
    raise StopAsked


def _on_late_signal(_number: int, _frame: FrameType | None) -> None:
    """The end is on its way. Not SIG_IGN: Python raises an error where that comes between a signal and its handler."""
