"""What a person is asked before a program opens a tunnel, and what each answer means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QPushButton

from portway.core.errors import Problem
from portway.core.guard.callers import Caller, Opening
from portway.core.status import Reach, TunnelId
from portway.gui.dialogs.caller_question import CallerQuestions
from portway.gui.dialogs.question_box import QuestionBox
from portway.gui.i18n.language import use_language
from portway.gui.notifications.wording import NoteAction, question_note
from portway.runtime.consents import Consents
from tests.gui.hands import click, strike
from tests.limits import NEVER

OPENING = Opening(
    caller=Caller("Fine Agent"),
    tunnel=TunnelId("cloudflared"),
    way="Cloudflare",
    reach=Reach.INTERNET,
    target_url="http://localhost:3000",
    seconds=None,
    lasting=False,
    password=False,
)


@pytest.fixture
def consents(qapp: QApplication) -> Iterator[Consents]:
    use_language("en")
    consents = Consents(NEVER)
    questions = CallerQuestions(consents, QObject(consents))
    yield consents
    questions.close()
    use_language("en")


@pytest.fixture
def said() -> list[Problem | None]:
    return []


def _boxes() -> list[QuestionBox]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QuestionBox) and one.isVisible()]


def _button(text: str) -> QPushButton:
    (box,) = _boxes()
    return next(one for one in box.findChildren(QPushButton) if one.text() == text)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "http://localhost:3000 by Cloudflare. Anyone with the link can open it. It ends with Fine Agent."),
        (
            {"seconds": 3600.0, "password": True},
            "http://localhost:3000 by Cloudflare. People with the password can open it. It stops after 1 h.",
        ),
        (
            {"reach": Reach.NETWORK, "way": "Near", "lasting": True},
            "http://localhost:3000 by Near. Anyone on this network can open it. It stays until you turn it off.",
        ),
    ],
)
def test_it_names_the_program_the_target_the_way_and_for_how_long(
    consents: Consents, said: list[Problem | None], changes: dict[str, Any], text: str
) -> None:
    withdraw = consents.ask(replace(OPENING, **changes), said.append)
    (box,) = _boxes()
    assert (box.text(), box.informativeText()) == ("Fine Agent wants to open a tunnel", text)
    note = question_note(consents.waiting[0])
    assert (note.title, note.text) == (box.text(), text)
    assert [action for action, _ in note.actions] == [NoteAction.DEFAULT, NoteAction.ALLOW, NoteAction.REFUSE]
    withdraw()
    assert _boxes() == []


def test_it_is_asked_in_german(consents: Consents, said: list[Problem | None]) -> None:
    use_language("de")
    withdraw = consents.ask(replace(OPENING, seconds=3600.0), said.append)
    (box,) = _boxes()
    assert box.text() == "Fine Agent will einen Tunnel öffnen"
    assert {button.text() for button in box.findChildren(QPushButton)} == {"Erlauben", "Nicht erlauben"}
    withdraw()


@pytest.mark.parametrize(("button", "allowed"), [("Allow", True), ("Don't allow", False)])
def test_each_button_does_what_it_says(
    consents: Consents, said: list[Problem | None], button: str, *, allowed: bool
) -> None:
    consents.ask(OPENING, said.append)
    click(_button(button))
    assert [problem is None for problem in said] == [allowed]
    assert _boxes() == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_careless_key_allows_nothing(consents: Consents, said: list[Problem | None], key: Qt.Key) -> None:
    consents.ask(OPENING, said.append)
    (box,) = _boxes()
    strike(box, key)
    assert len(said) == 1
    assert said[0] is not None


def test_several_are_asked_one_after_the_other(consents: Consents, said: list[Problem | None]) -> None:
    for port in (1, 2, 3):
        consents.ask(replace(OPENING, target_url=f"http://localhost:300{port}"), said.append)
    seen = []
    while boxes := _boxes():
        (box,) = boxes
        seen.append(box.informativeText().partition(" ")[0])
        click(_button("Allow"))
    assert seen == ["http://localhost:3001", "http://localhost:3002", "http://localhost:3003"]
    assert said == [None, None, None]
