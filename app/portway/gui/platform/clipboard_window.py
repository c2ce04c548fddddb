"""A small window that copies as soon as it has the focus, for desktops that let nobody else copy."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from portway.gui.i18n.contexts import window as tr

_WIDTH = 420


class CopyWindow(QWidget):
    """Shows the text selected, so that it can be copied by hand where even the focus is denied."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Dialog)
        self.setWindowTitle(tr("Copy"))
        self.setMinimumWidth(_WIDTH)
        self._told = QLabel()
        self._told.setWordWrap(True)
        self._line = QLineEdit(readOnly=True)
        self._line.setAccessibleName(tr("Text to copy"))
        self._told.setBuddy(self._line)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        for widget in (self._told, self._line, buttons):
            column.addWidget(widget)

    def offer(self, text: str) -> None:
        """Show `text`, and copy it once this window is the active one."""
        self._line.setText(text)
        self._line.selectAll()
        self._line.setFocus()
        self._told.setText(tr("Press Ctrl+C to copy this."))
        self.show()
        self.raise_()
        self.activateWindow()
        if self.isActiveWindow():
            self._copy()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._copy()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._line.text())
        self._told.setText(tr("This was copied. The window can be closed."))
