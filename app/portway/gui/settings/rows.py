"""What settings pages are built of: groups, cards of rows, and rows with a label, a help text and a control."""

from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from portway.gui.theme.look import BETWEEN_BUTTONS, BETWEEN_CARDS, COMPACT_CARD
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button
from portway.gui.widgets.labels import Text
from portway.gui.widgets.state_line import StateLine
from portway.gui.widgets.surfaces import CardGround, Ground, Hairline

_HELP = 0.92


class SettingRow(QWidget):
    """Label and help left, controls right; below them where it is narrow. A refusal stands under the help."""

    def __init__(
        self, label: str, help_text: str = "", *controls: QWidget, wide: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.label = Text(label)
        self.help = Text(help_text, tone=Tone.MUTED, size=_HELP)
        self.help.setVisible(bool(help_text))
        self.state = StateLine()
        self.state.hide()
        self.refusal = Text(tone=Tone.BAD, size=_HELP)
        self.refusal.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        self._words = words
        words.addStretch(1)  # an alignment would take the height for the width away
        for text in (self.label, self.help, self.state, self.refusal):
            words.addWidget(text)
        self._controls = QHBoxLayout()
        self._controls.setSpacing(BETWEEN_BUTTONS)
        for control in controls:
            self._controls.addWidget(control)
        self._wide = wide or len(controls) > 1
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(16, 10, 16, 10)
        self._box.setSpacing(16)
        self._box.addLayout(words, 1)
        self._box.addLayout(self._controls, 0)
        words.addStretch(1)
        self.setMinimumHeight(50)

    def add_below(self, widget: QWidget) -> None:
        """Put a control that needs the whole width below the words."""
        place = self._words.count() - 1  # before the stretch
        self._words.insertSpacing(place, 6)
        self._words.insertWidget(place + 1, widget)

    def show_help(self, text: str) -> None:
        """Change the help text."""
        self.help.setText(text)
        self.help.setVisible(bool(text))

    def show_state(self, glyph: str, tone: Tone, word: str, detail: str = "") -> None:
        """Show a state below the label."""
        self.state.show_state(glyph, tone, word, detail)
        self.state.show()

    def show_refusal(self, text: str) -> None:
        """Say why a value was not taken; nothing takes it back."""
        self.refusal.setText(text)
        self.refusal.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        below = self._wide and self.width() < COMPACT_CARD
        self._box.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)
        self._box.setSpacing(8 if below else 16)


class Group(QWidget):
    """A title, and a card of rows with hairlines between them."""

    def __init__(self, title: str, *rows: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        if title:
            column.addWidget(Text(title, weight=QFont.Weight.DemiBold))
        card = CardGround(title)
        self._rows = QVBoxLayout(card)
        self._rows.setContentsMargins(0, 4, 0, 4)
        self._rows.setSpacing(0)
        column.addWidget(card)
        for row in rows:
            self.add(row)

    def add(self, row: QWidget) -> QWidget:
        """Put a row at the end; return what to hide in order to hide it, line and all."""
        if not self._rows.count():
            self._rows.addWidget(row)
            return row
        both = QWidget()
        lines = QVBoxLayout(both)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(Hairline())
        lines.addWidget(row)
        self._rows.addWidget(both)
        return both


class Note(Ground):
    """A sentence above the groups, with a button where something has to be done for it to hold."""

    def __init__(self, button: str = "", tone: Tone = Tone.BUSY, parent: QWidget | None = None) -> None:
        super().__init__(parent, tone)
        self.text = Text()
        self.button = Button(button)
        self.button.setVisible(bool(button))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(BETWEEN_CARDS)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)

    def say(self, text: str) -> None:
        """Show it with this sentence; with none it is hidden."""
        self.text.setText(text)
        self.setVisible(bool(text))
