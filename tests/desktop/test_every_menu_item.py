"""Every item of the tray menu, clicked by a panel over the bus, and with the mouse where Qt draws the menu itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desktop.conftest import Subject, click_at, wait_for
from tests.fakes.desktop.tray_host import MenuItem, TrayHost

pytestmark = pytest.mark.desktop
Run = Callable[..., Subject]
_URL = "https://quick.trycloudflare.com"
_TARGET = "Local server: http://127.0.0.1:20128"
_MORE = "More for Cloudflare"
_WINDOW = "see Portway, on page"
_INTO = " > "
# What can be clicked, and what has to come of it.
EXPECTED = {
    "Local network: off": "enable lan",
    "Cloudflare: running": "disable cloudflared",
    "Copy quick.trycloudflare.com": f"copy {_URL}",
    "QR code…": f"see Portway, see QR code for {_URL}, on page tunnels",
    f"{_MORE} > Copy API URL": f"copy {_URL}/v1",
    f"{_MORE} > Copy as curl command": f"copy curl {_URL}",
    f"{_MORE} > Copy line for .env": f"copy NEXT_PUBLIC_BASE_URL={_URL}",
    f"{_MORE} > Open in browser": f"browse {_URL}",
    f"{_MORE} > Show log": f"{_WINDOW} log",
    "ngrok: token needed": "disable ngrok",
    "Enter ngrok token…": f"{_WINDOW} tunnels",
    "Install Tailscale…": f"command tailscale install, {_WINDOW} tunnels",
    "Stop all": "disable lan, disable cloudflared, disable ngrok, disable tailscale",
    f"{_TARGET} > http://127.0.0.1:20128": "set general.target to http://127.0.0.1:20128",
    f"{_TARGET} > 3000 · node": "set general.target to http://localhost:3000",
    f"{_TARGET} > 11434 · ollama": "set general.target to http://localhost:11434",
    f"{_TARGET} > Other…": f"{_WINDOW} tunnels",
    "Open Portway": f"{_WINDOW} tunnels",
    "Requests": f"{_WINDOW} requests",
    "Settings…": f"{_WINDOW} general",
    "Quit": "see Quit Portway?",
}


def test_every_item_does_what_the_table_says_when_a_panel_clicks_it(
    desktop: dict[str, str], host: TrayHost, run: Run
) -> None:
    subject = run(desktop, "--autostart")
    item = host.wait_for_item()
    subject.ask("subject.set_out()")
    host.about_to_show(item, host.menu(item).find(_TARGET).number)
    wait_for(lambda: "3000 · node" in [one.text for one in host.menu(item).walk()], "the servers that listen")
    assert set(_clickable(host.menu(item))) == set(EXPECTED)
    seen = {}
    for name, came in EXPECTED.items():
        subject.ask("subject.set_out()")
        host.press_number(item, _clickable(host.menu(item))[name])
        seen[name] = _all_news(subject, came)
    assert seen == EXPECTED


@pytest.mark.usefixtures("trayer")
def test_every_item_does_what_the_table_says_at_a_click_of_the_mouse(
    screen: dict[str, str], run: Run, tmp_path: object
) -> None:
    subject = run({**screen, "PORTWAY_HOME": f"{tmp_path}/xembed"}, "--autostart")
    subject.wait("desktop._tray._icon.geometry().width() > 1 and desktop._tray.is_available")
    seen = {}
    for name, came in EXPECTED.items():
        subject.ask("subject.set_out()")
        click_at(screen, subject.ask("subject.place_of_icon()"), button=3)
        menu = ""
        for part in name.split(_INTO):
            place = subject.wait(f"subject.place_of_item({menu!r}, {part!r})")
            click_at(screen, place, button=1)
            menu = part
        seen[name] = _all_news(subject, came)
    assert seen == EXPECTED


def _clickable(menu: MenuItem, before: str = "") -> dict[str, int]:
    """Return the numbers of all items that do something, by the way that leads there."""
    found: dict[str, int] = {}
    for one in menu.children:
        if one.opens:
            found |= _clickable(one, f"{before}{one.text}{_INTO}")
        elif one.enabled and not one.separator:
            found[f"{before}{one.text}"] = one.number
    return found


def _all_news(subject: Subject, expected: str) -> str:
    """Return what came of a click, once as much as expected has come; in its order, whichever came first."""
    wanted = expected.split(", ")
    news: list[str] = []
    while len(news) < len(wanted):
        news += subject.wait("subject.news()").split(", ")
    return ", ".join(sorted(news, key=lambda one: wanted.index(one) if one in wanted else len(wanted)))
