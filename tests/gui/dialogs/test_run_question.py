"""Foreign code is shown before it runs as administrator, runs once a person agrees, and is gone if they do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import EnableRequest, JobDone, JobFailed
from portway.core.secret import Secret
from portway.core.status import Progress
from portway.gui.cards.live_card import LiveCard
from portway.gui.dialogs.run_dialog import RunDialog
from portway.gui.window.main_window import MainWindow
from tests.fakes.backends.declared import DeclaredBackend
from tests.fakes.backends.window import TAILSCALE
from tests.gui.conftest import Desk
from tests.gui.hands import click, strike, write
from tests.gui.states import show_state

SHA256 = "9f2c" * 16
NEEDED = JobFailed(Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "curl … | sh"}))
WRONG = JobFailed(Problem(Code.WRONG_SUDO_PASSWORD))
LINE = Progress(step="install", message="Installing Tailscale for debian")


@dataclass(eq=False)
class FetchedScript:
    """Implements core.backend.Fetched."""

    source: str = "https://tailscale.com/install.sh"
    size: int = 912
    sha256: str = SHA256
    removed: bool = False

    def text(self) -> str:
        return "#!/bin/sh\nset -eu\n"

    def remove(self) -> None:
        self.removed = True


Shown = Callable[[], tuple[FetchedScript, RunDialog]]


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A Tailscale whose installer is foreign code, and is not there yet."""
    tailscale = desk.hub.backends[3]
    assert isinstance(tailscale, DeclaredBackend)
    install, *others = tailscale.commands
    foreign = replace(tailscale, commands=(replace(install, fetch=_never), *others))
    desk.hub.backends = (*desk.hub.backends[:3], foreign)
    desk.hub.have(*desk.hub.backends)
    show_state(desk.hub, "not_installed")
    return desk


@pytest.fixture
def card(window: MainWindow) -> LiveCard:
    return window.tunnels.card("tailscale")


@pytest.fixture
def shown(desk: Desk, card: LiveCard) -> Shown:
    """Ask for the installation and let the fetch end."""

    def show() -> tuple[FetchedScript, RunDialog]:
        card.control.run_command("install")
        script = FetchedScript()
        desk.hub.end_job("tailscale", "fetch install", JobDone({"fetched": script}))
        return script, dialog_of(card)

    return show


def _never(_cancel: object) -> FetchedScript:
    raise NotImplementedError


def dialog_of(card: LiveCard) -> RunDialog:
    dialogs = [one for one in card.findChildren(RunDialog) if one.isVisible()]
    assert len(dialogs) == 1
    return dialogs[0]


def asked(desk: Desk) -> list[EnableRequest]:
    return [ask for _, name, ask in desk.hub.commands if name == "install"]


def is_shut(card: LiveCard) -> bool:
    return not any(one.isVisible() for one in card.findChildren(RunDialog))


def test_nothing_runs_and_no_password_is_asked_for_before_source_size_and_hash_were_seen(
    desk: Desk, card: LiveCard, shown: Shown
) -> None:
    _, dialog = shown()
    assert asked(desk) == []
    assert [(fact.accessibleName(), fact.text()) for fact in dialog.facts] == [
        ("Source", "https://tailscale.com/install.sh"),
        ("Size", "912 bytes"),
        ("SHA-256", SHA256),
    ]
    assert not dialog.field.isVisible()
    assert not dialog.remember.isVisible()
    assert all(fact.isReadOnly() for fact in dialog.facts)
    assert card.view is not None


def test_the_script_can_be_read_before_it_runs(shown: Shown) -> None:
    _, dialog = shown()
    assert not dialog.script.isVisible()
    click(dialog.view)
    assert (dialog.script.isVisible(), dialog.script.toPlainText()) == (True, "#!/bin/sh\nset -eu\n")
    assert dialog.script.isReadOnly()
    click(dialog.view)
    assert not dialog.script.isVisible()


def test_where_no_password_is_needed_none_is_asked_for(desk: Desk, card: LiveCard, shown: Shown) -> None:
    script, dialog = shown()
    click(dialog.run)
    assert [ask.options for ask in asked(desk)] == [{"fetched": script}]
    assert not dialog.run.isEnabled()
    desk.hub.move_job("tailscale", "install", LINE)
    assert is_shut(card)
    assert not script.removed
    desk.hub.end_job("tailscale", "install", JobDone({}))
    assert script.removed


def test_the_same_dialog_asks_for_a_password_where_one_is_needed_and_runs_the_same_script(
    desk: Desk, card: LiveCard, shown: Shown
) -> None:
    script, dialog = shown()
    click(dialog.run)
    desk.hub.end_job("tailscale", "install", NEEDED)
    assert dialog_of(card) is dialog
    assert dialog.words.text() == "This takes administrator rights."
    assert not dialog.remember.isChecked()
    write(dialog.field, " wrong ")
    click(dialog.run)
    desk.hub.end_job("tailscale", "install", WRONG)
    assert dialog_of(card) is dialog
    assert "not accepted" in dialog.words.text()
    assert dialog.field.text() == ""
    write(dialog.field, " correct horse ")
    strike(dialog.field, Qt.Key.Key_Return)
    passwords = [ask.options.get("sudo_password") for ask in asked(desk)]
    assert passwords == [None, Secret(" wrong "), Secret(" correct horse ")]
    assert all(ask.options["fetched"] is script for ask in asked(desk))
    desk.hub.end_job("tailscale", "install", JobDone({}))
    assert is_shut(card)
    assert desk.vault.secrets == {}


def test_a_password_is_kept_only_by_an_explicit_tick(desk: Desk, card: LiveCard, shown: Shown) -> None:
    _, dialog = shown()
    click(dialog.run)
    desk.hub.end_job("tailscale", "install", NEEDED)
    click(dialog.remember)
    write(dialog.field, "correct horse")
    click(dialog.run)
    assert desk.vault.secrets == {}
    desk.hub.end_job("tailscale", "install", JobDone({}))
    assert desk.vault.secrets == {("tailscale", "sudo_password"): Secret("correct horse")}
    assert desk.hub.settings.general.remember_sudo_password


def test_taking_the_tick_away_forgets_what_was_kept(desk: Desk, shown: Shown) -> None:
    desk.dependencies.settings_file.set("general.rememberSudoPassword", True)
    desk.hub.reload()
    desk.vault.secrets["tailscale", "sudo_password"] = Secret("old")
    _, dialog = shown()
    click(dialog.run)
    desk.hub.end_job("tailscale", "install", NEEDED)
    assert dialog.remember.isChecked()
    click(dialog.remember)
    write(dialog.field, "new")
    click(dialog.run)
    desk.hub.end_job("tailscale", "install", JobDone({}))
    assert desk.vault.secrets == {}


@pytest.mark.parametrize("way", ["button", "Esc"])
def test_cancel_leaves_nothing(desk: Desk, card: LiveCard, shown: Shown, way: str) -> None:
    script, dialog = shown()
    if way == "button":
        click(dialog.cancel)
    else:
        strike(dialog, Qt.Key.Key_Escape)
    assert (script.removed, asked(desk), is_shut(card)) == (True, [], True)
    again, _ = shown()
    assert not again.removed


def test_cancel_while_the_rights_are_looked_at_cancels_the_run(desk: Desk, card: LiveCard, shown: Shown) -> None:
    script, dialog = shown()
    click(dialog.run)
    click(dialog.cancel)
    assert desk.hub.jobs["tailscale", "install"].cancelled
    desk.hub.end_job("tailscale", "install", JobFailed(Problem(Code.CANCELLED)))
    assert (script.removed, is_shut(card)) == (True, True)


def test_a_fetch_that_fails_is_said_on_the_card_and_one_that_is_cancelled_is_not(desk: Desk, card: LiveCard) -> None:
    card.control.run_command("install")
    card.refresh()
    click(card.cancel)
    assert desk.hub.jobs["tailscale", "fetch install"].cancelled
    desk.hub.end_job("tailscale", "fetch install", JobFailed(Problem(Code.CANCELLED)))
    card.control.run_command("install")
    failed = Problem(Code.INSTALL_FAILED, parameters={"program": "Tailscale", "reason": "what came is no shell script"})
    desk.hub.end_job("tailscale", "fetch install", JobFailed(failed))
    assert "no shell script" in card.callout._text.text()
    assert is_shut(card)


def test_an_installation_of_a_script_asks_for_no_password_before_that_script_was_seen(
    desk: Desk, card: LiveCard
) -> None:
    desk.hub.command(TAILSCALE, "install", EnableRequest())
    card.refresh()
    desk.hub.end_job("tailscale", "install", NEEDED)
    assert not card.callout.field.isVisible()
    assert card.callout.isVisible()


@pytest.mark.parametrize("end", ["program", "language"])
def test_the_end_of_the_window_leaves_nothing(window: MainWindow, shown: Shown, qtbot: QtBot, end: str) -> None:
    script, _ = shown()
    if end == "program":
        window.finish()
    else:
        QCoreApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
    qtbot.waitUntil(lambda: script.removed)


def test_a_password_that_nobody_can_have_is_refused_before_anything_runs(
    desk: Desk, card: LiveCard, shown: Shown
) -> None:
    script, dialog = shown()
    click(dialog.run)
    desk.hub.end_job("tailscale", "install", NEEDED)
    dialog.field.setText("x" * 5000)
    click(dialog.run)
    assert len(asked(desk)) == 1
    assert "longer than" in card.callout._text.text()
    assert script.removed
