"""The switch: it shows what is wished, with a shape as well as a colour."""

from PySide6.QtCore import QEasingCurve, QEvent, QPointF, QRectF, QSize, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QWidget

from portway.gui.theme.colours import mix
from portway.gui.theme.look import colours
from portway.gui.widgets.pictograms import paint

_TARGET = QSize(44, 28)
_TRACK = QSize(40, 20)
_FADED = 0.55  # of a switch that cannot be used


class Switch(QAbstractButton):
    """On or off. `clicked(bool)` tells what a person asks; `setChecked` shows what is so, and asks nothing."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._place = 0.0  # of the knob, from off to on
        self._slide = QVariantAnimation(self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._on_slid)
        self.toggled.connect(self._on_toggled)

    def sizeHint(self) -> QSize:
        return _TARGET

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return self._track(), _TRACK.height() / 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = self._track()
        if self.isChecked():
            self._paint_on(painter, track)
        else:
            self._paint_off(painter, track)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self.update()

    def _track(self) -> QRectF:
        left, top = (self.width() - _TRACK.width()) / 2, (self.height() - _TRACK.height()) / 2
        return QRectF(left, top, _TRACK.width(), _TRACK.height())

    def _paint_on(self, painter: QPainter, track: QRectF) -> None:
        accent = self._shade(colours().solid.hover if self.underMouse() and self.isEnabled() else colours().accent)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        radius = track.height() / 2 - 2
        knob = self._knob(track)
        painter.setBrush(colours().knob)
        painter.drawEllipse(knob, radius, radius)
        mark = QRectF(knob.x() - 5, knob.y() - 5, 10, 10)
        paint(painter, "bold_tick", mark, accent, colours().knob)

    def _paint_off(self, painter: QPainter, track: QRectF) -> None:
        edge = self._shade(colours().control_edge)
        touched = self.underMouse() and self.isEnabled()
        painter.setPen(QPen(colours().text if touched else edge, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        outline = track.adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(outline, outline.height() / 2, outline.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(edge)
        painter.drawEllipse(self._knob(track), 6, 6)

    def _knob(self, track: QRectF) -> QPointF:
        inset = track.height() / 2
        way = track.width() - 2 * inset
        place = self._place if self.isRightToLeft() is False else 1 - self._place
        return QPointF(track.left() + inset + way * place, track.center().y())

    def _shade(self, colour: QColor) -> QColor:
        return colour if self.isEnabled() else mix(colour, colours().card, _FADED)

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._slide.stop()
        time = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        if time <= 0 or not self.isVisible():
            self._place = float(on)
            self.update()
            return
        self._slide.setDuration(time)
        self._slide.setStartValue(self._place)
        self._slide.setEndValue(float(on))
        self._slide.start()

    @Slot(object)
    def _on_slid(self, place: object) -> None:
        self._place = float(place) if isinstance(place, int | float) else self._place
        self.update()
