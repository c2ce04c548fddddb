"""The line above what is off: the heading, folded where much is on, and the server that a new start leads to."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import cards as tr
from portway.gui.model.card_rules import short_target
from portway.gui.target.origin_check import OriginCheck
from portway.gui.target.target_box import TargetBox
from portway.gui.theme.look import COMPACT_CARD, colours, sized, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import LinkButton
from portway.gui.widgets.labels import Line, Text
from portway.gui.widgets.pictograms import paint
from portway.gui.widgets.state_line import StateLine

_HEIGHT, _CHEVRON = 30, 12


class OffHead(QWidget):
    """`changed` when something else is to be shown: unfolded, or another default server."""

    changed = Signal()

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._many = False
        self._unfolded = False
        self._heading = Text(tr("Off", "heading"), tone=Tone.MUTED, size=0.95, weight=QFont.Weight.DemiBold)
        self._heading.setWordWrap(False)
        self.fold = FoldButton(self)
        self.fold.clicked.connect(self._on_folded)
        self._label = Line(tr("Default server"), tone=Tone.MUTED)
        self._server = Line()
        self._state = StateLine()
        self.change = LinkButton(tr("Change…"), name=tr("Change the default server"))
        self.change.clicked.connect(self._on_change)
        self.target = TargetBox(dependencies, labelled=False)
        self.target.changed.connect(self._on_chosen)
        self.target.hide()
        self._check = OriginCheck(self)
        self._check.answered.connect(self._on_answered)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._heading)
        row.addWidget(self.fold)
        row.addStretch(1)
        for part in (self._label, self._server, self._state, self.change):
            row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 4, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.target)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the keyboard goes through, in its order."""
        return (self.fold, self.change, self.target.field)

    @property
    def is_folded(self) -> bool:
        """Whether what is off is hidden."""
        return self._many and not self._unfolded

    def show_count(self, count: int, *, many: bool) -> None:
        """Say how many are off. Where `many` are on, they are folded until somebody asks for them."""
        self._many = many
        self._heading.setVisible(count > 0 and not many)
        self.fold.setVisible(count > 0 and many)
        if many and count:
            self.fold.show_count(count, folded=self.is_folded)

    def unfold(self) -> None:
        """Show what is off."""
        if self.is_folded:
            self._unfolded = True
            self.changed.emit()

    def edit(self) -> None:
        """Let the default server be changed: put the cursor there."""
        self.target.show()
        self.target.edit()

    def refresh(self) -> None:
        """Show what holds now."""
        self._server.setText(short_target(self.target.target.url))
        self.target.refresh()
        if self.isVisible():
            self._check.watch(self.target.target)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._check.watch(self.target.target)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._check.watch(None)
        self.target.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for part in (self._label, self._state):
            part.setVisible(self.width() >= COMPACT_CARD)

    @Slot()
    def _on_folded(self) -> None:
        self._unfolded = not self._unfolded
        self.changed.emit()

    @Slot()
    def _on_change(self) -> None:
        if self.target.isHidden():
            self.edit()
        else:
            self.target.hide()

    @Slot()
    def _on_chosen(self) -> None:
        self.target.hide()
        self.change.setFocus()
        self.changed.emit()

    @Slot(bool)
    def _on_answered(self, answers: bool) -> None:  # noqa: FBT001 - Qt's signal
        if answers:
            self._state.show_state("disc_tick", Tone.OK, tr("Answers"))
        else:
            self._state.show_state("triangle", Tone.WARN, tr("Does not answer"))


class FoldButton(QAbstractButton):
    """“Off · 3” with a chevron: shows them, or hides them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folded = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_count(self, count: int, *, folded: bool) -> None:
        """Show how many there are, and whether they are hidden."""
        self._folded = folded
        heading = tr("Off", "heading")
        self.setText(f"{heading} · {count}")
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return QRectF(self.rect()).adjusted(0, 4, 0, -4), 4

    def sizeHint(self) -> QSize:
        return QSize(_CHEVRON + 10 + QFontMetrics(_heading_font()).horizontalAdvance(self.text()), _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(2, (self.height() - _CHEVRON) / 2, _CHEVRON, _CHEVRON)
        paint(painter, "right" if self._folded else "down", place, tone_colour(Tone.MUTED), colours().window)
        painter.setFont(_heading_font())
        painter.setPen(tone_colour(Tone.MUTED))
        flags = int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine
        painter.drawText(self.rect().adjusted(_CHEVRON + 8, 0, 0, 0), flags, self.text())


def _heading_font() -> QFont:
    return sized(0.95, QFont.Weight.DemiBold)
