"""The tray icon and its menu on a real screen, clicked by a panel over the message bus."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from tests.desktop.conftest import Subject, wait_for
from tests.fakes.desktop.tray_host import MenuItem, TrayHost

pytestmark = pytest.mark.desktop
Run = Callable[..., Subject]
URL = "http://192.168.1.23:41234"
TUNNEL = "https://quick-brown-fox.trycloudflare.com"
COPY = "Copy quick-brown-fox…"
TOKEN = "Problem(Code.NEEDS_TOKEN, '', {'service': 'ngrok'})"


def test_a_click_on_a_toggle_reaches_the_hub_and_the_check_mark_comes_back(
    desktop: dict[str, str], host: TrayHost, run: Run
) -> None:
    subject = run(desktop)
    item = host.wait_for_item()
    assert not host.menu(item).find("Local network: off").checked
    host.press(item, "Local network: off")
    assert subject.wait("hub.enabled")[0][0] == "lan"
    assert "by_person=True" in subject.ask("hub.enabled")[0][1]
    assert wait_for(lambda: _with(host.menu(item), "Local network: starting")).find("Local network: starting").checked
    subject.ask(f"subject.up('lan', '{URL}')")
    running = wait_for(lambda: _with(host.menu(item), "Local network: running"))
    assert running.find("Local network: running").checked
    host.press(item, "Local network: running")
    assert subject.wait("hub.disabled") == ["lan"]
    off = wait_for(lambda: _with(host.menu(item), "Local network: off"))
    assert not off.find("Local network: off").checked


def test_the_menu_is_as_designed_at_rest(desktop: dict[str, str], host: TrayHost, run: Run) -> None:
    run(desktop, "--autostart").ask("hub.show('tailscale', installation=Installation(installed=False))")
    menu = host.menu(host.wait_for_item())
    assert menu.texts == [
        "Nothing is open",
        "-",
        "Local network: off",
        "Cloudflare: off",
        "ngrok: off",
        "Tailscale: not installed",
        "Install Tailscale…",
        "-",
        "Local server: http://127.0.0.1:20128",
        "-",
        "Open Portway",
        "Requests",
        "Settings…",
        "Quit",
    ]
    assert not menu.children[0].enabled
    assert not menu.find("Tailscale: not installed").enabled


def test_what_is_up_can_be_copied_and_shared_right_below_its_toggle(
    desktop: dict[str, str], host: TrayHost, run: Run
) -> None:
    subject = run(desktop, "--autostart")
    subject.ask(f"subject.up('cloudflared', '{TUNNEL}')")
    subject.ask(f"hub.show('ngrok', phase=Phase.NEEDS_AUTH, wanted=True, problem={TOKEN})")
    menu = host.menu(host.wait_for_item())
    assert menu.texts[:15] == [
        "1 of 2 tunnels works",
        "-",
        "Local network: off",
        "-",
        "Cloudflare: running",
        COPY,
        "QR code…",
        "More for Cloudflare",
        "-",
        "ngrok: token needed",
        "Enter ngrok token…",
        "-",
        "Tailscale: off",
        "-",
        "Stop all",
    ]
    more = menu.find("More for Cloudflare")
    assert more.texts == [
        "Open in browser",
        "-",
        "Copy API URL",
        "Copy as curl command",
        "Copy line for .env",
        "-",
        "Show log",
    ]
    assert menu.find("ngrok: token needed").checked


def test_no_checkable_item_carries_a_submenu(desktop: dict[str, str], host: TrayHost, run: Run) -> None:
    subject = run(desktop, "--autostart")
    for backend in ("lan", "cloudflared", "ngrok", "tailscale"):
        subject.ask(f"subject.up('{backend}', '{TUNNEL}')")
    items = host.menu(host.wait_for_item()).walk()
    assert sum(item.checkable for item in items) >= 4
    assert sum(item.opens for item in items) == 5  # More for each, and Target
    assert not [item.text for item in items if item.checkable and item.opens]


def test_the_menu_stays_the_same_one_while_it_is_open(desktop: dict[str, str], host: TrayHost, run: Run) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    before = host.menu(item)
    host.about_to_show(item, 0)
    subject.ask(f"subject.up('lan', '{URL}')")
    after = wait_for(lambda: _with(host.menu(item), "Local network: running"))
    assert after.find("Local network: running").number == before.find("Local network: off").number
    assert after.find("Quit").number == before.find("Quit").number


def test_stop_all_is_there_only_while_there_is_something_to_stop(
    desktop: dict[str, str], host: TrayHost, run: Run
) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    assert "Stop all" not in host.menu(item).texts
    subject.ask(f"subject.up('lan', '{URL}')")
    host.press(item, "Stop all")
    assert subject.wait("hub.disabled") == ["lan", "cloudflared", "ngrok", "tailscale"]
    assert "Stop all" not in wait_for(lambda: _with(host.menu(item), "Local network: off")).texts


def test_a_target_is_chosen_among_the_servers_that_listen_now(
    desktop: dict[str, str], host: TrayHost, run: Run
) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    target = host.menu(item).find("Local server: http://127.0.0.1:20128")
    host.about_to_show(item, target.number)
    found = wait_for(lambda: _with(host.menu(item), "3000 · node")).find("Local server: http://127.0.0.1:20128")
    assert found.texts == [
        "http://127.0.0.1:20128",
        "Listening on this computer",
        "3000 · node",
        "11434 · ollama",
        "-",
        "Other…",
    ]
    assert found.find("http://127.0.0.1:20128").checked
    host.press(item, "11434 · ollama")
    chosen = wait_for(lambda: _with(host.menu(item), "Local server: http://localhost:11434"))
    assert chosen.find("http://localhost:11434").checked
    assert subject.ask("hub.settings.general.target") == "http://localhost:11434"
    assert subject.ask("dependencies.app_state.recent_targets") == ["http://localhost:11434"]


def test_a_target_that_the_environment_decides_is_shown_and_cannot_be_chosen(
    desktop: dict[str, str], host: TrayHost, run: Run
) -> None:
    subject = run({**desktop, "PORTWAY_TARGET": "http://127.0.0.1:4000"}, "--autostart")
    subject.ask("dependencies.app_state.remember_target('http://localhost:3000')")
    item = host.wait_for_item()
    title = "Local server: http://127.0.0.1:4000"
    host.about_to_show(item, host.menu(item).find(title).number)
    target = wait_for(lambda: _with(host.menu(item), "11434 · ollama")).find(title)
    assert target.enabled
    assert target.texts == [
        "Set by PORTWAY_TARGET",
        "http://127.0.0.1:4000",
        "http://localhost:3000",
        "Listening on this computer",
        "11434 · ollama",
        "-",
        "Other…",
    ]
    assert [one.text for one in target.children if one.checked] == ["http://127.0.0.1:4000"]
    assert not [one.text for one in target.children if one.enabled and not one.separator]
    for text in ("http://localhost:3000", "11434 · ollama", "Other…"):
        host.press(item, text)
    assert subject.ask("hub.settings.general.target") == "http://127.0.0.1:4000"
    assert subject.ask("subject.visible()") == []


def test_the_first_internet_exposure_is_confirmed_once(desktop: dict[str, str], host: TrayHost, run: Run) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    host.press(item, "Cloudflare: off")
    assert subject.wait("subject.question()") == "Anyone with the link reaches http://127.0.0.1:20128."
    assert subject.ask("hub.enabled") == []
    assert not host.menu(item).find("Cloudflare: off").checked
    assert subject.ask("subject.press('Go public')")
    assert [backend for backend, _ in subject.ask("hub.enabled")] == ["cloudflared"]
    host.press(item, "ngrok: off")
    assert [backend for backend, _ in subject.wait("len(hub.enabled) == 2 and hub.enabled")] == ["cloudflared", "ngrok"]


def test_a_refusal_leaves_the_check_mark_off(desktop: dict[str, str], host: TrayHost, run: Run) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    subject.ask("setattr(hub, 'refusal', TunnelError(Code.BAD_REQUEST, 'target_own_port', field='target', port=1))")
    host.press(item, "Local network: off")
    assert not host.menu(item).find("Local network: off").checked


def test_what_could_not_be_switched_off_can_be_stopped_again(desktop: dict[str, str], host: TrayHost, run: Run) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    subject.ask(f"subject.up('cloudflared', '{TUNNEL}')")
    problem = "Problem(Code.NEEDS_PRIVILEGES, '', {'command': 'x'})"
    subject.ask(f"hub.show('cloudflared', wanted=False, problem={problem})")
    wait_for(lambda: _with(host.menu(item), "Cloudflare: still running"))
    host.press(item, "Stop Cloudflare")
    assert subject.wait("hub.disabled") == ["cloudflared"]


def test_a_click_on_the_icon_opens_the_window_and_a_middle_click_does_nothing(
    desktop: dict[str, str], host: TrayHost, run: Run
) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    host.click(item, middle=True)
    assert subject.ask("subject.visible()") == []
    host.click(item)
    assert subject.wait("subject.visible()") == ["Portway"]


def test_the_icon_tells_the_state_by_its_shape_and_the_tooltip_no_url(
    desktop: dict[str, str], host: TrayHost, run: Run
) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    seen = {}
    steps = {
        "idle": "None",
        "starting": "hub.show('lan', phase=Phase.STARTING, wanted=True)",
        "exposed": f"subject.up('lan', '{URL}')",
        "silent": f"hub.show('ngrok', phase=Phase.NEEDS_AUTH, wanted=True, problem={TOKEN})",
        "trouble": f"[hub.disable('lan'), hub.show('ngrok', phase=Phase.NEEDS_AUTH, wanted=True, problem={TOKEN})]",
    }
    for state, step in steps.items():
        subject.ask(step)
        properties = host.properties(item)
        pixmaps = properties["IconPixmap"]
        assert sorted(width for width, _height, _pixels in pixmaps) == [16, 22, 24, 32, 48, 64]
        seen[bytes(pixmaps[0][2])] = state
        assert "http" not in str(properties["ToolTip"])
    assert list(seen.values()) == list(steps)
    assert "ngrok: Token needed" in str(host.properties(item)["ToolTip"])


def test_the_tooltip_says_for_a_while_that_a_link_was_copied(desktop: dict[str, str], host: TrayHost, run: Run) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    subject.ask(f"subject.up('cloudflared', '{TUNNEL}')")
    host.press(item, COPY)
    wait_for(lambda: "Copied the link of Cloudflare" in str(host.properties(item)["ToolTip"]))
    wait_for(lambda: "1 tunnel is up" in str(host.properties(item)["ToolTip"]))


def test_quit_asks_while_something_is_up_until_it_is_told_not_to(
    desktop: dict[str, str], host: TrayHost, run: Run
) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    subject.ask(f"subject.up('lan', '{URL}')")
    host.press(item, "Quit")
    assert subject.wait("subject.question()") == "1 tunnel is up. Quitting stops it."
    assert subject.ask("subject.press('Cancel')")
    assert subject.ask("hub.quits") == 0
    for quits in (1, 2):  # it asks until somebody says that it need not
        host.press(item, "Quit")
        subject.wait("subject.question()")
        if quits == 2:
            subject.ask("subject.tick()")
        assert subject.ask("subject.press('Quit')")
        assert subject.ask("hub.quits") == quits
    host.press(item, "Quit")
    assert subject.wait("hub.quits == 3")
    assert subject.ask("subject.question()") == ""


def test_quit_does_not_ask_while_nothing_is_up(desktop: dict[str, str], host: TrayHost, run: Run) -> None:
    subject = run(desktop, "--autostart")
    host.press(host.wait_for_item(), "Quit")
    assert subject.wait("hub.quits") == 1


def test_the_icon_comes_back_each_time_the_panel_restarts(
    desktop: dict[str, str], bus: str, host: TrayHost, run: Run
) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    host.end()
    for count in range(10):
        with contextlib.closing(TrayHost(bus)) as panel:
            item = panel.wait_for_only_item(after=item)
            assert panel.menu(item).find("Quit").enabled
            if count == 5:
                panel.about_to_show(item, 0)  # gone while its menu is open
    with contextlib.closing(TrayHost(bus)) as panel:
        panel.press(panel.wait_for_only_item(after=item), "Local network: off")
        assert subject.wait("hub.enabled")[0][0] == "lan"


def test_a_panel_that_starts_after_us_gets_the_icon(desktop: dict[str, str], bus: str, run: Run) -> None:
    subject = run(desktop, "--autostart")
    panel = TrayHost(bus)
    try:
        panel.press(panel.wait_for_item(), "Local network: off")
        assert subject.wait("hub.enabled")[0][0] == "lan"
    finally:
        panel.end()


def _with(menu: MenuItem, text: str) -> MenuItem | None:
    """Return the menu once it has an item with this text."""
    return menu if any(item.text == text for item in menu.walk()) else None
