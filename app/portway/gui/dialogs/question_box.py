"""A question in a window of its own, with our buttons in it, in the order that the system has for them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from portway.gui.widgets.buttons import Button, Weight

_Role = QMessageBox.ButtonRole


class QuestionBox(QMessageBox):
    """Plain texts. Enter gives the answer that was added as `default`."""

    def __init__(self, title: str, icon: QMessageBox.Icon = QMessageBox.Icon.Question) -> None:
        super().__init__(icon, title, "")
        self.setTextFormat(Qt.TextFormat.PlainText)

    def add_answer(
        self, text: str, role: QMessageBox.ButtonRole, weight: Weight = Weight.PLAIN, *, default: bool = False
    ) -> Button:
        """Add one more answer."""
        button = Button(text, weight=weight, parent=self)  # else nobody would own it
        self.addButton(button, role)
        if default:
            self.setDefaultButton(button)
        return button

    def add_cancel(self, text: str, *, default: bool = False) -> Button:
        """Add the answer that changes nothing; Esc gives it, too."""
        return self.add_answer(text, _Role.RejectRole, default=default)

    def raise_up(self) -> None:
        """Show it in front of everything else."""
        self.show()
        self.raise_()
        self.activateWindow()
