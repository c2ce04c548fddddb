"""How busy it was in the last ten minutes: bars of answered and failed requests, and four figures."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from portway.core.hub import RequestRow
from portway.gui.i18n.contexts import requests as tr
from portway.gui.requests.words import SWITCHING, ended, failed, milliseconds
from portway.gui.theme.look import colours, sized, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.labels import Line
from portway.gui.widgets.surfaces import CardGround

BARS, BAR_SECONDS = 120, 5
_HEIGHT, _FOOT = 64, 20
_BASE = 0.74  # of the height: above it what was answered, below it what failed
_RATE_BARS = 12  # one minute
_SAMPLES, _VISITORS = 50, 1000  # of one bar: enough for a median and for telling visitors apart
_LEAST_FAILED = 4  # failures that fill the room below the line, at least
_LEAST = 240  # px of width
_STACKED = 560  # px of width below which the figures stand above the plot


@dataclass(slots=True)
class _Bar:
    answered: int = 0
    failed: int = 0
    times: list[float] = field(default_factory=list)
    visitors: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands beside the plot. `median` is in milliseconds; None while nothing has ended."""

    per_second: float
    failed: float  # a share, 0 to 1
    median: float | None
    visitors: int


class Pace:
    """Counts each request once, in the bar of its beginning. What is older than the plot is forgotten."""

    def __init__(self) -> None:
        self._bars: dict[int, _Bar] = {}

    def begin_anew(self, rows: Iterable[RequestRow]) -> None:
        """Count these alone."""
        self._bars = {}
        for row in rows:
            if ended(row):
                self.count(row)

    def count(self, row: RequestRow) -> None:
        """Count one that has ended."""
        bar = self._bars.setdefault(int(row.started_at.timestamp()) // BAR_SECONDS, _Bar())
        if failed(row):
            bar.failed += 1
        else:
            bar.answered += 1
        if row.duration_ms is not None and row.status != SWITCHING and len(bar.times) < _SAMPLES:
            bar.times.append(row.duration_ms)
        if len(bar.visitors) < _VISITORS and row.replay_of is None:
            bar.visitors.add(row.client)

    def bars(self, now: float) -> list[tuple[int, int]]:
        """Return how many were answered and how many failed, the oldest bar first; the last one is still growing."""
        return [(bar.answered, bar.failed) for bar in self._latest(now, BARS)]

    def figures(self, now: float) -> Figures:
        """Return the figures: the rate of the last minute, all others of the whole plot."""
        bars = self._latest(now, BARS)
        bad, all_of_them = sum(bar.failed for bar in bars), sum(bar.answered + bar.failed for bar in bars)
        lately = sum(bar.answered + bar.failed for bar in bars[-_RATE_BARS:])
        return Figures(
            per_second=lately / (_RATE_BARS * BAR_SECONDS),
            failed=bad / all_of_them if all_of_them else 0.0,
            median=_median(bars),
            visitors=len(set[str]().union(*(bar.visitors for bar in bars))),
        )

    def _latest(self, now: float, count: int) -> list[_Bar]:
        last = int(now) // BAR_SECONDS
        for old in [number for number in self._bars if number <= last - BARS]:
            del self._bars[old]
        empty = _Bar()
        return [self._bars.get(number, empty) for number in range(last - count + 1, last + 1)]


def _median(bars: Iterable[_Bar]) -> float | None:
    """Return the median, each sample counting for as many as its bar had of its kind."""
    weighed = sorted((one, (bar.answered + bar.failed) / len(bar.times)) for bar in bars for one in bar.times)
    left = sum(weight for _, weight in weighed) / 2
    for one, weight in weighed:
        left -= weight
        if left <= 0:
            return one
    return None


class PlotCard(QWidget):
    """The card above the table: figures, plot and what its colours mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pace = Pace()
        self._figures = [_Figure(title) for title in _titles()]
        self._plot = _Plot(self.pace)
        card = CardGround(tr("The last ten minutes"))
        self._grid = QGridLayout(card)
        self._grid.setContentsMargins(16, 12, 16, 8)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._beside = QHBoxLayout()
        self._beside.setSpacing(24)
        for figure in self._figures:
            self._beside.addWidget(figure)
        self._beside.addStretch(1)
        self._grid.addLayout(self._beside, 0, 0)
        self._grid.addWidget(self._plot, 0, 1)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.setMinimumWidth(_LEAST)

    def refresh(self) -> None:
        """Show how it is now; once a second is enough."""
        figures = self.pace.figures(time.time())
        digits = 1 if figures.per_second < 10 else 0  # noqa: PLR2004 - two are enough
        rate = QLocale().toString(figures.per_second, "f", digits)
        share = f"{figures.failed * 100:.0f} %" if figures.failed >= 0.01 or not figures.failed else "< 1 %"  # noqa: PLR2004
        texts = (rate, share, milliseconds(figures.median) or "-", str(figures.visitors))
        for figure, text in zip(self._figures, texts, strict=True):
            figure.show_value(text)
        self._figures[1].set_tone(Tone.BAD if figures.failed else Tone.TEXT)
        self._plot.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        row, column = (1, 0) if self.width() < _STACKED else (0, 1)
        self._grid.addWidget(self._plot, row, column)
        self._grid.setColumnStretch(0, 1 - column)
        self._grid.setColumnStretch(1, column)


class _Figure(QWidget):
    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._value = Line(size=1.25, weight=QFont.Weight.DemiBold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._value)
        column.addWidget(Line(title, tone=Tone.MUTED, size=0.92))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def show_value(self, text: str) -> None:
        self._value.setText(text)
        self._value.setAccessibleName(f"{text} {self._title}")

    def set_tone(self, tone: Tone) -> None:
        self._value.set_tone(tone)


class _Plot(QWidget):
    """Answered requests stand on the line, failed ones hang below it: told apart without their colours."""

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self._pace = pace
        self._bars: list[tuple[int, int]] = []
        self.setFixedHeight(_HEIGHT + _FOOT)
        self.setMinimumWidth(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(600, _HEIGHT + _FOOT)

    def refresh(self) -> None:
        bars = self._pace.bars(time.time())
        if bars != self._bars:
            self._bars = bars
            good, bad = sum(one for one, _ in bars), sum(two for _, two in bars)
            #: Read out in place of the plot.
            self.setAccessibleName(tr("In the last ten minutes: {answered} answered, {failed} failed"))
            self.setAccessibleName(self.accessibleName().format(answered=good, failed=bad))
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        now, width = colours(), self.width()
        base = round(_HEIGHT * _BASE)
        for line, colour in ((0, now.hairline), (base // 2, now.hairline), (base, now.control_edge)):
            painter.fillRect(QRectF(0, line, width, 1), colour)
        self._paint_bars(painter, base, width / BARS)
        painter.setFont(sized(0.92))
        painter.setPen(now.muted)
        foot = QRectF(0, _HEIGHT + 2, width, _FOOT - 2)
        line = int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine
        ago, until = tr("10 min ago"), tr("now")
        painter.drawText(foot, line | Qt.AlignmentFlag.AlignLeft, ago)
        painter.drawText(foot, line | Qt.AlignmentFlag.AlignRight, until)
        metrics = QFontMetrics(painter.font())
        sides = metrics.horizontalAdvance(ago) + metrics.horizontalAdvance(until)
        self._paint_legend(painter, foot, metrics, width - 2 * sides)

    def _paint_bars(self, painter: QPainter, base: int, step: float) -> None:
        now = colours()
        most = max((good for good, _ in self._bars), default=0)
        worst = max(_LEAST_FAILED, max((bad for _, bad in self._bars), default=0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (good, bad) in enumerate(self._bars):
            left, wide = number * step + 0.5, max(1.0, step - 1)
            if good:
                high = max(2.0, (base - 2) * good / most)
                painter.fillRect(QRectF(left, base - high, wide, high), now.accent)
            if bad:
                low = max(2.0, (_HEIGHT - base - 3) * bad / worst)
                painter.fillRect(QRectF(left, base + 2, wide, low), tone_colour(Tone.BAD))

    @staticmethod
    def _paint_legend(painter: QPainter, foot: QRectF, metrics: QFontMetrics, room: float) -> None:
        parts = ((colours().accent, tr("up: answered")), (tone_colour(Tone.BAD), tr("down: failed")))
        widths = [metrics.horizontalAdvance(text) + 13 for _, text in parts]
        if sum(widths) + 12 > room:
            return
        left = foot.center().x() - (sum(widths) + 12) / 2
        for (colour, text), width in zip(parts, widths, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(left, foot.center().y() - 3.5, 8, 8), 2, 2)
            painter.setPen(colours().muted)
            place = QRectF(left + 13, foot.top(), width, foot.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, text)
            left += width + 12


def _titles() -> tuple[str, str, str, str]:
    return tr("per second"), tr("failed"), tr("median"), tr("visitors")
