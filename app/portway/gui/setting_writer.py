"""Writes one setting and lets the hub read it: a refusal is a sentence, never an exception."""

from __future__ import annotations

from collections.abc import Callable

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.sentences import SENTENCES
from portway.gui.parts import Parts
from portway.gui.words import sentence, tr


class SettingWriter:
    """For every control that changes a setting. Main thread: the file is small."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def write(self, key: str, value: object) -> TunnelError | None:
        """Write it; return why it was refused."""
        return self._change(lambda: self._parts.settings_file.set(key, value))

    def reset(self, key: str) -> TunnelError | None:
        """Let its default hold again; return why that failed."""
        return self._change(lambda: self._parts.settings_file.unset(key))

    @staticmethod
    def refusal(error: TunnelError, label: str) -> str:
        """Say it with the name that stands beside the control, where the sentence names the field."""
        problem = error.problem
        if problem.code is Code.BAD_REQUEST and "field" in problem.parameters:
            return tr(SENTENCES[problem.key]).format_map({**problem.parameters, "field": label})
        return sentence(problem)

    def _change(self, change: Callable[[], None]) -> TunnelError | None:
        try:
            change()
        except TunnelError as error:
            return error
        self._parts.hub.reload()
        return None
