"""The language of the person: our translations and Qt's own are used, switched at run time, with English behind."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from portway.backends.lan.causes import PORT_TAKEN
from portway.backends.registry import build_backends
from portway.core.codes import Code
from portway.core.errors import Problem, problem_of
from portway.core.options import HIGHEST_PORT
from portway.gui.i18n.contexts import cards, log, tray
from portway.gui.i18n.language import use_language
from portway.gui.i18n.words import clock_time, duration, sentence, tr
from portway.gui.window.main_window import MainWindow
from portway.system.services import Services
from tests.fakes.backends.window import window_backends
from tests.gui.conftest import Desk


@pytest.fixture
def german(qtbot: QtBot) -> Iterator[None]:
    use_language("de")
    yield
    use_language("en")


@pytest.fixture
def english(qtbot: QtBot) -> None:
    use_language("en")


def test_services_are_called_and_ordered_as_designed_in_every_language(services: Services, german: None) -> None:
    backends = build_backends(services)
    titles = ["Local network", "Cloudflare", "ngrok", "Tailscale", "SSH"]
    assert [backend.title for backend in backends] == titles
    assert [tr(title) for title in titles] == ["Lokales Netzwerk", *titles[1:]]
    stand_ins = [backend.title for backend in window_backends()]
    assert stand_ins == titles[: len(stand_ins)]


@pytest.mark.usefixtures("german")
def test_a_cause_is_said_in_the_persons_language() -> None:
    problem = problem_of(PORT_TAKEN, port=HIGHEST_PORT, address="192.0.2.7")
    assert sentence(problem) == (
        "Port 65535 an 192.0.2.7 wird von einem anderen Programm benutzt. Wählen Sie einen anderen Port."
    )
    assert problem.sentence.startswith("Port 65535 on 192.0.2.7 is used")
    assert tray("Stop all") == "Alle beenden"


@pytest.mark.usefixtures("german")
def test_qts_own_words_are_german_too() -> None:
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"


def test_an_unknown_language_and_an_unknown_text_stay_english(qtbot: QtBot) -> None:
    use_language("xx")
    assert tray("Stop all") == "Stop all"
    assert log("%n lines", "", 1) == "1 line"
    assert tr("A text that nobody wrote {n}", n=1) == "A text that nobody wrote 1"


@pytest.mark.usefixtures("german")
def test_a_foreign_text_with_braces_or_percents_is_never_read_as_a_template() -> None:
    problem = Problem(Code.PROCESS_DIED, parameters={"program": "{x}", "reason": "{0} {port} %n %1"})
    assert "{0} {port} %n %1" in sentence(problem)
    assert cards("Requests of {title}", title="{0} %n") == "Anfragen von {0} %n"


@pytest.mark.usefixtures("english")
def test_a_number_picks_its_plural_in_english() -> None:
    assert [log("%n lines", "", count) for count in (0, 1, 2)] == ["0 lines", "1 line", "2 lines"]


@pytest.mark.usefixtures("german")
def test_a_number_picks_its_plural_in_german() -> None:
    assert [log("%n lines", "", count) for count in (0, 1, 2)] == ["0 Zeilen", "1 Zeile", "2 Zeilen"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (8, "8 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (7800, "2 h 10 min"),
        (90_000, "1 d 1 h"),
        (-5, "0 s"),
    ],
)
@pytest.mark.usefixtures("english")
def test_a_duration_is_said_shortly(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_times_of_today_have_no_date() -> None:
    now = datetime(2026, 11, 25, 14, 12, tzinfo=UTC)
    assert len(clock_time(now, now)) == 5
    assert len(clock_time(now.replace(day=2), now)) > 5


def test_the_window_speaks_another_language_at_once(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    window.go_to("general")
    use_language("de")
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
    qtbot.waitUntil(lambda: window._sidebar.rows["general"].text() == "Allgemein")
    assert window.tunnels._title.text() == "Nichts ist offen"
    use_language("en")


def test_one_change_of_the_language_makes_the_window_anew_once_and_never_after_its_end(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    build = MainWindow._build

    def counted_build(self: MainWindow) -> None:
        made.append(tray("Stop all"))
        build(self)

    monkeypatch.setattr(MainWindow, "_build", counted_build)
    use_language("de")
    qtbot.waitUntil(lambda: made != [])
    window.finish()
    use_language("en")
    over = QTimer(singleShot=True)  # due only after all that was posted, and after every timer that was due before
    with qtbot.waitSignal(over.timeout):
        over.start(1)
    assert made == ["Alle beenden"]


def test_pages_that_are_replaced_outlive_their_deletion_by_qt(window: MainWindow, qtbot: QtBot) -> None:
    pages = weakref.ref(window._pages)
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
    qtbot.waitUntil(lambda: window._pages is not pages())
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    replaced = pages()
    assert replaced is not None
    assert not isValid(replaced)
