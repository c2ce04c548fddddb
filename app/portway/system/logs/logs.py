"""The log files: one for Portway and one per backend; private, bounded, without secrets, never a reason to fail."""

from __future__ import annotations

import copy
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from portway.core.errors import TunnelError
from portway.core.foreign_text import harmless
from portway.system.secrets.redaction import Redactor
from portway.system.storage.files import private_folder

if TYPE_CHECKING:
    from portway.system.logs.log_file import PrivateFile

logger = logging.getLogger(__name__)

PROGRAM = "portway"
_BACKENDS = "portway.backends."
_WORDS = "program"  # ends the names of loggers for the words of programs that were started
# Libraries that log below names of their own, some at DEBUG with the token: never lower than this.
_LIBRARIES = ("ngrok", "muxado", "rustls", "tracing", "urllib3", "keyring", "asyncio")
_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(name)s: %(message)s"
_TIME = "%Y-%m-%dT%H:%M:%S"
_TUNNEL: ContextVar[str] = ContextVar("_TUNNEL", default="")


def log_path(folder: Path, name: str = PROGRAM) -> Path:
    """Return the log file of a backend, or of Portway itself."""
    return folder / f"{name}.log"


@contextmanager
def log_as(tunnel: str) -> Iterator[None]:
    """Let the lines of a backend's modules name this tunnel: those of this thread, and of the tasks that it begins.

    For a tunnel whose word is not its backend's: several of one backend share its modules, and its log file.
    """
    before = _TUNNEL.set(tunnel)
    try:
        yield
    finally:
        _TUNNEL.reset(before)


def logging_alike(call: Callable[[], object]) -> Callable[[], object]:
    """Return the call for another thread, where its lines are to name the tunnel that they would name here."""
    here = copy_context()  # threads begin without one
    return lambda: here.run(call)


def program_logger(module: str) -> logging.Logger:
    """Return the logger for the words of a program that `module` has started.

    They go to the log file of `module` with the level that the program gave them, but not to the console: what matters
    of them is said in our own words.
    """
    return logging.getLogger(f"{module}.{_WORDS}")


def is_of_a_program(record: logging.LogRecord) -> bool:
    """Whether these are the words of a program that was started."""
    return record.name.endswith(f".{_WORDS}")


def start_logging(folder: Path, level: str, redactor: Redactor, *, console: TextIO | None = None) -> RunningLogs:
    """Write all that is logged into `folder` from now on, warnings and unexpected exceptions too.

    `level` is one of `settings.LEVELS`. With `console`, warnings and worse are shown there as well. A folder or disk
    that cannot be written is never a failure: the lines are lost.
    """
    logs = RunningLogs(folder, redactor, console)
    logs.set_level(level)
    return logs


class RunningLogs:
    """The handlers and hooks that are in place until `stop`."""

    def __init__(self, folder: Path, redactor: Redactor, console: TextIO | None) -> None:
        self._root = logging.getLogger()
        self._ours = logging.getLogger("portway")
        self._before = (self._root.level, self._ours.level)
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        formatter = _CleanFormatter(redactor)
        self._handlers: list[logging.Handler] = [_FilesByBackend(folder, formatter)]
        if console is not None:
            shown = _QuietStream(console)
            shown.setLevel(logging.WARNING)
            shown.addFilter(lambda record: not is_of_a_program(record))
            shown.setFormatter(_CleanFormatter(redactor, "portway: %(message)s"))
            self._handlers.append(shown)
        for handler in self._handlers:
            self._root.addHandler(handler)
        logging.captureWarnings(capture=True)
        sys.excepthook, threading.excepthook, sys.unraisablehook = _on_uncaught, _on_thread_died, _on_unraisable
        try:
            private_folder(folder)
        except TunnelError as error:
            logger.warning("There will be no log files. %s", error)

    def set_level(self, level: str) -> None:
        """Change how much Portway logs. Libraries stay at warnings, where they name no token."""
        self._root.setLevel(logging.WARNING)
        self._ours.setLevel(level.upper())
        for name in _LIBRARIES:
            logging.getLogger(name).setLevel(logging.WARNING)

    def stop(self) -> None:
        """Take everything back: at the end, and between tests."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        logging.captureWarnings(capture=False)
        for handler in self._handlers:
            self._root.removeHandler(handler)
            handler.close()
        self._root.setLevel(self._before[0])
        self._ours.setLevel(self._before[1])


class _CleanFormatter(logging.Formatter):
    """Redacts the finished text and makes it harmless: message, arguments and traceback alike. Times are in UTC.

    Further lines are indented, so that no text of others can look like a line of its own.
    """

    def __init__(self, redactor: Redactor, layout: str = _FORMAT) -> None:
        super().__init__(layout, _TIME)
        self.converter = time.gmtime
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return harmless(self._redactor.clean(super().format(_with_tunnel(record)))).replace("\n", "\n    ")


def _with_tunnel(record: logging.LogRecord) -> logging.LogRecord:
    """Put the word of the tunnel after that of its backend: `portway.backends.ngrok.api.session`."""
    tunnel = _TUNNEL.get()
    backend, _, module = record.name.removeprefix(_BACKENDS).partition(".")
    if not tunnel or not module or not record.name.startswith(_BACKENDS) or tunnel == module.partition(".")[0]:
        return record
    named = copy.copy(record)
    named.name = f"{_BACKENDS}{backend}.{tunnel}.{module}"
    return named


class _FilesByBackend(logging.Handler):
    """Sends a record of `portway.backends.ID…` to ID.log, any other to portway.log."""

    def __init__(self, folder: Path, formatter: logging.Formatter) -> None:
        super().__init__()
        self._folder = folder
        self._formatter = formatter
        self._files: dict[str, PrivateFile] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self._file(record.name).handle(record)

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        super().close()

    def _file(self, logger_name: str) -> PrivateFile:
        name = PROGRAM
        if logger_name.startswith(_BACKENDS):
            name = logger_name.removeprefix(_BACKENDS).partition(".")[0]
        if name not in self._files:
            from portway.system.logs.log_file import (
                PrivateFile,  # late: nothing is logged before the tray icon is there
            )

            self._files[name] = PrivateFile(log_path(self._folder, name), self._formatter)
        return self._files[name]


class _QuietStream(logging.StreamHandler[TextIO]):
    """A stream that may be gone: the terminal was closed, the reader of the pipe has ended."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Lose the line."""


def _on_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logger.critical("An exception was not expected.", exc_info=(kind, error, trace))


def _on_thread_died(death: threading.ExceptHookArgs) -> None:
    if death.exc_value is None or isinstance(death.exc_value, SystemExit):
        return
    name = "a thread" if death.thread is None else death.thread.name
    logger.critical("%s died.", name, exc_info=(death.exc_type, death.exc_value, death.exc_traceback))


def _on_unraisable(fault: sys.UnraisableHookArgs) -> None:
    if fault.exc_value is None:
        return
    what = fault.err_msg or "An exception was ignored"
    # Its object is not shown: its repr may say anything.
    logger.error("%s.", what, exc_info=(fault.exc_type, fault.exc_value, fault.exc_traceback))
