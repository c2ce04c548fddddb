"""The one question before the first internet exposure, for a click in the tray."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QMessageBox

from portway.core.status import TunnelStatus
from portway.gui.consent import agree
from portway.gui.words import tr
from portway.system.app_state import AppState


class ConsentQuestion(QObject):
    """Asks in a window of its own. Main thread."""

    agreed = Signal(str)  # backend

    def __init__(self, app_state: AppState, parent: QObject) -> None:
        super().__init__(parent)
        self._app_state = app_state
        self._backend = ""
        self._box: QMessageBox | None = None

    def ask(self, status: TunnelStatus) -> None:
        """Ask, and tell `agreed` if the answer is yes."""
        self._backend = status.backend
        if self._box is None:
            self._box = self._make()
        self._box.setText(tr("Anyone with the link reaches {target}.", target=status.target_url))
        self._box.show()
        self._box.raise_()
        self._box.activateWindow()

    def _make(self) -> QMessageBox:
        box = QMessageBox(QMessageBox.Icon.Question, tr("Go public?"), "")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.addButton(tr("Go public"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole))
        box.accepted.connect(self._on_accepted)
        return box

    @Slot()
    def _on_accepted(self) -> None:
        agree(self._app_state)
        self.agreed.emit(self._backend)
