"""The one sentence before the first internet exposure: asked once, wherever the click came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox

from portway.core.status import Reach, TunnelStatus
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.model.guard_sentence import exposure_sentence
from portway.system.storage.app_state import AppState

if TYPE_CHECKING:
    from portway.gui.dialogs.question_box import QuestionBox

_QUESTION = "internet_exposure"


def needs_consent(app_state: AppState, status: TunnelStatus) -> bool:
    """Whether turning it on opens this computer to the internet for the first time."""
    return status.reach is Reach.INTERNET and not status.wanted and not app_state.answered(_QUESTION)


def agree(app_state: AppState) -> None:
    """Never ask again."""
    app_state.remember_answer(_QUESTION)


class ConsentQuestion(QObject):
    """Asks in a window of its own, for a click in the tray. Main thread."""

    agreed = Signal(str)  # tunnel
    protection_asked = Signal(str)  # tunnel: nothing is open, and who may open it is to be said first

    def __init__(self, app_state: AppState, parent: QObject) -> None:
        super().__init__(parent)
        self._app_state = app_state
        self._tunnel = ""
        self._box: QuestionBox | None = None

    def ask(self, status: TunnelStatus) -> None:
        """Ask, and tell `agreed` if the answer is yes."""
        self._tunnel = status.id
        if self._box is None:
            self._box = self._make()
        self._box.setText(exposure_sentence(status))
        self._box.raise_up()

    def _make(self) -> QuestionBox:
        from portway.gui.dialogs.question_box import QuestionBox  # late: it brings all styled buttons
        from portway.gui.widgets.buttons import Weight

        box = QuestionBox(tr("Go public?"))
        box.add_answer(tr("Go public"), QMessageBox.ButtonRole.AcceptRole, Weight.SOLID)
        box.add_answer(tr("Protect…"), QMessageBox.ButtonRole.ActionRole).clicked.connect(self._on_protect)
        box.add_cancel(tr("Cancel"), default=True)
        box.accepted.connect(self._on_accepted)
        return box

    @Slot()
    def _on_accepted(self) -> None:
        agree(self._app_state)
        self.agreed.emit(self._tunnel)

    @Slot()
    def _on_protect(self) -> None:
        self.protection_asked.emit(self._tunnel)
