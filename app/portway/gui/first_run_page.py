"""The first page that a new person sees: what Portway does, of what, and the ways with what each costs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from portway.core.backend import Backend
from portway.core.status import Phase
from portway.gui.autostart_entry import turn_autostart
from portway.gui.buttons import Button, LinkButton
from portway.gui.callout_rules import token_option
from portway.gui.card_rules import installs_by_itself
from portway.gui.labels import Line, Text
from portway.gui.look import IN_CARD, Ink
from portway.gui.mark import AppMark
from portway.gui.page import Page
from portway.gui.parts import Parts
from portway.gui.state_line import Tile
from portway.gui.state_words import about
from portway.gui.surfaces import CardGround, Hairline
from portway.gui.target_box import TargetBox
from portway.gui.words import tr
from portway.system.autostart import AutostartState

_WIDEST = 560
_MOST_PORTS = 5


class FirstRunPage(Page):
    """Nothing is exposed until a button is pressed; that, or Skip, leads to the cards."""

    page_asked = Signal(str)
    card_asked = Signal(str, bool)  # backend; whether to turn it on there

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(tr("Welcome"), parent, widest=_WIDEST)
        self._parts = parts
        self.column.setSpacing(8)
        self.column.addWidget(AppMark())
        self.column.addSpacing(8)
        self.column.addWidget(Text(tr("Open your local server to others"), size=1.9, weight=QFont.Weight.DemiBold))
        words = tr(
            "Portway gives a server on this computer an address: for this network, or for everyone who has the link. "
            "Nothing is exposed until you press a button."
        )
        self.column.addWidget(Text(words, ink=Ink.MUTED))
        self.column.addSpacing(8)
        self.column.addWidget(_step("1", tr("Your local server")))
        self.target = TargetBox(parts, labelled=False)
        self.target.finder.found.connect(self._on_found)
        self.column.addWidget(self.target)
        self._ports = QHBoxLayout()
        self._ports.setSpacing(4)
        self._ports.setContentsMargins(0, 0, 0, 0)
        self.column.addLayout(self._ports)
        self.column.addSpacing(8)
        self.column.addWidget(_step("2", tr("Choose a way")))
        self.buttons: dict[str, Button] = {}
        self.column.addWidget(self._ways())
        self.column.addLayout(self._foot())
        self.column.addStretch(1)
        self.target.finder.look()

    def refresh(self) -> None:
        """Show what holds now."""
        self.target.refresh()
        for backend in self._parts.hub.backends:
            verb = self._verb(backend)
            self.buttons[backend.id].call(verb, f"{verb} {tr(backend.title)}")

    def _ways(self) -> QWidget:
        card = CardGround(tr("Choose a way"))
        rows = QVBoxLayout(card)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for index, backend in enumerate(self._parts.hub.backends):
            if index:
                rows.addWidget(Hairline(indent=64))
            rows.addWidget(self._way(backend, primary=index == 0))
        return card

    def _way(self, backend: Backend, *, primary: bool) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(16, 12, 16, 12)
        line.setSpacing(IN_CARD)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Line(tr(backend.title), size=1.08, weight=QFont.Weight.DemiBold))
        words.addWidget(Text(tr(about(backend.id, backend.reach).cost), ink=Ink.MUTED))
        name = f"{self._verb(backend)} {tr(backend.title)}"
        button = Button(self._verb(backend), primary=primary, name=name)
        button.setProperty("backend", backend.id)
        button.clicked.connect(self._on_start)
        self.buttons[backend.id] = button
        line.addWidget(Tile(backend.id))
        line.addLayout(words, 1)
        line.addWidget(button)
        return row

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        self.autostart = QCheckBox(tr("Start Portway when I log in"))
        self.autostart.setVisible(self._parts.autostart is not None)
        if self._parts.autostart is not None:
            self.autostart.setChecked(self._parts.autostart.state() is AutostartState.ON)
        self.autostart.clicked.connect(self._on_autostart)
        self.skip = LinkButton(tr("Skip for now"))
        self.skip.clicked.connect(self._on_skip)
        foot.addWidget(self.autostart)
        foot.addStretch(1)
        foot.addWidget(self.skip)
        return foot

    def _verb(self, backend: Backend) -> str:
        status = self._parts.hub.status(backend.id)
        there = status.installation.installed or installs_by_itself(backend, status)
        has_token = token_option(backend) is None or status.phase is not Phase.NEEDS_AUTH
        return tr("Start") if there and has_token and status.phase is not Phase.NEEDS_AUTH else tr("Set up…")

    @Slot()
    def _on_start(self) -> None:
        button = self.sender()
        if isinstance(button, Button):
            starts = button.text() == tr("Start")
            self.card_asked.emit(str(button.property("backend")), starts)

    @Slot()
    def _on_skip(self) -> None:
        self.page_asked.emit("tunnels")

    @Slot(bool)
    def _on_autostart(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        entry = self._parts.autostart
        if entry is None:
            return
        self.autostart.setToolTip(turn_autostart(entry, on=on))
        self.autostart.setChecked(entry.state() is AutostartState.ON)

    @Slot(object)
    def _on_found(self, ports: object) -> None:
        while self._ports.count():
            item = self._ports.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                widget.deleteLater()
        own = self.target.target.port
        found = [one.port for one in ports if one.port != own] if isinstance(ports, tuple) else []
        if not found:
            return
        self._ports.addWidget(Text(tr("Also listening:"), ink=Ink.MUTED))
        for port in found[:_MOST_PORTS]:
            link = LinkButton(str(port), name=tr("Expose port {port}", port=port))
            link.clicked.connect(self._on_port)
            self._ports.addWidget(link)
        self._ports.addStretch(1)

    @Slot()
    def _on_port(self) -> None:
        link = self.sender()
        if isinstance(link, LinkButton):
            self.target.choose(link.text())
            self.target.finder.look()


def _step(number: str, text: str) -> Text:
    words = Text(f"{number}    {text}", weight=QFont.Weight.DemiBold)
    words.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return words
