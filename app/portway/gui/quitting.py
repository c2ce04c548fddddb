"""The questions around the end: what goes down with it, and what closing means where there is no tray."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QMessageBox

from portway.core.backend import Backend
from portway.core.status import Phase, TunnelStatus
from portway.gui.parts import Parts
from portway.gui.words import counted, tr

QUIT = "quit"  # names among the questions that are asked once
KEEP_RUNNING = "keep_running"
_ACTIVE = (Phase.STARTING, Phase.RUNNING)


class QuitQuestion(QObject):
    """Ends the program. Asks before, where tunnels go down with it and nobody said that this is known."""

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._box: QMessageBox | None = None
        self._known: QCheckBox | None = None

    @Slot()
    def ask(self) -> None:
        """Ask, or end at once."""
        ending = self._ending()
        if not ending or self._parts.app_state.answered(QUIT):
            self._parts.hub.quit()
            return
        if self._box is None:
            self._box = self._make()
        self._box.setText(counted(len(ending), tr("{count} tunnel is up. Quitting stops it."),
                                  tr("{count} tunnels are up. Quitting stops them.")))  # fmt: skip
        staying = self._staying()
        names = ", ".join(tr(backend.title) for backend in staying)
        self._box.setInformativeText(tr("Stays up: {services}", services=names) if staying else "")
        _raise(self._box)

    def _make(self) -> QMessageBox:
        box = _question(tr("Quit Portway?"))
        quits = box.addButton(tr("Quit"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(quits)
        self._known = QCheckBox(tr("Do not ask again"))
        self._known.setChecked(True)
        box.setCheckBox(self._known)
        box.accepted.connect(self._on_accepted)
        return box

    @Slot()
    def _on_accepted(self) -> None:
        if self._known is not None and self._known.isChecked():
            self._parts.app_state.remember_answer(QUIT)
        self._parts.hub.quit()

    def _ending(self) -> tuple[Backend, ...]:
        return tuple(backend for backend in self._up() if not self._stays(backend))

    def _staying(self) -> tuple[Backend, ...]:
        return tuple(backend for backend in self._up() if self._stays(backend))

    def _up(self) -> tuple[Backend, ...]:
        return tuple(backend for backend in self._parts.hub.backends if self._status(backend).phase in _ACTIVE)

    def _stays(self, backend: Backend) -> bool:
        keep_up = self._parts.hub.settings.general.keep_up
        return keep_up and backend.can_stay and self._status(backend).running

    def _status(self, backend: Backend) -> TunnelStatus:
        return self._parts.hub.status(backend.id)


class CloseQuestion(QObject):
    """What closing the window means where no tray would remain."""

    kept = Signal()  # go on without a window

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._box: QMessageBox | None = None

    def ask(self) -> None:
        """Ask once; `kept` comes at once where it was answered."""
        if self._parts.app_state.answered(KEEP_RUNNING):
            self.kept.emit()
            return
        if self._box is None:
            self._box = self._make()
        _raise(self._box)

    def _make(self) -> QMessageBox:
        box = _question(tr("Close Portway?"))
        box.setText(tr("This desktop shows no tray icon, so only this window shows what is exposed."))
        box.setInformativeText(tr("You can open it again from the applications menu."))
        # Neither role is one of refusing, so that Esc does nothing: the person has to choose.
        keeps = box.addButton(tr("Keep running"), QMessageBox.ButtonRole.AcceptRole)
        quits = box.addButton(tr("Stop tunnels and quit"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(keeps)
        keeps.clicked.connect(self._on_kept)
        quits.clicked.connect(self._on_quit)
        return box

    @Slot()
    def _on_kept(self) -> None:
        self._parts.app_state.remember_answer(KEEP_RUNNING)
        self.kept.emit()

    @Slot()
    def _on_quit(self) -> None:
        self._parts.hub.quit()


def _question(title: str) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.Question, title, "")
    box.setTextFormat(Qt.TextFormat.PlainText)
    return box


def _raise(box: QMessageBox) -> None:
    box.show()
    box.raise_()
    box.activateWindow()
