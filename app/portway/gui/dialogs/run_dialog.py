"""The dialog that shows foreign code before it runs as administrator, and asks for the password where one is needed."""

from PySide6.QtCore import QLocale, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from portway.core.backend import Fetched
from portway.core.secret import Secret
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.theme.look import BETWEEN_BUTTONS, CONTROL, IN_CARD, MARGIN
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, LinkButton, Weight
from portway.gui.widgets.labels import Text, least_width
from portway.gui.widgets.surfaces import Ground

_LEAST_WIDTH = 440
_SCRIPT_HEIGHT = 240


class RunDialog(QDialog):
    """Tells `agreed` each time that the person lets it run; `rejected` is their no."""

    agreed = Signal()

    def __init__(self, fetched: Fetched, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Run as administrator?"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._fetched = fetched
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._column.setSpacing(IN_CARD)
        self._column.addWidget(Text(tr("Run this script as administrator?"), size=1.3, weight=QFont.Weight.DemiBold))
        self._add_facts(fetched)
        self._add_warning()
        self._add_script()
        self._add_password()
        self._add_buttons(label)
        room = self.screen().availableGeometry().width()
        self.setMinimumWidth(min(max(_LEAST_WIDTH, self._column.sizeHint().width()), room))
        self._fit()

    @property
    def remembers(self) -> bool:
        """Whether the password is to be kept."""
        return self.remember.isChecked()

    def take_password(self) -> Secret:
        """Return what was typed, and forget it here."""
        password = Secret(self.field.text())
        self.field.clear()
        return password

    def wait(self) -> None:
        """Take no second answer while the first one is acted on."""
        self._set_open(False)

    def ask_for_password(self, words: str, *, remember: bool) -> None:
        """Show the field for the password, and why it is needed."""
        if self._password.isHidden():
            self.remember.setChecked(remember)
        self.words.setText(words)
        self._password.show()
        self._set_open(True)
        self._fit()
        self.field.setFocus()

    def _add_facts(self, fetched: Fetched) -> None:
        facts = QGridLayout()
        facts.setHorizontalSpacing(IN_CARD)
        facts.setVerticalSpacing(4)
        size = tr("{count} bytes", count=QLocale().toString(fetched.size))
        rows = ((tr("Source"), fetched.source), (tr("Size"), size), ("SHA-256", fetched.sha256))
        self.facts = tuple(_Fact(label, value) for label, value in rows)
        for row, fact in enumerate(self.facts):
            label = Text(fact.accessibleName(), tone=Tone.MUTED)
            label.setWordWrap(False)
            facts.addWidget(label, row, 0)
            facts.addWidget(fact, row, 1)
        facts.setColumnStretch(1, 1)
        self._column.addLayout(facts)

    def _add_warning(self) -> None:
        ground = Ground(tone=Tone.WARN)
        row = QVBoxLayout(ground)
        row.setContentsMargins(12, 10, 12, 10)
        row.addWidget(
            Text(tr("The script bears no signature and runs as root: it may change anything on this computer."))
        )
        self._column.addWidget(ground)

    def _add_script(self) -> None:
        self.view = LinkButton(tr("Show the script"))
        self.view.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.view.clicked.connect(self._on_view)
        self._column.addWidget(self.view)
        self.script = QPlainTextEdit()
        self.script.setReadOnly(True)
        self.script.setAccessibleName(tr("The script"))
        self.script.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.script.setTabChangesFocus(True)
        self.script.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.script.setMinimumHeight(_SCRIPT_HEIGHT)
        self.script.hide()
        self._column.addWidget(self.script, 1)

    def _add_password(self) -> None:
        self._password = QWidget()
        column = QVBoxLayout(self._password)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(BETWEEN_BUTTONS)
        self.words = Text()
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMinimumHeight(CONTROL)
        self.field.setAccessibleName(tr("Your password on this computer"))
        self.field.setPlaceholderText(tr("Your password on this computer"))
        self.remember = QCheckBox(tr("Remember it"))
        column.addWidget(self.words)
        column.addWidget(self.field)
        column.addWidget(self.remember, 0, Qt.AlignmentFlag.AlignLeft)
        self._password.hide()
        self._column.addWidget(self._password)

    def _add_buttons(self, label: str) -> None:
        self.cancel = Button(tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.run = Button(label, weight=Weight.SOLID)
        self.run.clicked.connect(self._on_run)
        row = QHBoxLayout()
        row.setSpacing(BETWEEN_BUTTONS)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.run)
        self._column.addLayout(row)

    def _fit(self) -> None:
        """Be as high as what is shown; texts that wrap count with all of their lines."""
        width = max(self.width(), self.minimumWidth())
        self.setMinimumHeight(self._column.totalHeightForWidth(width))
        self.resize(width, self.minimumHeight())

    def _set_open(self, is_open: bool) -> None:  # noqa: FBT001 - private, and named
        for control in (self.run, self.field, self.remember):
            control.setEnabled(is_open)

    @Slot()
    def _on_view(self) -> None:
        shown = self.script.isHidden()
        if shown and not self.script.toPlainText():
            self.script.setPlainText(self._fetched.text())
        self.script.setVisible(shown)
        self.view.setText(tr("Hide the script") if shown else tr("Show the script"))
        self.view.setAccessibleName(self.view.text())
        self._fit()

    @Slot()
    def _on_run(self) -> None:
        self.agreed.emit()


class _Fact(QLineEdit):
    """One line that can be selected, copied and scrolled, and looks like a text."""

    def __init__(self, label: str, value: str) -> None:
        super().__init__(value)
        self.setReadOnly(True)
        self.setFrame(False)
        self.setAccessibleName(label)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        palette = self.palette()
        palette.setColor(self.backgroundRole(), Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self.setCursorPosition(0)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(least_width(self.font(), self.text()) + 12, hint.height())
