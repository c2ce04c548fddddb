"""Asks whether a program may open what it wants to: one question at a time, in a window of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox

from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.model.opening_words import opening_text, opening_title
from portway.runtime.consents import Consents, Question

if TYPE_CHECKING:
    from portway.gui.dialogs.question_box import QuestionBox


class CallerQuestions(QObject):
    """Lives on the main thread, and shows the oldest open question."""

    def __init__(self, consents: Consents, parent: QObject) -> None:
        super().__init__(parent)
        self._consents = consents
        self._shown: Question | None = None
        self._box: QuestionBox | None = None
        consents.asked.connect(self._on_changed)
        consents.over.connect(self._on_changed)

    def close(self) -> None:
        """Put it away; what was asked stays open."""
        self._shown = None
        box, self._box = self._box, None
        if box is not None:
            box.hide()
            box.deleteLater()

    @Slot()
    def show_again(self) -> None:
        """Bring the open question to the front, if there is one."""
        if self._box is not None:
            self._box.raise_up()

    @Slot(object)
    def _on_changed(self, _question: Question) -> None:
        """Show the oldest one. In a box of its own: another question has not been read yet."""
        oldest = next(iter(self._consents.waiting), None)
        if oldest == self._shown:
            return
        self.close()
        if oldest is not None:
            self._shown, self._box = oldest, self._made(oldest)
            self._box.raise_up()

    def _made(self, question: Question) -> QuestionBox:
        from portway.gui.dialogs.question_box import QuestionBox  # late: it brings all styled buttons
        from portway.gui.widgets.buttons import Weight

        title = opening_title(question.opening)
        box = QuestionBox(title)
        box.setText(title)
        box.setInformativeText(opening_text(question.opening))
        box.add_answer(tr("Allow"), QMessageBox.ButtonRole.AcceptRole, Weight.TONAL)
        # Whoever is typing when it appears allows nothing by Enter.
        box.add_cancel(tr("Don't allow"), default=True)
        box.accepted.connect(self._on_accepted)
        box.rejected.connect(self._on_rejected)
        return box

    @Slot()
    def _on_accepted(self) -> None:
        self._answer(allowed=True)

    @Slot()
    def _on_rejected(self) -> None:
        self._answer(allowed=False)

    def _answer(self, *, allowed: bool) -> None:
        if self._shown is not None:
            self._consents.answer(self._shown.number, allowed=allowed)
