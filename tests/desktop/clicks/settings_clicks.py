"""Clicks every control of every page but the cards, one by one, and compares what came of it with a table.

`tests/desktop/test_every_control.py` runs it on a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from tests.backends.cloudflared.conftest import token_of
from tests.desktop.clicks.scenes import Rows, Scene, Stage, rows_of

_BACKEND = {"Look for the program again": "look again", "Show log": "go to log"}
_LINES = "\n".join(["2026-11-25 14:02:11 info    lan         listening on 203.0.113.24"] * 3)
_PLACES = {
    "Requests": "requests",
    "Log": "log",
    "General": "general",
    "Local network": "lan",
    "Cloudflare": "cloudflared",
    "ngrok": "ngrok",
    "Tailscale": "tailscale",
    "API": "api",
    "Notifications": "notifications",
    "Hooks": "hooks",
    "Advanced": "advanced",
    "About": "about",
}
_OTHERS = {name: f"go to {page}" for name, page in _PLACES.items()}
_NEWS = {
    "A tunnel is up": "notifyUp",
    "The URL has changed": "notifyChanged",
    "A tunnel is lost": "notifyLost",
    "You are needed": "notifyNeeded",
    "A tunnel has stopped": "notifyStopped",
    "The first visitor": "notifyVisitor",
}
_SWITCHES = {
    "Start in the background, as an icon only": ("startHidden", True),
    "Restore the tunnels of the last session": ("restore", True),
    "Copy the address to the clipboard": ("copyUrl", False),
    "Show the API address": ("showApiUrl", False),
    "Check from outside whether visitors get in": ("verify", True),
    "Record requests": ("record", False),
    "Leave tunnels up": ("keepUp", True),
}
_TOKEN, _PASSWORD = ("ngrok", "auth_token"), ("tailscale", "sudo_password")
_FORGOTTEN = "keep tailscale.sudo_password as nothing"
_TWO = (("lan.listenPort", 8080), ("general.copyUrl", False))
_MISSING = ("token_at_rest", "not_installed")
_FAR = {
    "cloudflared": "Anyone with the link, by Cloudflare",
    "ngrok": "Anyone with the link, by ngrok, needs your token",
    "tailscale": "Anyone with the link, by Tailscale, not installed",
}
_CLOUDFLARE_ON, _NGROK_ON = (f"Anyone with the link, by {way}, on already" for way in ("Cloudflare", "ngrok"))
_CHOICE = (
    *("3000, node", "8080", "Another one", "Port or address", "Look again", "Skip"),
    *(_FAR["ngrok"], _FAR["tailscale"]),
)
_FOOT = ("Done", "Start Portway when I log in", "Stop")
_LINK = (*_FOOT, "Copy command", "Copy the address", "Open the link", "Open to the internet too…", "QR code")
_LAN = "http://203.0.113.24:30128"
_OF_A_TUNNEL = token_of("0b9e2ba4-7ad3-4f5c-a5fb-2f7fd2a4ef11", "AAAA")
_ITS_SHAPE = "the token of a Cloudflare tunnel, which begins with eyJ"
_PAGE = "https://dashboard.ngrok.com/get-started/your-authtoken"


def _goes_to(shown: Iterable[str], hidden: Iterable[str]) -> str:
    return ", ".join([*(f"shows {one}" for one in sorted(shown)), *(f"hides {one}" for one in sorted(hidden))])


def _reset(key: str) -> dict[str, str]:
    return {"Reset this page": f"set {key} to nothing"}


# What is seen, what is done there, and what has to come of it.
EXPECTED: dict[Scene, dict[str, str]] = {
    Scene("first_run", _MISSING): {
        "3000, node": "",
        "8080": "says Opens localhost:8080 to devices on this network.",
        "Another one": "hides Start Local network",
        "Port or address = 5173": "says Opens localhost:5173 to devices on this network.",
        "Look again": "",
        "Devices on this network": "",
        "Anyone with the link, by Cloudflare": "shows Start Cloudflare, hides Start Local network",
        "Anyone with the link, by ngrok, needs your token": "shows Set up… ngrok, hides Start Local network",
        "Anyone with the link, by Tailscale, not installed": "shows Set up… Tailscale, hides Start Local network",
        "Start Local network": "enable lan, set general.target to http://localhost:3000",
        "Skip": "go to tunnels",
    },
    # From Start on
    Scene("first_run", ("lan_firewall", *_MISSING)): {
        "Devices on this network, on already": "",
        "Show Local network": _goes_to(
            _LINK, (*_CHOICE, "Devices on this network, on already", _FAR["cloudflared"], "Show Local network")
        ),
    },
    Scene("first_run", ("waiting", *_MISSING)): {
        _CLOUDFLARE_ON: "shows Show Cloudflare, hides Start Local network",
    },
    Scene("first_run", ("waiting", *_MISSING), (_CLOUDFLARE_ON,)): {
        "Show Cloudflare": _goes_to(
            (*_FOOT, "Help", "Try now"), (*_CHOICE, "Devices on this network", _CLOUDFLARE_ON, "Show Cloudflare")
        ),
    },
    Scene("first_run", ("running", "not_installed")): {
        _NGROK_ON: "shows Show ngrok, hides Start Local network",
    },
    Scene("first_run", ("lan_firewall", *_MISSING), ("Show Local network",)): {
        "QR code": f"ask QR code for {_LAN}",
        "Copy the address": f"copy {_LAN}",
        "Open the link": f"open {_LAN}",
        "Open to the internet too…": _goes_to(
            (*_CHOICE, "Devices on this network, on already", _FAR["cloudflared"], "Start Cloudflare"), _LINK
        ),
        "Copy command": "copy sudo ufw allow from 203.0.113.0/24 to any port 30128 proto tcp",
        "Start Portway when I log in": "start at login ON",
        "Stop": "disable lan",
        "Done": "go to tunnels",
    },
    Scene("first_run", ("waiting", *_MISSING), (_CLOUDFLARE_ON, "Show Cloudflare")): {
        "Try now": "enable cloudflared",
        "Help": "ask When something does not work",
    },
    Scene("first_run", ("running", "not_installed"), (_NGROK_ON,)): {
        "Show ngrok": _goes_to(
            (*_FOOT, "Copy the address", "Open the link", "QR code", "Protect…"),
            (
                *(one for one in _CHOICE if one != _FAR["ngrok"]),
                *("Devices on this network", _FAR["cloudflared"], _NGROK_ON, "Show ngrok"),
            ),
        ),
    },
    Scene("first_run", ("running", "not_installed"), (_NGROK_ON, "Show ngrok")): {
        "Protect…": "ask Who can open ngrok",
    },
    Scene("tunnels", part="sidebar"): _OTHERS,
    Scene("general", part="sidebar"): {"Tunnels": "go to tunnels"},
    Scene("tunnels", part="head"): {f"Pages > {name}": came for name, came in _OTHERS.items()},
    Scene("general", part="head"): {"Pages > Tunnels": "go to tunnels"},
    Scene("general"): {
        "Local server = http://localhost:3000": "set general.target to http://localhost:3000",
        "Local server = nowhere": (
            "says Local server: write a port like 3000, or an address like http://localhost:3000."
        ),
        "Start Portway when I log in": "start at login ON",
        **{name: f"set general.{key} to {value}" for name, (key, value) in _SWITCHES.items()},
        "Default way": "set general.defaultBackend to tailscale",
        "Language": "set general.language to de",
        "Memory for recorded requests": "set general.recordSize to 128",
        **{f"Appearance: {name}": f"set general.theme to {name.lower()}" for name in ("System", "Light", "Dark")},
    },
    Scene("general", settings=(("general.copyUrl", False), ("general.keepUp", True))): {
        "Reset this page": "set general.copyUrl to nothing, set general.keepUp to nothing",
    },
    Scene("lan"): {
        "Address = 192.168.1.23": "set lan.address to 192.168.1.23",
        "Port = 8080": "set lan.listenPort to 8080",
        "Port = 70000": "says Port: a port is a whole number from 1 to 65535.",
        **_BACKEND,
    },
    Scene("lan", settings=(("lan.listenPort", 8080),)): _reset("lan.listenPort"),
    Scene("lan", ("lan_firewall",), ("Port = 8080",)): {"Restart Local network now": "enable lan listen_port=8080"},
    Scene("cloudflared"): {
        "Get a token": "open https://one.dash.cloudflare.com/",
        "Sign up": "open https://dash.cloudflare.com/sign-up",
        "Enter…": "shows Save, shows Tunnel token",
        "Public host name = app.example.com": "set cloudflared.hostname to app.example.com",
        "Public host name = app": "says Public host name: what was given is not a host name like app.example.com.",
        "Protocol": "set cloudflared.protocol to auto",
        **_BACKEND,
    },
    Scene("cloudflared", before=("Enter…",)): {
        f"Tunnel token = {_OF_A_TUNNEL}": f"keep cloudflared.tunnel_token as {_OF_A_TUNNEL}",
        "Tunnel token = eyJ": f"says Tunnel token: what was given is not {_ITS_SHAPE}.",
        "Save": "",
    },
    Scene("cloudflared", secret=("cloudflared", "tunnel_token")): {
        "Replace…": "shows Save, shows Tunnel token",
        "Remove Tunnel token": "keep cloudflared.tunnel_token as nothing",
    },
    Scene("cloudflared", ("not_installed_yet",)): {"Install…": "command cloudflared install, go to tunnels"},
    Scene("cloudflared", settings=(("cloudflared.protocol", "quic"),)): {
        "Reset this page": "set cloudflared.protocol to nothing",
    },
    Scene("cloudflared", ("other_target",), ("Protocol",)): {
        "Restart Cloudflare now": "enable cloudflared protocol=auto",
    },
    Scene("ngrok"): {
        "Get a token": f"open {_PAGE}",
        "Sign up": "open https://dashboard.ngrok.com/signup",
        "Enter…": "shows Authtoken, shows Save",
        "Domain = hooks.example.com": "set ngrok.domain to hooks.example.com",
        **_BACKEND,
    },
    Scene("ngrok", before=("Enter…",)): {
        "Authtoken = a-good-token": "keep ngrok.auth_token as a-good-token",
        "Authtoken = !": "says Authtoken: what was given is not a token of ngrok.",
        "Save": "",
    },
    Scene("ngrok", secret=_TOKEN): {
        "Replace…": "shows Authtoken, shows Save",
        "Remove Authtoken": "keep ngrok.auth_token as nothing",
    },
    Scene("ngrok", settings=(("ngrok.domain", "hooks.example.com"),)): _reset("ngrok.domain"),
    Scene("ngrok", ("running",), ("Domain = hooks.example.com",)): {
        "Restart ngrok now": "enable ngrok domain=hooks.example.com",
    },
    Scene("tailscale"): {
        "Remember the sudo password": "set general.rememberSudoPassword to True",
        "Public port": "set tailscale.publicPort to 10000",
        "Host name = desk": "set tailscale.hostname to desk",
        **_BACKEND,
    },
    Scene("tailscale", ("not_installed",)): {"Install…": "command tailscale install, go to tunnels"},
    Scene("tailscale", ("login_unasked",)): {"Log in…": "command tailscale login, go to tunnels"},
    Scene("tailscale", ("needs_privileges",)): {"Allow…": "command tailscale operator, go to tunnels"},
    Scene("tailscale", ("still_up",)): {"Start": "command tailscale start-daemon, go to tunnels"},
    Scene("tailscale", secret=_PASSWORD): {"Remove Stored password": _FORGOTTEN},
    Scene("tailscale", settings=(("general.rememberSudoPassword", True),), secret=_PASSWORD): {
        "Remember the sudo password": f"set general.rememberSudoPassword to False, {_FORGOTTEN}",
        "Reset this page": f"set general.rememberSudoPassword to nothing, {_FORGOTTEN}",
    },
    Scene("tailscale", ("funnel_running",), ("Public port",)): {
        "Restart Tailscale now": "enable tailscale public_port=10000",
    },
    Scene("api"): {
        "Copy the address of the API": "copy http://127.0.0.1:20129",
        "API port = 20300": "set general.apiPort to 20300",
        "API port = many": "says API port: a port is a whole number from 0 to 65535.",
        "Show the token": "shows Copy the token, shows Hide the token, shows Token, hides Show the token",
        "Renew the token": "says The old token is void then: give the new one to every program.",
        "Programs may open tunnels": "set general.programs to anything",
    },
    Scene("api", settings=(("general.apiPort", 20300),)): _reset("general.apiPort"),
    Scene("api", before=("Show the token",)): {
        "Copy the token": "copy lasting-token-0",
        "Token": "",
        "Hide the token": "shows Show the token, hides Copy the token, hides Hide the token, hides Token",
    },
    Scene("api", before=("Renew the token",)): {"Renew the token": "new API tokens 1"},
    Scene("notifications"): {name: f"set general.{key} to False" for name, key in _NEWS.items()},
    Scene("notifications", settings=(("general.notifyUp", False),)): _reset("general.notifyUp"),
    Scene("hooks"): {
        "For": "set general.hookBackend to tailscale",
        "File = /nowhere/.env": "set general.hookFile to /nowhere/.env",
        "File = relative": "says File: what was given is not an absolute path.",
        "Key = MY_URL": "set general.hookKey to MY_URL",
        "Command = /bin/true": "set general.hookCommand to /bin/true",
    },
    Scene("hooks", settings=(("general.hookCommand", "/bin/true"),)): {
        "Try now": "hook ran with http://127.0.0.1:20128",
        "Reset this page": "set general.hookCommand to nothing",
    },
    Scene("advanced"): {
        "Log level": "set general.logLevel to error",
        "Open the folder: Settings": "open file:/config",
        "Open the folder: Logs": "open file:/log",
        "Open the folder: Programs that Portway has fetched": "open file:/data",
        "Copy the diagnostics": "copy the diagnostics",
        "Save the diagnostics": "ask Save the diagnostics",
        "Open the help": "ask When something does not work",
        "Reset all settings": "says Everything in Settings gets its default again.",
        "Remove all my data": "says There is no way back from this.",
    },
    Scene("advanced", before=("Reset all settings",), settings=_TWO): {
        "Reset all settings": "set lan.listenPort to nothing, set general.copyUrl to nothing",
    },
    Scene("advanced", before=("Remove all my data",)): {"Remove all my data": "remove all"},
    Scene("advanced", settings=(("general.logLevel", "debug"),)): _reset("general.logLevel"),
    Scene("log"): {
        "Which tunnel": "lines of the log 0",
        "Which lines": "lines of the log 0",
        "Search in the log = nothing like it": "lines of the log 0",
        "Follow new lines": "follow the log False",
        "Open folder": "open file:/log",
        "Save the log": "ask Save the log",
        "Log": f"copy {_LINES}",
    },
    Scene("log", before=("Log",)): {"Copy the lines": f"copy {_LINES}"},
    Scene("requests"): {"Show the tunnels": "go to tunnels"},
    Scene("requests", ("running",), recorded="none yet"): {
        "Copy the link": "copy https://hooks.example.com",
        "QR code…": "ask QR code for https://hooks.example.com",
    },
    Scene("requests", ("running",), recorded="off"): {"Record its requests": "enable ngrok"},
    Scene("requests", ("running",), recorded="visits"): {
        "Pause": "pause the list True",
        "Clear the list": "requests shown 0, requests kept 0",
        "Save as an HTTP archive": "ask Save requests: secrets are masked, bodies are not",
        "Search in requests = nothing like it": "requests shown 0",
        "Method": "requests shown 0",
        "Status: All": "",
        "Status: 2xx": "requests shown 0",
        "Status: 3xx": "requests shown 0",
        "Status: 4xx": "requests shown 0",
        "Status: 5xx": "",
        "Which tunnel": "requests shown 0",
        "Columns": "sort by Path",
        "Requests": "open a request True",
    },
    Scene("requests", ("running",), ("Pause",), recorded="visits"): {"Go on": "pause the list False"},
    Scene("requests", ("running",), ("Requests",), recorded="visits"): {
        "Back to the list": "open a request False",
        "Replay": "ask Send it again?",
        "Edit and replay…": "ask Edit and replay",
        "Copy as curl": "copy the command",
        "Show Set-Cookie": "shows Hide Set-Cookie, hides Show Set-Cookie",
        "Body of the answer": "",
        "Body of the answer: Pretty": "",
        "Body of the answer: Raw": "",
        "Copy: Body of the answer": "copy the answer",
        "Parts of the request = Overview": "show the part Overview",
        "Parts of the request = Timing": "show the part Timing",
    },
    Scene("requests", ("running",), ("Requests", "Parts of the request = Request"), recorded="visits"): {
        "Body of the request": "",
        "Body of the request: Pretty": "",
        "Body of the request: Raw": "",
        "Copy: Body of the request": "copy the body",
        "Show Authorization": "shows Hide Authorization, hides Show Authorization",
        "Show Cookie": "shows Hide Cookie, hides Show Cookie",
    },
    Scene("requests", ("running",), ("Requests", "Replay"), recorded="replays"): {
        "Show what came of the replay": "open the newest True",
    },
    Scene("about"): {
        "Look for a newer version now": "ask the releases 1",
        "Look for new versions": "ask the releases 1, set general.checkForUpdates to True",
        "Open the website": "open https://portway.example",
        "Open the documentation": "open https://portway.example/docs",
        "Open the help": "ask When something does not work",
        "Save the diagnostics": "ask Save the diagnostics",
        "Copy the diagnostics": "copy the diagnostics",
        "Licence": "open https://www.gnu.org/licenses/gpl-3.0.html",
        "Licence of Qt for Python": "open https://doc.qt.io/qtforpython-6/licenses.html",
        "Licence of ngrok for Python": "open https://github.com/ngrok/ngrok-python",
        "Licence of keyring": "open https://github.com/jaraco/keyring",
        "Licence of Requests": "open https://github.com/psf/requests",
        "Licence of Segno": "open https://github.com/heuer/segno",
    },
    Scene("about", before=("Save the diagnostics",), part="dialog"): {
        "Which text": "",
        "The text": "",
        "Save…": "ask Save the diagnostics",
        "Cancel": "",
    },
    Scene("about", first_time=True): {
        "Yes, look for new versions": "agree to updates, ask the releases 1, set general.checkForUpdates to True",
        "No, do not look for new versions": "agree to updates",
    },
    Scene("about", before=("Look for a newer version now",)): {
        "Open the page": "open https://portway.example/releases/tag/v9.1",
    },
}


@pytest.mark.parametrize(("scene", "rows"), rows_of(EXPECTED), ids=lambda value: str(value)[:60])
def test_it_does_what_it_says_and_there_is_nothing_else_to_press(
    stage: Callable[[Scene], Stage], scene: Scene, rows: Rows
) -> None:
    assert stage(scene).try_rows(EXPECTED, rows) == (set(), rows)
