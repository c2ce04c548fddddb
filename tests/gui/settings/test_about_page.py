"""About asks once whether it may look for newer versions, and nothing is asked of the network before a yes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import delete

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.gui.navigation import Navigation
from portway.gui.settings.about_page import AboutPage
from portway.gui.widgets.labels import Text
from portway.gui.window.pages import make_page
from portway.system.releases.versions import Newest
from tests.gui.conftest import Desk, Open
from tests.gui.hands import click


def button(page: QWidget, name: str) -> QAbstractButton:
    (found,) = [one for one in page.findChildren(QAbstractButton) if one.accessibleName() == name]
    return found


def names(page: QWidget) -> set[str]:
    return {one.accessibleName() for one in page.findChildren(QAbstractButton) if one.isVisible()}


def words(page: QWidget) -> str:
    return "\n".join(one.text() for one in page.findChildren(Text) if one.isVisible())


@pytest.fixture
def unasked(desk: Desk) -> Desk:
    """Nobody has answered yet."""
    desk.dependencies.services.app_state.update(answered=["first_run"])
    return desk


def test_before_an_answer_nothing_is_asked_of_the_network(unasked: Desk, page: Open) -> None:
    about: AboutPage = page("about")
    about.refresh()
    assert "Yes, look for new versions" in names(about)
    assert "Look for new versions" not in names(about)
    assert "portway.example is asked. Nothing is downloaded." in words(about)
    assert unasked.releases.asked == 0


def test_a_yes_looks_at_once_and_is_asked_for_once(unasked: Desk, page: Open) -> None:
    about: AboutPage = page("about")
    click(button(about, "Yes, look for new versions"))
    assert unasked.hub.settings.general.check_for_updates
    assert (unasked.releases.asked, about.updates and about.updates.result.state.text) == (1, "Version 9.1 is there")
    assert "Yes, look for new versions" not in names(about)
    about.refresh()
    assert unasked.releases.asked == 1, "once a day is enough"


def test_a_no_is_kept_and_changes_nothing(unasked: Desk, page: Open) -> None:
    click(button(page("about"), "No, do not look for new versions"))
    again: AboutPage = page("about")
    assert "Yes, look for new versions" not in names(again)
    assert {"Look for new versions", "Look for a newer version now"} <= names(again)
    assert (unasked.releases.asked, unasked.hub.settings.general.check_for_updates) == (0, False)


def test_the_switch_answers_the_question_too(unasked: Desk, page: Open) -> None:
    unasked.dependencies.settings_file.set("general.checkForUpdates", True)
    unasked.hub.reload()
    about: AboutPage = page("about")
    click(button(about, "Look for new versions"))
    assert unasked.dependencies.app_state.answered("updates")
    assert not unasked.hub.settings.general.check_for_updates
    assert unasked.releases.asked == 1


def test_a_press_asks_again_and_leads_to_the_page_of_what_is_newer(desk: Desk, page: Open) -> None:
    about: AboutPage = page("about")
    assert about.updates is not None
    assert "Open the page" not in names(about)
    for times in (1, 2):
        click(about.updates.look)
        assert desk.releases.asked == times
    click(about.updates.get)
    assert desk.opened == ["https://portway.example/releases/tag/v9.1"]
    desk.releases.newest = Newest("0.1", newer=False, page="")
    click(about.updates.look)
    assert about.updates.result.state.text == "You have the newest version"
    assert "Open the page" not in names(about)


def test_a_failure_is_told_in_a_sentence_and_goes_with_the_next_answer(desk: Desk, page: Open) -> None:
    desk.releases.refusal = TunnelError(Code.NO_NETWORK, "updates", host="portway.example")
    about: AboutPage = page("about")
    assert about.updates is not None
    click(about.updates.look)
    assert about.updates.result.refusal.text().startswith("portway.example cannot be reached")
    assert not about.updates.result.state.isVisible()
    desk.releases.refusal = None
    click(about.updates.look)
    assert not about.updates.result.refusal.isVisible()
    assert about.updates.result.state.isVisible()


def test_an_answer_that_comes_after_the_page_is_gone_changes_nothing(
    desk: Desk, page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = []
    monkeypatch.setattr(desk.hub, "aside", lambda _call, done: waiting.append(done))
    about: AboutPage = page("about")
    assert about.updates is not None
    click(about.updates.look)
    click(about.updates.look)
    assert about.updates.result.state.text == "Asking portway.example"
    (done,) = waiting
    delete(about.updates)
    done(desk.releases.newest)


def test_site_and_documentation_are_a_click_away(desk: Desk, page: Open) -> None:
    about = page("about")
    click(button(about, "Open the website"))
    click(button(about, "Open the documentation"))
    assert desk.opened == ["https://portway.example", "https://portway.example/docs"]


def test_a_copy_that_does_not_know_whom_to_ask_says_so_and_offers_nothing(desk: Desk) -> None:
    about = make_page("about", replace(desk.dependencies, updates=None), Navigation())
    assert isinstance(about, AboutPage)
    about.show()
    assert "This copy does not know where newer versions are" in words(about)
    assert names(about).isdisjoint({"Look for a newer version now", "Open the website", "Open the documentation"})
    assert about.controls == []
    about.close()
