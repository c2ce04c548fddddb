"""A scrolling page: one column, centred, with margins that follow the width of the window."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from portway.gui.theme.look import BETWEEN_CARDS, COLUMN, COMPACT_PAGE, MARGIN, MARGIN_COMPACT, MARGIN_NARROW, NARROW
from portway.gui.theme.tone import Tone
from portway.gui.widgets.labels import Text


def margin_of(width: int) -> int:
    """Return the margin of a page in a window of this width."""
    if width < COMPACT_PAGE:
        return MARGIN_COMPACT
    return MARGIN_NARROW if width < NARROW else MARGIN


class Page(QScrollArea):
    """Add widgets to `column`. `lowest` is the width below which its title is that of the window."""

    def __init__(self, title: str, parent: QWidget | None = None, *, widest: int = COLUMN) -> None:
        super().__init__(parent)
        self.title = title
        self._widest = widest
        self.setAccessibleName(title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        body.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.column = QVBoxLayout(body)
        self.column.setSpacing(BETWEEN_CARDS)
        self.setWidget(body)
        body.setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.window().width() < NARROW
        margin = margin_of(self.window().width())
        # As if there were no scroll bar: that takes its room from the margin, so that nothing moves when it comes.
        side = margin + max(0, (self.width() - 2 * margin - self._widest) // 2)
        bar = self.width() - self.viewport().width()
        self.column.setContentsMargins(side, margin, max(0, side - bar), margin)
        self.fit(narrow=narrow)

    def refresh(self) -> None:
        """Show what holds now; for pages that show what changes."""

    def fit(self, *, narrow: bool) -> None:
        """Follow a change of the width; for pages that look different then."""


class PageHead(QWidget):
    """Title and summary of a settings page; the title goes where the window's head names the page."""

    def __init__(self, title: str, summary: str, parent: QObject | None = None) -> None:
        super().__init__(parent if isinstance(parent, QWidget) else None)
        self._title = Text(title, size=1.6, weight=QFont.Weight.DemiBold)
        self.summary = Text(summary, tone=Tone.MUTED)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self.summary)

    def fit(self, *, narrow: bool) -> None:
        """Hide the title where the window's head has it."""
        self._title.setVisible(not narrow)
