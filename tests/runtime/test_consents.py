"""Openings that wait for a person: answered, late, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.callers import Caller, Opening
from portway.core.status import Reach, TunnelId
from portway.runtime.consents import Consents
from tests.limits import NEVER

OPENING = Opening(
    caller=Caller("an agent"),
    tunnel=TunnelId("toy"),
    way="Toy",
    reach=Reach.INTERNET,
    target_url="http://127.0.0.1:3000",
    seconds=None,
    lasting=False,
    password=False,
)


class Told:
    """Keeps what was told, and how the questions came and went."""

    def __init__(self, consents: Consents) -> None:
        self.outcomes: list[Problem | None] = []
        self.seen: list[tuple[str, int]] = []
        consents.asked.connect(lambda question: self.seen.append(("asked", question.number)))
        consents.over.connect(lambda question: self.seen.append(("over", question.number)))


@pytest.fixture
def consents(qapp: QCoreApplication) -> Iterator[Consents]:
    consents = Consents(NEVER)
    yield consents
    assert consents.waiting == ()


@pytest.mark.parametrize("allowed", [True, False])
def test_the_answer_is_told_once(consents: Consents, allowed: bool) -> None:  # noqa: FBT001 - a row of the table
    told = Told(consents)
    withdraw = consents.ask(OPENING, told.outcomes.append)
    (question,) = consents.waiting
    assert question.opening == OPENING
    consents.answer(question.number, allowed=allowed)
    consents.answer(question.number, allowed=not allowed)
    withdraw()
    assert told.outcomes == [None if allowed else Problem(Code.NOT_ALLOWED, "refused")]
    assert told.seen == [("asked", 1), ("over", 1)]


def test_a_question_that_is_withdrawn_is_over_and_tells_nobody(consents: Consents) -> None:
    told = Told(consents)
    consents.ask(OPENING, told.outcomes.append)()
    consents.answer(1, allowed=True)
    assert told.outcomes == []
    assert told.seen == [("asked", 1), ("over", 1)]


def test_the_oldest_question_comes_first(consents: Consents) -> None:
    told = Told(consents)
    leaves = [consents.ask(OPENING, told.outcomes.append) for _ in range(3)]
    assert [question.number for question in consents.waiting] == [1, 2, 3]
    leaves[0]()
    assert [question.number for question in consents.waiting] == [2, 3]
    for leave in leaves:
        leave()


def test_a_question_that_nobody_answers_is_refused(qtbot: QtBot) -> None:
    consents = Consents(0.05)
    told = Told(consents)
    consents.ask(OPENING, told.outcomes.append)
    qtbot.waitUntil(lambda: bool(told.outcomes))
    (problem,) = told.outcomes
    assert problem is not None
    assert (problem.code, problem.variant) == (Code.NOT_ALLOWED, "unanswered")
    assert "an agent" in problem.sentence
    assert told.seen == [("asked", 1), ("over", 1)]
