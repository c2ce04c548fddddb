"""One request with all that is known of it: head, what can be done with it, and four tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

from PySide6.QtCore import QDateTime, QEvent, QLocale, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from portway.core.hub import Hub, RecordedBody, RecordedRequest, RequestRow
from portway.gui.i18n.contexts import requests as tr
from portway.gui.platform.clipboard import Clipboard
from portway.gui.requests.detail.bodies import BodyContent, content_of
from portway.gui.requests.detail.body_view import BodyView
from portway.gui.requests.detail.fields import Field, Fields
from portway.gui.requests.words import duration_of, kind_of, line_of, milliseconds, outcome, size, state_of, visitor_of
from portway.gui.theme.look import BETWEEN_BUTTONS, colours, sized
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, IconButton, LinkButton, Weight
from portway.gui.widgets.labels import Line, Text
from portway.gui.widgets.state_line import StateLine
from portway.relay.capture.masking import is_masked

OVERVIEW, REQUEST, RESPONSE, TIMING = range(4)
_SIDE = 16
_LEAST = QSize(280, 160)


class Detail(QWidget):
    """Shows one request at a time. `closed` comes from its close button alone; Esc is the page's."""

    closed = Signal()
    replay_asked = Signal()
    edit_asked = Signal()
    curl_asked = Signal()
    show_asked = Signal(int)  # the number of another request: what came of a replay

    def __init__(
        self, hub: Hub, clipboard: Clipboard, titles: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._hub, self._clipboard, self._titles = hub, clipboard, titles
        self._row: RequestRow | None = None
        self._recorded: RecordedRequest | None = None
        self._filled: set[int] = set()  # tabs that show what is so now
        self.method = Line(weight=QFont.Weight.DemiBold, size=1.08)
        self.method.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.path = Line(weight=QFont.Weight.DemiBold, size=1.08)
        self.close_button = IconButton("x", tr("Close"))
        self.close_button.clicked.connect(self.closed)
        self.state = StateLine()
        self.replay = Button(tr("Replay"), icon="replay", weight=Weight.TONAL)
        self.replay.clicked.connect(self.replay_asked)
        self.edit = Button(tr("Edit and replay…"), icon="edit")
        self.edit.clicked.connect(self.edit_asked)
        self.curl = Button(tr("Copy as curl"), icon="copy")
        self.curl.clicked.connect(self.curl_asked)
        self.came = Text(size=0.95)
        self.show_it = LinkButton(tr("Show"), name=tr("Show what came of the replay"))
        self.show_it.clicked.connect(self._on_show)
        self.tabs = _Tabs((tr("Overview"), tr("Request"), tr("Response"), tr("Timing")))
        self.tabs.setAccessibleName(tr("Parts of the request"))
        self.tabs.currentChanged.connect(self._on_tab)
        self._pages = QStackedWidget()
        self._build()

    @property
    def number(self) -> int:
        """The number of the request that is shown, 0 for none."""
        return 0 if self._row is None else self._row.id

    def show_request(self, row: RequestRow) -> None:
        """Show it as it stands now. Much is left out of one that is not kept any more."""
        if row is self._row:
            return
        other = self._row is None or row.id != self._row.id
        self._row = row
        self._recorded = self._hub.requests.get(row.tunnel, row.id)
        self._filled = set()
        method, path, state = line_of(row.method), line_of(row.path), state_of(row)
        self.method.setText(method)
        self.path.setText(path)
        parts = (duration_of(row), size(row.response_bytes), self._titles.get(row.tunnel, row.tunnel))
        who = tr("from {visitor}", visitor=visitor_of(row))
        self.state.show_state(state.glyph, state.tone, state.word, " · ".join((*parts, who)))
        self.setAccessibleName(f"{method} {path}")
        for button in (self.replay, self.edit, self.curl):
            button.setEnabled(self._recorded is not None)
        if other:
            self.say("")
            self.be_busy(busy=False)
            self._scroll_up()
        self._fill()

    def say(self, text: str, *, bad: bool = False, shows: int = 0) -> None:
        """Say what came of something; `shows` is the number of the request to which Show leads."""
        self.came.setText(text)
        self.came.set_tone(Tone.BAD if bad else Tone.MUTED)
        self.came.setVisible(bool(text))
        self.show_it.setProperty("number", shows)
        self.show_it.setVisible(shows > 0)

    def be_busy(self, *, busy: bool) -> None:
        """Say that it is being sent again."""
        self.replay.setEnabled(not busy and self._recorded is not None)
        self.replay.call(tr("Sending…") if busy else tr("Replay"))

    def set_as_page(self, *, alone: bool) -> None:
        """Say how it is left: as a page of its own by going back."""
        self.close_button.set_icon("back" if alone else "x")
        self.close_button.rename(tr("Back to the list") if alone else tr("Close"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _build(self) -> None:
        self._top = QHBoxLayout()
        self._top.setSpacing(8)
        self._top.addWidget(self.method)
        self._top.addWidget(self.path, 1)
        self._top.addWidget(self.close_button)
        self._buttons = QGridLayout()
        self._buttons.setSpacing(BETWEEN_BUTTONS - 2)
        self._buttons.setColumnStretch(3, 1)
        came = QHBoxLayout()
        came.addWidget(self.came, 1)
        came.addWidget(self.show_it)
        head = QVBoxLayout()
        head.setContentsMargins(_SIDE, 10, _SIDE - 2, 0)
        head.setSpacing(6)
        head.addLayout(self._top)
        head.addWidget(self.state)
        head.addLayout(self._buttons)
        head.addLayout(came)
        self._facts = Fields(self._clipboard)
        self._query = Fields(self._clipboard)
        self._sent_headers, self._got_headers = Fields(self._clipboard), Fields(self._clipboard)
        self._sent_body = BodyView(tr("Body of the request"), self._clipboard)
        self._got_body = BodyView(tr("Body of the answer"), self._clipboard)
        self._phases = _Phases()
        self._headings = [_heading(tr("Query")), *(_heading(tr("Headers")) for _ in range(2))]
        self._times = Fields(self._clipboard)
        self._pages.addWidget(_scrolling(tr("Overview"), self._facts, self._headings[0], self._query))
        self._pages.addWidget(_scrolling(tr("Request"), self._headings[1], self._sent_headers, self._sent_body))
        self._pages.addWidget(_scrolling(tr("Response"), self._headings[2], self._got_headers, self._got_body))
        self._pages.addWidget(_scrolling(tr("Timing"), self._phases, self._times))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        strip = QHBoxLayout()
        strip.setContentsMargins(_SIDE - 10, 0, 0, 0)
        strip.addWidget(self.tabs)
        column.addLayout(strip)
        column.addWidget(self._pages, 1)
        self._arrange()
        order = (self.close_button, self.replay, self.edit, self.curl, self.show_it, self.tabs)
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
        self.say("")
        self.tabs.setCurrentIndex(RESPONSE)

    def _arrange(self) -> None:
        """Put the buttons side by side, as far as they fit, the others below."""
        row = column = used = 0
        for button in (self.replay, self.edit, self.curl):
            needed = button.sizeHint().width() + BETWEEN_BUTTONS
            if column and used + needed > self.width() - 2 * _SIDE:
                row, column = row + 1, 0
            if row:  # below the others, and wider than the first of them, it would push the second aside
                self._buttons.addWidget(button, row, 0, 1, 4, Qt.AlignmentFlag.AlignLeft)
            else:
                self._buttons.addWidget(button, row, column, Qt.AlignmentFlag.AlignLeft)
            column, used = column + 1, used + needed

    def minimumSizeHint(self) -> QSize:
        return _LEAST  # whatever its buttons take now: they move where it becomes narrower

    def _fill(self) -> None:
        """Fill the tab that is seen: the others when they are."""
        tab, row = self.tabs.currentIndex(), self._row
        self._pages.setCurrentIndex(tab)
        if row is None or tab in self._filled:
            return
        self._filled.add(tab)
        match tab:
            case 0:
                self._facts.show_fields(self._overview(row))
                query = self._query_fields(row)
                self._headings[0].setVisible(bool(query))
                self._query.show_fields(query)
            case 1:
                self._show_side(sent=True)
            case 2:
                self._show_side(sent=False)
            case _:
                self._phases.show_row(row)
                self._times.show_fields(_times(row))

    def _overview(self, row: RequestRow) -> list[Field]:
        fields = [
            Field(tr("Path"), row.path, self._reveal_path() if is_masked(row.path) else None),
            Field(tr("Status"), f"{state_of(row).word}. {outcome(row)}"),
            Field(tr("Began"), _moment(row.started_at)),
            Field(tr("Took"), duration_of(row)),
            Field(tr("Visitor"), visitor_of(row)),
            Field(tr("Tunnel"), self._titles.get(row.tunnel, row.tunnel)),
            Field(tr("Sent"), size(row.request_bytes)),
            Field(tr("Received"), ", ".join(filter(None, (size(row.response_bytes), kind_of(row.content_type))))),
            Field(tr("Number"), str(row.id)),
        ]
        if row.replay_of is not None:
            fields.append(Field(tr("Replay of"), tr("number {number}", number=row.replay_of)))
        if row.refused_by:
            fields.append(Field(tr("Kept out by"), row.refused_by))
        return fields

    def _query_fields(self, row: RequestRow) -> list[Field]:
        try:
            pairs = parse_qsl(urlsplit(row.path).query, keep_blank_values=True, max_num_fields=1000)
        except ValueError:
            return []
        return [Field(name, value) for name, value in pairs]

    def _show_side(self, *, sent: bool) -> None:
        recorded = self._recorded
        headers, view = (self._sent_headers, self._sent_body) if sent else (self._got_headers, self._got_body)
        title = self._headings[1 if sent else 2]
        if recorded is None:
            title.setText(tr("This request is not kept any more: it made room for newer ones."))
            headers.show_fields([])
            view.hide()
            return
        pairs = recorded.request_headers if sent else recorded.response_headers
        title.setText(tr("Headers") + f"   {len(pairs)}" if pairs else tr("No answer has come."))
        headers.show_fields(
            [
                Field(name, value, self._reveal(at, sent=sent) if is_masked(value) else None)
                for at, (name, value) in enumerate(pairs)
            ]
        )
        body = recorded.request_body if sent else recorded.response_body
        view.setVisible(bool(pairs))
        self._read(body, view)

    def _read(self, body: RecordedBody, view: BodyView) -> None:
        """Read a body on another thread, and show it if it is still looked at."""
        row = self._row
        view.wait()

        def done(found: object) -> None:
            # The window may have been made anew meanwhile, in another language.
            if isValid(view) and self._row is row and isinstance(found, BodyContent):
                view.show_content(found, body.content_type)

        self._hub.aside(lambda: content_of(body), done)

    def _reveal(self, at: int, *, sent: bool) -> Callable[[], str | None]:
        log, row = self._hub.requests, self._row  # not the widget itself: it would hold what holds it

        def reveal() -> str | None:
            whole = None if row is None else log.get(row.tunnel, row.id, secrets=True)
            if whole is None:
                return None
            pairs = whole.request_headers if sent else whole.response_headers
            return pairs[at][1] if at < len(pairs) else None

        return reveal

    def _reveal_path(self) -> Callable[[], str | None]:
        log, row = self._hub.requests, self._row

        def reveal() -> str | None:
            whole = None if row is None else log.get(row.tunnel, row.id, secrets=True)
            return None if whole is None else whole.row.path

        return reveal

    def _scroll_up(self) -> None:
        for at in range(self._pages.count()):
            page = self._pages.widget(at)
            if isinstance(page, QScrollArea):
                page.verticalScrollBar().setValue(0)

    @Slot(int)
    def _on_tab(self, _tab: int) -> None:
        self._fill()

    @Slot()
    def _on_show(self) -> None:
        self.show_asked.emit(int(self.show_it.property("number") or 0))


class _Tabs(QTabBar):
    """Flat tabs: words, and a line below the chosen one."""

    def __init__(self, titles: tuple[str, ...]) -> None:
        super().__init__()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        for title in titles:
            self.addTab(title)

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802 - Qt's name
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.tabText(index)) + 20, metrics.height() + 16)

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802 - Qt's name
        return QSize(min(50, self.tabSizeHint(index).width()), self.tabSizeHint(index).height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        now = colours()
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), now.hairline)
        for at in range(self.count()):
            place, chosen = self.tabRect(at), at == self.currentIndex()
            painter.setFont(sized(1.0, QFont.Weight.Medium if chosen else QFont.Weight.Normal))
            painter.setPen(now.text if chosen else now.muted)
            shown = painter.fontMetrics().elidedText(self.tabText(at), Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), shown)
            if chosen:
                painter.fillRect(QRect(place.left() + 4, place.bottom() - 1, place.width() - 8, 2), now.accent)
                if self.hasFocus():
                    painter.setPen(now.accent)
                    painter.drawRoundedRect(QRectF(place).adjusted(2.5, 3.5, -2.5, -5.5), 4, 4)


class _Phases(QWidget):
    """Two bars on one scale: waiting for the first byte, and receiving."""

    def __init__(self) -> None:
        super().__init__()
        self._wait = self._total = 0.0
        self.setFixedHeight(34)

    def show_row(self, row: RequestRow) -> None:
        self._wait = row.first_byte_ms or 0.0
        self._total = max(row.duration_ms or 0.0, self._wait)
        self.setVisible(self._total > 0)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        split = self.width() * self._wait / self._total if self._total else 0.0
        now = colours()
        waiting, receiving = (0.0, split, 4, now.accent), (split, float(self.width()), 18, now.busy.colour)
        for left, right, top, colour in (waiting, receiving):
            painter.setBrush(now.inset)
            painter.drawRoundedRect(QRectF(0, top, self.width(), 8), 2, 2)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(left, top, max(2.0, right - left), 8), 2, 2)


def _times(row: RequestRow) -> list[Field]:
    rest = None if row.duration_ms is None or row.first_byte_ms is None else row.duration_ms - row.first_byte_ms
    return [
        Field(tr("First byte after"), milliseconds(row.first_byte_ms) or tr("no answer yet")),
        Field(tr("Received in"), milliseconds(rest) or "-"),
        Field(tr("All in all"), duration_of(row)),
        Field(tr("Began"), _moment(row.started_at)),
    ]


def _moment(moment: datetime) -> str:
    local = QDateTime.fromMSecsSinceEpoch(int(moment.timestamp() * 1000))
    day = QLocale().toString(local.date(), QLocale.FormatType.ShortFormat)
    return f"{day} {local.time().toString('HH:mm:ss.zzz')}"


def _heading(text: str) -> Text:
    return Text(text, size=0.95, weight=QFont.Weight.DemiBold)


def _scrolling(name: str, *widgets: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(_SIDE, 8, _SIDE - 2, 14)
    column.setSpacing(4)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    area.setWidget(body)
    body.setAutoFillBackground(False)
    return area
