"""The diagnostics, as they would be sent: each text can be read before any of it is written into a file."""

from pathlib import Path

from PySide6.QtCore import QLocale, Qt, Slot
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from portway.core.errors import Problem, TunnelError
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.rule_row import line_of
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.words import sentence
from portway.gui.theme.look import CONTROL, IN_CARD, MARGIN
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, Weight
from portway.gui.widgets.labels import Text
from portway.gui.widgets.state_line import StateLine
from portway.system.diagnosis.bundle import FILE_NAME, Bundle

_WIDTH, _HEIGHT = 680, 520


class DiagnosticsDialog(QDialog):
    """Collects at once, on another thread; writes where the person says. Main thread."""

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Save the diagnostics"))
        self._bundle: Bundle | None = None
        self.state = StateLine()
        self.state.show_state("busy", Tone.BUSY, tr("Looking"))
        self.choice = QComboBox()
        self.choice.setMinimumHeight(CONTROL)
        self.choice.setAccessibleName(tr("Which text"))
        self.choice.setEnabled(False)
        self.choice.currentIndexChanged.connect(self._on_chosen)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("The text"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.end = Button(tr("Cancel"))
        self.end.clicked.connect(self.reject)
        self.save = Button(tr("Save…"), weight=Weight.SOLID)
        self.save.setEnabled(False)
        self.save.clicked.connect(self._on_save)
        words = tr(
            "One file with these texts, for whoever helps you. Secrets, addresses, paths and names are taken out. "
            "Nothing is sent: it is saved where you say."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(IN_CARD)
        column.addWidget(Text(self.windowTitle(), size=1.3, weight=QFont.Weight.DemiBold))
        column.addWidget(Text(words, tone=Tone.MUTED))
        column.addWidget(self.state)
        column.addWidget(self.choice)
        column.addWidget(self.text, 1)
        column.addLayout(line_of(None, self.end, self.save))
        self.resize(_WIDTH, _HEIGHT)
        dependencies.hub.aside(dependencies.diagnose, self._take)

    def _take(self, found: object) -> None:
        if not isValid(self):  # it was closed meanwhile
            return
        if isinstance(found, Problem):
            self.state.show_state("octagon", Tone.BAD, sentence(found))
        elif isinstance(found, Bundle):
            self._bundle = found
            size = _size(sum(entry.size for entry in found.entries))
            self.state.show_state("disc_tick", Tone.OK, tr("%n texts, {size}", "", len(found.entries), size=size))
            self.choice.addItems([f"{entry.name} · {_size(entry.size)}" for entry in found.entries])
            self.choice.setEnabled(True)
            self.save.setEnabled(True)

    @Slot()
    def _on_chosen(self) -> None:
        if self._bundle is not None:
            self.text.setPlainText(self._bundle.entries[self.choice.currentIndex()].text)

    @Slot()
    def _on_save(self) -> None:
        dialog = QFileDialog(self, self.windowTitle(), FILE_NAME, tr("Zip file (*.zip)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.fileSelected.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def save_to(self, path: str) -> None:
        """Write the file, and close; a failure is said here."""
        if self._bundle is None:
            return
        try:
            self._bundle.write(Path(path))
        except TunnelError as error:
            self.state.show_state("octagon", Tone.BAD, sentence(error.problem))
        else:
            self.accept()


def _size(count: int) -> str:
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
