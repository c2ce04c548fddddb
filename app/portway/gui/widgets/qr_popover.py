"""The QR code of a public URL: black on white in every theme, whole pixels per module."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from portway.gui.i18n.contexts import window as tr
from portway.gui.theme.look import BETWEEN_BUTTONS, CARD_RADIUS, INSET_RADIUS, colours
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, Weight
from portway.gui.widgets.labels import Text, UrlText

QUIET_ZONE = 4  # modules
_SIDE = 200  # px that the code takes at least
TILE_SIDE = 112  # px: 29 modules and the quiet zone, 3 px each
_VERSION, _LEAST_MODULE, _FADED = 3, 2, 0.35
_IMAGE_SCALE = 12  # px per module of what is copied and saved

Modules = tuple[tuple[bool, ...], ...]


def qr_modules(text: str) -> Modules:
    """Return the rows of its QR code; True is black."""
    import segno  # late: only who opens it needs it

    code = segno.make(text, micro=False, error="m")
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def small_modules(url: str) -> Modules:
    """Return the rows of the smallest code that all usual links have: 29 of them.

    In capitals, as far as they mean the same, a code holds half as much again (ISO/IEC 18004, 7.3.4).
    """
    import segno
    from segno import DataOverflowError

    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    text = f"{scheme}{mark}{host}".upper() + (slash + path if path else "")
    try:
        code = segno.make(text, micro=False, error="l", boost_error=False, version=_VERSION)
    except DataOverflowError:
        code = segno.make(text, micro=False, error="l", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def _code_on_nothing(modules: Modules, side: int) -> QPixmap:
    """Return the black modules alone, as large as a tile of this side lets them be."""
    scale = max(_LEAST_MODULE, side // (len(modules) + 2 * QUIET_ZONE))
    code = QPixmap(len(modules) * scale, len(modules) * scale)
    code.fill(Qt.GlobalColor.transparent)
    painter = QPainter(code)
    paint_modules(painter, modules, QPoint(0, 0), scale)
    painter.end()
    return code


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


class QrTile(QAbstractButton):
    """The code of a link in its card: small, and read at once by a phone. Pressed, it asks for the large one."""

    def __init__(self, name: str, parent: QWidget | None = None, *, side: int = TILE_SIDE, white: bool = False) -> None:
        """`white`: on white in every theme, as the large one is."""
        super().__init__(parent)
        self._url = ""
        self._white = white
        self._code: QPixmap | None = None
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(side, side)

    def show_url(self, url: str) -> None:
        """Show the code of this link; it is made when it is first seen."""
        if url != self._url:
            self._url, self._code = url, None
            self.update()

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return QRectF(self.rect()), INSET_RADIUS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        now = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(now.control_edge if self.underMouse() else now.hairline, 1))
        painter.setBrush(Qt.GlobalColor.white if self._white else now.plate)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), INSET_RADIUS, INSET_RADIUS)
        if not self._url:
            return
        if self._code is None:
            self._code = _code_on_nothing(small_modules(self._url), self.width())
        if not self.isEnabled():
            painter.setOpacity(_FADED)
        left = (self.width() - self._code.width()) // 2
        painter.drawPixmap(left, left, self._code)


class QrPopover(QWidget):
    """A small window below its button; Esc or a click elsewhere closes it. `words` say what the code is for."""

    def __init__(self, url: str, words: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr("QR code for {url}", url=url))
        self._modules = qr_modules(url)
        code = QrCode(self._modules)
        address = UrlText(url, weight=QFont.Weight.Medium)
        address.setMaximumWidth(code.width())
        help_text = Text(words, tone=Tone.MUTED)
        copy = Button(tr("Copy image"), weight=Weight.TONAL)
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
        # It covers what stands beside the button, not what is beyond the edge of the window.
        is_left = button.mapTo(button.window(), QPoint(0, 0)).x() < button.window().width() // 2
        corner = button.mapToGlobal(QPoint(0 if is_left else button.width() - self.width(), button.height() + 2))
        left = min(max(corner.x(), screen.left()), screen.right() - self.width())
        top = min(max(corner.y(), screen.top()), screen.bottom() - self.height())
        self.move(left, top)
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A mask, no translucency: of that a screen without a compositor makes black corners.
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), CARD_RADIUS, CARD_RADIUS)
        self.setMask(QRegion(outline.toFillPolygon().toPolygon()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().card)
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
