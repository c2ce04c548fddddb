"""The QR code of a public URL: black on white in every theme, whole pixels per module."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from portway.gui.buttons import Button
from portway.gui.labels import Text, UrlLine
from portway.gui.look import BETWEEN_BUTTONS, CARD_RADIUS, INSET_RADIUS, Ink, colours
from portway.gui.words import tr

QUIET_ZONE = 4  # modules
_SIDE = 200  # px that the code takes at least
_IMAGE_SCALE = 12  # px per module of what is copied and saved

Modules = tuple[tuple[bool, ...], ...]


def qr_modules(text: str) -> Modules:
    """Return the rows of its QR code; True is black."""
    import segno  # late: only who opens it needs it

    code = segno.make(text, micro=False, error="m")
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def qr_image(modules: Modules, scale: int = _IMAGE_SCALE) -> QImage:
    """Return it as a picture with its quiet zone."""
    side = (len(modules) + 2 * QUIET_ZONE) * scale
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint_modules(painter, modules, QPoint(QUIET_ZONE * scale, QUIET_ZONE * scale), scale)
    painter.end()
    return image


def paint_modules(painter: QPainter, modules: Modules, place: QPoint, scale: int) -> None:
    """Paint the black ones."""
    for row, line in enumerate(modules):
        for column, black in enumerate(line):
            if black:
                corner = QPoint(place.x() + column * scale, place.y() + row * scale)
                painter.fillRect(QRect(corner, QSize(scale, scale)), QColor(Qt.GlobalColor.black))


class QrCode(QWidget):
    """Paints the code on white."""

    def __init__(self, modules: Modules, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._modules = modules
        count = len(modules) + 2 * QUIET_ZONE
        self._scale = max(2, -(-_SIDE // count))
        self.setFixedSize(count * self._scale, count * self._scale)
        self.setAccessibleName(tr("QR code"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawRoundedRect(QRectF(self.rect()), INSET_RADIUS, INSET_RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        start = QUIET_ZONE * self._scale
        paint_modules(painter, self._modules, QPoint(start, start), self._scale)


class QrPopover(QWidget):
    """A small window below its button; Esc or a click elsewhere closes it. `words` say what the code is for."""

    def __init__(self, url: str, words: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAccessibleName(tr("QR code for {url}", url=url))
        self._modules = qr_modules(url)
        code = QrCode(self._modules)
        address = UrlLine(url, weight=QFont.Weight.Medium)
        address.setMaximumWidth(code.width())
        help_text = Text(words, ink=Ink.MUTED)
        copy = Button(tr("Copy image"), primary=True)
        copy.clicked.connect(self._on_copy)
        save = Button(tr("Save…"))
        save.clicked.connect(self._on_save)
        buttons = QHBoxLayout()
        buttons.setSpacing(BETWEEN_BUTTONS)
        buttons.addWidget(copy, 1)
        buttons.addWidget(save, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(BETWEEN_BUTTONS)
        for widget in (code, address, help_text):
            column.addWidget(widget)
        column.addLayout(buttons)
        copy.setFocus()

    def open_below(self, button: QWidget) -> None:
        """Show it below `button`, on its screen."""
        self.adjustSize()
        self.resize(self.width(), self.heightForWidth(self.width()))  # the words may take a second line
        screen = button.screen().availableGeometry()
        corner = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 2))
        left = min(max(corner.x(), screen.left()), screen.right() - self.width())
        top = min(max(corner.y(), screen.top()), screen.bottom() - self.height())
        self.move(left, top)
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # An X screen without a compositor knows no translucency: there the corners would be black.
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), CARD_RADIUS, CARD_RADIUS)
        self.setMask(QRegion(outline.toFillPolygon().toPolygon()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours().hairline, 1))
        painter.setBrush(colours().card)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CARD_RADIUS, CARD_RADIUS)

    @Slot()
    def _on_copy(self) -> None:
        # A picture needs no help on Wayland: this window has the focus.
        QGuiApplication.clipboard().setImage(qr_image(self._modules))
        self.close()

    @Slot()
    def _on_save(self) -> None:
        # Not a child of the popover, which closes as soon as another window opens.
        dialog = QFileDialog(self.parentWidget(), tr("Save the QR code"), "portway-qr.png", tr("Pictures (*.png)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        image = qr_image(self._modules)
        dialog.fileSelected.connect(image.save)
        dialog.open()
        self.close()
