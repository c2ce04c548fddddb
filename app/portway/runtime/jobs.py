"""One run of a backend's command, which any number of clients may join."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.backend import Answer, Command, Context, Listener
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import JobDone, JobFailed, JobNews, Unsubscribe
from portway.core.status import BackendId, Progress
from portway.runtime.lane import Lane

logger = logging.getLogger(__name__)


class _JobMail(QObject):
    """Carries the outcome from the job's thread to the main thread, on which it lives."""

    ended = Signal(object)  # JobDone | JobFailed
    moved = Signal(object)  # Progress


class CommandListener:
    """Implements core.backend.Listener for a command: its progress is the job's and the tunnel's. Any thread."""

    def __init__(self, tunnel: Listener, mail: _JobMail) -> None:
        self._tunnel = tunnel
        self._mail = mail

    def progress(self, progress: Progress | None) -> None:
        self._tunnel.progress(progress)
        if progress is not None:
            self._mail.moved.emit(progress)

    def report(self, extras: object, pid: int | None = None) -> None:
        self._tunnel.report(extras, pid)

    def recovering(self, problem: Problem) -> None:
        """Only a run has this to say."""

    def recovered(self, public_url: str) -> None:
        """Only a run has this to say."""

    def lost(self, problem: Problem) -> None:
        """Only a run has this to say."""

    def origin_suspect(self) -> None:
        """Only a run has this to say."""

    def origin_answered(self) -> None:
        """Only a run has this to say."""


class CommandJob(QObject):
    """Implements core.hub.Job. Lives on the main thread; the command runs on a daemon thread, or on the lane."""

    finished = Signal(object)  # itself: `tell_end` is due, once what it did is seen

    def __init__(self, backend: BackendId, command: Command, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self.backend = backend
        self.command = command
        self._mail = _JobMail(self)
        self._mail.moved.connect(self._on_news)
        self._mail.ended.connect(self._on_news)
        self._context = dataclasses.replace(context, listener=CommandListener(context.listener, self._mail))
        self._cancel = context.cancel
        self._outcome: JobDone | JobFailed | None = None
        self._latest: JobNews | None = None
        self._listeners: dict[int, Callable[[JobNews], None]] = {}
        self._subscribed = 0

    @property
    def ended_well(self) -> bool:
        """Whether it did what it is for."""
        return isinstance(self._outcome, JobDone)

    def start(self, lane: Lane) -> None:
        """Begin: reading commands on the lane, others on a thread of their own, so that both lanes stay free."""
        work = _work(self.command, self._context)
        if self.command.method == "GET":
            lane.ask(work, self._on_news)
            return
        mail = self._mail
        # A daemon: a command that hangs in a call of the system must not keep the program from ending.
        threading.Thread(target=lambda: _post(mail, work()), name=f"command {self.command.name}", daemon=True).start()

    def subscribe(self, listener: Callable[[JobNews], None]) -> Unsubscribe:
        self._subscribed += 1
        number = self._subscribed
        self._listeners[number] = listener
        if self._latest is not None:
            listener(self._latest)
        return lambda: self._listeners.pop(number, None) and None

    def cancel(self) -> None:
        self._cancel.cancel()

    def tell_end(self) -> None:
        """Tell its subscribers how it ended; nothing comes after that."""
        if self._outcome is not None:
            self._tell(self._outcome)
        self._listeners.clear()

    def _tell(self, news: JobNews) -> None:
        self._latest = news
        for listener in tuple(self._listeners.values()):
            listener(news)

    @Slot(object)
    def _on_news(self, news: object) -> None:
        match news:
            case Progress() if self._outcome is None:
                self._tell(news)
            case JobDone() | JobFailed() if self._outcome is None:
                self._outcome = news
                self.finished.emit(self)


def fetching(command: Command) -> Command:
    """Return the command that only fetches what `command` would run, and gives it as `fetched`."""
    fetch = command.fetch
    if fetch is None:
        message = f"{command.name} fetches nothing"
        raise ValueError(message)

    def run(context: Context) -> Answer:
        context.listener.progress(Progress(step="fetch", message="Fetching what it runs"))
        return {"fetched": fetch(context.cancel)}

    return dataclasses.replace(command, name=f"fetch for {command.name}", run=run, fetch=None)


def _work(command: Command, context: Context) -> Callable[[], JobDone | JobFailed]:
    run = command.run
    if run is None:
        message = f"{command.name} is an alias of {command.action}"
        raise ValueError(message)
    return lambda: _outcome(command.name, run, context)


def _outcome(name: str, run: Callable[[Context], Answer], context: Context) -> JobDone | JobFailed:
    """Do it; on the thread of the job or of the lane."""
    try:
        return JobDone(run(context))
    except TunnelError as error:
        return JobFailed(error.problem)
    except Exception:
        logger.exception("The command %s failed in a way that nobody foresaw", name)
        return JobFailed(Problem(Code.INTERNAL))
    finally:
        context.listener.progress(None)


def _post(mail: _JobMail, outcome: JobDone | JobFailed) -> None:
    try:
        mail.ended.emit(outcome)
    except RuntimeError:  # The program ended meanwhile, and with it the object.
        logger.debug("A command ended after the program")
