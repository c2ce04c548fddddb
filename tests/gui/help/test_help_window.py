"""Help on a card opens the section about its cause, from this computer, and leads on where that is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.status import Phase
from portway.gui.help.help_window import HelpWindow, show_help
from portway.gui.i18n.language import use_language
from portway.gui.window.main_window import MainWindow
from portway.system.releases.origin import Origin
from tests.gui.conftest import Desk
from tests.gui.hands import click, show
from tests.gui.states import STATES

_SITE = "https://portway.example"
ORIGIN = Origin(_SITE, f"{_SITE}/blob/v1/docs/index.md", f"{_SITE}/newest")


@pytest.fixture
def german() -> Iterator[None]:
    use_language("de")
    yield
    use_language("en")


def opened(window: MainWindow) -> HelpWindow:
    (found,) = window.findChildren(HelpWindow)
    return found


@pytest.mark.parametrize("name", [name for name, (_, changes, _) in STATES.items() if "problem" in changes])
def test_help_is_there_for_every_cause_that_a_card_tells(desk: Desk, window: MainWindow, name: str) -> None:
    card = show(desk, window, name)
    assert card.callout.help.isVisible() is card.callout.isVisible()
    if card.callout.isVisible():
        click(card.callout.help)
        assert str(STATES[name][1]["problem"].code) in opened(window).section.codes
        opened(window).close()


def test_a_card_that_tells_no_cause_has_no_help(desk: Desk, window: MainWindow) -> None:
    card = show(desk, window, "lan_firewall")
    assert card.callout.isVisible()
    assert not card.callout.help.isVisible()


def test_a_second_press_shows_the_other_section_in_the_same_window(desk: Desk, window: MainWindow) -> None:
    first = show_help("origin_down", desk.dependencies, window)
    assert (first.section.title, first.choice.currentText()) == ("Your server does not answer",) * 2
    desk.hub.show("lan", phase=Phase.ERROR, wanted=True, problem=Problem(Code.INTERNAL))
    window.refresh()
    click(window.tunnels.card("lan").callout.help)
    assert opened(window) is first
    assert first.section.title == "Something went wrong inside Portway"
    assert "The log has the details" in first.text.toPlainText()
    first.close()


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize("origin", [ORIGIN, None], ids=["made by a release", "made by hand"])
def test_it_leads_to_other_pages_where_they_are_known(origin: Origin | None) -> None:
    asked: list[str] = []
    window = HelpWindow(origin, asked.append)
    window.show_code("host_refused")
    window.show()
    assert window.web.isVisible() is (origin is not None)
    page = f"{_SITE}/blob/v1/docs/"
    assert (f'href="{page}cloudflared.md#host-names"' in window.text.toHtml()) is (origin is not None)
    assert "host names tells how" in window.text.toPlainText()
    assert "cloudflared.md" not in window.text.toPlainText()
    if origin is not None:
        click(window.web)
        window.text.anchorClicked.emit(QUrl(f"{page}lan.md"))
        assert asked == [f"{page}troubleshooting.md#your-server-turns-visitors-away", f"{page}lan.md"]
    window.close()


def test_a_copy_without_an_origin_has_the_page_all_the_same(desk: Desk, window: MainWindow) -> None:
    help_window = show_help("no_network", replace(desk.dependencies, updates=None), window)
    assert "Connect, and see whether a browser opens a page" in help_window.text.toPlainText()
    help_window.close()


@pytest.mark.usefixtures("german", "qtbot")
def test_a_german_window_shows_the_german_section_and_leads_to_the_german_page() -> None:
    asked: list[str] = []
    window = HelpWindow(ORIGIN, asked.append)
    window.show_code("not_running")
    window.show()
    assert (window.section.title, window.choice.currentText()) == ("Portway läuft nicht",) * 2
    assert window.text.toPlainText().startswith("Was Sie sehen. Ein Befehl sagt")
    click(window.web)
    assert asked == [f"{_SITE}/blob/v1/docs/troubleshooting_de.md#portway-l%C3%A4uft-nicht"]
    window.close()


def test_help_speaks_another_language_as_soon_as_that_was_chosen(desk: Desk, window: MainWindow) -> None:
    assert show_help("cancelled", desk.dependencies, window).section.title == "It was cancelled"
    use_language("de")
    try:
        german = show_help("cancelled", desk.dependencies, window)
        assert german.section.title == "Es wurde abgebrochen"
        assert german.end.text() == "Schließen"
        german.close()
    finally:
        use_language("en")
