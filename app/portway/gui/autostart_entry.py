"""Turns start at login on or off for a control, and says why where that failed."""

from __future__ import annotations

from portway.core.errors import TunnelError
from portway.gui.words import sentence
from portway.system.autostart import Autostart


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
