"""Light and dark as the desktop has it now, where Qt tells of it and leaves the palette as it was."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from portway.gui.colours import is_dark


class LightAndDark(QObject):
    """Dresses the application, from now on. On GNOME and wherever a portal tells the scheme Qt itself does not."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ours = False  # whether the palette in use is one that was chosen here
        hints = QApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_changed)
        self._dress(hints.colorScheme())

    @Slot(Qt.ColorScheme)
    def _on_changed(self, scheme: Qt.ColorScheme) -> None:
        self._dress(scheme)

    def _dress(self, scheme: Qt.ColorScheme) -> None:
        if self._ours:
            QApplication.setPalette(QPalette())  # back to that of the platform, which may fit again
            self._ours = False
        dark = scheme is Qt.ColorScheme.Dark
        if scheme is Qt.ColorScheme.Unknown or is_dark(QApplication.palette()) is dark:
            return
        palette = QApplication.style().standardPalette()
        palette.setColor(QPalette.ColorRole.Accent, QApplication.palette().accent().color())
        if is_dark(palette) is dark:
            QApplication.setPalette(palette)
            self._ours = True
