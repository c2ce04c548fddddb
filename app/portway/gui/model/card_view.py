"""What a card shows, as one frozen value. Pure: the widgets only draw it."""

from dataclasses import dataclass, field
from enum import StrEnum

from portway.core.errors import Problem
from portway.core.status import Progress, TrafficSlot
from portway.gui.theme.tone import Tone


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
    USE_TARGET = "use_target"  # value: the address of the server
    ENTER_TOKEN = "enter_token"  # noqa: S105 - a word, no secret
    USE_SETTING = "use_setting"  # value: the option's JSON key, “=”, and what it becomes
    SHOW_LOG = "show_log"
    LOOK = "look"  # from outside
    AGREE = "agree"  # to the first internet exposure
    START_ANYWAY = "start_anyway"  # although it may come to nothing
    PROTECT = "protect"  # before that
    LONGER = "longer"  # on once more, for an hour
    HELP = "help"  # value: the code that is explained
    CANCEL = "cancel"  # what the card asks, or a running command


@dataclass(frozen=True, slots=True)
class Action:
    """One button of a callout. A `link` is drawn as one; the last that is none is the primary button.

    `after_reading`: it is for those who have the sentence before them.
    """

    act: Act
    label: str
    value: str = ""
    link: bool = False
    after_reading: bool = False


@dataclass(frozen=True, slots=True)
class Callout:
    """A sentence with its way on. `field` labels a masked field that goes with the primary button.

    `code` is that of the cause, where it tells one: what helps is told about that at length.
    """

    tone: Tone
    sentence: str
    actions: tuple[Action, ...] = ()
    field: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class BadgeView:
    """What holds for the tunnel, in a word or two. `outlined`: it is open to everybody."""

    icon: str
    text: str
    outlined: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One part of the live line. Its number stands out; with a tone all of it does."""

    text: str
    tone: Tone = Tone.MUTED


@dataclass(frozen=True, slots=True)
class LiveView:
    """What passes through it: figures, the most telling one first, and what the sparkline shows at a slot of time."""

    figures: tuple[Figure, ...]
    recent: tuple[TrafficSlot, ...] = ()
    slot: int = 0  # the last bar
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """How far a long step is. `share` is 0 to 1; None: nobody knows, so no bar is drawn."""

    text: str
    share: float | None
    can_cancel: bool


class Question(StrEnum):
    """What the card asks the person just now, because of a click."""

    EXPOSURE = "exposure"
    OUTSIDE = "outside"  # before the first look from there
    CAUTION = "caution"  # before a start that may come to nothing: `hint` says why
    TOKEN = "token"  # noqa: S105 - a word, no secret
    PASSWORD = "password"  # noqa: S105 - a word, no secret


@dataclass(frozen=True, slots=True)
class CardState:
    """What this window knows beside the status: its question, and the command that runs or went wrong."""

    question: Question | None = None
    command: str = ""  # what the question is about, or what runs
    running: bool = False
    progress: Progress | None = None
    failed: Problem | None = None
    hint: str = ""  # what helps with what was just copied
    kept: bool = True  # whether a token that is entered now outlives the program


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """All of one card. Empty texts and None are not drawn.

    `on`: it stands among those that are wanted; `set_up`: what has to be done first, while nobody has asked for it.
    """

    glyph: str
    tone: Tone
    word: str
    detail: str = ""
    tile: Tone = Tone.MUTED  # its ground and drawing; MUTED while nothing runs
    faded: bool = False  # the tile of what cannot be used here
    on: bool = False
    server: str = ""
    switch_on: bool = False
    switch_enabled: bool = True
    switch_shown: bool = True
    url: str = ""
    live: bool = False
    api_url: str = ""
    callout: Callout | None = None
    bar: Bar | None = None
    badges: tuple[BadgeView, ...] = ()
    traffic: LiveView | None = None
    set_up: Action | None = None
    actions: tuple[Action, ...] = field(default=())  # for the menu: commands that are offered and have no button now

    @property
    def summary(self) -> str:
        """State and detail in one line; of what is simply off only what it is for."""
        if self.glyph == "ring" and self.detail:
            return f"{self.detail} · {self.word}" if self.faded else self.detail
        return " · ".join(filter(None, (self.word, self.detail)))
