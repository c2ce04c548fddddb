"""Opens a page, a folder or a file in the system's program for it."""

import logging
import sys
from collections.abc import Mapping

from PySide6.QtCore import QProcess, QProcessEnvironment, QUrl
from PySide6.QtGui import QDesktopServices

from portway.system.processes.environment import child_environment
from portway.system.processes.programs import program_on_path

logger = logging.getLogger(__name__)


class Opener:
    """Main thread; returns at once.

    On Linux `xdg-open` gets an environment of its own: Qt would hand ours on, in which a bundle has changed where
    libraries are found, so that the browser might not start.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def open(self, url: str) -> None:
        """Open an http or a file URL."""
        if not (self._by_helper(url) or QDesktopServices.openUrl(QUrl(url))):
            logger.warning("No program could be started to open %s", url)

    def _by_helper(self, url: str) -> bool:
        helper = program_on_path(self._environment, "xdg-open") if sys.platform == "linux" else None
        if helper is None:
            return False
        known = QProcessEnvironment()
        for name, value in child_environment(self._environment).items():
            known.insert(name, value)
        process = QProcess()
        process.setProcessEnvironment(known)
        process.setProgram(str(helper.path))
        process.setArguments([url])
        started: object = process.startDetached()  # PySide6 declares a pair, and gives a bool
        return started is True
