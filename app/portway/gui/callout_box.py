"""The tinted box in a card that says what is needed, with the buttons that go on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QVBoxLayout, QWidget

from portway.core.secret import Secret
from portway.gui.buttons import Button, LinkButton
from portway.gui.card_view import Act, Callout, Way
from portway.gui.labels import Text
from portway.gui.look import BETWEEN_BUTTONS, CONTROL, IN_CARD
from portway.gui.surfaces import Ground
from portway.gui.url_block import Room

_LINKS, _BUTTONS = 2, 3  # no callout has more


class CalloutBox(Ground):
    """Shows one Callout. Its controls are made once and renamed, so that the focus stays where it is."""

    chosen = Signal(object)  # Way

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = Room.ONE_ROW
        self._link_ways: list[Way] = []
        self._ways: list[Way] = []
        self._text = Text()
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
        for link in self._links:
            link.clicked.connect(self._on_link)
            self._row.addWidget(link)
        for button in self._buttons:
            button.clicked.connect(self._on_button)
            self._row.addWidget(button)

    def show_callout(self, callout: Callout) -> None:
        """Show it; the last way that is no link is the primary button."""
        self.set_ink(callout.ink)
        if self._text.text() != callout.sentence:
            self._text.setText(callout.sentence)
        self._link_ways = [way for way in callout.ways if way.link]
        for index, link in enumerate(self._links):
            self._show_link(link, index)
        self._show_field(callout.field)
        self._ways = [way for way in callout.ways if not way.link]
        for index, button in enumerate(self._buttons):
            self._show_way(button, index)
        self._arrange()

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes back what is being entered before it hides the window."""
        cancel = next((way for way in self._ways if way.act is Act.CANCEL), None)
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
        shown = index < len(self._link_ways)
        label = self._link_ways[index].label if shown else ""
        if link.text() != label:
            link.setText(label)
            link.setAccessibleName(label)
            link.updateGeometry()
        link.setVisible(shown)

    def _show_way(self, button: Button, index: int) -> None:
        shown = index < len(self._ways)
        if shown:
            label = self._ways[index].label
            if button.text() != label:
                button.setText(label)
                button.setAccessibleName(label)
            button.setDefault(index == len(self._ways) - 1)
        button.setVisible(shown)

    def _arrange(self) -> None:
        """Beside the sentence, under it on the right, or each as wide as the card, the primary one first."""
        compact = self._room is Room.COMPACT
        beside = self._room is Room.ONE_ROW and not self.field.isVisibleTo(self)
        self._outer.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )  # fmt: skip
        self._outer.setSpacing(IN_CARD if beside else 8)
        self._row.setDirection(
            QBoxLayout.Direction.BottomToTop if compact else QBoxLayout.Direction.LeftToRight
        )  # fmt: skip
        has_row = bool(self._link_ways or self._ways)
        self._row.setContentsMargins(0, 0, 4 if compact and has_row else 0, 0)
        stretch = self._row.itemAt(0)
        if not beside and not compact:
            if stretch is None or stretch.spacerItem() is None:
                self._row.insertStretch(0, 1)
        elif stretch is not None and stretch.spacerItem() is not None:
            self._row.takeAt(0)

    @Slot()
    def _on_button(self) -> None:
        button = self.sender()
        if isinstance(button, Button) and button in self._buttons:
            self.chosen.emit(self._ways[self._buttons.index(button)])

    @Slot()
    def _on_link(self) -> None:
        link = self.sender()
        if isinstance(link, LinkButton) and link in self._links:
            self.chosen.emit(self._link_ways[self._links.index(link)])

    @Slot()
    def _on_entered(self) -> None:
        if self._ways:
            self.chosen.emit(self._ways[-1])
