"""How news is told: title, text and buttons of a notification."""

from dataclasses import dataclass
from enum import StrEnum

from portway.core.codes import Code
from portway.core.status import TunnelId, TunnelStatus
from portway.gui.i18n.contexts import notifications as tr
from portway.gui.i18n.words import sentence
from portway.gui.model.opening_words import opening_text, opening_title
from portway.gui.notifications.news import News
from portway.runtime.consents import Question


class NoteAction(StrEnum):
    """What a button of a notification does. `DEFAULT` is a click on the notification itself."""

    DEFAULT = "default"
    COPY = "copy"
    OPEN_URL = "open-url"
    OPEN_WINDOW = "open-window"
    STOP = "stop"
    EXTEND = "extend"  # by an hour
    ALLOW = "allow"  # what a program wants to open
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Note:
    """One notification. A later one with the same key takes its place."""

    key: str
    title: str
    text: str
    actions: tuple[tuple[NoteAction, str], ...] = ()
    urgent: bool = False


def portway_note(title: str, text: str) -> Note:
    """Tell something about the program itself."""
    return Note("", title, text, _with_click((NoteAction.OPEN_WINDOW, tr("Open"))))


def question_key(question: Question) -> str:
    """Return the key of the note about an open question; no tunnel has one like it."""
    return f"question {question.number}"


def question_note(question: Question) -> Note:
    """Ask whether a program may open what it wants to."""
    answers = ((NoteAction.ALLOW, tr("Allow")), (NoteAction.REFUSE, tr("Don't allow")))
    title, text = opening_title(question.opening), opening_text(question.opening)
    return Note(question_key(question), title, text, _with_click(*answers), urgent=True)


def note_of(backend: TunnelId, title: str, status: TunnelStatus, news: News, *, restored: bool) -> Note:
    """Say what happened to the tunnel `backend`, which people know as `title`."""
    #: Buttons of a notification: the public URL is copied, or opened in the browser.
    copy = (NoteAction.COPY, tr("Copy"))
    open_url = (NoteAction.OPEN_URL, tr("Open"))
    window = (NoteAction.OPEN_WINDOW, tr("Open Portway"))
    stop = (NoteAction.STOP, tr("Stop"))
    url = status.public_url or ""
    cause = "" if status.problem is None else sentence(status.problem)
    match news:
        case News.UP:
            up = tr("{service} is up again", service=title) if restored else tr("{service} is up", service=title)
            return Note(backend, up, url, _with_click(copy, open_url, *([stop] if restored else [])))
        case News.CHANGED:
            return Note(backend, tr("{service} has a new URL", service=title), url, _with_click(copy, open_url))
        case News.BACK:
            return Note(backend, tr("{service} is back", service=title), url, _with_click(copy, open_url))
        case News.LOST:
            return Note(backend, tr("{service} is lost", service=title), cause, _with_click(window, stop))
        case News.NEEDED:
            return Note(backend, tr("{service} needs you", service=title), cause, _with_click(window), urgent=True)
        case News.STOPPED:
            urgent = status.code is not Code.EXPIRED  # what a person has chosen is no alarm
            return Note(backend, tr("{service} has stopped", service=title), cause, _with_click(window), urgent=urgent)
        case News.VISITOR:
            told = tr("A device on this network has opened {url}.", url=url)
            return Note(backend, tr("First visitor"), told, _with_click(window, stop))
        case News.ENDING:
            return _ending(backend, title, status)
        case News.OVER:
            return Note(backend, tr("{service} is off", service=title), "")


def _ending(backend: TunnelId, title: str, status: TunnelStatus) -> Note:
    at = "" if status.expires_at is None else f"{status.expires_at.astimezone():%H:%M}"
    told = tr("{url} closes at {time}.", url=status.public_url or "", time=at)
    longer = (NoteAction.EXTEND, tr("1 h longer"))
    return Note(
        backend, tr("{service} stops soon", service=title), told, _with_click(longer, (NoteAction.STOP, tr("Stop")))
    )


def _with_click(*buttons: tuple[NoteAction, str]) -> tuple[tuple[NoteAction, str], ...]:
    return ((NoteAction.DEFAULT, tr("Open Portway")), *buttons)
