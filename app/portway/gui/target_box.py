"""The field that names the local server: typed, or chosen among those used lately and those that listen now."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QSizePolicy, QWidget

from portway.core.errors import TunnelError
from portway.core.target import Target, parse_target
from portway.gui.labels import Text
from portway.gui.look import CONTROL, Ink
from portway.gui.origin_check import OriginCheck
from portway.gui.parts import Parts
from portway.gui.port_finder import PortFinder
from portway.gui.setting_writer import SettingWriter
from portway.gui.state_line import StateLine
from portway.gui.words import tr

_STACKED = 440  # px below which the field has a line of its own
_WAIT = 200  # ms that the list waits for the ports
_KEY = "general.target"
_FIELD, _ANY_WIDTH = 250, 16777215  # px; the second is Qt's "no limit"


class TargetBox(QWidget):
    """Writes the default target. Below the field stands why a value is refused, or who decides it."""

    changed = Signal()

    def __init__(self, parts: Parts, *, labelled: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._writer = SettingWriter(parts)
        self._labelled = labelled
        self._stacked: bool | None = None
        self._label = Text(tr("Local server"), ink=Ink.MUTED)
        self._label.setWordWrap(False)
        self.field = _TargetField()
        self.field.setAccessibleName(tr("Local server"))
        self.state = StateLine()
        self.refusal = Text(ink=Ink.BAD, size=0.95)
        self.refusal.hide()
        self.lock = Text(ink=Ink.MUTED, size=0.95)
        self._check = OriginCheck(self)
        self._check.answered.connect(self._on_answered)
        self.finder = PortFinder(parts.listening_ports, self)
        self.finder.found.connect(self._on_found)
        self.field.opening.connect(self.finder.look)
        self.field.activated.connect(self._on_activated)
        line = self.field.lineEdit()
        if line is not None:
            line.editingFinished.connect(self._on_edited)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._label.setVisible(labelled)
        self._arrange(stacked=False)
        self.refresh()

    @property
    def target(self) -> Target:
        """The default target, as it holds now."""
        return parse_target(self._parts.hub.settings.general.target)

    def refresh(self) -> None:
        """Show what holds now, unless somebody is typing."""
        variable = self._parts.hub.settings.locked.get(_KEY)
        self.field.setEnabled(variable is None)
        self.lock.setText("" if variable is None else tr("Set by {variable} in the environment.", variable=variable))
        self.lock.setVisible(variable is not None)
        self.field.setAccessibleDescription(self.lock.text())
        line = self.field.lineEdit()
        if line is not None and not line.isModified():
            self.field.setEditText(self._parts.hub.settings.general.target)
        if self.isVisible():
            self._check.watch(self.target)

    @Slot()
    def edit(self) -> None:
        """Put the cursor there and open the list."""
        self.field.setFocus()
        line = self.field.lineEdit()
        if line is not None:
            line.selectAll()

    def choose(self, text: str) -> bool:
        """Make `text` the default target; False, with the sentence shown, if it is refused."""
        line = self.field.lineEdit()
        try:
            target = parse_target(text, self._parts.hub.own_ports())
        except TunnelError as error:
            self._refuse(error)
            return False
        problem = self._writer.write(_KEY, target.url if "://" in text else text.strip())
        if problem is not None:
            self._refuse(problem)
            return False
        self.refusal.hide()
        if line is not None:
            line.setModified(False)
        self._parts.app_state.remember_target(target.url)
        self.refresh()
        self.changed.emit()
        return True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._check.watch(self.target)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._check.watch(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stacked = self.width() < _STACKED
        if stacked is not self._stacked:
            self._arrange(stacked=stacked)

    def _arrange(self, *, stacked: bool) -> None:
        self._stacked = stacked
        for widget in (self._label, self.field, self.state, self.refusal, self.lock):
            self._grid.removeWidget(widget)
        self.field.setMaximumWidth(_ANY_WIDTH if stacked else _FIELD)
        if stacked:
            self._grid.addWidget(self._label, 0, 0)
            self._grid.addWidget(self.state, 0, 1 if self._labelled else 0)
            self._grid.addWidget(self.field, 1, 0, 1, 2)
            for words in (self.refusal, self.lock):
                self._grid.addWidget(words, 2, 0, 1, 2)
            self._grid.setColumnStretch(0, 1)
            self._grid.setColumnStretch(1, 0)
            self._grid.setColumnStretch(2, 0)
        else:
            first = 1 if self._labelled else 0
            self._grid.addWidget(self._label, 0, 0)
            self._grid.addWidget(self.field, 0, first)
            self._grid.addWidget(self.state, 0, first + 1)
            for words in (self.refusal, self.lock):
                self._grid.addWidget(words, 1, first, 1, 2)
            self._grid.setColumnStretch(0, 0)
            self._grid.setColumnStretch(1, 0)
            self._grid.setColumnStretch(first + 1, 1)

    def _refuse(self, error: TunnelError) -> None:
        self.refusal.setText(self._writer.refusal(error, tr("Local server")))
        self.refusal.show()

    @Slot(bool)
    def _on_answered(self, answers: bool) -> None:  # noqa: FBT001 - Qt's signal
        if answers:
            self.state.show_state("disc_tick", Ink.OK, tr("Answers"))
        else:
            self.state.show_state("triangle", Ink.WARN, tr("Does not answer"))

    @Slot(object)
    def _on_found(self, ports: object) -> None:
        listening = [(one.port, one.program) for one in ports] if isinstance(ports, tuple) else []
        self.field.fill(self._parts.app_state.recent_targets, listening)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        target = self.field.itemData(index)
        self.choose(target if isinstance(target, str) else self.field.currentText())

    @Slot()
    def _on_edited(self) -> None:
        line = self.field.lineEdit()
        if line is not None and line.isModified():
            self.choose(self.field.currentText())


class _TargetField(QComboBox):
    """Opens its list once the ports are known, or after a short while."""

    opening = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumHeight(CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(12)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(_WAIT)
        self._waiting.timeout.connect(self._on_waited)

    def sizeHint(self) -> QSize:
        return QSize(_FIELD, CONTROL)

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        self._waiting.start()
        self.opening.emit()

    def fill(self, recent: tuple[str, ...], listening: list[tuple[int, str | None]]) -> None:
        """Offer these; what is typed stays."""
        text = self.currentText()
        line = self.lineEdit()
        modified = line is not None and line.isModified()
        self.clear()
        for url in recent:
            self.addItem(url, url)
        for port, program in listening:
            label = tr("{port}, listening", port=port) if program is None else f"{port}, {program}"
            self.addItem(label, str(port))
        self.setEditText(text)
        if line is not None:
            line.setModified(modified)
        if self._waiting.isActive():
            self._on_waited()

    @Slot()
    def _on_waited(self) -> None:
        self._waiting.stop()
        if self.count():
            super().showPopup()
