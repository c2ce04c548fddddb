"""The line above the list: what is not in it and why, and what came of the last thing that was done."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from portway.gui.i18n.contexts import requests as tr
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import LinkButton
from portway.gui.widgets.labels import Text

_SAID_FOR = 8000  # milliseconds


class Notice(QWidget):
    """Hidden while there is nothing to say."""

    record_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told, self._told_badly = "", False
        self._known = ""
        self.text = Text(size=0.95)
        self.record = LinkButton(tr("Record its requests"))
        self.record.clicked.connect(self.record_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        row.addWidget(self.record)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(_SAID_FOR)
        self._forget.timeout.connect(self._on_told)
        self._show()

    def show_state(self, *, paused: bool, dropped: int, unrecorded: list[str], can_record: bool) -> None:
        """Show what is not in the list: `unrecorded` are names of tunnels, of which at least one could be."""
        said = []
        if paused:
            said.append(tr("Paused: the list stands still. What comes now is shown when you go on."))
        if dropped:
            said.append(tr("%n older ones were dropped.", "", dropped))
        if unrecorded:
            said.append(tr("Not recorded: {names}.", names=", ".join(unrecorded)))
        self._known = " ".join(said)
        self.record.setVisible(can_record)
        self._show()

    def tell(self, text: str, *, bad: bool = False) -> None:
        """Say what came of something, for a while."""
        self._told, self._told_badly = text, bad
        self._forget.start()
        self._show()

    def _show(self) -> None:
        self.text.setText(" ".join(filter(None, (self._told, self._known))))
        self.text.set_tone(Tone.WARN if self._known or self._told_badly else Tone.MUTED)
        self.setVisible(bool(self.text.text()))

    @Slot()
    def _on_told(self) -> None:
        self._told, self._told_badly = "", False
        self._show()
