"""The life of a tunnel: a pure function from a status and an event to the next status.

Run numbers, retries and the closing of sessions are the runtime's; what an event means is decided here alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from portway.core.errors import Problem
from portway.core.status import Installation, Phase, Progress, TunnelStatus


class IllegalTransition(Exception):  # noqa: N818 - names what was tried, not an error of a person
    """An event that cannot happen in this phase. The runtime logs and drops it."""


@dataclass(frozen=True, slots=True)
class StartAsked:
    """A new run begins. `attempt` counts the starts of this wish."""

    target_url: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Progressed:
    """A long step moved; None: it ended."""

    progress: Progress | None


@dataclass(frozen=True, slots=True)
class CameUp:
    """Verified-ready. `since` is given by an adopted tunnel, which keeps its own."""

    public_url: str
    target_url: str
    since: datetime | None = None
    pid: int | None = None


@dataclass(frozen=True, slots=True)
class Recovering:
    """The edge is lost, and the same public URL will come back."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class OriginDown:
    """The tunnel is up, the local server does not answer."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class OriginUp:
    """The local server answers again."""


@dataclass(frozen=True, slots=True)
class AuthMissing:
    """A person has to do something elsewhere first."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Failed:
    """This run is over. With `retry_at` another one will come by itself."""

    problem: Problem
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StopAsked:
    """The wish was taken back."""


@dataclass(frozen=True, slots=True)
class WentDown:
    """The session is closed. `problem`: it ended without anybody asking and is not to come back."""

    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class StillUp:
    """It could not be switched off: a live public URL is never hidden."""

    problem: Problem
    public_url: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Inspected:
    """A look at the machine while nothing is wanted."""

    installation: Installation


@dataclass(frozen=True, slots=True)
class Reported:
    """The backend has news for its own status fields."""

    extras: object
    pid: int | None = None


Event = (
    StartAsked | Progressed | CameUp | Recovering | OriginDown | OriginUp | AuthMissing | Failed
    | StopAsked | WentDown | StillUp | Inspected | Reported
)  # fmt: skip


def advance(status: TunnelStatus, event: Event, now: datetime) -> TunnelStatus:
    """Return the status after `event`. Raises IllegalTransition where the event is impossible."""
    changed = _changed(status, event)
    own_since = getattr(event, "since", None)  # an adopted tunnel, or one that is still up, keeps its own
    if own_since is not None:
        return replace(changed, since=own_since)
    return changed if changed.phase is status.phase else replace(changed, since=now)


def _changed(status: TunnelStatus, event: Event) -> TunnelStatus:
    match event:
        case StartAsked(target_url, attempt):
            return _started(status, target_url, attempt)
        case Progressed(progress):
            return replace(status, progress=progress)
        case Reported(extras, pid):
            return replace(status, extras=extras, pid=pid if status.phase in _ACTIVE else None)
        case StillUp(problem, public_url):
            up = replace(_cleared(status), phase=Phase.RUNNING, wanted=False, public_url=public_url, problem=problem)
            return replace(up, pid=status.pid)
        case StopAsked():
            return _stop_asked(status)
        case Inspected(installation):
            return _inspected(status, installation)
        case _:
            return _ran(status, event)


_ACTIVE = (Phase.STARTING, Phase.RUNNING)


def _started(status: TunnelStatus, target_url: str, attempt: int) -> TunnelStatus:
    kept = status.problem if attempt > 1 else None  # a retry says why it is one
    return replace(
        _cleared(status), phase=Phase.STARTING, wanted=True, target_url=target_url, attempt=attempt, problem=kept
    )


def _stop_asked(status: TunnelStatus) -> TunnelStatus:
    if status.phase in _ACTIVE:
        # A cause on an unwanted tunnel would say that switching it off has failed.
        return replace(status, wanted=False, retry_at=None, problem=None)
    return _at_rest(replace(_cleared(status), wanted=False, phase=Phase.STOPPED, attempt=0))


def _inspected(status: TunnelStatus, installation: Installation) -> TunnelStatus:
    extras = status.extras if installation.extras is None else installation.extras
    seen = replace(status, installation=replace(installation, extras=None), extras=extras)
    if status.phase in _ACTIVE:
        raise IllegalTransition(f"{Inspected.__name__} while {status.phase}")
    if status.phase is Phase.ERROR or status.wanted:
        return seen
    if status.phase is Phase.STOPPED and status.problem is not None and installation.missing is None:
        return seen  # Why it went down by itself stays readable until the next start or disable.
    return _at_rest(seen)


def _ran(status: TunnelStatus, event: Event) -> TunnelStatus:
    """Apply what only a run can report."""
    if status.phase not in _ACTIVE:
        raise IllegalTransition(f"{type(event).__name__} while {status.phase}")
    if not status.wanted and isinstance(event, Recovering):
        return status  # It is being switched off: WentDown or StillUp is on its way.
    if not status.wanted and isinstance(event, AuthMissing | Failed):
        event = WentDown()
    match event:
        case CameUp(public_url, target_url, _, pid):
            up = replace(_cleared(status), phase=Phase.RUNNING, public_url=public_url, target_url=target_url)
            return replace(up, pid=pid)
        case Recovering(problem):
            return replace(status, phase=Phase.STARTING, problem=problem, progress=None)
        case AuthMissing(problem):
            return replace(_cleared(status), phase=Phase.NEEDS_AUTH, problem=problem)
        case Failed(problem, None):
            return replace(_cleared(status), phase=Phase.ERROR, problem=problem)
        case Failed(problem, retry_at):
            return replace(_cleared(status), phase=Phase.STARTING, problem=problem, retry_at=retry_at)
        case WentDown(problem):
            down = replace(_cleared(status), phase=Phase.STOPPED, wanted=False, problem=problem, attempt=0)
            return down if problem is not None else _at_rest(down)
        case _:
            return _watched(status, event)


def _watched(status: TunnelStatus, event: Event) -> TunnelStatus:
    """Apply what the origin watch reports. A cause that matters more (it could not be switched off) stays."""
    if not status.running:
        raise IllegalTransition(f"{type(event).__name__} while {status.phase}")
    problem = event.problem if isinstance(event, OriginDown) else None
    return replace(status, problem=problem) if status.wanted else status


def _cleared(status: TunnelStatus) -> TunnelStatus:
    """Return the status without what belonged to the run so far."""
    # `starting` is the one phase that asks for neither URL nor cause; each caller sets its own.
    return replace(status, phase=Phase.STARTING, public_url=None, problem=None, progress=None, retry_at=None, pid=None)


def _at_rest(status: TunnelStatus) -> TunnelStatus:
    """Return the status at rest: needs_auth where a token or login is known to be missing, else stopped."""
    missing = status.installation.missing
    phase = Phase.STOPPED if missing is None else Phase.NEEDS_AUTH
    return replace(status, phase=phase, problem=missing, public_url=None)
