"""Who can open a tunnel, in the words of its card. Pure."""

from collections.abc import Iterator
from datetime import datetime

from portway.core.guard.deadline import Ends, Until
from portway.core.guard.rules import SHUT
from portway.core.status import Reach, TunnelStatus
from portway.gui.i18n.contexts import cards as tr
from portway.gui.i18n.words import duration
from portway.gui.model.card_view import BadgeView

TIMES = (900.0, 3600.0, 28_800.0)  # seconds: after which a tunnel can be made to stop by itself
LONGER = 3600.0  # seconds: by which that is put off


def is_protected(status: TunnelStatus) -> bool:
    """Whether a visitor needs more than the link: a password, or one of some addresses."""
    return status.guard.password or bool(status.guard.allow)


def is_shut(status: TunnelStatus) -> bool:
    """Whether every address there is is kept out."""
    return set(SHUT.deny) <= set(status.guard.deny)


def ends_of(choice: str) -> Ends:
    """Return when a tunnel ends, from the word of a choice: a number of seconds, or `logout`."""
    return Until.LOGOUT if choice == Until.LOGOUT else float(choice)


def badges_of(status: TunnelStatus, now: datetime) -> tuple[BadgeView, ...]:
    """Return what holds for visitors, the widest first."""
    return tuple(_badges(status, now))


def _badges(status: TunnelStatus, now: datetime) -> Iterator[BadgeView]:
    guard = status.guard
    if is_shut(status):
        yield BadgeView("shield", tr("Nobody"))
        return
    if not is_protected(status) and status.reach is Reach.NETWORK:
        yield BadgeView("people", tr("Anyone on this network"), outlined=True)
    elif not is_protected(status):
        yield BadgeView("globe", tr("Anyone with the link"), outlined=True)
    if guard.password:
        yield BadgeView("lock", tr("Password"))
    if guard.allow:
        yield BadgeView("people", tr("Only %n addresses", "", len(guard.allow)))
    if guard.read_only:
        yield BadgeView("eye", tr("Read only"))
    if len(guard.paths) == 1:
        yield BadgeView("path", tr("Only {path}", path=guard.paths[0]))
    elif guard.paths:
        yield BadgeView("path", tr("Only %n paths", "", len(guard.paths)))
    yield from _end(status, now)


def _end(status: TunnelStatus, now: datetime) -> Iterator[BadgeView]:
    if status.expires_at is not None:
        left = duration((status.expires_at - now).total_seconds())
        yield BadgeView("clock", tr("Stops in {time}", time=left))
    elif status.until_logout:
        yield BadgeView("clock", tr("Until you log out"))
