"""Clicks every control of every card, one by one, and compares what came of it with a table.

`tests/desktop/test_every_control.py` runs it on a screen.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desktop.clicks.scenes import Scene, Stage, rows_of
from tests.gui.states import STATES, TRYCLOUDFLARE

_LAN, _NGROK, _FUNNEL = "http://203.0.113.24:30128", "https://hooks.example.com", "https://desk1.tail1234.ts.net"
_TUNNELS = {
    "Local network": ("lan", _LAN), "Cloudflare": ("cloudflared", TRYCLOUDFLARE), "ngrok": ("ngrok", _NGROK),
    "Tailscale": ("tailscale", _FUNNEL),
}  # fmt: skip
_ALL_UP = ("lan_firewall", "other_target", "running", "funnel_running")
_STARTING = tuple(f"downloading@{backend}" for backend, _ in _TUNNELS.values())
_OFF = ", ".join(f"disable {backend}" for backend, _ in _TUNNELS.values())


def _of_one_up(title: str, backend: str, url: str) -> dict[str, str]:
    """Return what a card does that runs."""
    env = f"copy NEXT_PUBLIC_BASE_URL={url}"
    return {
        title: f"disable {backend}",
        f"Copy the address of {title}": f"copy {url}",
        f"QR code of {title}": f"ask QR code for {url}",
        f"Open {title} in the browser": f"open {url}",
        f"Copy the API address of {title}": f"copy {url}/v1",
        f"Log of {title}": "shows Open the whole log",
        f"More for {title} > Copy API URL": f"copy {url}/v1",
        f"More for {title} > Copy as curl command": f"copy curl {url}",
        f"More for {title} > Copy line for .env": env,
        f"More for {title} > Open in browser": f"open {url}",
        f"More for {title} > QR code…": f"ask QR code for {url}",
        f"More for {title} > Settings…": f"go to {backend}",
        f"More for {title} > Show log": "shows Open the whole log",
    }


def _message(state: str) -> dict[str, str]:
    """Return what the menu does with the sentence that is shown in a state."""
    backend, changes, _ = STATES[state]
    title = next(title for title, (name, _) in _TUNNELS.items() if name == backend)
    return {f"More for {title} > Copy the message": f"copy {changes['problem'].sentence}"}


_FIELD = "shows Authtoken, shows Cancel, shows Save and start, hides Enter token…"
_FIELD_FOR_NEW = f"{_FIELD}, hides Sign up"  # who replaces a token has an account
# What is seen, what is done there, and what has to come of it.
EXPECTED: dict[Scene, dict[str, str]] = {
    Scene("tunnels"): {
        "Local server = http://localhost:3000": "set general.target to http://localhost:3000",
        **{title: f"enable {backend}" for title, (backend, _) in _TUNNELS.items()},
    },
    Scene("tunnels", _ALL_UP): {
        "Stop all": _OFF,
        "Copy command": "copy sudo ufw allow from 203.0.113.0/24 to any port 30128 proto tcp",
        "Switch": "enable cloudflared target=http://127.0.0.1:20128",
        **{
            row: came
            for title, (backend, url) in _TUNNELS.items()
            for row, came in _of_one_up(title, backend, url).items()
        },
    },
    Scene("tunnels", _STARTING): {
        f"Cancel for {title}": f"disable {backend}" for title, (backend, _) in _TUNNELS.items()
    },
    Scene("tunnels", ("running",), ("Log of ngrok",)): {
        "Open the whole log": "go to log",
        "Log of ngrok": "hides Open the whole log",
    },
    Scene("tunnels", ("running",), ("QR code of ngrok",), part="popup"): {
        "Copy image": "copy a picture 396",
        "Save…": "ask Save the QR code",
    },
    # The sentence before the first internet exposure
    Scene("tunnels", before=("Cloudflare",), first_time=True): {
        "Go public": "enable cloudflared, agree to internet_exposure",
        "Cancel": "hides Cancel, hides Go public",
    },
    # Tokens and passwords
    Scene("tunnels", ("needs_token",)): {
        "Enter token…": _FIELD_FOR_NEW,
        "Get a token": "open https://dashboard.ngrok.com/",
        "Sign up": "open https://dashboard.ngrok.com/signup",
        **_message("needs_token"),
    },
    Scene("tunnels", ("needs_token",), ("Enter token…",)): {
        "Authtoken = a-good-token": "enable ngrok auth_token=a-good-token remember",
        "Save and start": "",
        "Cancel": "shows Enter token…, shows Sign up, hides Authtoken, hides Cancel, hides Save and start",
    },
    Scene("tunnels", ("token_at_rest",)): {"Enter token…": _FIELD_FOR_NEW, **_message("token_at_rest")},
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
        "Cancel": "shows Copy command, hides Cancel, hides Your password on this computer",
    },
    # Ways on
    Scene("tunnels", ("not_installed",)): {
        "Install…": "command tailscale install",
        "What is it?": "open https://tailscale.com/kb/1223/funnel",
    },
    Scene("tunnels", ("not_installed_yet",)): {"More for Cloudflare > Install…": "command cloudflared install"},
    Scene("tunnels", ("unsupported",)): {},
    Scene("tunnels", ("quick_origin_down",)): {"Change target…": "", **_message("quick_origin_down")},
    Scene("tunnels", ("origin_down",)): {"Change target…": "", **_message("origin_down")},
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
        **_message("needs_login"),
    },
    Scene("tunnels", ("login_unasked",)): {"Log in…": "command tailscale login", **_message("login_unasked")},
    Scene("tunnels", ("funnel_not_enabled",)): {
        **_message("funnel_not_enabled"),
        "Enable Funnel…": "open https://login.tailscale.com/f/funnel",
        "Copy link": "copy https://login.tailscale.com/f/funnel",
    },
    Scene("tunnels", ("waiting",)): {"Try now": "enable cloudflared", **_message("waiting")},
    Scene("tunnels", ("rate_limited",)): {"Try now": "enable cloudflared", **_message("rate_limited")},
    Scene("tunnels", ("error",)): {
        "Try again": "enable cloudflared",
        "Show log": "shows Log of Cloudflare, shows Open the whole log",
        **_message("error"),
    },
    Scene("tunnels", ("port_conflict",)): {
        **_message("port_conflict"),
        "Use port 8443": "enable tailscale public_port=8443, set tailscale.publicPort to 8443",
        "Show log": "shows Log of Tailscale, shows Open the whole log",
    },
    Scene("tunnels", ("lan_port_conflict",)): {
        **_message("lan_port_conflict"),
        "Use port 30128": "enable lan listen_port=30128, set lan.listenPort to 30128",
        "Show log": "shows Log of Local network, shows Open the whole log",
    },
    Scene("tunnels", ("network_changed",)): {"Turn on again": "enable lan", **_message("network_changed")},
}  # fmt: skip


@pytest.mark.parametrize(("scene", "row", "came"), rows_of(EXPECTED), ids=lambda value: str(value)[:60])
def test_it_does_what_it_says_and_there_is_nothing_else_to_press(
    stage: Callable[[Scene], Stage], scene: Scene, row: str, came: str
) -> None:
    assert stage(scene).try_row(EXPECTED, row, came) == (set(), came)


def test_every_state_is_looked_at() -> None:
    looked = {state.partition("@")[0] for scene in EXPECTED for state in scene.states}
    assert set(STATES) - looked == {"stopped", "starting"}  # these offer what "downloading", and no state at all, do
