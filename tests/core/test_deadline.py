"""One limit for a whole piece of work."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from portway.core.cancel import Deadline


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("portway.core.cancel.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_what_is_left_shrinks_to_nothing(clock: list[float]) -> None:
    until = Deadline.after(5)
    assert (until.left, until.over) == (5.0, False)
    clock[0] = 103.0
    assert until.left == 2.0
    clock[0] = 109.0
    assert (until.left, until.over) == (0.0, True)


def test_a_check_raises_only_once_it_is_over(clock: list[float]) -> None:
    until = Deadline.after(5)
    until.check()
    clock[0] = 105.0
    with pytest.raises(TimeoutError):
        until.check()
