"""When a wish is tried again, and when it is not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portway.core.codes import FACTS, Code
from portway.core.errors import Problem
from portway.core.timing import Timing

CRASHES_ALLOWED = 5
CRASH_WINDOW = 60.0


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
    return FACTS[problem.code].retried
