"""From statuses to the state that the tray icon shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from portway.core.status import Phase, TunnelStatus
from portway.gui.icons import TrayState


def tray_state(statuses: Iterable[TunnelStatus]) -> TrayState:
    """Return what matters most: that something is exposed, then that something went wrong, then that one starts."""
    known = tuple(statuses)
    if any(status.running for status in known):
        return TrayState.EXPOSED
    if any(_in_trouble(status) for status in known):
        return TrayState.TROUBLE
    if any(status.phase is Phase.STARTING for status in known):
        return TrayState.STARTING
    return TrayState.IDLE


def _in_trouble(status: TunnelStatus) -> bool:
    if status.phase is Phase.ERROR:
        return True
    waits_for_a_person = status.phase is Phase.NEEDS_AUTH and status.wanted
    return waits_for_a_person or (status.phase is Phase.STARTING and status.retry_at is not None)
