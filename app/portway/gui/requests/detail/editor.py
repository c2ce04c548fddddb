"""Edit and replay: a recorded request as raw text, and back. What is masked stays so, and is sent as it was."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from portway.core.hub import RecordedBody, RecordedRequest, ReplayRequest
from portway.gui.i18n.contexts import requests as tr
from portway.gui.requests.detail.body_view import fixed_font
from portway.gui.requests.words import line_of, size
from portway.gui.theme.look import BETWEEN_BUTTONS, FIELD_RADIUS, colours
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, Weight
from portway.gui.widgets.labels import Text
from portway.relay.capture.masking import is_masked

_VERSION = " HTTP/1.1"
# What a text box takes for the end of a line, or does not give back as it was.
_NOT_KEPT = "\u2028\u2029\ufdd0\ufdd1\0"


class DraftError(Exception):
    """What is written is no request; the message is in the person's language."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A request as text. `body` is None where it cannot be edited as text, and is sent as it is."""

    head: str
    body: str | None
    newline: str  # of the body

    def changes(self, head: str, body: str | None, masked: RecordedRequest, whole: RecordedRequest) -> ReplayRequest:
        """Return what is to be sent for an edited text; `body` None: as it was. Raises DraftError."""
        first, _, rest = head.strip().partition("\n")
        method, _, path = first.strip().removesuffix(_VERSION).partition(" ")
        if not (method and path):
            raise DraftError(tr("The first line is method and path: GET /path"))
        if path == masked.row.path:
            path = whole.row.path
        elif is_masked(path):
            raise DraftError(_masked_in_part())
        sent = None if body is None else body.replace("\n", self.newline).encode("utf-8", "surrogatepass")
        return ReplayRequest(method=method, path=path, headers=_headers(rest, masked, whole), body=sent)


def draft_of(masked: RecordedRequest) -> Draft:
    """Return a recorded request as text, with its secrets masked."""
    lines = [f"{masked.row.method} {masked.row.path}"]
    lines += [f"{name}: {value}" for name, value in masked.request_headers]
    body, newline = editable(masked.request_body)
    return Draft("\n".join(lines), body, newline)


def editable(body: RecordedBody) -> tuple[str | None, str]:
    """Return a body as text and what ends its lines; None where a text box would give back other bytes."""
    try:
        text = body.data.decode()
    except UnicodeDecodeError:
        return None, "\n"
    newline = "\r\n" if "\r\n" in text and text.count("\n") == text.count("\r\n") else "\n"
    text = text.replace(newline, "\n")
    if body.encoding is not None or "\r" in text or any(one in text for one in _NOT_KEPT):
        return None, newline
    return text, newline


def _headers(text: str, masked: RecordedRequest, whole: RecordedRequest) -> tuple[tuple[str, str], ...]:
    """Read header lines; those that are still masked as they were get their own values back."""
    real = defaultdict(list)
    for (name, shown), (_, value) in zip(masked.request_headers, whole.request_headers, strict=True):
        real[f"{name}: {shown}".strip()].append((name, value))
    found = []
    for line in filter(None, (one.strip() for one in text.split("\n"))):
        if is_masked(line):
            known = real.get(line)
            if not known:
                raise DraftError(_masked_in_part())
            found.append(known.pop(0) if len(known) > 1 else known[0])
            continue
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise DraftError(tr("This line is no header: {line}", line=line_of(line)[:60]))
        found.append((name, value.strip()))
    return tuple(found)


def _masked_in_part() -> str:
    return tr("A masked value cannot be changed in part: write it whole, or take the line out.")


class Editor(QDialog):
    """A window of its own over the page. `sent` carries a ReplayRequest; who shows it says whether that went well."""

    sent = Signal(object)

    def __init__(self, masked: RecordedRequest, whole: RecordedRequest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._masked, self._whole = masked, whole
        self._draft = draft_of(masked)
        self.setWindowTitle(tr("Edit and replay"))
        self.setAccessibleName(tr("Edit and replay"))
        self.resize(640, 560)
        self.head = _RawText(tr("Method, path and headers"), self._draft.head)
        self.body = _RawText(tr("Body"), self._draft.body or "")
        self.body.setEnabled(self._draft.body is not None)
        note = Text(self._note(), tone=Tone.MUTED, size=0.95)
        self.problem = Text(tone=Tone.BAD)
        self.problem.hide()
        self.send = Button(tr("Send"), icon="replay", weight=Weight.SOLID, name=tr("Send it to your server"))
        self.send.clicked.connect(self._on_send)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(BETWEEN_BUTTONS)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.send)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(8)
        column.addWidget(Text(tr("Method, path and headers"), size=0.95))
        column.addWidget(_Framed(self.head), 3)
        column.addWidget(Text(tr("Body"), size=0.95))
        column.addWidget(_Framed(self.body), 2)
        column.addWidget(note)
        column.addWidget(self.problem)
        column.addLayout(buttons)
        self.head.setFocus()

    def refuse(self, text: str) -> None:
        """Say why it was not sent."""
        self.send.setEnabled(True)
        self.problem.setText(text)
        self.problem.show()

    def wait(self) -> None:
        """It is on its way."""
        self.send.setEnabled(False)
        self.problem.hide()

    def _note(self) -> str:
        body = self._masked.request_body
        if self._draft.body is None and body.whole:
            told = tr("The body of {size} is no plain text: it is sent as it was.", size=size(body.size))
        elif not body.whole:
            told = tr("Not all of the body was kept: what stands here is sent.")
        else:
            told = tr("It goes to your server as it stands here; lengths are counted anew.")
        return f"{told} {tr('What is masked is sent as it was.')}"

    @Slot()
    def _on_send(self) -> None:
        as_it_was = self._draft.body is None or (self._masked.request_body.whole and not self.body.is_changed)
        try:
            changes = self._draft.changes(
                self.head.text, None if as_it_was else self.body.text, self._masked, self._whole
            )
        except DraftError as error:
            self.refuse(str(error))
            return
        self.sent.emit(changes)


class _RawText(QPlainTextEdit):
    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setFont(fixed_font())
        self.setPlainText(text)
        self.document().setModified(False)

    @property
    def is_changed(self) -> bool:
        """Whether somebody typed in it."""
        return self.document().isModified()

    @property
    def text(self) -> str:
        """What stands there, as it is: `toPlainText` makes other blanks of some."""
        return self.document().toRawText().replace("\u2029", "\n")


class _Framed(QWidget):
    """The ground and the edge of a text box: those of styles can hardly be seen in dark themes."""

    def __init__(self, text: _RawText) -> None:
        super().__init__()
        self._text = text
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(text)
        text.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, now = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2.0 if self._text.hasFocus() else 1.0
        painter.setPen(QPen(now.accent if self._text.hasFocus() else now.control_edge, width))
        painter.setBrush(now.field)
        inside = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(inside, FIELD_RADIUS, FIELD_RADIUS)
