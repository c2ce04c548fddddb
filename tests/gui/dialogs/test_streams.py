"""The small table of what gets through a way out: nothing is sent before its button, and it can be left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.guard.reasons import Reason, why
from portway.core.status import Passage, StreamCheck, StreamTest
from portway.gui.dialogs.streams import StreamsDialog
from portway.gui.i18n.language import use_language
from tests.gui.conftest import Desk
from tests.gui.pseudo import speaking_pseudo
from tests.gui.test_nothing_cut_off import cut_off


@pytest.fixture
def dialog(desk: Desk, qtbot: QtBot) -> Iterator[StreamsDialog]:
    dialog = StreamsDialog("ngrok", "ngrok", desk.dependencies)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    dialog.reject()


def _shown(dialog: StreamsDialog) -> set[str]:
    return {state.text for state in dialog.states.values()}


def test_each_part_is_told_as_it_ends_and_it_can_be_tried_again(desk: Desk, dialog: StreamsDialog) -> None:
    assert _shown(dialog) == {"not tried"}
    desk.hub.holds = False
    dialog.start.click()
    assert _shown(dialog) == {"gets through"}
    assert {reason.text() for reason in dialog.reasons.values()} == {"events come one by one"}
    assert (dialog.start.text(), dialog.start.isEnabled()) == ("Try it again", True)


def test_while_it_goes_on_nobody_begins_another_and_closing_it_ends_it(desk: Desk, dialog: StreamsDialog) -> None:
    dialog.start.click()
    assert not dialog.start.isEnabled()
    assert desk.hub.left_tests == []
    dialog.end.click()
    assert desk.hub.left_tests == ["ngrok"]


def test_one_that_cannot_be_begun_is_told(desk: Desk, dialog: StreamsDialog) -> None:
    desk.hub.refusal = TunnelError(Code.TOO_BUSY, "streams")
    dialog.start.click()
    assert dialog.trouble.isVisible()
    assert dialog.start.isEnabled()
    desk.hub.refusal = None
    dialog.start.click()
    assert not dialog.trouble.isVisible()


@pytest.mark.parametrize(
    ("state", "word"),
    [(Passage.HELD, "held back"), (Passage.REFUSED, "refused"), (Passage.UNKNOWN, "not known")],
)
def test_what_does_not_get_through_is_said_in_a_word(dialog: StreamsDialog, state: Passage, word: str) -> None:
    dialog.start.click()
    dialog._take(StreamCheck(StreamTest.UPLOAD, state, why(Reason.UPLOAD_HELD)))
    assert dialog.states[StreamTest.UPLOAD].text == word
    assert dialog.reasons[StreamTest.UPLOAD].text() == "it gets here whole, once all of it was sent"


@pytest.mark.parametrize("language", ["en", "de", "pseudo"])
def test_nothing_is_cut_off(desk: Desk, qtbot: QtBot, language: str) -> None:
    use_language("en" if language == "pseudo" else language)
    desk.hub.holds = False
    with speaking_pseudo() if language == "pseudo" else nullcontext():
        dialog = StreamsDialog("ngrok", "ngrok", desk.dependencies)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.start.click()
        qtbot.waitUntil(lambda: not list(cut_off(dialog)))
        dialog.reject()
