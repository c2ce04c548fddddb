"""Copying that arrives: Qt's clipboard where it works, a helper program or a window with focus where it does not."""

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QProcess, QProcessEnvironment, Signal, Slot
from PySide6.QtGui import QGuiApplication

from portway.system.processes.environment import child_environment
from portway.system.processes.programs import program_on_path

if TYPE_CHECKING:
    from portway.gui.platform.clipboard_window import CopyWindow

logger = logging.getLogger(__name__)


SAID_FOR = 2.0  # seconds that “Copied” stays


class Clipboard(QObject):
    """Copies by `put`, and tells all who show that text that it was copied, whoever asked for it. Main thread."""

    copied = Signal(str)

    def __init__(self, put: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._put = put
        self._latest, self._when = "", float("-inf")

    def copy(self, text: str) -> None:
        """Copy `text`; returns at once."""
        self._put(text)
        self._latest, self._when = text, time.monotonic()
        self.copied.emit(text)

    def has_just_copied(self, text: str) -> bool:
        """Whether that is to be said still: for a button that shows `text` only now."""
        return bool(text) and text == self._latest and time.monotonic() - self._when < SAID_FOR


class DesktopClipboard(QObject):
    """What `Clipboard` copies by. Main thread; nothing waits.

    On Wayland only a program whose window has the focus may copy: Qt drops what comes from the tray menu and yet
    claims that it was copied, under XWayland too (measured). `wl-copy` may; without it a small window asks for focus.
    """

    def __init__(self, environment: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._environment = environment
        self._wayland = is_wayland(environment)
        self._window: CopyWindow | None = None

    def copy(self, text: str) -> None:
        """Copy `text`, wherever the click came from."""
        if not self._wayland or QGuiApplication.focusWindow() is not None:
            QGuiApplication.clipboard().setText(text)
            return
        helper = program_on_path(self._environment, "wl-copy")
        if helper is None:
            self._show(text)
        else:
            _Helper(helper.path, text, self._environment, self)

    def _show(self, text: str) -> None:
        if self._window is None:
            from portway.gui.platform.clipboard_window import CopyWindow  # late: few desktops need it

            self._window = CopyWindow()
        self._window.offer(text)


class _Helper(QProcess):
    """One run of `wl-copy`, which puts itself into the background once it holds the text."""

    def __init__(self, program: Path, text: str, environment: Mapping[str, str], owner: DesktopClipboard) -> None:
        super().__init__(owner)
        self._owner = owner
        self._text = text
        known = QProcessEnvironment()
        for name, value in child_environment(environment).items():
            known.insert(name, value)
        self.setProcessEnvironment(known)
        # The one in the background would keep our pipes open.
        self.setStandardOutputFile(self.nullDevice())
        self.setStandardErrorFile(self.nullDevice())
        self.finished.connect(self._on_finished)
        self.errorOccurred.connect(self._on_error)
        self.start(str(program), ["--type", "text/plain;charset=utf-8"])
        self.write(QByteArray(text.encode()))
        self.closeWriteChannel()

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        if code or status is not QProcess.ExitStatus.NormalExit:
            self._fail()
        self.deleteLater()

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._fail()
            self.deleteLater()

    def _fail(self) -> None:
        logger.info("wl-copy could not copy, so a window does")
        self._owner._show(self._text)  # noqa: SLF001 - its other half


def is_wayland(environment: Mapping[str, str]) -> bool:
    """Whether the desktop is Wayland, also where this program runs under XWayland."""
    return bool(environment.get("WAYLAND_DISPLAY")) or QGuiApplication.platformName().startswith("wayland")
