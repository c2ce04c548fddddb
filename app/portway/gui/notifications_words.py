"""How news is told: title, text and buttons of a notification."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portway.core.status import BackendId, TunnelStatus
from portway.gui.notifications import News
from portway.gui.words import sentence, tr


class NoteAction(StrEnum):
    """What a button of a notification does. `DEFAULT` is a click on the notification itself."""

    DEFAULT = "default"
    COPY = "copy"
    OPEN_URL = "open-url"
    OPEN_WINDOW = "open-window"
    STOP = "stop"


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


def note_of(backend: BackendId, title: str, status: TunnelStatus, news: News, *, restored: bool) -> Note:
    """Say what happened to the tunnel of `backend`, which people know as `title`."""
    copy = (NoteAction.COPY, tr("Copy"))
    open_url = (NoteAction.OPEN_URL, tr("Open"))
    window = (NoteAction.OPEN_WINDOW, tr("Open Portway"))
    stop = (NoteAction.STOP, tr("Stop"))
    url = status.public_url or ""
    cause = "" if status.problem is None else sentence(status.problem)
    match news:
        case News.UP if restored:
            return Note(backend, tr("{service} is up again", service=title), url, _with_click(copy, open_url, stop))
        case News.UP:
            return Note(backend, tr("{service} is up", service=title), url, _with_click(copy, open_url))
        case News.CHANGED:
            return Note(backend, tr("{service} has a new URL", service=title), url, _with_click(copy, open_url))
        case News.BACK:
            return Note(backend, tr("{service} is back", service=title), url, _with_click(copy, open_url))
        case News.LOST:
            return Note(backend, tr("{service} is lost", service=title), cause, _with_click(window, stop))
        case News.NEEDED:
            return Note(backend, tr("{service} needs you", service=title), cause, _with_click(window), urgent=True)
        case News.STOPPED:
            return Note(backend, tr("{service} has stopped", service=title), cause, _with_click(window), urgent=True)
        case News.VISITOR:
            told = tr("A device on this network has opened {url}.", url=url)
            return Note(backend, tr("First visitor"), told, _with_click(window, stop))
        case News.OVER:
            return Note(backend, tr("{service} is off", service=title), "")


def _with_click(*buttons: tuple[NoteAction, str]) -> tuple[tuple[NoteAction, str], ...]:
    return ((NoteAction.DEFAULT, tr("Open Portway")), *buttons)
