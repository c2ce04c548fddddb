"""Names of colours and of tray icons, apart from how they are drawn: rules that know no window use them, too."""

from enum import StrEnum


class Tone(StrEnum):
    """What a text or a drawing is coloured as."""

    TEXT = "text"
    MUTED = "muted"
    LINK = "link"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    BUSY = "busy"


class TrayState(StrEnum):
    """What the tray icon shows; the value is the name of its drawing."""

    IDLE = "idle"
    STARTING = "starting"
    EXPOSED = "exposed"
    SILENT = "silent"  # open, and a server is silent or a person is needed
    TROUBLE = "trouble"  # nothing is open, and something is in the way of what is wanted
