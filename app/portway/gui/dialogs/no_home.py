"""What a start asks that finds no place for its files: whether to try again, or to leave it."""

from PySide6.QtWidgets import QApplication, QMessageBox

from portway.core.errors import Problem
from portway.core.settings import General
from portway.gui.dialogs.question_box import QuestionBox
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.language import use_language
from portway.gui.i18n.words import sentence
from portway.gui.theme.icons import window_icon
from portway.gui.theme.light_and_dark import LightAndDark


class NoHomeQuestion:
    """Asked before anything else of this start is made."""

    def __init__(self, problem: Problem) -> None:
        self.box = QuestionBox(tr("Portway cannot start"), QMessageBox.Icon.Critical)
        self.box.setText(sentence(problem))
        self._again = self.box.add_answer(tr("Try again"), QMessageBox.ButtonRole.AcceptRole)
        self.box.add_cancel(tr("Quit"), default=True)

    def ask(self) -> bool:
        """Return whether to try again. Blocks until answered."""
        self.box.exec()
        return self.box.clickedButton() is self._again


def ask_to_try_again(application: QApplication, problem: Problem) -> bool:
    """Ask in the language and the appearance of the desktop: no setting can be read."""
    application.setWindowIcon(window_icon())
    use_language("")
    look = LightAndDark(General().theme, application)
    try:
        return NoHomeQuestion(problem).ask()
    finally:
        look.deleteLater()
