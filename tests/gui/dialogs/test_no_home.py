"""What a start says that finds no place for its files, and what each answer means."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.gui.dialogs.no_home import NoHomeQuestion, ask_to_try_again
from portway.gui.i18n.language import use_language
from portway.gui.platform.screen import make_application
from tests.gui.hands import click, strike

PROBLEM = Problem(Code.STORAGE_FAILED, "home", {"path": "/srv/portway", "reason": "it cannot be written"})


@pytest.fixture
def question(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[NoHomeQuestion]:
    use_language(request.param)
    question = NoHomeQuestion(PROBLEM)
    qtbot.addWidget(question.box)
    yield question
    use_language("en")


@pytest.mark.parametrize(
    ("question", "title", "sentence", "answers"),
    [
        (
            "en",
            "Portway cannot start",
            (
                "Portway cannot keep its files in /srv/portway: it cannot be written. "
                "The variable PORTWAY_HOME can name another folder."
            ),
            {"Try again": True, "Quit": False},
        ),
        (
            "de",
            "Portway kann nicht starten",
            (
                "Portway kann seine Dateien nicht in /srv/portway ablegen: it cannot be written. "
                "Die Variable PORTWAY_HOME kann einen anderen Ordner nennen."
            ),
            {"Erneut versuchen": True, "Beenden": False},
        ),
    ],
    indirect=["question"],
)
def test_it_says_why_and_does_what_the_button_says(
    question: NoHomeQuestion, title: str, sentence: str, answers: dict[str, bool]
) -> None:
    assert (question.box.windowTitle(), question.box.text()) == (title, sentence)
    buttons = {button.text(): button for button in question.box.findChildren(QPushButton)}
    assert buttons.keys() == answers.keys()
    for text, again in answers.items():
        QTimer.singleShot(0, buttons[text], lambda button=buttons[text]: click(button))
        assert question.ask() is again


@pytest.mark.parametrize("question", ["en"], indirect=True)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_careless_key_starts_nothing(question: NoHomeQuestion, key: Qt.Key) -> None:
    QTimer.singleShot(0, question.box, lambda: strike(question.box, key))
    assert question.ask() is False


def test_the_application_that_asks_is_the_one_that_goes_on(qtbot: QtBot) -> None:
    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert box is not None
        strike(box, Qt.Key.Key_Escape)

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    QTimer.singleShot(0, answer)
    assert ask_to_try_again(application, PROBLEM) is False
    assert make_application() is application
