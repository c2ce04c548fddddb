"""Where a person puts a card: by its menu, by keys or by dragging it, all of it one way."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from portway.core.hub import Hub
from portway.core.status import TunnelId, TunnelStatus
from portway.gui.theme.look import BETWEEN_CARDS


def can_move(status: TunnelStatus) -> bool:
    """Whether a person can put it elsewhere: the built-in ones stand from near to far, temporary ones on top."""
    return status.saved


def put(hub: Hub, group: Sequence[TunnelId], tunnel: TunnelId, place: int) -> bool:
    """Let it stand at this place among `group`, those that can be moved and stand together, from top to bottom.

    A place beyond an end means that end. False: it stands there already.
    """
    others = [one for one in group if one != tunnel]
    place = min(max(place, 0), len(others))
    if place == group.index(tunnel):
        return False
    hub.move(tunnel, others[place] if place < len(others) else _behind(hub, others[-1], tunnel))
    return True


def place_at(others: Sequence[QWidget], height: int) -> int:
    """Return the place among these cards, from top to bottom, of what is let go at this height."""
    return sum(one.geometry().center().y() < height for one in others)


def gap_at(others: Sequence[QWidget], place: int) -> int:
    """Return the height between the cards where something that is put there will stand."""
    if place < len(others):
        return others[place].geometry().top() - BETWEEN_CARDS // 2
    return others[-1].geometry().bottom() + BETWEEN_CARDS // 2


def _behind(hub: Hub, last: TunnelId, tunnel: TunnelId) -> TunnelId | None:
    """Return what stands right behind `last`, of all that can be moved but `tunnel`; None where nothing does."""
    own = [status.id for status in hub.statuses() if can_move(status) and status.id != tunnel]
    return next(iter(own[own.index(last) + 1 :]), None)
