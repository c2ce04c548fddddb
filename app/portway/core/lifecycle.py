"""The life of a tunnel, pure: from a status and an event to the next status, and when a lost tunnel is tried again.

Attempt numbers, timers and the closing of sessions are the runtime's; what an event means is decided here alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.rules import Guard
from portway.core.status import Extras, Installation, Phase, Progress, Traffic, TunnelStatus, Verified
from portway.core.timing import Timing

CRASHES_ALLOWED = 5
CRASH_WINDOW = 60.0


class IllegalTransition(Exception):  # noqa: N818 - names what was tried, not an error of a person
    """An event that cannot happen in this phase. The runtime logs and drops it."""


@dataclass(frozen=True, slots=True)
class StartAsked:
    """A new attempt begins. `attempt` counts the starts of this wish; `own_target`: its target was named for it."""

    target_url: str
    attempt: int
    own_target: bool = False
    host: str | None = None


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
class Retargeted:
    """Visitors get another local server, or the same under another name; the public URL stays."""

    target_url: str
    own_target: bool
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What has passed so far."""

    traffic: Traffic


@dataclass(frozen=True, slots=True)
class RecordingSet:
    """Whether requests are recorded from now on."""

    on: bool


@dataclass(frozen=True, slots=True)
class GuardSet:
    """Who may open it from now on, and until when."""

    guard: Guard
    expires_at: datetime | None
    until_logout: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the public URL from outside found, or that one is under way."""

    verified: Verified


@dataclass(frozen=True, slots=True)
class RanOut:
    """Its time was over while nothing was open."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class AuthMissing:
    """A person has to do something elsewhere first."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Failed:
    """This attempt is over. With `retry_at` another one will come by itself."""

    problem: Problem
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StopAsked:
    """It is not wanted any more."""


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
    """What a look at the machine found while nothing is wanted."""

    installation: Installation


@dataclass(frozen=True, slots=True)
class Reported:
    """The backend has other values for its own status fields."""

    extras: Extras
    pid: int | None = None


Event = (
    StartAsked
    | Progressed
    | CameUp
    | Recovering
    | OriginDown
    | OriginUp
    | Retargeted
    | Counted
    | RecordingSet
    | GuardSet
    | RanOut
    | Looked
    | AuthMissing
    | Failed
    | StopAsked
    | WentDown
    | StillUp
    | Inspected
    | Reported
)


def advance(status: TunnelStatus, event: Event, now: datetime) -> TunnelStatus:
    """Return the status after `event`. Raises IllegalTransition where the event is impossible."""
    changed = _changed(status, event)
    own_since = getattr(event, "since", None)  # an adopted tunnel, or one that is still up, keeps its own
    if own_since is not None:
        return replace(changed, since=own_since)
    return changed if changed.phase is status.phase else replace(changed, since=now)


def _changed(status: TunnelStatus, event: Event) -> TunnelStatus:
    match event:
        case StartAsked():
            return _started(status, event)
        case Progressed(progress):
            return replace(status, progress=progress)
        case Counted(traffic):
            return replace(status, traffic=traffic) if status.active else status
        case RecordingSet(on):
            return replace(status, inspect=on)
        case Retargeted(target_url, own_target, host):
            problem = status.problem if target_url == status.target_url else None
            return replace(status, target_url=target_url, own_target=own_target, host=host, problem=problem)
        case Reported(extras, pid):
            return replace(status, extras=extras, pid=pid if status.active else None)
        case StillUp(problem, public_url):
            up = replace(_cleared(status), phase=Phase.RUNNING, wanted=False, public_url=public_url, problem=problem)
            return replace(up, pid=status.pid)
        case StopAsked():
            return _stop_asked(status)
        case Inspected(installation):
            return _inspected(status, installation)
        case _:
            return _limited(status, event)


def _limited(status: TunnelStatus, event: Event) -> TunnelStatus:
    """Apply what concerns who may open it, and until when; else what only an attempt can report."""
    match event:
        case GuardSet(guard, expires_at, until_logout):
            return replace(status, guard=guard, expires_at=expires_at, until_logout=until_logout)
        case Looked(verified):
            return replace(status, verified=verified) if status.running else status
        case RanOut(problem):
            return replace(_cleared(status), phase=Phase.STOPPED, wanted=False, problem=problem, attempt=0)
        case _:
            return _ran(status, event)


def _started(status: TunnelStatus, asked: StartAsked) -> TunnelStatus:
    return replace(
        _cleared(status),
        phase=Phase.STARTING,
        wanted=True,
        target_url=asked.target_url,
        own_target=asked.own_target,
        host=asked.host,
        attempt=asked.attempt,
        problem=status.problem if asked.attempt > 1 else None,  # a retry says why it is one
    )


def _stop_asked(status: TunnelStatus) -> TunnelStatus:
    if status.active:
        # A cause on an unwanted tunnel would say that switching it off has failed.
        return replace(status, wanted=False, retry_at=None, problem=None)
    return _at_rest(replace(_cleared(status), wanted=False, phase=Phase.STOPPED, attempt=0))


def _inspected(status: TunnelStatus, installation: Installation) -> TunnelStatus:
    extras = status.extras if installation.extras is None else installation.extras
    seen = replace(status, installation=replace(installation, extras=None), extras=extras)
    if status.active:
        raise IllegalTransition(f"{Inspected.__name__} while {status.phase}")
    if status.phase is Phase.ERROR or status.wanted:
        return seen
    if status.phase is Phase.STOPPED and status.problem is not None and installation.missing is None:
        return seen  # Why it went down by itself stays readable until the next start or disable.
    return _at_rest(seen)


def _ran(status: TunnelStatus, event: Event) -> TunnelStatus:
    """Apply what only an attempt can report."""
    if not status.active:
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
    """Return the status without what belonged to the attempt so far."""
    # `starting` is the one phase that asks for neither URL nor cause; each caller sets its own.
    return replace(
        status,
        phase=Phase.STARTING,
        public_url=None,
        problem=None,
        progress=None,
        retry_at=None,
        pid=None,
        traffic=None,
        verified=Verified(),
    )


def _at_rest(status: TunnelStatus) -> TunnelStatus:
    """Return the status at rest: needs_auth where a token or login is known to be missing, else stopped."""
    missing = status.installation.missing
    phase = Phase.STOPPED if missing is None else Phase.NEEDS_AUTH
    return replace(status, phase=phase, problem=missing, public_url=None)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed try. `at` is monotonic, in seconds."""

    code: Code
    at: float


def retry_delay(
    problem: Problem,
    failures: Sequence[Failure],
    timing: Timing,
    *,
    jitter: float = 0.5,
    refusals_allowed: int = 0,
) -> float | None:
    """Return the seconds until the next try, or None if no further one will come by itself.

    `failures` are those of this wish since it was last steadily up, the one in question last. `jitter` from 0 to 1
    spreads the delay by ±20 %. `refusals_allowed` says how often this backend tries again after a refusal by the
    service that is known to pass.
    """
    if not _is_retried(problem, failures, refusals_allowed):
        return None
    if problem.retry_after is not None:
        return problem.retry_after
    if problem.code is Code.RATE_LIMITED:
        return timing.rate_limit_wait
    doubled = timing.retry_first * 2.0 ** min(len(failures) - 1, 16)
    return min(doubled, timing.retry_longest) * (0.8 + 0.4 * jitter)


def _is_retried(problem: Problem, failures: Sequence[Failure], refusals_allowed: int) -> bool:
    if problem.code is Code.PROCESS_DIED:
        latest = failures[-1].at
        crashes = [one for one in failures if one.code is Code.PROCESS_DIED and latest - one.at <= CRASH_WINDOW]
        return len(crashes) < CRASHES_ALLOWED
    if problem.code is Code.REFUSED_BY_SERVICE:
        return sum(one.code is Code.REFUSED_BY_SERVICE for one in failures) <= refusals_allowed
    return problem.code.retried
