"""The thread of one backend's worker, as the main thread sees it: asks by signals, hears by `news`."""

from __future__ import annotations

from PySide6.QtCore import QObject, QThread, Signal

from portway.core.backend import Backend
from portway.core.timing import Timing
from portway.runtime.run import News
from portway.runtime.worker import BackendWorker


class WorkerThread(QObject):
    """Lives on the main thread. Each signal calls the slot of the same meaning, in order, on the worker's thread."""

    open_asked = Signal(object)  # Run
    close_asked = Signal(object)  # Run
    clear_asked = Signal(object)  # Run
    reclaim_asked = Signal(object)  # Run
    retarget_asked = Signal(int, object)  # run number, Target
    finish_asked = Signal(bool)  # whether to leave the session up

    def __init__(self, backend: Backend, timing: Timing, parent: QObject) -> None:
        super().__init__(parent)
        self.news = News(self)
        self.thread_of_worker = QThread()
        self.thread_of_worker.setObjectName(backend.id)
        self._worker = BackendWorker(backend, timing, self.news)
        self._worker.moveToThread(self.thread_of_worker)
        self.open_asked.connect(self._worker.open)
        self.close_asked.connect(self._worker.close)
        self.clear_asked.connect(self._worker.clear)
        self.reclaim_asked.connect(self._worker.reclaim)
        self.retarget_asked.connect(self._worker.retarget)
        self.finish_asked.connect(self._worker.finish)
        self.thread_of_worker.start()

    def finish(self, *, leave: bool) -> QThread:
        """Close or leave the session after all that was asked before; the returned thread ends after that."""
        self.finish_asked.emit(leave)
        return self.thread_of_worker
