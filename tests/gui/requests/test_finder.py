"""A search in headers and bodies goes on where others are at work, and past what it cannot look into."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.gui.requests.finder import Finder
from portway.relay.capture.store import ExchangeStore
from tests.gui.conftest import Desk
from tests.gui.requests.visits import TUNNEL, Visit, pay

Done = Callable[[object], None]


@pytest.fixture
def waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[Done]:
    """Return who waits for an answer from beside, each call of which a test answers."""
    waiting: list[Done] = []
    monkeypatch.setattr(desk.hub, "aside", lambda _call, done: waiting.append(done))
    return waiting


@pytest.fixture
def finder(desk: Desk, store: ExchangeStore, waiting: list[Done]) -> Finder:
    pay(store, Visit(path="/a"))
    finder = Finder(desk.hub)
    finder.look("words", store.rows(TUNNEL))
    return finder


def answer(waiting: list[Done], found: object) -> None:
    waiting.pop(0)(found)


def test_what_was_too_busy_is_asked_again(finder: Finder, waiting: list[Done], qtbot: QtBot) -> None:
    answer(waiting, Problem(Code.TOO_BUSY))
    qtbot.waitUntil(partial(bool, waiting))
    answer(waiting, frozenset({1}))
    assert finder.found == {1}


def test_what_cannot_be_looked_into_is_passed_by(finder: Finder, waiting: list[Done]) -> None:
    answer(waiting, Problem(Code.INTERNAL))
    assert (waiting, [*finder._left]) == ([], [])
