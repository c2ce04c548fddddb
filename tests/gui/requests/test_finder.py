"""What is asked beside the window: a search goes on past what cannot be read, and what comes too late is dropped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.gui.navigation import Navigation
from portway.gui.requests.finder import Finder
from portway.gui.requests.page import RequestsPage
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


def test_what_comes_for_a_page_that_is_gone_is_dropped(
    desk: Desk, store: ExchangeStore, waiting: list[Done], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As where the window is made anew, in another language."""
    monkeypatch.setattr(desk.hub, "replay", lambda _tunnel, _number, _changes, done: waiting.append(done))
    pay(store, Visit(path="/a", kind="json", body=b"{}"))
    page = RequestsPage(desk.dependencies, Navigation())
    page.model.load(store.rows(TUNNEL))
    (row,) = page.model.rows
    page._on_opened(row.id)
    page.finder.look("words", [row])
    page.commands.copy_response(row)
    page.commands._to_save = [row]
    page.commands.save_to(str(tmp_path / "requests.har"))
    page.commands.replay(row)
    assert len(waiting) >= 5
    shiboken6.delete(page)
    for done in waiting:
        done(Problem(Code.INTERNAL))


def test_what_was_too_busy_is_asked_again(finder: Finder, waiting: list[Done], qtbot: QtBot) -> None:
    answer(waiting, Problem(Code.TOO_BUSY))
    qtbot.waitUntil(partial(bool, waiting))
    answer(waiting, frozenset({1}))
    assert finder.found == {1}


def test_what_cannot_be_looked_into_is_passed_by(finder: Finder, waiting: list[Done]) -> None:
    answer(waiting, Problem(Code.INTERNAL))
    assert (waiting, [*finder._left]) == ([], [])
