"""Clicks every control of every card, one by one, and compares what came of it with a table.

`tests/desktop/test_every_control.py` runs it on a screen.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desktop.clicks.scenes import ONE_TIME_LINK, Rows, Scene, Stage, rows_of
from tests.gui.states import STATES, TRYCLOUDFLARE

_LAN, _NGROK, _FUNNEL = "http://203.0.113.24:30128", "https://hooks.example.com", "https://desk1.tail1234.ts.net"
_TUNNELS = {
    "Local network": ("lan", _LAN),
    "Cloudflare": ("cloudflared", TRYCLOUDFLARE),
    "ngrok": ("ngrok", _NGROK),
    "Tailscale": ("tailscale", _FUNNEL),
}
_ALL_UP = ("lan_firewall", "other_target", "running", "funnel_running")
_STARTING = tuple(f"downloading@{backend}" for backend, _ in _TUNNELS.values())
_OFF = ", ".join(f"disable {backend}" for backend, _ in _TUNNELS.values())


def _of_one_up(title: str, backend: str, url: str) -> dict[str, str]:
    """Return what a card does that runs."""
    who = "Anyone on this network" if backend == "lan" else "Anyone with the link"
    env = f"copy NEXT_PUBLIC_BASE_URL={url}"
    outside = (
        {}
        if backend == "lan"
        else {
            f"More for {title} > Check from outside now": "shows Cancel, shows Check",
            f"More for {title} > What gets through…": f"ask What gets through {title}",
        }
    )
    return {
        **outside,
        **{
            f"More for {title} > Stop after > {text}": f"guard {backend} for {ends}"
            for text, ends in (("15 min", 900.0), ("1 h", 3600.0), ("8 h", 28_800.0), ("Until I log out", "logout"))
        },
        title: f"disable {backend}",
        f"Copy the address of {title}": f"copy {url}",
        f"QR code of {title}": f"ask QR code for {url}",
        f"Open the link of {title}": f"open {url}",
        f"{who}: change who can open {title}": f"ask Who can open {title}",
        f"Requests of {title}": "go to requests",
        f"More for {title} > Copy /v1 address": f"copy {url}/v1",
        f"More for {title} > Copy as curl command": f"copy curl {url}",
        f"More for {title} > Copy line for .env": env,
        f"More for {title} > Open in browser": f"open {url}",
        f"More for {title} > QR code…": f"ask QR code for {url}",
        f"More for {title} > Record requests": f"enable {backend}",
        f"More for {title} > Settings…": f"go to {backend}",
        f"More for {title} > Show log": "go to log",
    }


def _message(state: str) -> dict[str, str]:
    """Return what the menu does with the sentence that is shown in a state."""
    backend, changes, _ = STATES[state]
    title = next(title for title, (name, _) in _TUNNELS.items() if name == backend)
    return {f"More for {title} > Copy the message": f"copy {changes['problem'].sentence}"}


_ASKS_WHO = "More for ngrok > Who can open it…"
_ADDRESS = "Address or range, like 192.0.2.0/24, and whose it is"
_FIELD = "shows Authtoken, shows Cancel, shows Save and start, hides Enter token…, hides Help with ngrok"
_HELP = "ask When something does not work"

_FIELD_AT_REST = "shows Authtoken, shows Cancel, shows Get a token, shows Save and start, shows Sign up"
# What is seen, what is done there, and what has to come of it.
EXPECTED: dict[Scene, dict[str, str]] = {
    Scene("tunnels"): {
        "Change the default server": "shows Local server",
        "Add tunnel…": "ask Add a tunnel",
        **{title: f"enable {backend}" for title, (backend, _) in _TUNNELS.items()},
        **{f"More for {title} > Who can open it…": f"ask Who can open {title}" for title in _TUNNELS},
    },
    Scene("tunnels", before=("Change the default server",)): {
        "Local server = http://localhost:3000": "set general.target to http://localhost:3000",
        "Change the default server": "hides Local server",
    },
    Scene("tunnels", _ALL_UP): {
        "Stop all": _OFF,
        "Copy the address of Tailscale": f"copy {_FUNNEL}",  # a row, as many are up
    },
    Scene("tunnels", _ALL_UP[:3]): {
        "Copy command": "copy sudo ufw allow from 203.0.113.0/24 to any port 30128 proto tcp",
        "Switch": "enable cloudflared target=http://127.0.0.1:20128",
        **{
            row: came
            for title, (backend, url) in tuple(_TUNNELS.items())[:3]
            for row, came in _of_one_up(title, backend, url).items()
        },
        "More for Cloudflare > Check from outside now": "shows Cancel, shows Check, hides Switch",
    },
    Scene("tunnels", _ALL_UP[3:]): _of_one_up("Tailscale", "tailscale", _FUNNEL),
    Scene("tunnels", _STARTING): {
        f"Cancel for {title}": f"disable {backend}" for title, (backend, _) in _TUNNELS.items()
    },
    Scene("tunnels", ("running",), ("QR code of ngrok",), part="popup"): {
        "Copy image": "copy a picture 396",
        "Save…": "ask Save the QR code",
    },
    # A tunnel of the person's own
    Scene("tunnels", before=("Add tunnel…",), part="dialog"): {
        "3000, node": "",
        "8080": "says In a terminal: portway enable lan-2",
        "Another one": "hides Add and start",
        "Port or address = 5173": "enable lan-2, add lan-2 by lan to http://localhost:5173",
        "Local network": "",
        "Cloudflare": "",
        "ngrok": "",
        "Tailscale": "",
        "Name = shop": "enable shop, add shop by lan to http://localhost:3000",
        "Who can open it": "says You are asked before it is started.",
        "Name = Shop": "hides Add and start",
        "Start it now": "shows Add, hides Add and start",
        "Add and start": "enable node, add node by lan to http://localhost:3000",
        "Cancel": "",
    },
    Scene("tunnels", saved=True): {
        "shop": "enable shop",
        "More for shop > Edit…": "ask Edit the tunnel",
        "More for shop > Duplicate": "add shop-2 by cloudflared to, call shop-2 shop 2",
        "More for shop > Remove…": "ask Remove this tunnel?",
        "More for shop > Who can open it…": "ask Who can open shop",
        "More for shop > Settings…": "go to cloudflared",
    },
    Scene("tunnels", ("running@shop",), saved=True): {
        **_of_one_up("shop", "shop", _NGROK),
        "More for shop > Settings…": "go to cloudflared",
    },
    Scene("tunnels", ("downloading@shop",), saved=True): {"Cancel for shop": "disable shop"},
    Scene("tunnels", before=("More for shop > Edit…",), saved=True, part="dialog"): {
        "Name = Market": "call shop Market",
        "Public host name = shop.example.com": "set shop hostname to shop.example.com",
        "3000, node": "",
        "8080": "",
        "Another one": "",
        "Port or address = 5173": "add shop by cloudflared to 5173",
        "Port or address = shop": "hides Save",
        "Save": "",
        "Cancel": "",
    },
    Scene("tunnels", before=("More for shop > Remove…",), saved=True, part="dialog"): {
        "Remove": "let go shop",
        "Cancel": "",
    },
    # The sentence before the first internet exposure
    Scene("tunnels", before=("Cloudflare",), first_time=True): {
        "Go public": "enable cloudflared, agree to internet_exposure",
        "Protect…": "ask Who can open Cloudflare",
        "Cancel": "hides Cancel, hides Go public, hides Protect…",
    },
    # Who can open it
    Scene("tunnels", ("running",), (_ASKS_WHO,), part="dialog"): {
        "More rules": "shows Not these addresses, shows Not too often, hides More rules",
        "Password": "guard ngrok password=True",
        "Read only": "guard ngrok read_only=True",
        "Only these addresses": f"shows Add the address, shows {_ADDRESS}",
        "Host name that the server sees": "enable ngrok host_header=127.0.0.1:20128",
        "Only some paths": "shows Paths, like /webhooks/*",
        "Done": "",
    },
    Scene("tunnels", ("running",), (_ASKS_WHO,), secret=("ngrok", "guard_password"), guarded="ngrok", part="dialog"): {
        "Password": "guard ngrok password=False",
        "Password for visitors": "",
        "Show the password": "shows Hide the password, hides Show the password",
        "Copy the password": "copy kept-secret",
        "Make a new password": "guard ngrok password=True",
        "Copy one-time link": f"copy {ONE_TIME_LINK}",
        "QR code of a one-time link": f"ask QR code for {ONE_TIME_LINK}",
        "Also as Basic login, for programs": "guard ngrok basic=True",
        "Paths without a password, like POST /webhooks/* = /in": "guard ngrok open=('/in',)",
        "Only these addresses": "guard ngrok allow=()",
        f"{_ADDRESS} = 203.0.113.8": "guard ngrok allow=('203.0.113.7', '203.0.113.8')",
        "Add the address": "",  # of what was typed: it is asked for as soon as the field is left
        "Remove 203.0.113.7": "guard ngrok allow=()",
        "Allow 192.0.2.44": "guard ngrok allow=('203.0.113.7', '192.0.2.44')",
        "Only some paths": "guard ngrok paths=()",
        "Paths, like /webhooks/* = /in": "guard ngrok paths=('/in',)",
        "Stop by itself: 15 min": "guard ngrok for 900.0",
        "Stop by itself: 1 h": "guard ngrok for 3600.0",
        "Stop by itself: 8 h": "guard ngrok for 28800.0",
        "Stop by itself: Until I log out": "guard ngrok for logout",
        "Stop by itself: Never": "guard ngrok for None",
        "1 h longer": "extend ngrok by 3600 s",
        "Not these addresses": "guard ngrok deny=()",
        "Addresses to keep out, like 192.0.2.0/24 = 203.0.113.8": "guard ngrok deny=('203.0.113.8',)",
        "Not too often": "guard ngrok rate_limit=None",
        "Requests a minute of one visitor, like 60 = 30": "guard ngrok rate_limit=30",
    },
    # What gets through a way out
    Scene("tunnels", ("running",), ("More for ngrok > What gets through…",), part="dialog"): {
        "Try it": "hides Try it",
        "Close": "",
    },
    # The sentence before the first look from outside
    Scene("tunnels", ("running",), before=("More for ngrok > Check from outside now",)): {
        "Check": "agree to outside_check",
        "Cancel": "hides Cancel, hides Check",
    },
    # Tokens and passwords
    Scene("tunnels", ("needs_token",)): {
        "Enter token…": _FIELD,
        "Get a token": "open https://dashboard.ngrok.com/",
        "Sign up": "open https://dashboard.ngrok.com/signup",
        **_message("needs_token"),
    },
    Scene("tunnels", ("needs_token",), ("Enter token…",)): {
        "Authtoken = a-good-token": "enable ngrok auth_token=a-good-token remember",
        "Save and start": "",
        "Cancel": "shows Enter token…, shows Help with ngrok, hides Authtoken, hides Cancel, hides Save and start",
    },
    Scene("tunnels", ("needs_tunnel_token",)): {
        "Enter token…": "shows Cancel, shows Save and start, shows Tunnel token, hides Enter token…, "
        "hides Help with Cloudflare",
        "Get a token": "open https://one.dash.cloudflare.com/",
        "Sign up": "open https://dash.cloudflare.com/sign-up",
        **_message("needs_tunnel_token"),
    },
    Scene("tunnels", ("leads_elsewhere",)): {
        "Open the dashboard": "open https://one.dash.cloudflare.com/",
        "Copy http://127.0.0.1:20345": "copy http://127.0.0.1:20345",
        "Try again": "enable cloudflared",
        **_message("leads_elsewhere"),
    },
    Scene("tunnels", ("token_at_rest",)): {
        "Set up… ngrok": f"{_FIELD_AT_REST}, shows ngrok, hides Set up… ngrok",
        "More for ngrok > Get a token": "open https://dashboard.ngrok.com/get-started/your-authtoken",
        "More for ngrok > Sign up": "open https://dashboard.ngrok.com/signup",
        **_message("token_at_rest"),
    },
    Scene("tunnels", ("token_rejected",)): {
        **_message("token_rejected"),
        "Enter token…": _FIELD,
        "Get a token": "open https://dashboard.ngrok.com/",
    },
    Scene("tunnels", ("needs_privileges",)): {
        **_message("needs_privileges"),
        "Copy command": "copy sudo tailscale set --operator=you",
        "Allow…": "command tailscale operator",
    },
    Scene("tunnels", ("needs_privileges",), ("Allow…",), failed=("tailscale", "operator")): {
        "Your password on this computer = correct horse": "command tailscale operator sudo_password=correct horse",
        "Allow…": "command tailscale operator",
        "Cancel": "shows Copy command, shows Help with Tailscale, hides Cancel, hides Your password on this computer",
    },
    # Ways on
    Scene("tunnels", ("not_installed",)): {
        "Set up… Tailscale": "command tailscale install",
        "More for Tailscale > What is it?": "open https://tailscale.com/kb/1223/funnel",
    },
    Scene("tunnels", ("not_installed_yet",)): {"More for Cloudflare > Install…": "command cloudflared install"},
    Scene("tunnels", ("unsupported",)): {},
    Scene("tunnels", ("origin_down",), ("Help with ngrok",), part="dialog"): {
        "What it is about": "",
        "What helps": "",
        "On the web": "open https://portway.example/docs/troubleshooting.md#your-server-does-not-answer",
        "Close": "",
    },
    Scene("tunnels", ("quick_origin_down",)): {"Choose server…": "shows Local server", **_message("quick_origin_down")},
    Scene("tunnels", ("origin_down",)): {
        "Choose server…": "shows Local server",
        "Help with ngrok": _HELP,
        **_message("origin_down"),
    },
    Scene("tunnels", ("wrong_scheme",)): {
        "Use https": "enable ngrok target=https://127.0.0.1:20128, set general.target to https://127.0.0.1:20128",
        **_message("wrong_scheme"),
    },
    Scene("tunnels", ("still_up",)): {
        "Stop": "disable tailscale",
        "More for Tailscale > Start": "command tailscale start-daemon",
        **_message("still_up"),
    },
    Scene("tunnels", ("stopping",)): {},
    Scene("tunnels", ("reconnecting",)): {},
    Scene("tunnels", ("needs_login",)): {
        "Open the log-in page": "open https://login.tailscale.com/a/0123",
        "Copy link": "copy https://login.tailscale.com/a/0123",
        "QR code…": "ask QR code for https://login.tailscale.com/a/0123",
        "More for Tailscale > Log in…": "command tailscale login",
        "Help with Tailscale": _HELP,
        **_message("needs_login"),
    },
    Scene("tunnels", ("login_unasked",)): {"Log in…": "command tailscale login", **_message("login_unasked")},
    Scene("tunnels", ("funnel_not_enabled",)): {
        **_message("funnel_not_enabled"),
        "Enable Funnel…": "open https://login.tailscale.com/f/funnel",
        "Copy link": "copy https://login.tailscale.com/f/funnel",
    },
    Scene("tunnels", ("waiting",)): {
        "Help with Cloudflare": _HELP,
        "Try now": "enable cloudflared",
        **_message("waiting"),
    },
    Scene("tunnels", ("rate_limited",)): {"Try now": "enable cloudflared", **_message("rate_limited")},
    Scene("tunnels", ("error",)): {
        "Show": "",  # leads the keyboard to the card, which is in sight already
        "Try again": "enable cloudflared",
        "Show log": "go to log",
        **_message("error"),
    },
    Scene("tunnels", ("port_conflict",)): {
        **_message("port_conflict"),
        "Use port 8443": "enable tailscale public_port=8443, set tailscale.publicPort to 8443",
        "Show log": "go to log",
    },
    Scene("tunnels", ("lan_port_conflict",)): {
        **_message("lan_port_conflict"),
        "Use port 30128": "enable lan listen_port=30128, set lan.listenPort to 30128",
        "Show log": "go to log",
    },
    Scene("tunnels", ("retrying",)): {"Try now": "enable cloudflared", **_message("retrying")},
    Scene("tunnels", ("own_target",)): {},  # no Switch: it leads where a person sent it
    Scene("tunnels", ("network_changed",)): {
        "Turn on again": "enable lan",
        "Help with Local network": _HELP,
        **_message("network_changed"),
    },
}


@pytest.mark.parametrize(("scene", "rows"), rows_of(EXPECTED), ids=lambda value: str(value)[:60])
def test_it_does_what_it_says_and_there_is_nothing_else_to_press(
    stage: Callable[[Scene], Stage], scene: Scene, rows: Rows
) -> None:
    assert stage(scene).try_rows(EXPECTED, rows) == (set(), rows)


def test_every_state_is_looked_at() -> None:
    looked = {state.partition("@")[0] for scene in EXPECTED for state in scene.states}
    assert set(STATES) - looked == {"stopped", "starting"}  # these offer what "downloading", and no state at all, do
