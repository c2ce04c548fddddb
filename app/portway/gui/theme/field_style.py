"""Fusion with flat text and check boxes: its own edges have 2.3:1 in light and 1.4:1 in dark themes; 3:1 is needed."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionFrame,
    QWidget,
)

from portway.gui.theme.colours import mix
from portway.gui.theme.look import FIELD_RADIUS, colours

_FUSION = "fusion"  # the one style that is ours to mend: others belong to their desktop
_FADED = 0.45
_BOX_RADIUS = 3.5
_PADDING = 4  # px between a round edge and the text of a combo box, beside that of Fusion
_TO_THE_RIGHT = Qt.LayoutDirection.LeftToRight
_ARROW = QSize(13, 13)


class FieldStyle(QProxyStyle):
    """Paints ground and edge of line edits, combo and check boxes; where one types the edge is the accent."""

    def __init__(self) -> None:
        super().__init__(_FUSION)

    def drawPrimitive(  # noqa: N802 - Qt's name
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        match element:
            case QStyle.PrimitiveElement.PE_PanelLineEdit:
                if _is_framed(option):  # one without a frame looks like a text, or lies on what has been painted
                    _paint_field(painter, option)
            case QStyle.PrimitiveElement.PE_FrameLineEdit:
                pass  # its panel has painted it
            case QStyle.PrimitiveElement.PE_IndicatorCheckBox:
                _paint_box(painter, option)
                if QStyle.StateFlag.State_On in option.state:
                    tick = QStyleOption(option)
                    tick.rect = option.rect.adjusted(1, 1, -1, -1)
                    tick.palette.setColor(QPalette.ColorRole.Text, colours().solid.text)
                    super().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorMenuCheckMark, tick, painter, widget)
            case _:
                super().drawPrimitive(element, option, painter, widget)

    def drawComplexControl(  # noqa: N802 - Qt's name
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if control != QStyle.ComplexControl.CC_ComboBox or widget is None:
            super().drawComplexControl(control, option, painter, widget)
            return
        _paint_field(painter, option)
        place = self.subControlRect(control, option, QStyle.SubControl.SC_ComboBoxArrow, widget)
        arrow = QStyleOption(option)
        arrow.rect = QStyle.alignedRect(option.direction, Qt.AlignmentFlag.AlignCenter, _ARROW, place)
        super().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorArrowDown, arrow, painter, widget)

    def subControlRect(  # noqa: N802 - Qt's name
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        place = super().subControlRect(control, option, part, widget)  # type: ignore[arg-type] # may be none
        if control == QStyle.ComplexControl.CC_ComboBox and part == QStyle.SubControl.SC_ComboBoxEditField:
            place.adjust(*((_PADDING, 0, 0, 0) if option.direction == _TO_THE_RIGHT else (0, 0, -_PADDING, 0)))
        return place

    def subElementRect(  # noqa: N802 - Qt's name
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        place = super().subElementRect(element, option, widget)  # type: ignore[arg-type] # may be none
        if element == QStyle.SubElement.SE_LineEditContents and _is_framed(option):
            place.adjust(_PADDING, 0, -_PADDING, 0)
        return place

    def sizeFromContents(  # noqa: N802 - Qt's name
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        needed = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type] # may be none
        return needed + QSize(_PADDING, 0) if kind == QStyle.ContentsType.CT_ComboBox else needed


def _paint_box(painter: QPainter, option: QStyleOption) -> None:
    """Paint a check box: filled with the accent where it is checked, else an edge that can be seen."""
    now = colours()
    checked = QStyle.StateFlag.State_On in option.state
    edge = now.solid.ground if checked else now.control_edge
    ground = now.solid.ground if checked else now.field
    if QStyle.StateFlag.State_Enabled not in option.state:
        edge, ground = mix(edge, now.card, _FADED), mix(ground, now.card, _FADED)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1.5))
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(option.rect).adjusted(0.75, 0.75, -0.75, -0.75), _BOX_RADIUS, _BOX_RADIUS)
    painter.restore()


def mend_fields() -> None:
    """Use it from now on, if the style in use is the one that it mends."""
    if QApplication.style().name().lower() == _FUSION and not isinstance(QApplication.style(), FieldStyle):
        QApplication.setStyle(FieldStyle())


def _is_framed(option: QStyleOption) -> bool:
    return not isinstance(option, QStyleOptionFrame) or option.lineWidth > 0


def _paint_field(painter: QPainter, option: QStyleOption) -> None:
    now = colours()
    place = QRectF(option.rect)
    painter.save()
    painter.setBrush(now.field)
    focused = QStyle.StateFlag.State_HasFocus in option.state
    edge = now.accent if focused else now.control_edge
    if QStyle.StateFlag.State_Enabled not in option.state:
        edge = mix(edge, now.card, _FADED)
    width = 2.0 if focused else 1.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, width))
    inside = place.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.drawRoundedRect(inside, FIELD_RADIUS, FIELD_RADIUS)
    painter.restore()
