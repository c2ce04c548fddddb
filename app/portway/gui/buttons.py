"""Native buttons with our drawings on them: icon buttons, links, the primary one, and Copy that says it has copied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFont, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from portway.gui.look import CONTROL, ICON, Ink, colours, ink_colour, ring_shown, sized
from portway.gui.pictograms import pictogram
from portway.gui.words import tr

SAID_FOR = 2000  # ms that "Copied" stays


class Button(QPushButton):
    """A native push button. `primary` is the one of its card; Enter presses it too."""

    def __init__(
        self, text: str, *, icon: str = "", primary: bool = False, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self.setDefault(primary)
        self.setAutoDefault(True)
        self.setMinimumHeight(CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name or text)
        self._draw()

    def call(self, text: str, name: str = "") -> None:
        """Say another thing that it does, also to those who do not see it."""
        self.setText(text)
        self.setAccessibleName(name or text)

    def set_icon(self, icon: str) -> None:
        """Show another drawing before the text."""
        self._icon = icon
        self._draw()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + 8, max(hint.height(), CONTROL))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self.setIcon(pictogram(self._icon, ink_colour(Ink.TEXT)) if self._icon else QIcon())


class CopyButton(Button):
    """Copies what `text_of` returns when it is pressed, and says so for two seconds."""

    def __init__(
        self, copy: Callable[[str], None], name: str, *, text: str = "", primary: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(text or tr("Copy"), icon="copy", primary=primary, name=name, parent=parent)
        self._words = self.text()
        self._copy = copy
        self._content = ""
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(SAID_FOR)
        self._said.timeout.connect(self._on_said)
        self.clicked.connect(self._on_clicked)
        both = max(self.fontMetrics().horizontalAdvance(words) for words in (self._words, tr("Copied")))
        self.setMinimumWidth(both + ICON + 38)

    def set_content(self, content: str) -> None:
        """Set what it copies."""
        if content != self._content:
            self._content = content
            self._on_said()

    @Slot()
    def say_copied(self) -> None:
        """Say it, whoever copied."""
        self.setText(tr("Copied"))
        self.set_icon("tick")
        self._said.start()

    @Slot()
    def _on_clicked(self) -> None:
        self._copy(self._content)
        self.say_copied()

    @Slot()
    def _on_said(self) -> None:
        self._said.stop()
        self.setText(self._words)
        self.set_icon("copy")


class IconButton(QToolButton):
    """A drawing to press. It has a name for those who do not see it, and a tooltip for those who wonder."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setAutoRaise(True)
        self.setFixedSize(CONTROL, CONTROL)
        self.setIconSize(QSize(ICON, ICON))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rename(name)
        self._draw()

    def rename(self, name: str) -> None:
        """Say what it does."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon(self, icon: str) -> None:
        """Show another drawing."""
        if icon != self._icon:
            self._icon = icon
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self.setIcon(pictogram(self._icon, ink_colour(Ink.TEXT)))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.popupMode() == QToolButton.ToolButtonPopupMode.InstantPopup:
            # Without the arrow that a style draws beside a menu: the dots say it.
            painter = QPainter(self)
            if self.underMouse() or ring_shown(self) or self.isDown():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(ink_colour(Ink.LINK) if ring_shown(self) else colours().hairline)
                painter.setBrush(colours().inset)
                painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
            side = (self.width() - ICON) // 2
            self.icon().paint(painter, side, side, ICON, ICON)
            return
        super().paintEvent(event)


class LinkButton(QToolButton):
    """A text in the colour of links. `leaves` adds the mark of a page outside Portway."""

    def __init__(self, text: str, *, leaves: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._leaves = leaves
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)
        self.setAccessibleName(name or text)

    def sizeHint(self) -> QSize:
        mark = ICON + 4 if self._leaves else 0
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + mark + 12, CONTROL)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if ring_shown(self):
            painter.setPen(ink_colour(Ink.LINK))
            painter.drawRoundedRect(self.rect().adjusted(1, 3, -2, -4), 4, 4)
        font = sized(1.0, QFont.Weight.Normal)
        font.setUnderline(self.underMouse())
        painter.setFont(font)
        painter.setPen(ink_colour(Ink.LINK if self.isEnabled() else Ink.MUTED))
        room = self.rect().adjusted(6, 0, -6 - (ICON + 4 if self._leaves else 0), 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter) | Qt.TextFlag.TextSingleLine, self.text())
        if self._leaves:
            mark = pictogram("open", ink_colour(Ink.LINK))
            mark.paint(painter, self.width() - 6 - ICON + 2, (self.height() - ICON) // 2, ICON - 2, ICON)
