"""What a recorded request is called where people see it: its status, times, sizes and kinds of content. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QLocale

from portway.core.foreign_text import harmless_line
from portway.core.hub import RequestRow
from portway.gui.i18n.contexts import requests as tr
from portway.gui.i18n.words import duration
from portway.gui.theme.tone import Tone

SERVER_FAULT, SWITCHING = 500, 101
_LONGEST = 600  # characters of a foreign text that a line takes: it is elided long before
_KILO = 1000
_SECOND = 1000  # milliseconds
_REPLAY = "replay"  # as the relay names the client of what Portway sent itself
_OUTCOMES = frozenset({"cut", "unanswered"})
_GLYPHS = {1: ("disc", Tone.BUSY), 2: ("disc", Tone.OK), 3: ("disc", Tone.MUTED), 4: ("triangle", Tone.WARN)}
_FAMILIES = frozenset({"image", "font", "video", "audio"})
_CONTENT = (
    ("json", "json"),
    ("event-stream", "events"),
    ("xhtml", "document"),
    ("html", "document"),
    ("javascript", "script"),
    ("ecmascript", "script"),
    ("css", "style"),
    ("xml", "xml"),
    ("x-www-form-urlencoded", "form"),
    ("multipart/form-data", "form"),
)


@dataclass(frozen=True, slots=True)
class State:
    """How a request stands: a drawing, a colour, and the word beside them."""

    glyph: str
    tone: Tone
    word: str


def line_of(text: str) -> str:
    """Return a text of others as one line that does nothing where it is shown."""
    cut = text[:_LONGEST]
    return harmless_line(cut) + ("…" if len(text) > _LONGEST else "")


def state_of(row: RequestRow) -> State:
    """Return what its column Status shows."""
    if row.state in _OUTCOMES or row.status >= SERVER_FAULT:
        return State("octagon", Tone.BAD, str(row.status) if row.status else tr("failed"))
    if not row.status:
        return State("busy", Tone.BUSY, tr("waits"))
    glyph, tone = _GLYPHS.get(row.status // 100, ("octagon", Tone.BAD))
    return State(glyph, tone, str(row.status))


def failed(row: RequestRow) -> bool:
    """Whether the server, or the way to it, did not do what it should."""
    return row.state in _OUTCOMES or row.status >= SERVER_FAULT


def outcome(row: RequestRow) -> str:
    """Say in a sentence how it ended."""
    if row.refused_by:
        return tr("Kept out by a rule of this tunnel: your server never saw it.")
    match row.state:
        case "open" if row.status == SWITCHING:
            return tr("A WebSocket that is open. What passes in it is counted, not recorded.")
        case "open":
            return tr("It is still going on.")
        case "cut":
            return tr("One side went before the end.")
        case "refused":
            return tr("Portway answered it: your server never saw it.")
        case "unanswered":
            return tr("Your server did not answer, so Portway did.")
        case _:
            return tr("It came to its end.")


def ended(row: RequestRow) -> bool:
    """Whether nothing more is waited for: it is over, or has become a WebSocket."""
    return row.duration_ms is not None or row.status == SWITCHING


def kind_of(content_type: str | None, status: int = 0) -> str:
    """Return one short word for a content type: json, script, image."""
    if status == SWITCHING:
        return "websocket"
    kind = (content_type or "").partition(";")[0].strip().lower()
    family, _, rest = kind.partition("/")
    if family in _FAMILIES:
        return family
    known = next((word for part, word in _CONTENT if part in kind), "")
    return known or line_of(family if family == "text" else rest)


def size(count: int) -> str:
    """Say a number of bytes as short as a column needs it, in units of 1,000."""
    if count < _KILO:
        return tr("{count} B", count=count)
    number, unit = count / _KILO, 0
    while number >= _KILO and unit < 2:  # noqa: PLR2004 - the last of three
        number, unit = number / _KILO, unit + 1
    shown = QLocale().toString(number, "f", 1 if number < 10 else 0)  # noqa: PLR2004 - two digits are enough
    #: Kilobytes, megabytes, gigabytes.
    return (tr("{count} KB"), tr("{count} MB"), tr("{count} GB"))[unit].format(count=shown)


def milliseconds(time: float | None) -> str:
    """Say how long something took, as short as a column needs it."""
    if time is None:
        return ""
    if time < 1:
        return tr("< 1 ms")
    if time < _SECOND:
        return tr("{count} ms", count=round(time))
    if time < 100 * _SECOND:
        return tr("{seconds} s", seconds=QLocale().toString(time / _SECOND, "f", 1))
    return duration(time / _SECOND)


def duration_of(row: RequestRow, now: datetime | None = None) -> str:
    """Say how long a request took, or how long it has been open."""
    if row.duration_ms is not None:
        return milliseconds(row.duration_ms)
    passed = ((now or datetime.now(UTC)) - row.started_at).total_seconds()
    return tr("open for {time}", time=duration(passed))


def visitor_of(row: RequestRow) -> str:
    """Say who sent it."""
    return "Portway" if row.client == _REPLAY else line_of(row.client)


def clock(row: RequestRow, *, exact: bool) -> str:
    """Return the time of the day at which it began, in the person's own time; `exact` to the millisecond."""
    local = row.started_at.astimezone()
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03}" if exact else f"{local:%H:%M:%S}"
