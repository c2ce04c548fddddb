"""What the first page says of the first visitor: who it was, where that is known, and who was none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portway.core.hub import RequestRow
from portway.core.status import BackendId, Phase, Reach, Traffic, TunnelStatus
from portway.gui.model.opened_rules import visitor_words
from tests.gui.requests.visits import row

_UP = datetime(2026, 11, 25, 14, 12, tzinfo=UTC)
_OWN = "203.0.113.24"
_OPENED = ("Somebody opened it: 192.0.2.1", True)
_WAITING = ("Waiting for the first visitor", False)


def _status(traffic: Traffic | None, *, near: bool = True, phase: Phase = Phase.RUNNING) -> TunnelStatus:
    return TunnelStatus(
        backend=BackendId("lan" if near else "cloudflared"),
        reach=Reach.NETWORK if near else Reach.INTERNET,
        target_url="http://localhost:3000",
        phase=phase,
        public_url=(f"http://{_OWN}:30128" if near else "https://w-x-y-z.trycloudflare.com"),
        wanted=True,
        since=_UP,
        traffic=traffic,
    )


def _visit(number: int, client: str, *, after: float = 1.0, **changes: object) -> RequestRow:
    return replace(row(number), client=client, started_at=_UP + timedelta(seconds=after), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("traffic", "rows", "said"),
    [
        (Traffic(), [], _WAITING),
        (Traffic(requests=1), [], ("Somebody opened it.", True)),  # nothing is recorded
        (
            Traffic(requests=2),
            [_visit(2, "192.0.2.2"), _visit(1, "192.0.2.1")],
            _OPENED,
        ),
        (Traffic(requests=1), [_visit(1, "192.0.2.1", state="open")], _OPENED),
        (Traffic(requests=1, refused=1), [], ("Somebody was kept out.", False)),
        (
            Traffic(requests=1, refused=1),
            [_visit(1, "192.0.2.1", state="refused", refused_by="address")],
            ("Somebody was kept out: 192.0.2.1", False),
        ),
        (
            Traffic(requests=2, refused=1),
            [_visit(2, "192.0.2.2"), _visit(1, "192.0.2.1", state="refused")],
            ("Somebody opened it: 192.0.2.2", True),
        ),
        (Traffic(requests=1), [_visit(1, _OWN)], ("You opened it yourself", False)),
        (Traffic(requests=2), [_visit(2, "192.0.2.2"), _visit(1, _OWN)], ("Somebody opened it: 192.0.2.2", True)),
        (Traffic(), [_visit(1, "192.0.2.1", after=-60)], _WAITING),  # of the time before
        (Traffic(), [_visit(1, "192.0.2.1", replay_of=7)], _WAITING),
    ],
    ids=str,
)
def test_the_first_visitor_is_told(traffic: Traffic, rows: list[RequestRow], said: tuple[str, bool]) -> None:
    words = visitor_words(_status(traffic), rows)
    assert words is not None
    assert (words.text, words.came) == said


def test_on_the_internet_nobody_is_known_to_be_oneself_by_the_name_of_the_link() -> None:
    words = visitor_words(_status(Traffic(requests=1), near=False), [_visit(1, _OWN)])
    assert words is not None
    assert words.text == f"Somebody opened it: {_OWN}"


@pytest.mark.parametrize("status", [_status(None), _status(Traffic(), phase=Phase.STARTING)])
def test_nothing_is_said_where_nobody_is_counted_or_gets_in(status: TunnelStatus) -> None:
    assert visitor_words(status, []) is None
