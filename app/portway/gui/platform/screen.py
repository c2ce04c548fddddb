"""The application on a screen, before anything stands behind its icon. Cheap to import: the icon waits for it."""

import sys

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

_SETTLED = 100  # milliseconds in which the desktop fetches the icon, before anything heavy is imported


class DesktopApplication(QApplication):
    """Quits when it is told to. Qt would ask each window first, and ours refuses to close where no tray leads back."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            self.exit(0)
            return True
        return super().event(event)


def make_application() -> QApplication:
    """Make the application, or return the one that there is. It goes on without a window."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    QApplication.setApplicationName("portway")
    QApplication.setApplicationDisplayName("Portway")
    QApplication.setDesktopFileName("portway")
    application = DesktopApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    return application


def let_it_appear() -> None:
    """Give the desktop the time to fetch the icon, and return."""
    loop = QEventLoop()
    QTimer.singleShot(_SETTLED, loop.quit)
    loop.exec()
