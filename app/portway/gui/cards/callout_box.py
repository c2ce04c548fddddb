"""The tinted box in a card that says what is needed, with the buttons that go on."""

import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QVBoxLayout, QWidget

from portway.core.secret import Secret
from portway.gui.cards.link import Room
from portway.gui.i18n.contexts import cards as tr
from portway.gui.model.card_view import Act, Action, Callout
from portway.gui.theme.look import BETWEEN_BUTTONS, CONTROL, IN_CARD
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, LinkButton, Weight
from portway.gui.widgets.labels import Text
from portway.gui.widgets.surfaces import Ground

_LINKS, _BUTTONS = 2, 3  # no callout has more
_LONG_WORD = re.compile(r"\S{49,}")
_MAY_BREAK = "\u200b"  # a blank without width
_MOST_BESIDE = 0.66  # of the width: the sentence needs the rest


def breakable(sentence: str) -> str:
    """Let a fingerprint, or what is as long, go on in the next line where one is too short: it has to be read whole."""
    return _LONG_WORD.sub(lambda word: _MAY_BREAK.join(re.findall(r".{1,10}", word[0])), sentence)


class CalloutBox(Ground):
    """Shows one Callout. Its controls are made once and renamed, so that the focus stays where it is."""

    chosen = Signal(object)  # Way

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        """`title` is what it stands for among others, for those who listen."""
        super().__init__(parent)
        self._room = Room.ONE_ROW
        self._stacked = self._beside = False  # each button has a line of its own; they are beside the sentence
        self._asks = False
        self._link_actions: list[Action] = []
        self._actions: list[Action] = []
        self._text = Text()
        self._code = ""
        self._title = title
        self.help = LinkButton("")  # named once there is something to explain
        self.help.clicked.connect(self._on_help)
        self._links = [LinkButton("", leaves=True) for _ in range(_LINKS)]
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMinimumHeight(CONTROL)
        self.field.returnPressed.connect(self._on_entered)
        self._buttons = [Button("") for _ in range(_BUTTONS)]
        self._outer = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._outer.setContentsMargins(12, 10, 8, 10)
        self._outer.setSpacing(IN_CARD)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._text)
        words.addWidget(self.field)
        self._outer.addLayout(words, 1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(BETWEEN_BUTTONS)
        self._outer.addLayout(self._row)
        self._row.addWidget(self.help)
        for link in self._links:
            link.clicked.connect(self._on_link)
            self._row.addWidget(link)
        for button in self._buttons:
            button.clicked.connect(self._on_button)
            self._row.addWidget(button)

    def show_callout(self, callout: Callout) -> None:
        """Show it; the last way that is no link is the solid button."""
        self.set_tone(callout.tone)
        self._asks = callout.tone is not Tone.MUTED  # a grey one offers; no button of it is the solid one
        words = breakable(callout.sentence)
        if self._text.text() != words:
            self._text.setText(words)
            self._text.setAccessibleName(callout.sentence)
        self._code = callout.code
        if callout.code and not self.help.text():
            self.help.setText(tr("Help"))
            self.help.setAccessibleName(tr("Help with {title}", title=self._title) if self._title else tr("Help"))
        self.help.setVisible(bool(callout.code))
        self._link_actions = [action for action in callout.actions if action.link]
        for index, link in enumerate(self._links):
            self._show_link(link, index)
        self._show_field(callout.field)
        self._actions = [action for action in callout.actions if not action.link]
        for index, button in enumerate(self._buttons):
            self._show_action(button, index)
        self._arrange()

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the keyboard goes through, in its order."""
        return (self.field, self.help, *self._links, *self._buttons)

    def take_secret(self) -> Secret:
        """Return what was typed, and forget it here."""
        secret = Secret(self.field.text())
        self.field.clear()
        return secret

    def set_room(self, room: Room) -> None:
        """Arrange it for the width that there is."""
        if room is not self._room:
            self._room = room
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wanted() != (self._stacked, self._beside):
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes back what is being entered before it hides the window."""
        cancel = next((action for action in self._actions if action.act is Act.CANCEL), None)
        if event.key() == Qt.Key.Key_Escape and self.field.isVisible() and cancel is not None:
            self.chosen.emit(cancel)
            return
        super().keyPressEvent(event)

    def _show_field(self, label: str) -> None:
        if not label:
            self.field.clear()
        elif self.field.isHidden():
            self.field.setFocus()
        self.field.setVisible(bool(label))
        self.field.setAccessibleName(label)
        self.field.setPlaceholderText(label)

    def _show_link(self, link: LinkButton, index: int) -> None:
        shown = index < len(self._link_actions)
        label = self._link_actions[index].label if shown else ""
        if link.text() != label:
            link.setText(label)
            link.setAccessibleName(label)
            link.updateGeometry()
        link.setVisible(shown)

    def _show_action(self, button: Button, index: int) -> None:
        shown = index < len(self._actions)
        if shown:
            label = self._actions[index].label
            if button.text() != label:
                button.setText(label)
                button.setAccessibleName(label)
            asked = self._asks and index == len(self._actions) - 1
            button.set_weight(Weight.SOLID if asked else Weight.PLAIN)
        button.setVisible(shown)

    def _arrange(self) -> None:
        """Beside the sentence, under it on the right, or each as wide as the card, the primary one first."""
        compact, beside = self._stacked, self._beside = self._wanted()
        self._outer.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._outer.setSpacing(IN_CARD if beside else 8)
        self._row.setDirection(QBoxLayout.Direction.BottomToTop if compact else QBoxLayout.Direction.LeftToRight)
        has_row = bool(self._link_actions or self._actions or self._code)
        self._row.setContentsMargins(0, 0, 4 if compact and has_row else 0, 0)
        stretch = self._row.itemAt(0)
        if not beside and not compact:
            if stretch is None or stretch.spacerItem() is None:
                self._row.insertStretch(0, 1)
        elif stretch is not None and stretch.spacerItem() is not None:
            self._row.takeAt(0)

    def _wanted(self) -> tuple[bool, bool]:
        """Whether each button needs a line of its own, and whether all have room beside the sentence."""
        compact = self._room is Room.COMPACT or not self._row_fits(1)
        beside = self._room is Room.ONE_ROW and self._row_fits(_MOST_BESIDE) and not self.field.isVisibleTo(self)
        return (
            compact,
            beside and not compact and self._longest_word() <= self.width() - self._row_width() - 4 * IN_CARD,
        )

    def _row_fits(self, share: float) -> bool:
        """Whether all buttons have room on one line, which has this share of the width."""
        return self._row_width() <= (self.width() - 12) * share

    def _row_width(self) -> int:
        shown = [one for one in (self.help, *self._links, *self._buttons) if not one.isHidden()]
        return sum(one.sizeHint().width() + BETWEEN_BUTTONS for one in shown)

    def _longest_word(self) -> int:
        """Return how wide the sentence is at least: a fingerprint, or an address, is never taken apart."""
        metrics = self._text.fontMetrics()
        return max(map(metrics.horizontalAdvance, self._text.text().split()), default=0)

    @Slot()
    def _on_button(self) -> None:
        button = self.sender()
        if isinstance(button, Button) and button in self._buttons:
            self.chosen.emit(self._actions[self._buttons.index(button)])

    @Slot()
    def _on_help(self) -> None:
        self.chosen.emit(Action(Act.HELP, self.help.text(), self._code))

    @Slot()
    def _on_link(self) -> None:
        link = self.sender()
        if isinstance(link, LinkButton) and link in self._links:
            self.chosen.emit(self._link_actions[self._links.index(link)])

    @Slot()
    def _on_entered(self) -> None:
        if self._actions:
            self.chosen.emit(self._actions[-1])
