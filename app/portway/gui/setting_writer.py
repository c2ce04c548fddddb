"""Changes that a control asks for: settings, or start at login. A refusal is a sentence, never an exception."""

import contextlib
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import settings as tr
from portway.gui.i18n.words import sentence
from portway.system.desktop.autostart import Autostart


class SettingWriter(QObject):
    """For every control that changes settings. Main thread; the disk is written on another one."""

    failed = Signal(object)  # TunnelError: what was written could not be stored after all, and does not hold any more
    _told = Signal(object)  # the same, emitted on the writer's thread

    def __init__(self, dependencies: GuiDependencies, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dependencies = dependencies
        self._told.connect(self._on_told)

    def write(self, key: str, value: object) -> TunnelError | None:
        """Write it; return why it was refused."""
        return self._change({key: value})

    def reset(self, *keys: str) -> TunnelError | None:
        """Let their defaults hold again, in one step; return why that failed."""
        return self._change(dict.fromkeys(keys))

    @staticmethod
    def refusal(error: TunnelError, label: str) -> str:
        """Say it with the name that stands beside the control, where the sentence names the field."""
        problem = error.problem
        if problem.code is Code.BAD_REQUEST and "field" in problem.parameters:
            return tr(problem.cause.text).format_map({**problem.parameters, "field": label})
        return sentence(problem)

    def _change(self, values: Mapping[str, object]) -> TunnelError | None:
        try:
            self._dependencies.settings_file.change(values, self._tell)
        except TunnelError as error:
            return error
        self._dependencies.hub.reload()
        return None

    def _tell(self, error: TunnelError) -> None:
        with contextlib.suppress(RuntimeError):  # its window is gone, and this object with it
            self._told.emit(error)

    @Slot(object)
    def _on_told(self, error: TunnelError) -> None:
        self._dependencies.hub.reload()
        self.failed.emit(error)


def turn_autostart(entry: Autostart, *, on: bool) -> str:
    """Do it; return the sentence of a refusal, empty where there was none."""
    try:
        if on:
            entry.enable()
        else:
            entry.disable()
    except TunnelError as error:
        return sentence(error.problem)
    return ""
