"""Every text that people read goes through `tr`, and German has all of them."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from portway.backends.registry import build_backends
from portway.core.codes import FACTS, Code
from portway.core.errors import Problem
from portway.core.option_values import HIGHEST_PORT
from portway.core.options import declared
from portway.core.sentences import SENTENCES
from portway.core.settings import General
from portway.gui.language import use_language
from portway.gui.translations.german import GERMAN
from portway.gui.window import MainWindow
from portway.gui.words import clock_time, counted, duration, sentence, tr
from portway.system.services import Services
from tests.fakes.window_backends import window_backends
from tests.gui.conftest import Desk

GUI = Path(__file__).parents[2] / "app" / "portway" / "gui"
# Causes that only a caller of the REST API meets, who reads English.
_OF_CALLERS = {code for code, facts in FACTS.items() if facts.http_status in (401, 403, 404, 405, 411, 413, 415, 421,
                                                                               429, 431)}  # fmt: skip
_OF_CALLERS |= {Code.TOO_BUSY}
_IN_REQUESTS = {"body", "body_missing", "body_unwanted", "syntax", "query", "setting", "token_short"}


def said_in_the_window(key: str) -> bool:
    code, _, variant = key.partition(".")
    own = {Code.NEEDS_PRIVILEGES, Code.WRONG_SUDO_PASSWORD}
    if Code(code) is Code.BAD_REQUEST:
        return variant not in _IN_REQUESTS
    return Code(code) not in _OF_CALLERS or Code(code) in own


def source_texts() -> Iterator[tuple[str, str]]:
    for path in sorted(GUI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name in ("tr", "marked") and isinstance(node.args[0], ast.Constant):
                yield path.name, str(node.args[0].value)


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.fixture
def german(qtbot: QtBot) -> Iterator[None]:
    use_language("de")
    yield
    use_language("en")


def test_german_has_every_word_of_the_window() -> None:
    missing = {(name, text) for name, text in source_texts() if text not in GERMAN}
    assert missing == set()


def test_german_has_every_sentence_that_the_window_says() -> None:
    missing = {key for key, text in SENTENCES.items() if said_in_the_window(key) and text not in GERMAN}
    assert missing == set()


def test_german_has_what_settings_and_backends_declare(services: Services) -> None:
    backends = build_backends(services)
    options = [
        *declared(General).values(),
        *(one for backend in backends for one in declared(backend.options).values()),
    ]
    texts = {text for one in options if one.in_settings or one.stored for text in (one.label, one.help)}
    texts |= {backend.title for backend in backends}
    texts |= {text for backend in backends for one in backend.commands if one.run for text in (one.label, one.help)}
    assert {text for text in texts if text and text not in GERMAN} == set()


def test_services_are_called_and_ordered_as_designed_in_every_language(services: Services, german: None) -> None:
    backends = build_backends(services)
    assert [backend.title for backend in backends] == ["Local network", "Cloudflare", "ngrok", "Tailscale"]
    assert [tr(backend.title) for backend in backends] == ["Lokales Netzwerk", "Cloudflare", "ngrok", "Tailscale"]
    assert [backend.title for backend in window_backends()] == [backend.title for backend in backends]


def test_no_translation_lost_a_parameter() -> None:
    for text, translation in GERMAN.items():
        assert fields(text) == fields(translation), text


@pytest.mark.usefixtures("german")
def test_a_cause_is_said_in_the_persons_language() -> None:
    problem = Problem(Code.PORT_CONFLICT, "lan", {"port": str(HIGHEST_PORT), "address": "192.0.2.7"})
    assert sentence(problem) == (
        "Port 65535 an 192.0.2.7 wird von einem anderen Programm benutzt. Wählen Sie einen anderen Port."
    )
    assert problem.sentence.startswith("Port 65535 on 192.0.2.7 is used")
    assert tr("Stop all") == "Alle beenden"


def test_an_unknown_language_and_an_unknown_text_stay_english(qtbot: QtBot) -> None:
    use_language("xx")
    assert tr("Stop all") == "Stop all"
    assert tr("A text that nobody wrote {n}", n=1) == "A text that nobody wrote 1"


@pytest.mark.usefixtures("german")
def test_a_foreign_text_with_braces_is_never_read_as_a_template() -> None:
    problem = Problem(Code.PROCESS_DIED, parameters={"program": "{x}", "reason": "{0} {port}"})
    assert "{0} {port}" in sentence(problem)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (8, "8 s"), (59.4, "59 s"), (60, "1 min"), (3600, "1 h"), (7800, "2 h 10 min"), (90_000, "1 d 1 h"),
     (-5, "0 s")],
)  # fmt: skip
def test_a_duration_is_said_shortly(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_times_of_today_have_no_date_and_numbers_have_their_word() -> None:
    now = datetime(2026, 11, 25, 14, 12, tzinfo=UTC)
    assert len(clock_time(now, now)) == 5
    assert len(clock_time(now.replace(day=2), now)) > 5
    assert counted(1, "{count} tunnel", "{count} tunnels") == "1 tunnel"
    assert counted(0, "{count} tunnel", "{count} tunnels") == "0 tunnels"


def test_the_window_speaks_another_language_at_once(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    window.go_to("general")
    use_language("de")
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
    qtbot.waitUntil(lambda: window._sidebar.rows["general"].text() == "Allgemein")
    assert window.tunnels._title.text() == "Nichts ist freigegeben"
    use_language("en")
