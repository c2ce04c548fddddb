"""Light and dark as the person chose, or as the desktop has it now, in colours that carry the design."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from portway.gui.theme.colours import is_dark
from portway.gui.theme.field_style import mend_fields
from portway.gui.theme.own_palette import needed_palette

_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}  # everything else follows the desktop


class LightAndDark(QObject):
    """Keeps the application light or dark, from now on. Main thread.

    Where Qt can, native controls and title bars change too. On many Linux desktops it only tells the scheme of the
    desktop and leaves the palette as it was: then, and where the palette does not fit, the colours are our own.
    """

    def __init__(self, choice: str, parent: QObject) -> None:
        """Take a value of the setting general.theme: system, light or dark."""
        super().__init__(parent)
        self._choice = ""
        self._ours = False  # whether roles of the palette in use are set here
        self._choosing = False
        mend_fields()
        QApplication.styleHints().colorSchemeChanged.connect(self._on_changed)
        self.choose(choice)

    def choose(self, choice: str) -> None:
        """Take another choice, at once."""
        if choice == self._choice:
            return
        self._choice = choice
        self._choosing = True  # what Qt emits meanwhile is handled below
        hints = QApplication.styleHints()
        if choice in _SCHEMES:
            hints.setColorScheme(_SCHEMES[choice])
        else:
            hints.unsetColorScheme()
        self._choosing = False
        self._apply()

    @Slot(Qt.ColorScheme)
    def _on_changed(self, _scheme: Qt.ColorScheme) -> None:
        if not self._choosing:
            self._apply()

    def _apply(self) -> None:
        if self._ours:
            QApplication.setPalette(QPalette())  # back to that of the platform, which may fit again
        palette = QApplication.palette()
        scheme = _SCHEMES.get(self._choice, QApplication.styleHints().colorScheme())
        dark = is_dark(palette) if scheme is Qt.ColorScheme.Unknown else scheme is Qt.ColorScheme.Dark
        needed = needed_palette(palette, dark=dark)
        self._ours = needed is not None
        if needed is not None:
            QApplication.setPalette(needed)
