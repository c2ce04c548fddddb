"""What a card shows, as one frozen value. Pure: the widgets only draw it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from portway.core.errors import Problem
from portway.core.status import Progress
from portway.gui.look import Ink


class Act(StrEnum):
    """What pressing a button of a card does."""

    COMMAND = "command"  # value: its name
    OPEN_PAGE = "open_page"  # value: the address
    SHOW_QR = "show_qr"  # value: the address
    COPY_TEXT = "copy_text"  # value: the text
    TRY_AGAIN = "try_again"
    STOP = "stop"
    SWITCH_TARGET = "switch_target"
    CHANGE_TARGET = "change_target"
    ENTER_TOKEN = "enter_token"  # noqa: S105 - a word, no secret
    USE_SETTING = "use_setting"  # value: the option's JSON key, “=”, and what it becomes
    SHOW_LOG = "show_log"
    AGREE = "agree"  # to the first internet exposure
    CANCEL = "cancel"  # what the card asks, or a running command


@dataclass(frozen=True, slots=True)
class Way:
    """One button of a callout. A `link` is drawn as one; the last that is none is the primary button."""

    act: Act
    label: str
    value: str = ""
    link: bool = False


@dataclass(frozen=True, slots=True)
class Callout:
    """A sentence with its way on. `field` labels a masked field that goes with the primary button."""

    ink: Ink
    sentence: str
    ways: tuple[Way, ...] = ()
    field: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """How far a long step is. `share` is 0 to 1; None: nobody knows, so no bar is drawn."""

    text: str
    share: float | None
    can_cancel: bool


class Question(StrEnum):
    """What the card asks the person just now, because of a click."""

    EXPOSURE = "exposure"
    TOKEN = "token"  # noqa: S105 - a word, no secret
    PASSWORD = "password"  # noqa: S105 - a word, no secret


@dataclass(frozen=True, slots=True)
class Doing:
    """What this window knows beside the status: its question, and the command that runs or went wrong."""

    question: Question | None = None
    command: str = ""  # what the question is about, or what runs
    running: bool = False
    progress: Progress | None = None
    failed: Problem | None = None
    hint: str = ""  # what helps with what was just copied


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """All of one card. Empty texts and None are not drawn."""

    glyph: str
    ink: Ink
    word: str
    detail: str = ""
    tile: Ink = Ink.MUTED  # its ground and drawing; MUTED while nothing runs
    faded: bool = False  # the tile of what cannot be used here
    switch_on: bool = False
    switch_enabled: bool = True
    switch_shown: bool = True
    url: str = ""
    live: bool = False
    api_url: str = ""
    callout: Callout | None = None
    bar: Bar | None = None
    target: str = ""
    note: str = ""
    ways: tuple[Way, ...] = field(default=())  # for the menu: commands that are offered and have no button now
