"""What a second start says where a Portway runs without a screen, and what each answer means."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from portway.gui.dialogs.second_start import HeadlessQuestion
from portway.gui.i18n.language import use_language
from tests.gui.hands import click, strike


@pytest.fixture
def question(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[HeadlessQuestion]:
    use_language(request.param)
    question = HeadlessQuestion()
    qtbot.addWidget(question.box)
    yield question
    use_language("en")


@pytest.mark.parametrize(
    ("question", "title", "sentence", "answers"),
    [
        (
            "en",
            "Portway is running already",
            "Portway is running without a screen. Ending it stops its tunnels.",
            {"End it and start here": True, "Cancel": False},
        ),
        (
            "de",
            "Portway läuft bereits",
            "Portway läuft ohne Bildschirm. Wird es beendet, enden seine Tunnel.",
            {"Beenden und hier starten": True, "Abbrechen": False},
        ),
    ],
    indirect=["question"],
)
def test_it_says_what_would_end_and_does_what_the_button_says(
    question: HeadlessQuestion, title: str, sentence: str, answers: dict[str, bool]
) -> None:
    assert (question.box.windowTitle(), question.box.text()) == (title, sentence)
    buttons = {button.text(): button for button in question.box.findChildren(QPushButton)}
    assert buttons.keys() == answers.keys()
    for text, ends in answers.items():
        QTimer.singleShot(0, buttons[text], lambda button=buttons[text]: click(button))
        assert question.ask() is ends


@pytest.mark.parametrize("question", ["en"], indirect=True)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_careless_key_ends_nothing(question: HeadlessQuestion, key: Qt.Key) -> None:
    QTimer.singleShot(0, question.box, lambda: strike(question.box, key))
    assert question.ask() is False
