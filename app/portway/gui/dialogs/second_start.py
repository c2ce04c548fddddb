"""What a start asks that finds a Portway without a screen: whether that one is to end, so that this one can begin."""

from PySide6.QtWidgets import QApplication, QMessageBox

from portway.gui.dialogs.question_box import QuestionBox
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.language import use_language
from portway.gui.theme.icons import window_icon
from portway.gui.theme.light_and_dark import LightAndDark
from portway.gui.widgets.buttons import Weight


class HeadlessQuestion:
    """Asked before anything else of this start is made."""

    def __init__(self) -> None:
        self.box = QuestionBox(tr("Portway is running already"))
        self.box.setText(tr("Portway is running without a screen. Ending it stops its tunnels."))
        accepts = QMessageBox.ButtonRole.AcceptRole
        self._ends = self.box.add_answer(tr("End it and start here"), accepts, Weight.DANGER)
        self.box.add_cancel(tr("Cancel"), default=True)

    def ask(self) -> bool:
        """Return whether that one is to end. Blocks until answered."""
        self.box.exec()
        return self.box.clickedButton() is self._ends


def ask_to_end_headless(application: QApplication, language: str, theme: str) -> bool:
    """Ask in this language and appearance; return whether the one without a screen is to end."""
    application.setWindowIcon(window_icon())
    use_language(language)
    look = LightAndDark(theme, application)
    try:
        return HeadlessQuestion().ask()
    finally:
        look.deleteLater()
