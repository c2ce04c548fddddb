"""The log of everything: one list, filtered by tunnel, level and text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from portway.core.errors import TunnelError
from portway.gui.buttons import Button, CopyButton
from portway.gui.labels import Text
from portway.gui.log_follower import LogFollower
from portway.gui.log_lines import Level
from portway.gui.log_model import LogModel, as_text
from portway.gui.log_view import LogView
from portway.gui.look import BETWEEN_BUTTONS, BETWEEN_CARDS, CONTROL, NARROW, Ink, ink_colour
from portway.gui.page import PageHead, margin_of
from portway.gui.parts import Parts
from portway.gui.pictograms import pictogram
from portway.gui.surfaces import CardGround
from portway.gui.switch import Switch
from portway.gui.words import counted, sentence, tr
from portway.system.files import write_whole
from portway.system.logs import PROGRAM, log_path


class LogPage(QWidget):
    """Uses the full width. Reads only while it is seen."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        titles = {str(backend.id): tr(backend.title) for backend in parts.hub.backends} | {PROGRAM: "Portway"}
        files = {source: log_path(parts.services.folders.log, source) for source in titles}
        self.model = LogModel(self)
        self.follower = LogFollower(files, self)
        self.follower.came.connect(self._on_came)
        self.head = PageHead(tr("Log"), "")
        self.source = QComboBox()
        self.source.setAccessibleName(tr("Which tunnel"))
        self.source.addItem(tr("All tunnels"), "")
        for source, title in titles.items():
            self.source.addItem(title, source)
        self.level = QComboBox()
        self.level.setAccessibleName(tr("Which lines"))
        for name, level in _levels():
            self.level.addItem(name, level)
        self.level.setCurrentIndex(1)
        self.search = QLineEdit()
        self.search.setAccessibleName(tr("Search in the log"))
        self.search.setPlaceholderText(tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumHeight(CONTROL)
        self.matches = Text(ink=Ink.MUTED, size=0.95)
        self.matches.setWordWrap(False)
        self.view = LogView(titles)
        self.view.setAccessibleName(tr("Log"))
        self.view.setModel(self.model)
        self.follow = Switch(tr("Follow new lines"))
        self.follow.setChecked(True)
        self.copy = CopyButton(parts.clipboard.copy, tr("Copy the lines"), text=tr("Copy line"), primary=True)
        self.copy.pressed.connect(self._on_copying)
        self._build()
        self.source.currentIndexChanged.connect(self._on_filter)
        self.level.currentIndexChanged.connect(self._on_filter)
        self.search.textChanged.connect(self._on_filter)
        QShortcut(QKeySequence.StandardKey.Copy, self.view).activated.connect(self.copy.click)
        self._on_filter()

    def choose(self, source: str) -> None:
        """Show the lines of one backend."""
        self.source.setCurrentIndex(max(0, self.source.findData(source)))

    def search_now(self) -> None:
        """Put the cursor into the search."""
        self.search.setFocus()
        self.search.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.clear()
        self.follower.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.follower.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.window().width() < NARROW
        margin = margin_of(self.window().width())
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(margin, margin, margin, margin)
        self.head.fit(narrow=narrow)
        self._arrange(narrow=narrow)

    @Slot(str)
    def save_to(self, path: str) -> None:
        """Write what is shown into a file."""
        try:
            write_whole(Path(path), (as_text(self.model.lines) + "\n").encode(), own_folder=False)
        except TunnelError as error:
            self.head.summary.setText(sentence(error.problem))

    def _draw(self) -> None:
        self._lens.setIcon(pictogram("search", ink_colour(Ink.TEXT)))

    def _build(self) -> None:
        self._filters = QGridLayout()
        self._filters.setSpacing(BETWEEN_BUTTONS)
        for box in (self.source, self.level):
            box.setMinimumHeight(CONTROL)
        self._lens = QAction(self.search)
        self.search.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self._draw()
        card = CardGround(tr("Log"))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 6, 1, 6)
        inside.addWidget(self.view)
        self._foot = QGridLayout()
        self._foot.setSpacing(BETWEEN_BUTTONS)
        follow = QHBoxLayout()
        label = Text(tr("Follow new lines"))
        label.setWordWrap(False)
        follow.addWidget(self.follow)
        follow.addWidget(label)
        follow.addStretch(1)
        folder = Button(tr("Open folder"))
        folder.clicked.connect(self._on_folder)
        save = Button(tr("Save…"), name=tr("Save the log"))
        save.clicked.connect(self._on_save)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(BETWEEN_BUTTONS)
        self._buttons.addStretch(1)
        for button in (folder, save, self.copy):
            self._buttons.addWidget(button)
        self._follow = follow
        column = QVBoxLayout(self)
        column.setSpacing(BETWEEN_CARDS)
        column.addWidget(self.head)
        column.addLayout(self._filters)
        column.addWidget(card, 1)
        column.addLayout(self._foot)
        self._arrange(narrow=False)

    def _arrange(self, *, narrow: bool) -> None:
        for widget in (self.source, self.level, self.search, self.matches):
            self._filters.removeWidget(widget)
        self._foot.removeItem(self._follow)
        self._foot.removeItem(self._buttons)
        row = 1 if narrow else 0
        self._filters.addWidget(self.source, 0, 0)
        self._filters.addWidget(self.level, 0, 1)
        self._filters.addWidget(self.search, row, 0 if narrow else 2, 1, 2 if narrow else 1)
        self._filters.addWidget(self.matches, row + narrow, 0 if narrow else 3)
        self._filters.setColumnStretch(2, 0 if narrow else 1)
        self._foot.addLayout(self._follow, 0, 0)
        self._foot.addLayout(self._buttons, row, 0 if narrow else 1)

    @Slot()
    def _on_copying(self) -> None:
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        lines = [self.model.lines[row] for row in rows] or self.model.lines[-1:]
        self.copy.set_content(as_text(lines))

    @Slot(object)
    def _on_came(self, lines: object) -> None:
        if not isinstance(lines, list):
            return
        self.model.add(lines)
        self._count()
        if self.follow.isChecked():
            self.view.scrollToBottom()

    @Slot()
    def _on_filter(self) -> None:
        level = self.level.currentData()
        self.view.delegate.searched = self.search.text().lower()
        self.model.filter(source=self.source.currentData() or "", level=Level(level), text=self.search.text())
        self._count()
        if self.follow.isChecked():
            self.view.scrollToBottom()

    def _count(self) -> None:
        lines, warnings, errors = self.model.counts()
        parts = [counted(lines, tr("{count} line"), tr("{count} lines"))]
        if warnings:
            parts.append(counted(warnings, tr("{count} warning"), tr("{count} warnings")))
        if errors:
            parts.append(counted(errors, tr("{count} error"), tr("{count} errors")))
        self.head.summary.setText(", ".join(parts) + ". " + tr("Tokens and passwords are never written."))
        shown = self.model.rowCount()
        found = counted(shown, tr("{count} match"), tr("{count} matches")) if self.search.text() else ""
        self.matches.setText(found)
        self.matches.setVisible(bool(found))

    @Slot()
    def _on_folder(self) -> None:
        self._parts.open_url(self._parts.services.folders.log.as_uri())

    @Slot()
    def _on_save(self) -> None:
        dialog = QFileDialog(self, tr("Save the log"), "portway-log.txt", tr("Text (*.txt)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.fileSelected.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _levels() -> tuple[tuple[str, Level], ...]:
    return (
        (tr("Everything"), Level.DEBUG),
        (tr("Info and above"), Level.INFO),
        (tr("Warnings and errors"), Level.WARNING),
        (tr("Errors only"), Level.ERROR),
    )
