"""Pages of backends and of the API: tokens, passwords and commands, told truthfully and never shown back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import EnableRequest, JobDone, JobFailed
from portway.core.secret import Secret
from portway.gui.navigation import Navigation
from portway.gui.settings.api_page import ApiPage
from portway.gui.settings.backend_page import BackendPage
from portway.gui.widgets.buttons import Button
from portway.gui.window.main_window import MainWindow
from tests.gui.conftest import Desk, Open
from tests.gui.hands import click, control_of, strike, type_text, write
from tests.gui.states import show_state

SETTINGS_PAGES = ("general", "lan", "cloudflared", "ngrok", "tailscale", "api", "notifications", "hooks", "advanced")


def test_a_running_tunnel_gets_a_changed_option_by_a_restart(desk: Desk, page: Open, qtbot: QtBot) -> None:
    show_state(desk.hub, "running")
    ngrok: BackendPage = page("ngrok")
    assert not ngrok.note.isVisible()
    type_text(control_of(ngrok, "ngrok.domain"), "hooks.example.com")
    assert "Domain" in ngrok.note.text.text()
    click(ngrok.note.button)
    assert desk.hub.enabled == [("ngrok", EnableRequest(options={"domain": "hooks.example.com"}, by_person=True))]
    assert not ngrok.note.isVisible()


def test_a_tunnel_that_is_off_needs_no_note(page: Open, qtbot: QtBot) -> None:
    ngrok: BackendPage = page("ngrok")
    type_text(control_of(ngrok, "ngrok.domain"), "hooks.example.com")
    assert not ngrok.note.isVisible()


def test_a_token_is_stored_shown_as_kept_and_removed_and_never_shown(desk: Desk, page: Open, qtbot: QtBot) -> None:
    ngrok: BackendPage = page("ngrok")
    assert ngrok.token is not None
    assert ngrok.token.state.text == "None"
    for link in ngrok.token.pages:
        click(link)
    assert desk.opened == [
        "https://dashboard.ngrok.com/get-started/your-authtoken",
        "https://dashboard.ngrok.com/signup",
    ]
    click(ngrok.token.enter)
    write(ngrok.token.field, "!")
    click(ngrok.token.save)
    assert "!" not in ngrok.token.refusal.text()
    assert ngrok.token.refusal.isVisible()
    write(ngrok.token.field, "a-good-token")
    ngrok.token.field.setText("a-good-token")
    click(ngrok.token.save)
    assert desk.vault.secrets == {("ngrok", "auth_token"): Secret("a-good-token")}
    assert ngrok.token.field.text() == ""
    desk.dependencies.services.secrets.put("ngrok", "auth_token", Secret("a-good-token"))
    ngrok.refresh()
    assert ngrok.token.state.text == "Held until Portway ends"
    click(ngrok.token.remove)
    assert desk.vault.secrets == {}
    desk.dependencies.services.secrets.remove("ngrok", "auth_token")
    ngrok.refresh()
    assert ngrok.token.state.text == "None"


def test_a_token_without_a_keyring_is_told_truthfully_and_starts_what_waited(
    desk: Desk, page: Open, qtbot: QtBot
) -> None:
    show_state(desk.hub, "needs_token")
    desk.vault.problem = Problem(Code.NO_SECURE_STORAGE)
    ngrok: BackendPage = page("ngrok")
    assert ngrok.token is not None
    click(ngrok.token.enter)
    write(ngrok.token.field, "a-good-token")
    strike(ngrok.token.field, Qt.Key.Key_Return)
    assert "no secure keyring" in ngrok.token.refusal.text()
    assert [backend for backend, _ in desk.hub.enabled] == ["ngrok"]


def test_a_token_from_the_environment_is_named(desk: Desk, qtbot: QtBot) -> None:
    services = replace(desk.dependencies.services, environment={"NGROK_AUTHTOKEN": "from-outside"})
    ngrok = BackendPage(desk.hub.backends[2], replace(desk.dependencies, services=services), Navigation())
    qtbot.addWidget(ngrok)
    assert ngrok.token is not None
    assert ngrok.token.state.text == "From NGROK_AUTHTOKEN"


def test_commands_are_offered_where_they_apply_and_done_on_the_card(desk: Desk, page: Open, qtbot: QtBot) -> None:
    show_state(desk.hub, "login_unasked")
    tailscale: BackendPage = page("tailscale")
    offered = {command.name: row.findChild(Button) for command, row in tailscale.commands if row.isVisible()}
    assert list(offered) == ["login"]
    with qtbot.waitSignal(tailscale._navigation.command_asked) as asked:
        click(offered["login"])
    assert asked.args == ["tailscale", "login"]


def test_a_stored_password_can_be_removed(desk: Desk, page: Open, qtbot: QtBot) -> None:
    desk.dependencies.services.secrets.put("tailscale", "sudo_password", Secret("correct horse"))
    desk.vault.secrets["tailscale", "sudo_password"] = Secret("correct horse")
    tailscale: BackendPage = page("tailscale")
    assert tailscale.password is not None
    click(tailscale.password.remove)
    assert desk.vault.secrets == {}


def test_the_api_token_is_shown_copied_and_hidden(desk: Desk, page: Open, qtbot: QtBot) -> None:
    api: ApiPage = page("api")
    assert not api.field.isVisible()
    click(api.show_button)
    assert api.field.text() == "lasting-token-0"
    click(api.copy_button)
    assert desk.clipboard.texts == ["lasting-token-0"]
    click(api.show_button)
    assert (api.field.isVisible(), api.field.text()) == (False, "")


def test_renewing_says_what_it_means_before_it_is_done(desk: Desk, page: Open, qtbot: QtBot) -> None:
    api: ApiPage = page("api")
    click(api.renew_button)
    assert desk.api.renewals == 0
    assert "void" in api.token_row.refusal.text()
    click(api.renew_button)
    assert api.field.text() == "lasting-token-1"


def test_a_token_that_the_environment_gives_is_not_renewed(desk: Desk, page: Open, qtbot: QtBot) -> None:
    desk.api.outcome = Problem(Code.BAD_REQUEST, "token_environment")
    api: ApiPage = page("api")
    click(api.show_button)
    assert "PORTWAY_API_TOKEN" in api.token_row.refusal.text()
    assert not api.field.isVisible()


def test_a_server_that_does_not_listen_says_why_and_a_new_port_says_when(desk: Desk, page: Open, qtbot: QtBot) -> None:
    desk.api.port, desk.api.problem = None, Problem(Code.PORT_CONFLICT, "api", {"port": "20129"})
    api: ApiPage = page("api")
    assert "Not listening" in api.server.state.text
    assert "20129" in api.server.help.text()
    type_text(control_of(api, "general.apiPort"), "20200")
    assert "next start" in api.note.text.text()


def test_a_password_is_remembered_only_if_that_is_set_used_without_asking_and_gone_once_refused(
    desk: Desk, window: MainWindow
) -> None:
    secrets, key = desk.dependencies.services.secrets, ("tailscale", "sudo_password")
    needed = JobFailed(Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "sudo tailscale up"}))
    control = window.tunnels.card("tailscale").control
    control.run_command("login", Secret("correct horse"))
    desk.hub.end_job("tailscale", "login", JobDone({}))
    assert key not in desk.vault.secrets
    desk.dependencies.settings_file.set("general.rememberSudoPassword", True)
    desk.hub.reload()
    control.run_command("login", Secret("correct horse"))
    desk.hub.end_job("tailscale", "login", JobDone({}))
    assert desk.vault.secrets[key] == Secret("correct horse")
    secrets.put(*key, Secret("correct horse"))
    control.run_command("login")
    desk.hub.end_job("tailscale", "login", needed)
    assert desk.hub.commands[-1][2].options == {"sudo_password": Secret("correct horse")}
    desk.hub.end_job("tailscale", "login", JobFailed(Problem(Code.WRONG_SUDO_PASSWORD)))
    assert key not in desk.vault.secrets
    assert window.tunnels.card("tailscale").callout.field.isVisible()


def test_turning_remembering_off_removes_the_password(desk: Desk, page: Open) -> None:
    desk.vault.secrets["tailscale", "sudo_password"] = Secret("correct horse")
    tailscale: BackendPage = page("tailscale")
    switch = control_of(tailscale, "general.rememberSudoPassword").control
    click(switch)
    assert desk.vault.secrets
    click(switch)
    assert desk.vault.secrets == {}
