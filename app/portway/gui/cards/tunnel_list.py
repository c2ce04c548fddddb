"""All tunnels below each other: cards for those that are wanted, and one list of those that are off."""

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from portway.gui.cards.card import Card, chain
from portway.gui.cards.card_parts import Shape
from portway.gui.cards.off_head import OffHead
from portway.gui.theme.look import BETWEEN_CARDS, CARD_RADIUS, colours

_LISTED = (Shape.ROW, Shape.OFF)
_GAP_LINE = 2  # px


class TunnelList(QWidget):
    """Cards stay its children wherever they stand, so that none loses the focus when it moves.

    Those that are mere rows have no ground of their own: it is painted here, one for all that stand together.
    """

    def __init__(self, between: OffHead, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._between = between  # the heading of what is off
        self._between.setParent(self)
        self._order: tuple[object, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(BETWEEN_CARDS)
        self._runs: list[list[Card]] = []
        self._gap: int | None = None  # where a card that is dragged will stand

    def show_cards(self, above: Sequence[Card], below: Sequence[Card], *, folded: bool) -> None:
        """Arrange them: `above` are wanted, `below` are off and hidden where that is `folded`."""
        order = (*((card, card.shape) for card in above), None, *below, folded)
        if order == self._order:
            return
        self._order = order
        self._take_out()
        self._runs = []
        for run in _runs_of(above):
            self._add_run(run)
        self._column.addWidget(self._between)
        for card in below:
            card.setVisible(not folded)
        if not folded:
            self._add_run(list(below))
        for card in above:
            card.show()
        upper = (control for card in above for control in (card, *card.controls))
        chain((*upper, *self._between.controls, *(control for card in below for control in card.controls)))
        self.update()

    def show_gap(self, height: int | None) -> None:
        """Show where a card will stand that is dragged; None: nowhere else than now."""
        if height != self._gap:
            self._gap = height
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        now = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for run in self._runs:
            if not run or run[0].shape not in _LISTED:
                continue
            ground = QRectF(run[0].geometry().united(run[-1].geometry()))
            painter.setPen(QPen(now.hairline, 1))
            painter.setBrush(now.card)
            painter.drawRoundedRect(ground.adjusted(0.5, 0.5, -0.5, -0.5), CARD_RADIUS, CARD_RADIUS)
            for card in run[1:]:
                top = card.geometry().top() + 0.5
                painter.drawLine(QPointF(ground.left() + 1, top), QPointF(ground.right() - 1, top))
        if self._gap is not None:
            painter.setPen(QPen(now.accent, _GAP_LINE))
            painter.drawLine(QPointF(0, self._gap), QPointF(self.width(), self._gap))

    def _add_run(self, run: list[Card]) -> None:
        rows = QVBoxLayout()
        rows.setSpacing(0)
        for card in run:
            rows.addWidget(card)
        self._column.addLayout(rows)
        self._runs.append(run)

    def _take_out(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            rows = item.layout()
            while rows is not None and rows.takeAt(0) is not None:
                pass


def _runs_of(cards: Iterable[Card]) -> Iterator[list[Card]]:
    """Yield rows that stand together, and every card that is more than a row by itself."""
    run: list[Card] = []
    for card in cards:
        if card.shape in _LISTED:
            run.append(card)
            continue
        if run:
            yield run
            run = []
        yield [card]
    if run:
        yield run
