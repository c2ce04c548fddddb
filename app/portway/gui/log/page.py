"""The log of everything: one list, filtered by tunnel, level and text."""

from pathlib import Path

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from portway.core.errors import TunnelError
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import log as tr
from portway.gui.i18n.words import sentence
from portway.gui.log.follower import LogFollower
from portway.gui.log.lines import Level
from portway.gui.log.model import LogModel, as_text
from portway.gui.log.view import LogView
from portway.gui.theme.look import BETWEEN_BUTTONS, BETWEEN_CARDS, CONTROL, NARROW, tone_colour
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, CopyButton, Weight
from portway.gui.widgets.entry import Entry
from portway.gui.widgets.labels import Text
from portway.gui.widgets.page import PageHead, margin_of
from portway.gui.widgets.pictograms import pictogram
from portway.gui.widgets.surfaces import CardGround
from portway.gui.widgets.switch import Switch
from portway.system.logs.logs import PROGRAM, log_path
from portway.system.storage.files import write_whole


class LogPage(QWidget):
    """Uses the full width. Reads only while it is seen."""

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dependencies = dependencies
        titles = {str(backend.id): tr(backend.title) for backend in dependencies.hub.backends} | {PROGRAM: "Portway"}
        files = {source: log_path(dependencies.services.folders.log, source) for source in titles}
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
        self.search = Entry()
        self.search.taken_back.connect(self.clear_search)
        self.search.setAccessibleName(tr("Search in the log"))
        self.search.setPlaceholderText(tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumHeight(CONTROL)
        self.matches = Text(tone=Tone.MUTED, size=0.95)
        self.matches.setWordWrap(False)
        self.view = LogView(titles)
        self.view.setAccessibleName(tr("Log"))
        self.view.setModel(self.model)
        self.follow = Switch(tr("Follow new lines"))
        self.follow.setChecked(True)
        self.copy = CopyButton(dependencies.clipboard, tr("Copy the lines"), text=tr("Copy line"), weight=Weight.TONAL)
        self.copy.pressed.connect(self._on_copying)
        self.view.selectionModel().selectionChanged.connect(self._on_chosen)
        self.model.modelReset.connect(self._on_chosen)
        self._build()
        self.source.currentIndexChanged.connect(self._on_filter)
        self.level.currentIndexChanged.connect(self._on_filter)
        self.search.textChanged.connect(self._on_filter)
        QShortcut(QKeySequence.StandardKey.Copy, self.view).activated.connect(self.copy.click)
        self._on_filter()
        self._on_chosen()

    def refresh(self) -> None:
        """Show what holds now: nothing to do, as it follows the files by itself."""

    def choose(self, source: str) -> None:
        """Show the lines of one backend."""
        self.source.setCurrentIndex(max(0, self.source.findData(source)))

    def search_now(self) -> None:
        """Put the cursor into the search."""
        self.search.setFocus()
        self.search.selectAll()

    @Slot()
    def clear_search(self) -> bool:
        """Show all lines again; False where nothing was searched for."""
        searched = bool(self.search.text())
        self.search.clear()
        return searched

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
        self._lens.setIcon(pictogram("search", tone_colour(Tone.TEXT)))

    def _build(self) -> None:
        self._filters = QGridLayout()
        self._filters.setSpacing(BETWEEN_BUTTONS)
        for box in (self.source, self.level):
            box.setMinimumHeight(CONTROL)
        self._lens = QAction(self.search)
        self.search.addAction(self._lens, Entry.ActionPosition.LeadingPosition)
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
    def _on_chosen(self) -> None:
        chosen = len(self.view.selectionModel().selectedIndexes())
        self.copy.setEnabled(chosen > 0)

    @Slot()
    def _on_copying(self) -> None:
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        lines = [self.model.lines[row] for row in rows]
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
        parts = [tr("%n lines", "", lines)]
        if warnings:
            parts.append(tr("%n warnings", "", warnings))
        if errors:
            parts.append(tr("%n errors", "", errors))
        self.head.summary.setText(", ".join(parts) + ". " + tr("Tokens and passwords are never written."))
        shown = self.model.rowCount()
        found = tr("%n matches", "", shown) if self.search.text() else ""
        self.matches.setText(found)
        self.matches.setVisible(bool(found))

    @Slot()
    def _on_folder(self) -> None:
        self._dependencies.open_url(self._dependencies.services.folders.log.as_uri())

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
