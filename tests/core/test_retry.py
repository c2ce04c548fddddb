"""Which failures are tried again, and after how long."""

from __future__ import annotations

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.lifecycle import CRASH_WINDOW, CRASHES_ALLOWED, Failure, retry_delay
from portway.core.timing import Timing
from tests.declared_causes import all_causes

TIMING = Timing()


class AnyParameters(dict[str, str]):
    """Fills every template, whatever its parameters are called."""

    def __missing__(self, key: str) -> str:
        return key


def problem(code: Code, retry_after: float | None = None) -> Problem:
    cause = next(cause for cause in all_causes() if cause.code is code)
    return Problem(code, cause.variant, AnyParameters(), retry_after=retry_after, declared=cause)


def failures(code: Code, count: int, apart: float = 1.0) -> list[Failure]:
    return [Failure(code, number * apart) for number in range(count)]


RETRIED = {
    Code.NO_NETWORK,
    Code.EDGE_UNREACHABLE,
    Code.TLS_INTERCEPTED,
    Code.RATE_LIMITED,
    Code.START_TIMEOUT,
    Code.DAEMON_NOT_RUNNING,
    Code.PROCESS_DIED,
    Code.RELAY_PORT_TAKEN,
}


@pytest.mark.parametrize("code", list(Code))
def test_only_what_can_pass_by_itself_is_tried_again(code: Code) -> None:
    delay = retry_delay(problem(code), failures(code, 1), TIMING)
    assert (delay is not None) == (code in RETRIED)


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (2, 2), (3, 4), (4, 8), (7, 60), (40, 60), (5000, 60)])
def test_the_pause_doubles_up_to_a_minute(count: int, expected: float) -> None:
    assert retry_delay(problem(Code.NO_NETWORK), failures(Code.NO_NETWORK, count), TIMING) == expected


@pytest.mark.parametrize(("jitter", "expected"), [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)])
def test_jitter_spreads_the_pause_by_a_fifth(jitter: float, expected: float) -> None:
    delay = retry_delay(problem(Code.NO_NETWORK), failures(Code.NO_NETWORK, 1), TIMING, jitter=jitter)
    assert delay == pytest.approx(expected)


def test_a_rate_limit_waits_minutes_or_as_long_as_the_service_says() -> None:
    limited = failures(Code.RATE_LIMITED, 1)
    assert retry_delay(problem(Code.RATE_LIMITED), limited, TIMING) == TIMING.rate_limit_wait
    assert retry_delay(problem(Code.RATE_LIMITED, retry_after=90), limited, TIMING) == 90


def test_a_program_that_keeps_dying_is_given_up() -> None:
    crashes = failures(Code.PROCESS_DIED, CRASHES_ALLOWED)
    assert retry_delay(problem(Code.PROCESS_DIED), crashes[:-1], TIMING) is not None
    assert retry_delay(problem(Code.PROCESS_DIED), crashes, TIMING) is None


def test_rare_deaths_are_no_crash_loop() -> None:
    rare = failures(Code.PROCESS_DIED, 50, apart=CRASH_WINDOW / 2)
    assert retry_delay(problem(Code.PROCESS_DIED), rare, TIMING) is not None


def test_a_refusal_is_tried_again_only_as_often_as_the_backend_allows() -> None:
    refused = failures(Code.REFUSED_BY_SERVICE, 4)
    tried = [
        retry_delay(problem(Code.REFUSED_BY_SERVICE), refused[:count], TIMING, refusals_allowed=3) is not None
        for count in (1, 2, 3, 4)
    ]
    assert tried == [True, True, True, False]


def test_every_code_has_its_status_and_its_sentence() -> None:
    assert [code for code in Code if code.http_status == 500] == [Code.INTERNAL]
    assert {cause.key for cause in all_causes()} >= set(Code)
    assert {cause.code for cause in all_causes()} == set(Code)


def test_no_two_causes_have_the_same_name() -> None:
    names = [cause.key for cause in all_causes()]
    assert len(names) == len(set(names))
