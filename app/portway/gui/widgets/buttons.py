"""Buttons, painted flat: five weights, icon buttons, links, and Copy that says it has copied.

On a card or page at most one is solid: what a person has to do. Native for keyboard and for those who listen.
"""

from enum import StrEnum

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QStyle, QToolButton, QWidget

from portway.gui.i18n.contexts import window as tr
from portway.gui.platform.clipboard import SAID_FOR, Clipboard
from portway.gui.theme.colours import Fill
from portway.gui.theme.look import CONTROL, FIELD_RADIUS, ICON, colours, sized, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.pictograms import paint

_SIDE, _GAP = 13, 7  # px beside the label, and between drawing and label
_LINK_SIDE = 6
_LABEL = int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextShowMnemonic


class Weight(StrEnum):
    """How much a button asks to be pressed."""

    SOLID = "solid"  # what a person has to do: in a callout, a dialog, at the start
    TONAL = "tonal"  # what most people want: Copy, Replay
    PLAIN = "plain"  # all others
    QUIET = "quiet"  # no frame until it is hovered
    DESTRUCTIVE = "destructive"  # red frame; a question follows
    DANGER = "danger"  # filled red: the answer in that question
    DONE = "done"  # says for a moment that it has done it


class Button(QPushButton):
    """A push button of one weight. Enter presses it too; the solid one of a dialog from everywhere in it."""

    def __init__(
        self,
        text: str,
        *,
        icon: str = "",
        weight: Weight = Weight.PLAIN,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self._weight = weight
        self.setDefault(weight is Weight.SOLID)
        self.setAutoDefault(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name or text)
        self.setFont(_label_font())

    @property
    def weight(self) -> Weight:
        """How much it asks to be pressed."""
        return self._weight

    def set_weight(self, weight: Weight) -> None:
        """Change that."""
        if weight is not self._weight:
            self._weight = weight
            self.setDefault(weight is Weight.SOLID)
            self.update()

    def call(self, text: str, name: str = "") -> None:
        """Say another thing that it does, also to those who do not see it."""
        self.setText(text)
        self.setAccessibleName(name or text)

    def set_icon(self, icon: str) -> None:
        """Show another drawing before the text."""
        if icon != self._icon:
            self._icon = icon
            self.updateGeometry()
            self.update()

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return QRectF(self.rect()), FIELD_RADIUS

    def sizeHint(self) -> QSize:
        return QSize(self._room(self.text()) + 2 * _SIDE, max(CONTROL, self.fontMetrics().height() + 10))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.setFont(_label_font())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge, ink = _dress(self, self._weight)
        _paint_box(painter, QRectF(self.rect()), ground, edge)
        place = QRect(0, 0, self._room(self.text()), self.height())
        place.moveLeft((self.width() - place.width()) // 2)
        if self._icon:
            side = QRect(place.left(), (self.height() - ICON) // 2, ICON, ICON)
            shown = QStyle.visualRect(self.layoutDirection(), place, side)
            paint(painter, self._icon, QRectF(shown), ink, ground or colours().card)
            label = place.adjusted(ICON + _GAP, 0, 0, 0)
            place = QStyle.visualRect(self.layoutDirection(), place, label)
        painter.setPen(ink)
        painter.drawText(place, _LABEL, self.text())

    def _room(self, text: str) -> int:
        label = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, text).width()
        return label + (ICON + _GAP if self._icon else 0)


class CopyButton(Button):
    """Copies its content when it is pressed; says so for two seconds, also where somebody else has copied that."""

    def __init__(
        self,
        clipboard: Clipboard,
        name: str,
        *,
        text: str = "",
        weight: Weight = Weight.PLAIN,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text or tr("Copy"), icon="copy", weight=weight, name=name, parent=parent)
        self._words = self.text()
        self._asks = weight  # how much it asks before it has copied
        self._clipboard = clipboard
        self._clipboard.copied.connect(self._on_copied)
        self._content = ""
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(round(SAID_FOR * 1000))
        self._said.timeout.connect(self._on_said)
        self.clicked.connect(self._on_clicked)

    def set_content(self, content: str) -> None:
        """Set what it copies."""
        if content != self._content:
            self._content = content
            if self._clipboard.has_just_copied(content):
                self.say_copied()
            else:
                self._on_said()

    def sizeHint(self) -> QSize:
        both = max(self._room(words) for words in (self._words, tr("Copied")))
        return QSize(both + 2 * _SIDE, super().sizeHint().height())  # nothing beside it moves when it says it

    @Slot()
    def say_copied(self) -> None:
        """Say it."""
        self.setText(tr("Copied"))
        self.set_icon("tick")
        self.set_weight(Weight.DONE)
        self._said.start()

    @Slot()
    def _on_clicked(self) -> None:
        self._clipboard.copy(self._content)

    @Slot(str)
    def _on_copied(self, text: str) -> None:
        if text and text == self._content:
            self.say_copied()

    @Slot()
    def _on_said(self) -> None:
        self._said.stop()
        self.setText(self._words)
        self.set_icon("copy")
        self.set_weight(self._asks)


class IconButton(QToolButton):
    """A drawing to press. It has a name for those who do not see it, and a tooltip for those who wonder."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setAutoRaise(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(CONTROL, CONTROL)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rename(name)

    def rename(self, name: str) -> None:
        """Say what it does."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon(self, icon: str) -> None:
        """Show another drawing."""
        if icon != self._icon:
            self._icon = icon
            self.update()

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return QRectF(self.rect()), FIELD_RADIUS

    def paintEvent(self, _event: QPaintEvent) -> None:
        # Without the arrow that a style draws beside a menu: the dots say it.
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge, ink = _dress(self, Weight.QUIET)
        _paint_box(painter, QRectF(self.rect()), ground, edge)
        place = QRectF((self.width() - ICON) / 2, (self.height() - ICON) / 2, ICON, ICON)
        paint(painter, self._icon, place, ink, ground or colours().card)


class CopyIconButton(IconButton):
    """The same where there is no room for words: the drawing becomes a tick."""

    def __init__(self, clipboard: Clipboard, name: str, parent: QWidget | None = None) -> None:
        super().__init__("copy", name, parent)
        self._clipboard = clipboard
        self._clipboard.copied.connect(self._on_copied)
        self._content = ""
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(round(SAID_FOR * 1000))
        self._said.timeout.connect(self._on_said)
        self.clicked.connect(self._on_clicked)

    def set_content(self, content: str) -> None:
        """Set what it copies."""
        if content != self._content:
            self._content = content
            self._on_said()

    @Slot()
    def _on_clicked(self) -> None:
        self._clipboard.copy(self._content)

    @Slot(str)
    def _on_copied(self, text: str) -> None:
        if text and text == self._content:
            self.set_icon("tick")
            self._said.start()

    @Slot()
    def _on_said(self) -> None:
        self._said.stop()
        self.set_icon("copy")


class LinkButton(QToolButton):
    """A text in the colour of links. `leaves` adds the mark of a page outside Portway."""

    def __init__(self, text: str, *, leaves: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._leaves = leaves
        self.setAutoRaise(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)
        self.setAccessibleName(name or text)

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is."""
        return QRectF(self.rect()).adjusted(3, 5, -3, -5), 3

    def sizeHint(self) -> QSize:
        mark = ICON + 4 if self._leaves else 0
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + mark + 2 * _LINK_SIDE, CONTROL)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = sized(1.0)
        font.setUnderline(self.underMouse() and self.isEnabled())
        painter.setFont(font)
        ink = tone_colour(Tone.LINK) if self.isEnabled() else colours().disabled
        painter.setPen(ink)
        mark = ICON + 4 if self._leaves else 0
        room = self.rect().adjusted(_LINK_SIDE, 0, -_LINK_SIDE, 0)
        label = QStyle.visualRect(self.layoutDirection(), room, room.adjusted(0, 0, -mark, 0))
        painter.drawText(label, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, self.text())
        if self._leaves:
            left = room.left() + min(self.fontMetrics().horizontalAdvance(self.text()) + 5, label.width() + 4)
            side = QRect(left, (self.height() - ICON) // 2 + 1, ICON - 2, ICON - 2)
            shown = QStyle.visualRect(self.layoutDirection(), room, side)
            paint(painter, "open", QRectF(shown), ink, colours().card)


def _dress(button: QAbstractButton, weight: Weight) -> tuple[QColor | None, QColor | None, QColor]:
    """Return ground, edge and ink that a button of this weight has just now."""
    now = colours()
    if not button.isEnabled():
        return None, None if weight is Weight.QUIET else now.hairline, now.disabled
    match weight:
        case Weight.SOLID:
            return _pressed(button, now.solid), None, now.solid.text
        case Weight.TONAL:
            return _pressed(button, now.tonal), None, now.tonal.text
        case Weight.DANGER:
            return _pressed(button, now.danger), None, now.danger.text
        case Weight.DONE:
            return now.ok.tint, None, now.ok.colour
        case Weight.DESTRUCTIVE:
            return now.bad.tint if button.underMouse() or button.isDown() else None, now.bad.colour, now.bad.colour
        case Weight.QUIET:
            touched = button.underMouse() or button.isDown()
            return _pressed(button, now.button) if touched else None, None, now.text
        case Weight.PLAIN:
            return _pressed(button, now.button), now.button_edge, now.text


def _pressed(button: QAbstractButton, fill: Fill) -> QColor:
    if button.isDown():
        return fill.pressed
    return fill.hover if button.underMouse() else fill.ground


def _paint_box(painter: QPainter, place: QRectF, ground: QColor | None, edge: QColor | None) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush if ground is None else ground)
    painter.setPen(Qt.PenStyle.NoPen if edge is None else QPen(edge, 1))
    if edge is not None:
        place = place.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(place, FIELD_RADIUS, FIELD_RADIUS)


def _label_font() -> QFont:
    return sized(1.0, QFont.Weight.Medium)
