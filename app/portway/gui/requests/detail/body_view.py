"""A body on the screen: pretty for reading, raw for its bytes, a picture, or a sentence about it."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QFont, QFontDatabase, QPainter, QPaintEvent, QPixmap, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from portway.gui.i18n.contexts import requests as tr
from portway.gui.platform.clipboard import Clipboard
from portway.gui.requests.detail.bodies import BodyContent, Kind
from portway.gui.requests.detail.fields import Field, Fields
from portway.gui.requests.words import kind_of, size
from portway.gui.theme.look import CONTROL, colours, sized, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import IconButton
from portway.gui.widgets.labels import Line, Text
from portway.gui.widgets.segments import Segments
from portway.gui.widgets.surfaces import Ground

PRETTY, RAW = "pretty", "raw"
_HIGHEST, _LOWEST = 460, 24
_MOST_COLOURED = 3_000  # lines: colouring more would stop the window
_JSON = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)', re.ASCII)


class BodyView(QWidget):
    """Shows one body. `name` is what those hear who do not see it."""

    def __init__(self, name: str, clipboard: Clipboard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._content: BodyContent | None = None
        self._chosen = PRETTY
        title = Line(tr("Body"), size=0.95, weight=QFont.Weight.DemiBold)
        self.summary = Line(tone=Tone.MUTED, size=0.92)
        self.mode = Segments(name, {PRETTY: tr("Pretty"), RAW: tr("Raw")})
        self.mode.chosen.connect(self._on_mode)
        self.copy = IconButton("copy", tr("Copy: {what}", what=name))
        self.copy.clicked.connect(self._on_copy)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title)
        head.addWidget(self.summary, 1)
        head.addWidget(self.mode)
        head.addWidget(self.copy)
        self.note = Text(tone=Tone.MUTED, size=0.95)
        self.text = _Text(name)
        self.fields = Fields(clipboard)
        self.picture = _Picture()
        self._inset = Ground()
        inside = QVBoxLayout(self._inset)
        inside.setContentsMargins(10, 8, 10, 8)
        for widget in (self.text, self.fields, self.picture):
            inside.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.note)
        column.addWidget(self._inset)
        head.setContentsMargins(0, 0, 0, 0)
        title.setMinimumHeight(CONTROL - 4)
        self.wait()

    def wait(self) -> None:
        """Show that it is being read: nothing, as that takes a moment only."""
        self._show(None, "")

    def show_content(self, content: BodyContent, content_type: str | None) -> None:
        """Show a body that was read."""
        self._show(content, content_type)

    def _show(self, content: BodyContent | None, content_type: str | None) -> None:
        self._content = content
        there = content is not None and content.kind not in (Kind.EMPTY, Kind.GONE)
        two = content is not None and content.kind in (Kind.JSON, Kind.FIELDS, Kind.IMAGE)
        self.mode.setVisible(two)
        self.mode.choose(self._chosen if two else RAW)
        self.copy.setVisible(content is not None and content.text is not None)
        self.summary.setText("" if content is None else _summary(content, content_type))
        self.note.setText("" if content is None else _note(content))
        self.note.setVisible(bool(self.note.text()))
        self._inset.setVisible(there)
        self._show_mode()

    def _show_mode(self) -> None:
        content, raw = self._content, self.mode.value == RAW
        if content is None:
            return
        as_fields = content.kind is Kind.FIELDS and not raw
        as_picture = content.kind is Kind.IMAGE and not raw
        self.fields.setVisible(as_fields)
        self.picture.setVisible(as_picture)
        self.text.setVisible(not (as_fields or as_picture))
        self.fields.show_fields([Field(name, value) for name, value in content.fields] if as_fields else [])
        self.picture.show_image(content if as_picture else None)
        if self.text.isVisibleTo(self):
            coloured = content.kind is Kind.JSON and not raw
            self.text.show_text(content.pretty if coloured else content.raw, coloured=coloured)

    @Slot(str)
    def _on_mode(self, mode: str) -> None:
        self._chosen = mode
        self._show_mode()

    @Slot()
    def _on_copy(self) -> None:
        if self._content is not None and self._content.text is not None:
            self._clipboard.copy(self._content.text)


class _Text(QPlainTextEdit):
    """As high as its text, up to a limit; plain, so that nothing in it is read as markup."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.viewport().setAutoFillBackground(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(fixed_font())
        self.document().setDocumentMargin(0)
        self._colours = _JsonColours(self)

    def show_text(self, text: str, *, coloured: bool) -> None:
        lines = text.count("\n") + 1
        self._colours.setDocument(None)
        self.setPlainText(text)
        if coloured and lines <= _MOST_COLOURED:
            self._colours.setDocument(self.document())
        # A line that wraps needs more than one: its characters say about how many.
        across = max(20, self.viewport().width() // max(1, self.fontMetrics().averageCharWidth()))
        needed = sum(max(1, -(-len(line) // across)) for line in text.split("\n", 60)[:60])
        self.setFixedHeight(min(_HIGHEST, max(_LOWEST, self.fontMetrics().lineSpacing() * needed + 8)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.setFont(fixed_font())
        elif event.type() == QEvent.Type.PaletteChange:
            self._colours.rehighlight()


class _JsonColours(QSyntaxHighlighter):
    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        for found in _JSON.finditer(text):
            tone = Tone.WARN if found[3] else Tone.LINK if found[2] else Tone.OK
            form = QTextCharFormat()
            form.setForeground(tone_colour(tone))
            at = 3 if found[3] else 1
            self.setFormat(found.start(at), found.end(at) - found.start(at), form)


class _Picture(QLabel):
    """A picture, never larger than itself or its room."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(1, 1)
        self._pixmap = QPixmap()

    def show_image(self, content: BodyContent | None) -> None:
        image = None if content is None else content.image
        self._pixmap = QPixmap() if image is None else QPixmap.fromImage(image)
        self.setFixedHeight(min(_HIGHEST, max(1, self._pixmap.height())))
        self.setAccessibleName(tr("A picture") if image is not None else "")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._pixmap.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room, own = self.rect(), self._pixmap.size()
        shown = (
            own
            if own.width() <= room.width() and own.height() <= room.height()
            else own.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        )
        place = room.adjusted(0, 0, shown.width() - room.width(), shown.height() - room.height())
        painter.fillRect(place, colours().plate)
        painter.drawPixmap(place, self._pixmap)


def fixed_font() -> QFont:
    """Return the font of bytes."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(sized(0.92).pointSizeF())
    return font


def _summary(content: BodyContent, content_type: str | None) -> str:
    if content.kind is Kind.EMPTY:
        return tr("none")
    kind = kind_of(content_type)
    parts = [size(content.size), "JSON" if kind == "json" else kind]
    if content.kind is Kind.IMAGE:
        parts.append(f"{content.pixels[0]} x {content.pixels[1]}")
    return ", ".join(filter(None, parts))


def _note(content: BodyContent) -> str:
    """Say what is not shown, and why."""
    if content.kind is Kind.GONE:
        return tr("{size} passed. They made room for newer requests.", size=size(content.size))
    if content.kind is Kind.BINARY and not content.cut:
        return tr("{size} that are no text.", size=size(content.size))
    if content.cut:
        return tr("{size} passed; of a long body only the beginning is kept.", size=size(content.size))
    if content.shortened:
        return tr("Only the beginning is shown. A copy has all of it.")
    return ""
