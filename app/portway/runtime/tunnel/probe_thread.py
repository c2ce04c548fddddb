"""The thread for everything that only looks at the machine, so that no probe waits behind a start."""

import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal, Slot

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError

logger = logging.getLogger(__name__)

Done = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class _Probe:
    number: int
    call: Callable[[], object]


class _Prober(QObject):
    """Lives on the probe thread."""

    probed = Signal(int, object)

    @Slot(object)
    def probe(self, probe: _Probe) -> None:
        try:
            found = probe.call()
        except TunnelError as error:
            found = error.problem
        except Exception:
            logger.exception("A probe failed: an error of Portway")
            found = Problem(Code.INTERNAL)
        self.probed.emit(probe.number, found)


class ProbeThread(QObject):
    """Runs probes one after the other. Lives on the main thread."""

    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Done] = {}
        self._thread = QThread()
        self._thread.setObjectName("probes")
        self._prober = _Prober()
        self._prober.moveToThread(self._thread)
        self._asked.connect(self._prober.probe)
        self._prober.probed.connect(self._on_probed)
        self._thread.start()

    def probe(self, call: Callable[[], object], done: Done) -> None:
        """Run `call` on the thread, then `done` here with its result, or with the Problem that it ended in."""
        number = next(self._numbers)
        self._waiting[number] = done
        self._asked.emit(_Probe(number, call))

    def stop(self, deadline: QDeadlineTimer) -> bool:
        """Probe nothing more and end the thread. False if a probe still hangs at the deadline."""
        self._waiting.clear()
        self._thread.quit()
        return self._thread.wait(deadline)

    @Slot(int, object)
    def _on_probed(self, number: int, found: object) -> None:
        done = self._waiting.pop(number, None)
        if done is not None:
            done(found)
