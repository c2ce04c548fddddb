"""When an enable or a disable is answered, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import Unsubscribe
from portway.core.status import BackendId, Phase, TunnelStatus
from portway.rest.messages import Action


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a wish. No problem: it was fulfilled."""

    problem: Problem | None = None


_FULFILLED = Outcome()
_TAKEN_BACK = Outcome(Problem(Code.CANCELLED))  # somebody wished the opposite meanwhile


def outcome(action: Action, status: TunnelStatus) -> Outcome | None:
    """Return what came of a wish, or None while that is open."""
    return _enable_outcome(status) if action == "enable" else _disable_outcome(status)


def _enable_outcome(status: TunnelStatus) -> Outcome | None:
    if not status.wanted:
        return _TAKEN_BACK if status.problem is None else Outcome(status.problem)
    if status.running:
        return _FULFILLED
    if status.phase is Phase.STARTING and status.retry_at is None:
        return None
    # The first try has failed (another one may come), or none will come by itself.
    return None if status.problem is None else Outcome(status.problem)


def _disable_outcome(status: TunnelStatus) -> Outcome | None:
    if status.wanted:
        return _TAKEN_BACK
    if status.phase not in (Phase.STARTING, Phase.RUNNING):
        return _FULFILLED
    # A cause on a tunnel that runs and is not wanted says why it could not be switched off.
    return Outcome(status.problem) if status.running and status.problem is not None else None


Listener = Callable[[TunnelStatus], None]


class Waiting:
    """Those who wait for news of one tunnel each."""

    def __init__(self) -> None:
        self._listeners: dict[BackendId, dict[object, Listener]] = {}

    def subscribe(self, backend: BackendId, listener: Listener) -> Unsubscribe:
        """Tell `listener` every status of `backend` from now on."""
        listeners = self._listeners.setdefault(backend, {})
        key = object()
        listeners[key] = listener

        def leave() -> None:
            listeners.pop(key, None)

        return leave

    def tell(self, status: TunnelStatus) -> None:
        """Pass a status on. Whoever is told may leave meanwhile."""
        for listener in tuple(self._listeners.get(status.backend, {}).values()):
            listener(status)
