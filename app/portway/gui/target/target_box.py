"""The field that names the local server: typed, or chosen among those used lately and those that listen now."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QSizePolicy, QWidget

from portway.core.errors import TunnelError
from portway.core.target import Target, parse_target
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import cards as tr
from portway.gui.setting_writer import SettingWriter
from portway.gui.target.origin_check import OriginCheck
from portway.gui.target.port_finder import PortFinder, port_label, ports_of
from portway.gui.theme.look import CONTROL
from portway.gui.theme.tone import Tone
from portway.gui.widgets.entry import Entry
from portway.gui.widgets.labels import Text
from portway.gui.widgets.state_line import StateLine

_STACKED = 440  # px below which the field has a line of its own
_WAIT = 300  # ms that the list waits for the ports
_KEY = "general.target"
_FIELD, _ANY_WIDTH = 250, 16777215  # px; the second is Qt's "no limit"
_EDGES, _WIDEST_LIST = 24, 480  # px: beside the rows of the list; of the whole list


class TargetBox(QWidget):
    """Writes the default target. Below the field stands why a value is refused, or who decides it."""

    changed = Signal()

    def __init__(self, dependencies: GuiDependencies, *, labelled: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dependencies = dependencies
        self._writer = SettingWriter(dependencies, self)
        self._writer.failed.connect(self._refuse)
        self._labelled = labelled
        self._stacked: bool | None = None
        self._label = Text(tr("Local server"), tone=Tone.MUTED)
        self._label.setWordWrap(False)
        self.field = _TargetField()
        self.field.setAccessibleName(tr("Local server"))
        self.state = StateLine()
        self.refusal = Text(tone=Tone.BAD, size=0.95)
        self.refusal.hide()
        self.lock = Text(tone=Tone.MUTED, size=0.95)
        self._check = OriginCheck(self)
        self._check.answered.connect(self._on_answered)
        self.finder = PortFinder(dependencies.listening_ports, self)
        self.finder.found.connect(self._on_found)
        self.field.opening.connect(self.finder.look)
        self.field.activated.connect(self._on_activated)
        self.field.line.editingFinished.connect(self._on_edited)
        self.field.line.textEdited.connect(self._on_typing)
        self.field.line.taken_back.connect(self._on_taken_back)
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
        return parse_target(self._dependencies.hub.settings.general.target)

    def refresh(self) -> None:
        """Show what holds now, unless somebody is typing."""
        variable = self._dependencies.hub.settings.locked.get(_KEY)
        self.field.setEnabled(variable is None)
        self.lock.setText("" if variable is None else tr("Set by {variable} in the environment.", variable=variable))
        self.lock.setVisible(variable is not None)
        self.field.setAccessibleDescription(self.lock.text())
        if not self.field.line.isModified():
            self.field.setEditText(self.target.url)
        if self.isVisible():
            self._check.watch(self.target)

    @Slot()
    def edit(self) -> None:
        """Put the cursor there and open the list."""
        self.field.setFocus()
        self.field.line.selectAll()

    def choose(self, text: str) -> bool:
        """Make `text` the default target; False, with the sentence shown, if it is refused."""
        try:
            target = parse_target(text, self._dependencies.hub.own_ports())
        except TunnelError as error:
            self._refuse(error)
            return False
        problem = self._writer.write(_KEY, target.url if "://" in text else text.strip())
        if problem is not None:
            self._refuse(problem)
            return False
        self._settle()
        self._dependencies.app_state.remember_target(target.url)
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

    def _settle(self) -> None:
        """What is shown is what holds."""
        self.refusal.hide()
        self.state.show()
        self.field.line.setModified(False)

    @Slot(object)
    def _refuse(self, error: TunnelError) -> None:
        self.state.hide()  # it is about the server that is set, which would read as if this one answered
        self.refusal.setText(self._writer.refusal(error, tr("Local server")))
        self.refusal.show()

    @Slot(bool)
    def _on_answered(self, answers: bool) -> None:  # noqa: FBT001 - Qt's signal
        if answers:
            self.state.show_state("disc_tick", Tone.OK, tr("Answers"))
        else:
            self.state.show_state("triangle", Tone.WARN, tr("Does not answer"))

    @Slot(object)
    def _on_found(self, ports: object) -> None:
        recent = self._dependencies.app_state.recent_targets
        known = ports_of(recent)
        found = ports if isinstance(ports, tuple) else ()
        self.field.fill(recent, [(port_label(one), one.port) for one in found if one.port not in known])

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        target = self.field.itemData(index)
        self.choose(target if isinstance(target, str) else self.field.currentText())

    @Slot()
    def _on_edited(self) -> None:
        if self.field.line.isModified():
            self.choose(self.field.currentText())

    @Slot()
    def _on_typing(self) -> None:
        self.state.hide()

    @Slot()
    def _on_taken_back(self) -> None:
        self._settle()
        self.refresh()


class _TargetField(QComboBox):
    """Opens its list once the ports are known, or after a short while."""

    opening = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.line = Entry()
        self.setLineEdit(self.line)
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

    def fill(self, recent: Sequence[str], listening: Sequence[tuple[str, int]]) -> None:
        """Offer these; what is typed stays."""
        text, modified = self.currentText(), self.line.isModified()
        self.clear()
        for url in recent:
            self.addItem(url, url)
        for label, port in listening:
            self.addItem(label, str(port))
        self.setEditText(text)
        self.line.setModified(modified)
        self.view().setMinimumWidth(min(self.view().sizeHintForColumn(0) + _EDGES, _WIDEST_LIST))
        if self._waiting.isActive():
            self._on_waited()

    @Slot()
    def _on_waited(self) -> None:
        self._waiting.stop()
        if self.count():
            super().showPopup()
