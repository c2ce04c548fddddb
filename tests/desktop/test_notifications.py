"""Notifications as a strict daemon gets them, and their buttons."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.desktop.conftest import Subject, end, needs, start, wait_for
from tests.fakes.desktop.notification_server import NotificationServer
from tests.fakes.desktop.tray_host import TrayHost

pytestmark = pytest.mark.desktop
Run = Callable[..., Subject]
TUNNEL = "https://quick-brown-fox.trycloudflare.com"
UP = f"subject.up('cloudflared', '{TUNNEL}')"
LOST = "hub.show('cloudflared', phase=Phase.STARTING, problem=Problem(Code.NO_NETWORK))"


@pytest.fixture
def daemon(bus: str) -> Iterator[NotificationServer]:
    server = NotificationServer(bus)
    yield server
    server.end()
    assert server.refused == []


def test_up_comes_with_copy_and_open_that_work(
    desktop: dict[str, str], daemon: NotificationServer, run: Run, pasted: Callable[[], str]
) -> None:
    subject = run(desktop, "--autostart")
    subject.ask(UP)
    shown = daemon.wait_for("Cloudflare is up")
    assert (shown.text, list(shown.actions)) == (TUNNEL, ["default", "copy", "open-url"])
    assert (shown.hints["desktop-entry"], shown.hints["urgency"]) == ("portway", 1)
    daemon.press(shown, "copy")
    wait_for(lambda: pasted() == TUNNEL)
    daemon.press(shown, "open-url")
    assert subject.wait("subject.opened") == [TUNNEL]


def test_copied_is_told_where_panels_show_no_tooltip(
    desktop: dict[str, str], daemon: NotificationServer, run: Run
) -> None:
    subject = run({**desktop, "XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, "--autostart")
    subject.ask(f"dependencies.clipboard.copy('{TUNNEL}')")
    daemon.wait_for("Copied")
    subject.ask(UP)
    subject.ask(f"dependencies.clipboard.copy('{TUNNEL}')")
    assert daemon.wait_for("Copied the link of Cloudflare").text == TUNNEL


def test_one_of_a_backend_replaces_the_one_before_and_stop_stops(
    desktop: dict[str, str], daemon: NotificationServer, run: Run
) -> None:
    subject = run(desktop, "--autostart")
    subject.ask(UP)
    first = daemon.wait_for("Cloudflare is up")
    subject.ask(LOST)
    lost = daemon.wait_for("Cloudflare is lost")
    assert lost.replaces == first.number
    daemon.press(lost, "stop")
    assert subject.wait("hub.disabled") == ["cloudflared"]
    daemon.wait_for_closed(lost.number)


def test_a_crash_of_the_last_run_is_told_with_what_helps(
    desktop: dict[str, str], daemon: NotificationServer, run: Run
) -> None:
    subject = run(desktop, "--autostart")
    subject.ask("desktop.tell_of_crash()")
    assert "diagnostics under About" in daemon.wait_for("Portway had ended unexpectedly").text


def test_a_click_on_it_opens_the_window(desktop: dict[str, str], daemon: NotificationServer, run: Run) -> None:
    subject = run(desktop, "--autostart")
    problem = "Problem(Code.NEEDS_TOKEN, '', {'service': 'ngrok'})"
    subject.ask(f"hub.show('ngrok', phase=Phase.NEEDS_AUTH, wanted=True, problem={problem})")
    shown = daemon.wait_for("ngrok needs you")
    assert shown.hints["urgency"] == 2
    daemon.press(shown, "default")
    assert subject.wait("subject.visible()") == ["Portway"]


def test_what_follows_a_click_at_once_is_not_told(
    desktop: dict[str, str], daemon: NotificationServer, host: TrayHost, run: Run
) -> None:
    subject = run({**desktop, "SUBJECT_OWN_CLICK": "60"}, "--autostart")
    host.press(host.wait_for_item(), "Local network: off")
    subject.wait("hub.enabled")
    subject.ask("subject.up('lan', 'http://192.168.1.2:4000', by_person=True)")
    subject.ask(UP)  # nobody clicked on this one
    daemon.wait_for("Cloudflare is up")
    assert [one.title for one in daemon.shown] == ["Cloudflare is up"]


def test_a_muted_class_is_not_told(desktop: dict[str, str], daemon: NotificationServer, run: Run) -> None:
    subject = run(desktop, "--autostart")
    subject.ask("[dependencies.settings_file.set('general.notifyUp', False), hub.reload()]")
    subject.ask(UP)
    subject.ask(LOST)
    daemon.wait_for("Cloudflare is lost")
    assert [one.title for one in daemon.shown] == ["Cloudflare is lost"]


def test_without_a_daemon_the_tray_icon_says_it(desktop: dict[str, str], host: TrayHost, bus: str, run: Run) -> None:
    subject = run(desktop, "--autostart")
    host.wait_for_item()
    subject.ask("setattr(desktop._tray, 'say', lambda *words: subject.opened.extend(words))")
    subject.ask(UP)
    assert subject.wait("subject.opened") == ["Cloudflare is up", TUNNEL]
    server = NotificationServer(bus)
    try:
        subject.ask(LOST)
        server.wait_for("Cloudflare is lost")
    finally:
        server.end()


def test_a_daemon_that_knows_no_markup_gets_the_text_as_it_is(desktop: dict[str, str], bus: str, run: Run) -> None:
    server = NotificationServer(bus, capabilities=("body",))
    try:
        run(desktop, "--autostart").ask("subject.up('cloudflared', 'https://a.example/?b&c')")
        shown = server.wait_for("Cloudflare is up")
        assert (shown.text, shown.actions) == ("https://a.example/?b&c", {})
    finally:
        server.end()


@pytest.mark.parametrize(("action", "answer"), [("allow", None), ("refuse", "not_allowed.refused")])
def test_a_program_that_wants_to_open_a_tunnel_is_answered_there(
    desktop: dict[str, str], daemon: NotificationServer, run: Run, action: str, answer: str | None
) -> None:
    subject = run(desktop, "--autostart")
    subject.ask("dependencies.consents.ask(OPENING, lambda problem: subject.opened.append(problem and problem.key))")
    shown = daemon.wait_for("Fine Agent wants to open a tunnel")
    assert "http://localhost:3000 by Cloudflare" in shown.text
    assert (list(shown.actions), shown.hints["urgency"]) == (["default", "allow", "refuse"], 2)
    daemon.press(shown, action)
    assert subject.wait("subject.opened") == [answer]
    daemon.wait_for_closed(shown.number)


def test_the_real_dunst_takes_it(desktop: dict[str, str], run: Run) -> None:
    needs("dunst", "dunstctl")
    daemon = start(["dunst", "-conf", "/dev/null"], desktop, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: _dunst(desktop, "count", "displayed") == "0", "dunst")
        run(desktop, "--autostart").ask(UP)
        wait_for(lambda: _dunst(desktop, "count", "displayed") == "1", "a notification in dunst")
    finally:
        end(daemon)


def _dunst(environment: dict[str, str], *words: str) -> str:
    asked = subprocess.run(["dunstctl", *words], env=environment, capture_output=True, text=True, check=False)
    return asked.stdout.strip()
