"""How the Requests page is laid out: what stands where, and how that follows the room that there is."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSplitter, QSplitterHandle, QStackedWidget, QVBoxLayout, QWidget

from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import requests as tr
from portway.gui.requests.detail.pane import Detail
from portway.gui.requests.empty import Empty
from portway.gui.requests.filters import FilterBar
from portway.gui.requests.model import RequestModel
from portway.gui.requests.notice import Notice
from portway.gui.requests.plot import PlotCard
from portway.gui.requests.table import RequestTable
from portway.gui.theme.look import BETWEEN_BUTTONS, BETWEEN_CARDS, NARROW, colours
from portway.gui.widgets.buttons import Button, Weight
from portway.gui.widgets.page import PageHead, margin_of
from portway.gui.widgets.surfaces import CardGround

_BESIDE = 1000  # px of the page from which an open request stands beside the table
_DETAIL, _LEAST_DETAIL, _LEAST_TABLE = 430, 340, 380
_BUTTONS_BESIDE = 620  # px of the page from which its buttons stand beside its title
_FOR_PLOT = 560  # px of height below which there is no plot
_WIDTHS = "requests"  # their name in the state
_DETAIL_WIDTH = "detail"


class RequestsLayout(QWidget):
    """Makes all parts of the page and keeps their places; knows of what is in them only whether there is any."""

    def __init__(self, dependencies: GuiDependencies, titles: Mapping[str, str], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._state = dependencies.app_state
        self.model = RequestModel(titles, self)
        self.table = RequestTable(self.model)
        self.detail = Detail(dependencies.hub, dependencies.clipboard, titles)
        self.plot = PlotCard()
        self.filters = FilterBar()
        self.empty = Empty(dependencies.clipboard)
        self.head = PageHead(tr("Requests"), "")
        self.pause = Button(tr("Pause"), icon="pause", weight=Weight.QUIET)
        self.clear = Button(tr("Clear"), icon="trash", weight=Weight.QUIET, name=tr("Clear the list"))
        self.save = Button(tr("Save HAR…"), icon="save", name=tr("Save as an HTTP archive"))
        self.notice = Notice()
        self._build()
        self.table.restore_widths(self._state.column_widths(_WIDTHS))
        self.table.widths_changed.connect(self._keep_widths)
        self._splitter.splitterMoved.connect(self._keep_widths)

    @property
    def is_wide(self) -> bool:
        """Whether an open request stands beside the table."""
        return self.width() >= _BESIDE

    @property
    def shows_empty(self) -> bool:
        """Whether something else stands in the place of the list."""
        return self._stack.currentWidget() is self.empty

    def _has_rows(self) -> bool:
        """Whether there is anything to list, shown or not."""
        tunnel = self.filters.chosen_tunnel
        rows = self.model.all_rows.values()
        return any(row.tunnel == tunnel for row in rows) if tunnel else bool(rows)

    def show_part(self) -> None:
        """Show the open request where it has the page for itself, else the list, or what stands in its place."""
        if not self.detail.isHidden() and not self.is_wide:
            part: QWidget = self._alone
        else:
            part = self._list if self._has_rows() else self.empty
        if part is not self._stack.currentWidget():
            self._stack.setCurrentWidget(part)

    def place_detail(self) -> None:
        """Put an open request beside the table where there is room, else in its place."""
        is_open = not self.detail.isHidden()
        inside = self._alone.layout()
        if self.is_wide and self.detail.parent() is not self._splitter:
            self._splitter.addWidget(self.detail)
        elif not self.is_wide and self.detail.parent() is not self._alone and inside is not None:
            inside.addWidget(self.detail)
        self.detail.setVisible(is_open)
        self.detail.set_as_page(alone=not self.is_wide)
        self.detail.setMinimumWidth(_LEAST_DETAIL if self.is_wide else 0)
        if is_open and self.is_wide:
            wide = self._state.column_widths(_WIDTHS).get(_DETAIL_WIDTH, _DETAIL)
            wide = min(wide, max(_LEAST_DETAIL, self._splitter.width() - _LEAST_TABLE))
            self._splitter.setSizes([self._splitter.width() - wide, wide])
        self.table.fit(beside_detail=is_open and self.is_wide)
        self.show_part()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.window().width() < NARROW
        margin = margin_of(self.window().width())
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(margin, margin, margin, margin)
        self.head.fit(narrow=narrow)
        width = self.width() - 2 * margin
        self._top.setDirection(
            QBoxLayout.Direction.TopToBottom if width < _BUTTONS_BESIDE else QBoxLayout.Direction.LeftToRight
        )
        self.save.setText(tr("Save HAR…"))
        if sum(one.sizeHint().width() + BETWEEN_BUTTONS for one in (self.pause, self.clear, self.save)) > width:
            self.save.setText(tr("HAR…"))
        self.filters.fit(width)
        self.plot.setVisible(self.height() >= _FOR_PLOT)
        self.place_detail()

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setSpacing(BETWEEN_CARDS)
        whole.addLayout(self._build_top())
        whole.addWidget(self.notice)
        self._stack = QStackedWidget()
        whole.addWidget(self._stack, 1)
        self._list = self._build_list()
        self._alone = CardGround(tr("One request"))
        alone = QVBoxLayout(self._alone)
        alone.setContentsMargins(1, 1, 1, 1)
        for widget in (self._list, self.empty, self._alone):
            self._stack.addWidget(widget)
        self.detail.hide()
        self._splitter.addWidget(self.detail)

    def _build_top(self) -> QBoxLayout:
        """The title, and the buttons beside or below it."""
        buttons = QHBoxLayout()
        buttons.setSpacing(BETWEEN_BUTTONS)
        for button in (self.pause, self.clear, self.save):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(BETWEEN_BUTTONS)
        self._top.addWidget(self.head, 1)
        self._top.addLayout(buttons)
        return self._top

    def _build_list(self) -> QWidget:
        """The plot, the filters, and the table with room for a request beside it."""
        self._splitter = _Splitter()
        self._splitter.setChildrenCollapsible(False)
        self.table.setMinimumWidth(200)
        self._splitter.addWidget(self.table)
        self._splitter.setStretchFactor(0, 1)
        card = CardGround(tr("Requests"))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 4)
        inside.addWidget(self._splitter)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(BETWEEN_CARDS)
        column.addWidget(self.plot)
        column.addWidget(self.filters)
        column.addWidget(card, 1)
        return whole

    @Slot()
    def _keep_widths(self) -> None:
        widths = dict(self.table.widths)
        if not self.detail.isHidden() and self.is_wide:
            widths[_DETAIL_WIDTH] = self.detail.width()
        self._state.remember_column_widths(_WIDTHS, widths)


class _Splitter(QSplitter):
    """A hairline between table and request, which can be dragged."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setHandleWidth(5)

    def createHandle(self) -> QSplitterHandle:  # noqa: N802 - Qt's name
        return _Handle(self.orientation(), self)


class _Handle(QSplitterHandle):
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.width() // 2, 0, 1, self.height(), colours().hairline)
