"""The questions around the end: what goes down with it, and what closing means where there is no tray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QMessageBox

from portway.core.backend import Backend
from portway.core.status import TunnelStatus
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.model.state_words import shown_name

if TYPE_CHECKING:
    from portway.gui.dialogs.question_box import QuestionBox

QUIT = "quit"  # names among the questions that are asked once
KEEP_RUNNING = "keep_running"


class QuitQuestion(QObject):
    """Ends the program. Asks before, where tunnels go down with it and nobody said that this is known."""

    def __init__(self, dependencies: GuiDependencies, parent: QObject) -> None:
        super().__init__(parent)
        self._dependencies = dependencies
        self._box: QuestionBox | None = None
        self._known: QCheckBox | None = None

    @Slot()
    def ask(self) -> None:
        """Ask, or end at once."""
        ending = self._ending()
        if not ending or self._dependencies.app_state.answered(QUIT):
            self._dependencies.hub.quit()
            return
        if self._box is None:
            self._box = self._make()
        self._box.setText(tr("%n tunnels are up. Quitting stops them.", "", len(ending)))
        staying = self._staying()
        names = ", ".join(shown_name(self._status(backend)) for backend in staying)
        self._box.setInformativeText(tr("Stays up: {services}", services=names) if staying else "")
        self._box.raise_up()

    def _make(self) -> QuestionBox:
        from portway.gui.dialogs.question_box import QuestionBox  # late: it brings all styled buttons
        from portway.gui.widgets.buttons import Weight

        box = QuestionBox(tr("Quit Portway?"))
        box.add_answer(tr("Quit"), QMessageBox.ButtonRole.AcceptRole, Weight.SOLID, default=True)
        box.add_cancel(tr("Cancel"))
        self._known = QCheckBox(tr("Do not ask again"))
        box.setCheckBox(self._known)
        box.accepted.connect(self._on_accepted)
        return box

    @Slot()
    def _on_accepted(self) -> None:
        if self._known is not None and self._known.isChecked():
            self._dependencies.app_state.remember_answer(QUIT)
        self._dependencies.hub.quit()

    def _ending(self) -> tuple[Backend, ...]:
        return tuple(backend for backend in self._up() if not self._stays(backend))

    def _staying(self) -> tuple[Backend, ...]:
        return tuple(backend for backend in self._up() if self._stays(backend))

    def _up(self) -> tuple[Backend, ...]:
        return tuple(backend for backend in self._dependencies.hub.tunnels if self._status(backend).active)

    def _stays(self, backend: Backend) -> bool:
        keep_up = self._dependencies.hub.settings.general.keep_up
        return keep_up and backend.can_stay and self._status(backend).running

    def _status(self, backend: Backend) -> TunnelStatus:
        return self._dependencies.hub.status(backend.id)


class CloseQuestion(QObject):
    """What closing the window means where no tray would remain."""

    kept = Signal()  # go on without a window

    def __init__(self, dependencies: GuiDependencies, parent: QObject) -> None:
        super().__init__(parent)
        self._dependencies = dependencies
        self._box: QuestionBox | None = None

    def ask(self) -> None:
        """Ask once; `kept` comes at once where it was answered."""
        if self._dependencies.app_state.answered(KEEP_RUNNING):
            self.kept.emit()
            return
        if self._box is None:
            self._box = self._make()
        self._box.raise_up()

    def _make(self) -> QuestionBox:
        from portway.gui.dialogs.question_box import QuestionBox  # late: it brings all styled buttons
        from portway.gui.widgets.buttons import Weight

        box = QuestionBox(tr("Close Portway?"))
        box.setText(tr("This desktop shows no tray icon, so only this window shows what is open."))
        box.setInformativeText(tr("You can open it again from the applications menu."))
        # Neither role is one of refusing, so that Esc does nothing: the person has to choose.
        roles = QMessageBox.ButtonRole
        keeps = box.add_answer(tr("Keep running"), roles.AcceptRole, Weight.SOLID, default=True)
        quits = box.add_answer(tr("Stop tunnels and quit"), roles.DestructiveRole, Weight.DESTRUCTIVE)
        keeps.clicked.connect(self._on_kept)
        quits.clicked.connect(self._on_quit)
        return box

    @Slot()
    def _on_kept(self) -> None:
        self._dependencies.app_state.remember_answer(KEEP_RUNNING)
        self.kept.emit()

    @Slot()
    def _on_quit(self) -> None:
        self._dependencies.hub.quit()
