"""Every cell of the table of events and phases, and what each event keeps or clears."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.lifecycle import (
    AuthMissing,
    CameUp,
    Event,
    Failed,
    IllegalTransition,
    Inspected,
    OriginDown,
    OriginUp,
    Progressed,
    Recovering,
    Reported,
    StartAsked,
    StillUp,
    StopAsked,
    WentDown,
    advance,
)
from portway.core.status import BackendId, Installation, NoExtras, Phase, Progress, Reach, TunnelStatus

THEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NOW = THEN + timedelta(minutes=5)
LATER = NOW + timedelta(minutes=1)
URL = "https://plum.example.com"
OTHER_URL = "https://otter.example.com"
TARGET = "http://127.0.0.1:3000"

NO_NETWORK = Problem(Code.NO_NETWORK)
SEEN = NoExtras()
NO_TOKEN = Problem(Code.NEEDS_TOKEN, parameters={"service": "Toy"})
DOWN = Problem(Code.ORIGIN_DOWN, parameters={"target": TARGET})
STUCK = Problem(Code.PROCESS_DIED, parameters={"program": "toy", "reason": "it does not stop"})

AT_REST = TunnelStatus(backend=BackendId("toy"), reach=Reach.INTERNET, target_url=TARGET, since=THEN)
PHASES: dict[Phase, TunnelStatus] = {
    Phase.STOPPED: AT_REST,
    Phase.STARTING: replace(AT_REST, phase=Phase.STARTING, wanted=True, attempt=1),
    Phase.RUNNING: replace(AT_REST, phase=Phase.RUNNING, wanted=True, attempt=1, public_url=URL, pid=77),
    Phase.NEEDS_AUTH: replace(AT_REST, phase=Phase.NEEDS_AUTH, wanted=True, attempt=1, problem=NO_TOKEN),
    Phase.ERROR: replace(AT_REST, phase=Phase.ERROR, wanted=True, attempt=1, problem=STUCK),
}
FOUND = Installation(version="1.0")
LACKING = Installation(version="1.0", missing=NO_TOKEN)

stopped, starting, running, needs_auth, error = PHASES
TABLE: list[tuple[Event, tuple[Phase | None, ...]]] = [
    # event                                       stopped     starting    running     needs_auth  error
    (StartAsked(TARGET, 1), (starting, starting, starting, starting, starting)),
    (Progressed(Progress(step="a", message="b")), (stopped, starting, running, needs_auth, error)),
    (Reported(extras=SEEN, pid=5), (stopped, starting, running, needs_auth, error)),
    (CameUp(URL, TARGET), (None, running, running, None, None)),
    (Recovering(NO_NETWORK), (None, starting, starting, None, None)),
    (OriginDown(DOWN), (None, None, running, None, None)),
    (OriginUp(), (None, None, running, None, None)),
    (AuthMissing(NO_TOKEN), (None, needs_auth, needs_auth, None, None)),
    (Failed(NO_NETWORK, LATER), (None, starting, starting, None, None)),
    (Failed(STUCK), (None, error, error, None, None)),
    (StopAsked(), (stopped, starting, running, stopped, stopped)),
    (WentDown(), (None, stopped, stopped, None, None)),
    (StillUp(STUCK, URL), (running, running, running, running, running)),
    (Inspected(FOUND), (stopped, None, None, needs_auth, error)),
    (Inspected(LACKING), (needs_auth, None, None, needs_auth, error)),
]
CELLS = [
    pytest.param(event, phase, expected, id=f"{type(event).__name__}-{number}-{phase}")
    for number, (event, row) in enumerate(TABLE)
    for phase, expected in zip(PHASES, row, strict=True)
]


@pytest.mark.parametrize(("event", "phase", "expected"), CELLS)
def test_every_cell_of_the_table(event: Event, phase: Phase, expected: Phase | None) -> None:
    before = PHASES[phase]
    if expected is None:
        with pytest.raises(IllegalTransition, match=str(phase)):
            advance(before, event, NOW)
        return
    after = advance(before, event, NOW)
    assert after.phase is expected
    assert after.since == (THEN if expected is phase else NOW)


def test_a_new_run_clears_what_belonged_to_the_old_one() -> None:
    after = advance(PHASES[Phase.RUNNING], StartAsked("http://127.0.0.1:4000", 1), NOW)
    assert (after.public_url, after.pid, after.problem) == (None, None, None)
    assert (after.target_url, after.wanted, after.attempt) == ("http://127.0.0.1:4000", True, 1)


def test_a_retry_still_tells_why_it_is_one_until_it_succeeds() -> None:
    waiting = advance(PHASES[Phase.STARTING], Failed(NO_NETWORK, LATER), NOW)
    assert (waiting.code, waiting.retry_at) == (Code.NO_NETWORK, LATER)
    retrying = advance(waiting, StartAsked(TARGET, 2), LATER)
    assert (retrying.code, retrying.retry_at, retrying.attempt) == (Code.NO_NETWORK, None, 2)
    assert advance(retrying, CameUp(URL, TARGET), LATER).problem is None


def test_recovering_keeps_the_url_and_a_failed_run_does_not() -> None:
    assert advance(PHASES[Phase.RUNNING], Recovering(NO_NETWORK), NOW).public_url == URL
    assert advance(PHASES[Phase.RUNNING], Failed(NO_NETWORK, LATER), NOW).public_url is None


def test_coming_up_again_under_another_url_shows_the_new_one_and_keeps_since() -> None:
    after = advance(PHASES[Phase.RUNNING], CameUp(OTHER_URL, TARGET), NOW)
    assert (after.public_url, after.since) == (OTHER_URL, THEN)


def test_an_adopted_tunnel_keeps_its_own_since() -> None:
    long_ago = THEN - timedelta(days=1)
    assert advance(PHASES[Phase.STARTING], CameUp(URL, TARGET, since=long_ago), NOW).since == long_ago


def test_a_disable_in_progress_keeps_its_phase_and_its_url() -> None:
    after = advance(PHASES[Phase.RUNNING], StopAsked(), NOW)
    assert (after.phase, after.wanted, after.public_url) == (Phase.RUNNING, False, URL)


def test_a_tunnel_that_could_not_be_switched_off_is_shown_with_the_cause() -> None:
    stopping = advance(PHASES[Phase.RUNNING], StopAsked(), NOW)
    after = advance(stopping, StillUp(STUCK, URL), NOW)
    assert (after.running, after.wanted, after.code) == (True, False, Code.PROCESS_DIED)
    again = advance(after, StopAsked(), NOW)
    assert again.problem is None, "a cause on an unwanted running tunnel means that switching off has failed"


def test_the_origin_watch_does_not_hide_that_it_is_still_up() -> None:
    after = advance(PHASES[Phase.STOPPED], StillUp(STUCK, URL), NOW)
    assert advance(after, OriginUp(), NOW).code is Code.PROCESS_DIED


def test_origin_down_is_a_cause_beside_running() -> None:
    down = advance(PHASES[Phase.RUNNING], OriginDown(DOWN), NOW)
    assert (down.running, down.code, down.public_url) == (True, Code.ORIGIN_DOWN, URL)
    assert advance(down, OriginUp(), NOW).code is None


def test_switched_off_while_a_token_is_known_to_be_missing_it_rests_in_needs_auth() -> None:
    asked = replace(PHASES[Phase.NEEDS_AUTH], installation=LACKING)
    after = advance(asked, StopAsked(), NOW)
    assert (after.phase, after.wanted, after.code) == (Phase.NEEDS_AUTH, False, Code.NEEDS_TOKEN)


def test_what_took_it_down_by_itself_stays_readable_at_rest() -> None:
    changed = Problem(Code.NETWORK_CHANGED)
    after = advance(PHASES[Phase.RUNNING], WentDown(changed), NOW)
    assert (after.phase, after.wanted, after.code) == (Phase.STOPPED, False, Code.NETWORK_CHANGED)
    assert advance(after, Inspected(FOUND), NOW).code is Code.NETWORK_CHANGED
    assert advance(after, StopAsked(), NOW).code is None


def test_a_wish_that_waits_for_a_person_is_not_undone_by_a_look_at_the_machine() -> None:
    assert advance(PHASES[Phase.NEEDS_AUTH], Inspected(FOUND), NOW).code is Code.NEEDS_TOKEN


@pytest.mark.parametrize("event", [Failed(STUCK), Failed(NO_NETWORK, LATER), AuthMissing(NO_TOKEN)])
def test_a_run_that_fails_while_nobody_wants_it_is_down(event: Event) -> None:
    after = advance(advance(PHASES[Phase.STARTING], StopAsked(), NOW), event, NOW)
    assert (after.phase, after.code, after.retry_at) == (Phase.STOPPED, None, None)


def test_a_run_that_is_being_switched_off_does_not_come_back() -> None:
    stopping = advance(PHASES[Phase.RUNNING], StopAsked(), NOW)
    assert advance(stopping, Recovering(NO_NETWORK), NOW) == stopping


def test_a_look_at_the_machine_brings_its_own_fields_along() -> None:
    after = advance(AT_REST, Inspected(Installation(version="2", extras=SEEN)), NOW)
    assert (after.installation.version, after.extras) == ("2", SEEN)
    assert advance(after, Inspected(FOUND), NOW).extras is SEEN


EVENTS = st.sampled_from([event for event, _ in TABLE])


@given(st.lists(EVENTS, max_size=30))
def test_no_order_of_events_breaks_the_promises_of_a_status(events: list[Event]) -> None:
    status = AT_REST
    for event in events:
        try:
            status = advance(status, event, NOW)
        except IllegalTransition:
            continue
        assert status.running == (status.phase is Phase.RUNNING)
        assert status.public_url is not None or status.phase is not Phase.RUNNING
        assert status.retry_at is None or (status.phase is Phase.STARTING and status.wanted)
        assert status.last_error is not None or status.phase not in (Phase.ERROR, Phase.NEEDS_AUTH)
        assert status.wanted or status.phase is not Phase.ERROR
