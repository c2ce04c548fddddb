"""The ring around what has the focus by keyboard: 2 px of accent, 2 px outside, the same on every style."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QCommonStyle, QFocusFrame, QStyle, QStyleHintReturn, QStyleOption, QWidget
from shiboken6 import isValid

from portway.gui.theme.look import colours

_WIDTH, _AWAY = 2, 2  # px
_MARGIN = _WIDTH + _AWAY
_MARGINS = (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_FocusFrameVMargin)


@runtime_checkable
class Ringed(Protocol):
    """A control that we paint and that has no ring of its own."""

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring goes around, and how round that is."""


class FocusRing(QObject):
    """Follows the focus from now on. One for the application; main thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._frame: _Frame | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        wanted = now if now is not None and isinstance(now, Ringed) and _by_keyboard(now) else None
        if self._frame is None or not isValid(self._frame):  # it goes with the window in which it was last
            if wanted is None:
                return
            self._frame = _Frame()
        self._frame.setWidget(wanted)  # type: ignore[arg-type] # None takes it away


def _by_keyboard(control: QWidget) -> bool:
    return control.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)


class _Frame(QFocusFrame):
    """Lies above everything, so that no neighbour hides a part of it; a click goes through it."""

    def __init__(self) -> None:
        super().__init__()
        self._metrics = _Metrics()
        self.setStyle(self._metrics)

    def paintEvent(self, _event: QPaintEvent) -> None:
        control = self.widget()
        if not isinstance(control, Ringed):
            return
        place, radius = control.ring()
        away = _AWAY + _WIDTH / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours().accent, _WIDTH))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        around = place.translated(_MARGIN, _MARGIN).adjusted(-away, -away, away, away)
        painter.drawRoundedRect(around, radius + away, radius + away)


class _Metrics(QCommonStyle):
    """Tells the frame how far it goes beyond its control; styles differ, and some have none."""

    def pixelMetric(  # noqa: N802 - Qt's name
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        return _MARGIN if metric in _MARGINS else super().pixelMetric(metric, option, widget)

    def styleHint(  # noqa: N802 - Qt's name
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        data: QStyleHintReturn | None = None,
    ) -> int:
        match hint:
            case QStyle.StyleHint.SH_FocusFrame_AboveWidget:
                return 1
            case QStyle.StyleHint.SH_FocusFrame_Mask:
                return 0
            case _:
                return super().styleHint(hint, option, widget, data)
