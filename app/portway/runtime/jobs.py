"""One run of a backend's command, which any number of clients may join."""

import contextlib
import dataclasses
import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.backend import Answer, Command, Context, Listener
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.foreign_text import PublicUrl
from portway.core.hub import JobDone, JobEvent, JobFailed, Unsubscribe
from portway.core.status import Extras, Installation, Progress, Traffic, TunnelId
from portway.runtime.tunnel.probe_thread import ProbeThread

logger = logging.getLogger(__name__)


class _JobBridge(QObject):
    """Carries the outcome from the job's thread to the main thread, on which it lives."""

    ended = Signal(object)  # JobDone | JobFailed
    moved = Signal(object)  # Progress


class CommandListener:
    """Implements core.backend.Listener for a command: its progress is the job's and the tunnel's. Any thread."""

    def __init__(self, tunnel: Listener, bridge: _JobBridge) -> None:
        self._tunnel = tunnel
        self._bridge = bridge

    def progress(self, progress: Progress | None) -> None:
        self._tunnel.progress(progress)
        if progress is not None:
            with contextlib.suppress(RuntimeError):  # the program ended meanwhile, and this object with it
                self._bridge.moved.emit(progress)

    def report(self, extras: Extras, pid: int | None = None) -> None:
        self._tunnel.report(extras, pid)

    def inspected(self, installation: Installation) -> None:
        self._tunnel.inspected(installation)

    def recovering(self, problem: Problem) -> None:
        """Only an attempt reports this."""

    def recovered(self, public_url: PublicUrl) -> None:
        """Only an attempt reports this."""

    def lost(self, problem: Problem) -> None:
        """Only an attempt reports this."""

    def origin_suspect(self) -> None:
        """Only an attempt reports this."""

    def host_suspect(self, path: str) -> None:
        """Only an attempt reports this."""

    def counted(self, traffic: Traffic) -> None:
        """Only an attempt reports this."""

    def origin_answered(self) -> None:
        """Only an attempt reports this."""


class CommandJob(QObject):
    """Implements core.hub.Job. Lives on the main thread; the command runs on a daemon thread or the probe thread."""

    finished = Signal(object)  # itself: `tell_end` is due, once what it did is seen

    def __init__(self, tunnel: TunnelId, command: Command, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self.tunnel = tunnel
        self.command = command
        self._bridge = _JobBridge(self)
        self._bridge.moved.connect(self._on_event)
        self._bridge.ended.connect(self._on_event)
        self._context = dataclasses.replace(context, listener=CommandListener(context.listener, self._bridge))
        self._cancel = context.cancel
        self._outcome: JobDone | JobFailed | None = None
        self._latest: JobEvent | None = None
        self._listeners: dict[int, Callable[[JobEvent], None]] = {}
        self._subscribed = 0
        self._thread: threading.Thread | None = None

    @property
    def ended_well(self) -> bool:
        """Whether it did what it is for."""
        return isinstance(self._outcome, JobDone)

    def start(self, probes: ProbeThread) -> None:
        """Begin: GET commands on the probe thread, others on a thread of their own, so that no probe waits for them."""
        work = _work(self.command, self._context)
        if self.command.method == "GET":
            probes.probe(work, self._on_event)
            return
        bridge = self._bridge
        # A daemon: a command that hangs in a call of the system must not keep the program from ending.
        self._thread = threading.Thread(
            target=lambda: _post(bridge, work()), name=f"command {self.command.name}", daemon=True
        )
        self._thread.start()

    def subscribe(self, listener: Callable[[JobEvent], None]) -> Unsubscribe:
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

    def _tell(self, event: JobEvent) -> None:
        self._latest = event
        for listener in tuple(self._listeners.values()):
            listener(event)

    @Slot(object)
    def _on_event(self, event: object) -> None:
        match event:
            case Progress() if self._outcome is None:
                self._tell(event)
            case JobDone() | JobFailed() if self._outcome is None:
                if self._thread is not None:
                    self._thread.join()  # it just comes back from its emit: a bridge that went under it would crash
                self._outcome = event
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
    """Do it; on the thread of the job or the probe thread."""
    try:
        return JobDone(run(context))
    except TunnelError as error:
        return JobFailed(error.problem)
    except Exception:
        logger.exception("The command %s failed: an error of Portway", name)
        return JobFailed(Problem(Code.INTERNAL))
    finally:
        context.listener.progress(None)


def _post(bridge: _JobBridge, outcome: JobDone | JobFailed) -> None:
    try:
        bridge.ended.emit(outcome)
    except RuntimeError:  # The program ended meanwhile, and with it the object.
        logger.debug("A command ended after the program")
