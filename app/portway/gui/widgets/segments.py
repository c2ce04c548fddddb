"""One choice of a few, all in sight: buttons that stand without a gap, of which one is pressed."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from portway.gui.theme.look import CONTROL, FIELD_RADIUS, colours, sized

_SIDE = 12  # px beside a label
_ENDLESS = 2 * FIELD_RADIUS  # px beyond the inner end of a segment: only the outer ones are round


class Segments(QWidget):
    """`name` is what is chosen; `choices` are values with their labels. Arrow keys go from one to the next."""

    chosen = Signal(str)  # value; by a person

    def __init__(self, name: str, choices: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.buttons: dict[str, _Segment] = {}
        for value, label in choices.items():
            ends = (not self.buttons, len(self.buttons) + 1 == len(choices))
            button = _Segment(label, f"{name}: {label}", ends)
            button.clicked.connect(self._on_clicked)
            self.buttons[value] = button
            row.addWidget(button)

    @property
    def value(self) -> str:
        """What is chosen; empty while nothing is."""
        return next((value for value, button in self.buttons.items() if button.isChecked()), "")

    def choose(self, value: str) -> None:
        """Show another choice; a value that there is none for changes nothing."""
        if value in self.buttons:
            self.buttons[value].setChecked(True)

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self.value)


class _Segment(QAbstractButton):
    """One of them."""

    def __init__(self, label: str, name: str, ends: tuple[bool, bool]) -> None:
        super().__init__()
        self._first, self._last = ends
        self.setText(label)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return QRectF(self.rect()), FIELD_RADIUS

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2 * _SIDE + 4, CONTROL)  # 4: bold when chosen

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        now = colours()
        fill = now.tonal if self.isChecked() else now.button
        ground = fill.pressed if self.isDown() else fill.hover if self.underMouse() else fill.ground
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0.5 if self._first else -_ENDLESS
        box = QRectF(self.rect()).adjusted(left, 0.5, -0.5 if self._last else _ENDLESS, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(box, FIELD_RADIUS, FIELD_RADIUS)
        painter.fillPath(outline, ground)
        painter.strokePath(outline, QPen(now.button_edge, 1))
        if not self._first:
            painter.setPen(QPen(now.hairline, 1))
            painter.drawLine(0, 1, 0, self.height() - 2)
        painter.setFont(sized(1.0, QFont.Weight.Medium if self.isChecked() else QFont.Weight.Normal))
        painter.setPen(fill.text if self.isEnabled() else now.disabled)
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter) | Qt.TextFlag.TextSingleLine, self.text())
