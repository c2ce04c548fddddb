"""What a person has to agree to before a command runs foreign code as administrator: shown, and cleared away."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from portway.core.backend import Fetched
from portway.gui.dialogs.remembered_password import RememberedPassword
from portway.gui.dialogs.run_dialog import RunDialog


class RunQuestion(QObject):
    """Owns what was fetched until it has run, or nobody wants it. Lives on the main thread."""

    agreed = Signal(object)  # Secret, empty where no password was asked for
    declined = Signal()

    def __init__(self, remembered: RememberedPassword, parent: QObject) -> None:
        super().__init__(parent)
        self._remembered = remembered
        self._fetched: Fetched | None = None
        self._dialog: RunDialog | None = None

    @property
    def fetched(self) -> Fetched | None:
        """What the question is about, while there is one."""
        return self._fetched

    @property
    def is_open(self) -> bool:
        """Whether the person is looking at it."""
        return self._dialog is not None

    def ask(self, fetched: Fetched, label: str) -> None:
        """Show it; `label` is on the button that lets it run."""
        self.end()
        self._fetched = fetched
        self.destroyed.connect(partial(fetched.remove))
        self._dialog = RunDialog(fetched, label, self._host())
        self._dialog.agreed.connect(self._on_agreed)
        self._dialog.rejected.connect(self._on_declined)
        self._dialog.open()

    def ask_for_password(self, words: str) -> None:
        """Say why it did not run yet, and take a password."""
        if self._dialog is not None:
            self._dialog.ask_for_password(words, remember=self._remembered.wanted)
            self._dialog.open()

    def close(self) -> None:
        """Put the dialog away: it runs."""
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.hide()
            dialog.deleteLater()

    def end(self) -> None:
        """Put all of it away. Idempotent."""
        self.close()
        fetched, self._fetched = self._fetched, None
        if fetched is not None:
            fetched.remove()

    def _host(self) -> QWidget | None:
        parent = self.parent()
        while parent is not None and not isinstance(parent, QWidget):
            parent = parent.parent()
        return parent

    @Slot()
    def _on_agreed(self) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        password = dialog.take_password()
        if password:
            self._remembered.want(wanted=dialog.remembers)
        dialog.wait()
        self.agreed.emit(password)

    @Slot()
    def _on_declined(self) -> None:
        self.declined.emit()
