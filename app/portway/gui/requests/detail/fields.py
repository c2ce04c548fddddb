"""Names and values below each other: headers, the fields of a form, facts. What is masked has an eye that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from portway.core.foreign_text import harmless_line
from portway.gui.i18n.contexts import requests as tr
from portway.gui.platform.clipboard import Clipboard
from portway.gui.requests.words import line_of
from portway.gui.theme.look import colours, sized
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import IconButton
from portway.gui.widgets.labels import Text

_NAME, _GAP, _LEAST_ROW = 118, 12, 24
_SIZE = 0.95
_EYE = 24
_LONGEST = 4_000  # characters of a value that are shown; all of it is copied
_MOST = 100  # rows
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | Qt.TextFlag.TextWrapAnywhere


@dataclass(frozen=True, slots=True)
class Field:
    """One name with its value. `reveal` gives what is masked in it, None where nothing is, or it is gone."""

    name: str
    value: str
    reveal: Callable[[], str | None] | None = None


class Fields(QWidget):
    """A column of them."""

    def __init__(self, clipboard: Clipboard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self.rows: list[FieldRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._more = Text(tone=Tone.MUTED, size=_SIZE)
        self._column.addWidget(self._more)

    def show_fields(self, fields: Sequence[Field]) -> None:
        """Show these; of very many the first hundred."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [FieldRow(field, self._clipboard) for field in fields[:_MOST]]
        for at, row in enumerate(self.rows):
            self._column.insertWidget(at, row)
        left = len(fields) - len(self.rows)
        self._more.setVisible(left > 0)
        self._more.setText(tr("%n more are not shown here. A copy as curl has them.", "", left) if left > 0 else "")


class FieldRow(QWidget):
    """Broken wherever it has to be: values know no blanks. Its menu copies the value."""

    def __init__(self, field: Field, clipboard: Clipboard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._clipboard = clipboard
        self._name = line_of(field.name)
        self._value = field.value
        self.eye: IconButton | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if field.reveal is not None:
            self.eye = IconButton("eye", tr("Show {name}", name=self._name), self)
            self.eye.setFixedSize(_EYE, _EYE)
            self.eye.clicked.connect(self._on_eye)
        self._explain()

    @property
    def shown(self) -> str:
        """What can be read."""
        cut = "…" if len(self._value) > _LONGEST else ""
        return harmless_line(self._value[:_LONGEST]) + cut

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        name, value = self._places(width)
        metrics = QFontMetrics(sized(_SIZE))
        high = max(
            metrics.boundingRect(name, _WRAPPED, self._name).height(),
            metrics.boundingRect(value, _WRAPPED, self.shown or " ").height(),
        )
        return max(_LEAST_ROW, high + 6)

    def sizeHint(self) -> QSize:
        return QSize(2 * _NAME, self.heightForWidth(self.width() or 3 * _NAME))

    def minimumSizeHint(self) -> QSize:
        return QSize(_NAME + _GAP + 60, _LEAST_ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.eye is not None:
            self.eye.move(self.width() - _EYE, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(sized(_SIZE))
        name, value = self._places(self.width())
        painter.setPen(colours().muted)
        painter.drawText(name, _WRAPPED, self._name)
        painter.setPen(colours().text)
        painter.drawText(value, _WRAPPED, self.shown)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = QAction(tr("Copy value"), menu)
        copy.triggered.connect(self._on_copy)
        menu.addAction(copy)
        menu.popup(event.globalPos())

    def _places(self, width: int) -> tuple[QRect, QRect]:
        beside = min(_NAME, width // 3)
        left = beside + _GAP
        right = _EYE + 4 if self.eye is not None else 0
        return QRect(0, 3, beside, 10_000), QRect(left, 3, max(20, width - left - right), 10_000)

    def _explain(self) -> None:
        self.setAccessibleName(f"{self._name}: {self.shown}")
        self.updateGeometry()
        self.update()

    @Slot()
    def _on_eye(self) -> None:
        """Show what is masked, or mask it again."""
        eye, reveal = self.eye, self._field.reveal
        if eye is None or reveal is None:
            return
        if self._value == self._field.value and (found := reveal()) is not None:
            self._value = found
            eye.set_icon("eye_off")
            eye.rename(tr("Hide {name}", name=self._name))
        else:
            self._value = self._field.value
            eye.set_icon("eye")
            eye.rename(tr("Show {name}", name=self._name))
        self._explain()

    @Slot()
    def _on_copy(self) -> None:
        self._clipboard.copy(self._value)
