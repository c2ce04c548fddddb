"""Which news reaches a person, which is kept from them and why, and what a notification says and offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.settings import General, Settings
from portway.core.status import BackendId, Phase
from portway.core.timing import Timing
from portway.gui.i18n.language import use_language
from portway.gui.notifications.center import NotificationCenter
from portway.gui.notifications.wording import Note, NoteAction, portway_note
from tests.fakes.backends.window import window_backends
from tests.fakes.runtime.hub import DOWN, FakeHub, blocked, up

NGROK = "ngrok"
LOST: dict[str, Any] = {"phase": Phase.STARTING, "public_url": None, "problem": Problem(Code.NO_NETWORK)}
NEEDS = blocked(Problem(Code.NEEDS_TOKEN, parameters={"service": "ngrok"}))


@dataclass
class Told:
    """What the center said, in order."""

    center: NotificationCenter
    hub: FakeHub
    notes: list[Note]
    taken_back: list[str]

    @property
    def titles(self) -> list[str]:
        return [note.title for note in self.notes]


@pytest.fixture
def told(qtbot: QtBot, timing: Timing) -> Iterator[Told]:
    use_language("en")
    hub = FakeHub(window_backends())
    owner = QObject()
    center = NotificationCenter(hub, replace(timing, lost_after=0.05, own_click=60.0), owner)
    told = Told(center, hub, [], [])
    center.told.connect(told.notes.append)
    center.taken_back.connect(told.taken_back.append)
    yield told
    center.close()


def test_what_is_up_says_where_and_offers_to_copy_and_to_open(told: Told) -> None:
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    (note,) = told.notes
    assert (note.key, note.title, note.text, note.urgent) == (NGROK, "ngrok is up", "https://ngrok.example", False)
    assert [action for action, _ in note.actions] == [NoteAction.DEFAULT, NoteAction.COPY, NoteAction.OPEN_URL]


def test_what_will_stop_by_itself_says_when_and_can_be_put_off(told: Told) -> None:
    at = datetime(2026, 11, 12, 14, 52, tzinfo=UTC)
    told.center.tell_ending(told.hub.show(NGROK, wanted=True, **up(NGROK), expires_at=at))
    note = told.notes[-1]
    assert (note.key, note.title) == (NGROK, "ngrok stops soon")
    assert note.text == f"https://ngrok.example closes at {at.astimezone():%H:%M}."
    assert [action for action, _ in note.actions] == [NoteAction.DEFAULT, NoteAction.EXTEND, NoteAction.STOP]


def test_what_came_back_from_an_earlier_start_can_be_stopped_and_says_so_once(told: Told) -> None:
    told.center.expect_restored(BackendId(NGROK))
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    told.hub.show(NGROK, **DOWN)
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    assert told.titles == ["ngrok is up again", "ngrok is up"]
    assert told.notes[0].actions[-1][0] is NoteAction.STOP


def test_a_loss_is_told_only_when_it_lasts_and_then_the_return_too(told: Told, qtbot: QtBot) -> None:
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    told.hub.show(NGROK, **LOST)
    told.hub.show(NGROK, **up(NGROK), problem=None)
    assert told.titles == ["ngrok is up"]  # it was back before anybody had to know
    told.hub.show(NGROK, **LOST)
    qtbot.waitUntil(lambda: len(told.notes) == 2)
    assert told.notes[-1].title == "ngrok is lost"
    assert told.notes[-1].text
    told.hub.show(NGROK, **up(NGROK), problem=None)
    assert told.titles == ["ngrok is up", "ngrok is lost", "ngrok is back"]


def test_a_loss_within_its_time_is_forgotten_with_the_center(told: Told, qtbot: QtBot) -> None:
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    told.hub.show(NGROK, **LOST)
    told.center.close()
    told.hub.show(NGROK, **NEEDS)
    qtbot.wait(100)
    assert told.titles == ["ngrok is up"]


def test_a_new_url_is_told_with_it(told: Told) -> None:
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    told.hub.show(NGROK, public_url="https://other.example")
    assert (told.titles[-1], told.notes[-1].text) == ("ngrok has a new URL", "https://other.example")


def test_what_a_person_has_to_do_is_urgent_and_leads_to_the_window(told: Told) -> None:
    told.hub.show(NGROK, wanted=True, phase=Phase.STARTING)
    told.hub.show(NGROK, **NEEDS)
    (note,) = told.notes
    assert (note.title, note.urgent, note.actions[-1][0]) == ("ngrok needs you", True, NoteAction.OPEN_WINDOW)


def test_what_gave_up_says_why(told: Told) -> None:
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    told.hub.show(
        NGROK, phase=Phase.ERROR, public_url=None, problem=Problem(Code.PORT_CONFLICT, parameters={"port": "1"})
    )
    assert (told.titles[-1], told.notes[-1].urgent, bool(told.notes[-1].text)) == ("ngrok has stopped", True, True)


def test_how_much_passed_is_told_once_its_time_is_over(told: Told) -> None:
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    told.hub.show(NGROK, wanted=False)
    over = Problem(Code.EXPIRED, "summary", {"requests": "37", "visitors": "3", "refused": "9"})
    told.hub.show(NGROK, phase=Phase.STOPPED, public_url=None, problem=over)
    assert (told.titles[-1], told.notes[-1].urgent) == ("ngrok has stopped", False)
    assert "Requests: 37, visitors: 3, kept out: 9." in told.notes[-1].text


def test_an_end_takes_back_what_was_told(told: Told) -> None:
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    told.hub.show(NGROK, **DOWN)
    assert (told.titles, told.taken_back) == (["ngrok is up"], [NGROK])


def test_what_a_person_has_just_clicked_needs_no_telling(told: Told) -> None:
    told.center.clicked(NGROK)
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    told.hub.show("lan", wanted=True, **up("lan"))
    assert [note.key for note in told.notes] == ["lan"]
    assert told.taken_back == [NGROK]  # whatever an earlier notification says is outdated


@pytest.mark.parametrize("setting", [True, False])
def test_each_kind_can_be_turned_off(told: Told, *, setting: bool) -> None:
    told.hub.settings = Settings(general=General(notify_up=setting))
    told.hub.show(NGROK, wanted=True, **up(NGROK))
    assert bool(told.notes) is setting


def test_portway_itself_leads_to_its_window(qtbot: QtBot) -> None:
    use_language("en")
    note = portway_note("Title", "Text")
    assert (note.key, [action for action, _ in note.actions]) == ("", [NoteAction.DEFAULT, NoteAction.OPEN_WINDOW])
