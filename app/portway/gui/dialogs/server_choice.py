"""The list of local servers in a dialog: those that listen now, and a field for any other."""

import itertools

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QButtonGroup, QDialog, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from portway.core.errors import TunnelError
from portway.core.status import TunnelId
from portway.core.target import Target, parse_target
from portway.gui.dependencies import GuiDependencies, ListeningPort
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.model.state_words import shown_name
from portway.gui.setting_writer import SettingWriter
from portway.gui.target.port_finder import PortFinder, ports_of
from portway.gui.theme.look import CONTROL, MARGIN
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import LinkButton
from portway.gui.widgets.entry import Entry
from portway.gui.widgets.labels import Text
from portway.gui.widgets.radio import ROW_HEIGHT, RadioRow, row_name
from portway.gui.widgets.surfaces import CardGround, Hairline

_MOST, _HIGHEST = 4, 6  # rows, until all are asked for; and those that are in sight then
_FIELD = 250  # px


class ServerChoice(CardGround):
    """One of them is chosen. `of` is the tunnel that leads to `now`, where there is one; empty: to the default one."""

    changed = Signal()

    def __init__(
        self,
        dependencies: GuiDependencies,
        parent: QWidget | None = None,
        *,
        of: TunnelId = "",
        now: str | None = None,
    ) -> None:
        super().__init__(tr("Your server"), parent)
        self._dependencies = dependencies
        self._of, self._now = of, now
        self._ports: tuple[ListeningPort, ...] = ()
        self._all = False  # whether every one is shown
        self._chose = False  # whether the person has chosen
        self.rows: dict[int, RadioRow] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self.other = RadioRow(tr("Another one"), weight=QFont.Weight.Normal, parent=self)
        self.other.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.other.setChecked(True)
        self._group.addButton(self.other)
        self.other.clicked.connect(self._on_other)
        self.field = Entry(now or "")
        self.field.setAccessibleName(tr("Port or address"))
        default = "" if now is None else parse_target(dependencies.hub.settings.general.target).url
        self.field.setPlaceholderText(default or tr("Port, or http://localhost:3000"))
        self.field.setMinimumHeight(CONTROL)
        self.field.setMaximumWidth(_FIELD)
        self.field.textEdited.connect(self._on_typed)
        self.field.taken_back.connect(self._on_taken_back)
        self.more = LinkButton("")
        self.more.hide()
        self.more.clicked.connect(self._on_more)
        last = QHBoxLayout()
        last.setContentsMargins(0, 0, 8, 0)
        last.setSpacing(0)
        last.addWidget(self.other)
        last.addWidget(self.field, 1)
        last.addStretch(0)
        last.addWidget(self.more, 0, Qt.AlignmentFlag.AlignRight)
        self._make_list()
        self._column.addWidget(self._scroll)
        self._column.addLayout(last)
        self.refusal = Text(tone=Tone.BAD, size=0.95)
        self.refusal.setContentsMargins(40, 0, 12, 8)
        self.refusal.hide()
        self._column.addWidget(self.refusal)
        self.finder = PortFinder(dependencies.listening_ports, self)
        self.finder.found.connect(self._on_found)
        self.finder.look()

    def _make_list(self) -> None:
        """Make what the rows stand in."""
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.hide()
        self._list = QWidget()
        self._list_column = QVBoxLayout(self._list)
        self._list_column.setContentsMargins(0, 0, 0, 0)
        self._list_column.setSpacing(0)
        self._scroll.setWidget(self._list)
        self._list.setAutoFillBackground(False)
        self._lines: dict[int, Hairline] = {}  # below each row

    @property
    def found(self) -> ListeningPort | None:
        """The one of the list that is chosen."""
        return next((one for one in self._ports if one.port in self.rows and self.rows[one.port].isChecked()), None)

    @property
    def target(self) -> Target | None:
        """What is chosen; None while it is not named."""
        found = self.found
        try:
            return parse_target(str(found.port) if found else self.field.text(), self._dependencies.hub.own_ports())
        except TunnelError:
            return None

    @property
    def text(self) -> str:
        """What is chosen, as it is kept; empty while nothing is named."""
        found = self.found
        if found is None:
            return self.field.text().strip()
        return str(self._now) if self._leads_to(found.port) else parse_target(str(found.port)).url

    @property
    def is_good(self) -> bool:
        """Whether it can be taken as it is. What the tunnel leads to now can stay, whatever it is."""
        return self.target is not None or (self.found is None and self._is_kept)

    @property
    def _is_kept(self) -> bool:
        """Whether the field says what is so already, or that there is no server of its own any more."""
        return self._now is not None and self.field.text().strip() in ("", self._now)

    def _leads_to(self, port: int) -> bool:
        return bool(self._now) and port in ports_of((str(self._now),))

    @Slot(object)
    def _on_found(self, ports: object) -> None:
        found = ports if isinstance(ports, tuple) else ()
        if found == self._ports:
            return
        before = self.found
        self._ports = found
        self._show_rows(None if before is None else before.port)
        if not self._chose and self.found is None:
            self._choose_first().setChecked(True)
        self.changed.emit()

    def _choose_first(self) -> RadioRow:
        """Return what is chosen before a person chooses: what holds now, else the default one, else the first."""
        if self._now is not None:
            return next((row for port, row in self.rows.items() if self._leads_to(port)), self.other)
        default = parse_target(self._dependencies.hub.settings.general.target).port
        return self.rows.get(default, next(iter(self.rows.values()), self.other))

    def _show_rows(self, chosen: int | None) -> None:
        """Have a row for each; one that is still right stays, as a person may be pressing it while this is found."""
        shown = self._ports if self._all else self._ports[:_MOST]
        before, self.rows = self.rows, {}
        for place, one in enumerate(shown):
            row = before.pop(one.port, None)
            if row is None or row.accessibleName() != row_name(*self._words(one)):
                if row is not None:
                    before[one.port] = row
                row = self._row(one)
            self.rows[one.port] = row
            self._list_column.insertWidget(2 * place, row)
            self._list_column.insertWidget(2 * place + 1, self._line(one.port))
        if self.other.isChecked() or any(row.isChecked() for row in before.values()):
            self.other.setChecked(True)
        for port, row in before.items():
            self._group.removeButton(row)
            row.hide()
            row.deleteLater()
            if port not in self.rows:
                self._lines.pop(port).deleteLater()
        self._scroll.setFixedHeight(min(len(shown), _HIGHEST) * (ROW_HEIGHT + 1))
        self._scroll.setVisible(bool(shown))
        kept = self.rows.get(chosen) if chosen is not None else None
        if kept is not None:
            kept.setChecked(True)
        hidden = len(self._ports) - len(shown)
        if hidden:
            self.more.setText(tr("%n more ports", "", hidden))
            self.more.setAccessibleName(self.more.text())
        self.more.setVisible(hidden > 0)
        self._keep_order()

    def _line(self, port: int) -> Hairline:
        if port not in self._lines:
            self._lines[port] = Hairline(indent=0)
        return self._lines[port]

    def _words(self, one: ListeningPort) -> tuple[str, str, str, str]:
        about = f"“{one.title}”" if one.title else ""
        return str(one.port), one.program or "", about, self._note(one.port)

    def _row(self, one: ListeningPort) -> RadioRow:
        title, kind, about, note = self._words(one)
        row = RadioRow(title, kind=kind, about=about, note=note, parent=self._list)
        row.clicked.connect(self._on_chosen)
        self._group.addButton(row)
        return row

    def _keep_order(self) -> None:
        order = (*self.rows.values(), self.other, self.field, self.more)
        for first, second in itertools.pairwise(order):
            QWidget.setTabOrder(first, second)

    def _note(self, port: int) -> str:
        """Say which tunnel leads there already."""
        for status in self._dependencies.hub.statuses():
            if status.wanted and status.id != self._of and port in ports_of((status.target_url,)):
                return tr("already open as {name}", name=shown_name(status))
        return ""

    @Slot()
    def _on_chosen(self) -> None:
        self._chose = True
        self.refusal.hide()
        self.changed.emit()

    @Slot()
    def _on_other(self) -> None:
        self._chose = True
        self.field.setFocus()
        self._check()

    @Slot()
    def _on_typed(self) -> None:
        self._chose = True
        self.other.setChecked(True)
        self._check()

    @Slot()
    def _on_taken_back(self) -> None:
        """Esc takes back what was typed; where nothing was, it leaves the dialog."""
        if self.field.text() == (self._now or ""):
            self.window().close()
            return
        self.field.setText(self._now or "")
        self._check()

    @Slot()
    def _on_more(self) -> None:
        self._all = True
        before = self.found
        self._show_rows(None if before is None else before.port)

    def _check(self) -> None:
        """Say beside the field why it names no server."""
        words = ""
        if self.field.text() and not self._is_kept:
            try:
                parse_target(self.field.text(), self._dependencies.hub.own_ports())
            except TunnelError as error:
                words = SettingWriter.refusal(error, tr("Local server"))
        self.refusal.setText(words)
        self.refusal.setVisible(bool(words))
        self.changed.emit()


class ServerDialog(QDialog):
    """A dialog with such a list: as high as what is shown, and it looks again when a person comes back to it."""

    def __init__(self, server: ServerChoice, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.server = server
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(MARGIN, MARGIN - 6, MARGIN, MARGIN)
        self.column.setSpacing(8)
        self.setMinimumWidth(min(width, self.screen().availableGeometry().width()))

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.server.finder.look()  # the person may have started one meanwhile

    def _fit(self) -> None:
        """Be as high as what is shown; texts that wrap count with all of their lines."""
        width = max(self.width(), self.minimumWidth())
        self.setMinimumHeight(self.column.totalHeightForWidth(width))
        self.resize(width, self.minimumHeight())
