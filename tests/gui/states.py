"""Every state that a card can be in, by the name that the design gives it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from portway.backends.cloudflared import causes as causes_of_cloudflared
from portway.backends.cloudflared.declaration import DASHBOARD as CLOUDFLARE_DASHBOARD
from portway.backends.lan.causes import PORT_TAKEN
from portway.backends.lan.declaration import LanExtras
from portway.backends.tailscale import causes
from portway.core.codes import Code
from portway.core.errors import Problem, problem_of
from portway.core.status import Installation, Phase, Progress, Traffic
from tests.fakes.runtime.hub import FakeHub

NOW = datetime(2026, 11, 25, 14, 12, tzinfo=UTC)
TRYCLOUDFLARE = "https://w-x-y-z.trycloudflare.com"
NAMED = "app.example.com"
PASSED = Traffic(requests=37, visitors=2, last_at=NOW - timedelta(minutes=9))
NO_NETWORK = Problem(Code.NO_NETWORK, "service", {"service": "Cloudflare"})
_DIED = Problem(Code.PROCESS_DIED, parameters={"program": "cloudflared", "reason": "the metrics port was taken"})
_FIREWALL = LanExtras(
    address="203.0.113.24",
    listen_port=30128,
    may_be_blocked=True,
    firewall_command="sudo ufw allow from 203.0.113.0/24 to any port 30128 proto tcp",
)


def _ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


# name: backend, changes of its status, and the word that its card says
STATES: dict[str, tuple[str, dict[str, Any], str]] = {
    "stopped": ("lan", {}, "Off"),
    "unsupported": (
        "ngrok",
        {"installation": Installation(supported=False, installed=False)},
        "Not available here",
    ),
    "not_installed": ("tailscale", {"installation": Installation(installed=False)}, "Not installed"),
    "not_installed_yet": ("cloudflared", {"installation": Installation(installed=False)}, "Off"),
    "starting": (
        "cloudflared",
        {
            "phase": Phase.STARTING,
            "wanted": True,
            "attempt": 1,
            "since": _ago(seconds=8),
            "progress": Progress(step="connect", message="Connecting to Cloudflare", received=2, total=3),
        },
        "Starting",
    ),
    "downloading": (
        "cloudflared",
        {
            "phase": Phase.STARTING,
            "wanted": True,
            "attempt": 1,
            "since": _ago(seconds=4),
            "progress": Progress(step="download", message="Downloading", received=18_200_000, total=38_400_000),
        },
        "Starting",
    ),
    "running": (
        "ngrok",
        {
            "phase": Phase.RUNNING,
            "wanted": True,
            "public_url": "https://hooks.example.com",
            "traffic": PASSED,
            "since": _ago(hours=2, minutes=10),
        },
        "Running",
    ),
    "lan_firewall": (
        "lan",
        {
            "phase": Phase.RUNNING,
            "wanted": True,
            "public_url": "http://203.0.113.24:30128",
            "extras": _FIREWALL,
            "traffic": PASSED,
            "since": _ago(minutes=3),
        },
        "Running",
    ),
    "origin_down": (
        "ngrok",
        {
            "phase": Phase.RUNNING,
            "wanted": True,
            "public_url": "https://hooks.example.com",
            "since": _ago(minutes=32),
            "problem": Problem(Code.ORIGIN_DOWN, parameters={"target": "http://127.0.0.1:20128"}),
        },
        "Up, but your server is not",
    ),
    "other_target": (
        "cloudflared",
        {
            "phase": Phase.RUNNING,
            "wanted": True,
            "public_url": TRYCLOUDFLARE,
            "traffic": PASSED,
            "since": _ago(minutes=5),
            "target_url": "http://127.0.0.1:3000",
        },
        "Running",
    ),
    "still_up": (
        "tailscale",
        {
            "phase": Phase.RUNNING,
            "wanted": False,
            "public_url": "https://desk1.tail1234.ts.net",
            "since": _ago(minutes=5),
            "problem": problem_of(causes.DAEMON_DOWN, command="sudo systemctl start tailscaled"),
        },
        "Running",
    ),
    "stopping": (
        "cloudflared",
        {"phase": Phase.RUNNING, "wanted": False, "public_url": TRYCLOUDFLARE, "since": _ago(minutes=5)},
        "Stopping",
    ),
    "reconnecting": (
        "cloudflared",
        {
            "phase": Phase.STARTING,
            "wanted": True,
            "public_url": TRYCLOUDFLARE,
            "since": _ago(seconds=3),
            "problem": NO_NETWORK,
        },
        "Reconnecting",
    ),
    "needs_tunnel_token": (
        "cloudflared",
        {
            "phase": Phase.NEEDS_AUTH,
            "wanted": True,
            "problem": problem_of(
                causes_of_cloudflared.NO_TOKEN, service="Cloudflare", host=NAMED, action_url=CLOUDFLARE_DASHBOARD
            ),
        },
        "Token needed",
    ),
    "leads_elsewhere": (
        "cloudflared",
        {
            "phase": Phase.ERROR,
            "wanted": True,
            "since": _ago(minutes=2),
            "problem": problem_of(
                causes_of_cloudflared.OTHER_TARGET,
                service="Cloudflare",
                host=NAMED,
                theirs="http://localhost:3000",
                ours="http://127.0.0.1:20345",
                action_url=CLOUDFLARE_DASHBOARD,
            ),
        },
        "Leads elsewhere",
    ),
    "needs_token": (
        "ngrok",
        {
            "phase": Phase.NEEDS_AUTH,
            "wanted": True,
            "problem": Problem(
                Code.NEEDS_TOKEN, parameters={"service": "ngrok"}, action_url="https://dashboard.ngrok.com/"
            ),
        },
        "Token needed",
    ),
    "token_at_rest": (
        "ngrok",
        {
            "phase": Phase.NEEDS_AUTH,
            "wanted": False,
            "problem": Problem(Code.NEEDS_TOKEN, parameters={"service": "ngrok"}),
        },
        "Token needed",
    ),
    "needs_login": (
        "tailscale",
        {
            "phase": Phase.NEEDS_AUTH,
            "wanted": True,
            "problem": Problem(
                Code.NEEDS_LOGIN, parameters={"service": "Tailscale"}, action_url="https://login.tailscale.com/a/0123"
            ),
        },
        "Log-in needed",
    ),
    "login_unasked": (
        "tailscale",
        {
            "phase": Phase.NEEDS_AUTH,
            "wanted": True,
            "problem": Problem(Code.NEEDS_LOGIN, parameters={"service": "Tailscale"}),
        },
        "Log-in needed",
    ),
    "funnel_not_enabled": (
        "tailscale",
        {
            "phase": Phase.NEEDS_AUTH,
            "wanted": True,
            "problem": problem_of(causes.FUNNEL_OFF, action_url="https://login.tailscale.com/f/funnel"),
        },
        "Funnel is off in your tailnet",
    ),
    "waiting": (
        "cloudflared",
        {
            "phase": Phase.STARTING,
            "wanted": True,
            "attempt": 2,
            "since": _ago(seconds=20),
            "retry_at": NOW + timedelta(seconds=12),
            "problem": NO_NETWORK,
        },
        "No network",
    ),
    "retrying": (
        "cloudflared",
        {
            "phase": Phase.STARTING,
            "wanted": True,
            "attempt": 2,
            "since": _ago(seconds=2),
            "problem": NO_NETWORK,
        },
        "Starting",
    ),
    "own_target": (
        "lan",
        {
            "phase": Phase.RUNNING,
            "wanted": True,
            "public_url": "http://203.0.113.24:30128",
            "since": _ago(minutes=5),
            "target_url": "http://127.0.0.1:3000",
            "own_target": True,
        },
        "Running",
    ),
    "rate_limited": (
        "cloudflared",
        {
            "phase": Phase.STARTING,
            "wanted": True,
            "attempt": 1,
            "since": _ago(seconds=20),
            "retry_at": NOW + timedelta(minutes=5),
            "problem": Problem(Code.RATE_LIMITED, parameters={"service": "Cloudflare"}),
        },
        "Limited for a while",
    ),
    "token_rejected": (
        "ngrok",
        {
            "phase": Phase.NEEDS_AUTH,
            "wanted": True,
            "problem": Problem(
                Code.TOKEN_REJECTED, parameters={"service": "ngrok"}, action_url="https://dashboard.ngrok.com/"
            ),
        },
        "Token refused",
    ),
    "funnel_running": (
        "tailscale",
        {
            "phase": Phase.RUNNING,
            "wanted": True,
            "public_url": "https://desk1.tail1234.ts.net",
            "traffic": PASSED,
            "since": _ago(minutes=12),
        },
        "Running",
    ),
    "quick_origin_down": (
        "cloudflared",
        {
            "phase": Phase.RUNNING,
            "wanted": True,
            "public_url": TRYCLOUDFLARE,
            "since": _ago(minutes=32),
            "problem": Problem(Code.ORIGIN_DOWN, parameters={"target": "http://127.0.0.1:20128"}),
        },
        "Up, but your server is not",
    ),
    "wrong_scheme": (
        "ngrok",
        {
            "phase": Phase.RUNNING,
            "wanted": True,
            "public_url": "https://hooks.example.com",
            "since": _ago(minutes=2),
            "problem": Problem(
                Code.ORIGIN_SCHEME,
                "other",
                {"target": "http://127.0.0.1:20128", "scheme": "http", "better": "https://127.0.0.1:20128"},
            ),
        },
        "Up, but your server is not understood",
    ),
    "error": (
        "cloudflared",
        {"phase": Phase.ERROR, "wanted": True, "since": _ago(minutes=7), "problem": _DIED},
        "Stopped by itself",
    ),
    "port_conflict": (
        "tailscale",
        {
            "phase": Phase.ERROR,
            "wanted": True,
            "since": _ago(minutes=7),
            "problem": problem_of(causes.PORT_USED, port=443, holder="http://127.0.0.1:9000", free=8443),
        },
        "Port taken",
    ),
    "lan_port_conflict": (
        "lan",
        {
            "phase": Phase.ERROR,
            "wanted": True,
            "since": _ago(minutes=1),
            "problem": problem_of(PORT_TAKEN, port=9000, address="203.0.113.24", free=30128),
        },
        "Port taken",
    ),
    "needs_privileges": (
        "tailscale",
        {
            "phase": Phase.ERROR,
            "wanted": True,
            "since": _ago(minutes=1),
            "problem": Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "sudo tailscale set --operator=you"}),
        },
        "Rights needed",
    ),
    "network_changed": (
        "lan",
        {"phase": Phase.STOPPED, "wanted": False, "problem": Problem(Code.NETWORK_CHANGED)},
        "Off",
    ),
}

_PLAIN: dict[str, Any] = {
    "phase": Phase.STOPPED,
    "wanted": False,
    "public_url": None,
    "traffic": None,
    "problem": None,
    "progress": None,
    "retry_at": None,
    "since": None,
    "attempt": 0,
    "target_url": "http://127.0.0.1:20128",
    "installation": Installation(),
}


def status_in(changes: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return all fields of such a status, its times counted from another now."""
    moved = {name: value + (now - NOW) if isinstance(value, datetime) else value for name, value in changes.items()}
    passed = changes.get("traffic")
    if passed is not None and passed.last_at is not None:
        moved["traffic"] = replace(passed, last_at=passed.last_at + (now - NOW))
    return {**_PLAIN, **moved}


def show_state(hub: FakeHub, name: str) -> None:
    """Let the status of its backend be exactly this one."""
    backend, changes, _ = STATES[name]
    hub.show(backend, **{**_PLAIN, **changes})
