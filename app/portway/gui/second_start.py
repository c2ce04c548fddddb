"""What a start asks that finds a Portway without a screen: whether that one is to end, so that this one can begin."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from portway.gui.icons import window_icon
from portway.gui.language import use_language
from portway.gui.light_and_dark import LightAndDark
from portway.gui.words import tr


class HeadlessQuestion:
    """Asked before anything else of this start is made."""

    def __init__(self) -> None:
        self.box = QMessageBox(QMessageBox.Icon.Question, tr("Portway is running already"), "")
        self.box.setTextFormat(Qt.TextFormat.PlainText)
        self.box.setText(tr("Portway is running without a screen. Ending it stops its tunnels."))
        self._ends = self.box.addButton(tr("End it and start here"), QMessageBox.ButtonRole.AcceptRole)
        self.box.setDefaultButton(self.box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole))

    def ask(self) -> bool:
        """Return whether that one is to end. Blocks until answered."""
        self.box.exec()
        return self.box.clickedButton() is self._ends


def ask_to_end_headless(application: QApplication, language: str) -> bool:
    """Ask in this language, dressed as the desktop is; whether the one without a screen is to end."""
    application.setWindowIcon(window_icon())
    use_language(language)
    look = LightAndDark(application)
    try:
        return HeadlessQuestion().ask()
    finally:
        look.deleteLater()
