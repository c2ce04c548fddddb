"""What a person can set. Frozen; a changed setting is a new value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from portway.core.command_line import check_command
from portway.core.options import Kind, option
from portway.core.status import BackendId
from portway.core.target import parse_target

DEFAULT_TARGET = "http://127.0.0.1:20128"
DEFAULT_API_PORT = 20129
LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class General:
    """The settings that belong to no backend. Section and key in the file follow from `SECTIONS`."""

    target: str = option(
        DEFAULT_TARGET, label="Target", help="The local server to expose: a port or an address.", kind=Kind.TEXT,
        body="target", environment=("PORTWAY_TARGET",), grammar=parse_target,
    )  # fmt: skip
    default_backend: str = option(
        "lan", label="Default backend", help="What “portway expose” uses when none is named.", kind=Kind.CHOICE,
        body="defaultBackend",
    )  # fmt: skip
    restore: bool = option(
        False, label="Restore tunnels", help="Bring tunnels back after a restart of the computer.", kind=Kind.FLAG,
        body="restore",
    )  # fmt: skip
    keep_up: bool = option(
        False, label="Keep tunnels up after quitting", kind=Kind.FLAG, body="keepUp",
        help="Cloudflare and Tailscale stay public when Portway is quit.",
    )  # fmt: skip
    start_hidden: bool = option(
        False, label="Start hidden", help="Do not open the window at start.", kind=Kind.FLAG, body="startHidden",
    )  # fmt: skip
    copy_url: bool = option(
        True, label="Copy the URL when up", kind=Kind.FLAG, body="copyUrl",
        help="Put the public URL on the clipboard when a tunnel that you turned on comes up.",
    )  # fmt: skip
    show_api_url: bool = option(
        True, label="Show the API address", help="Show the /v1 address below the URL.", kind=Kind.FLAG,
        body="showApiUrl",
    )  # fmt: skip
    remember_sudo_password: bool = option(
        False, label="Remember the sudo password", kind=Kind.FLAG, body="rememberSudoPassword",
        help="Keep it in the keyring for Tailscale's root steps.",
    )  # fmt: skip
    language: str = option(
        "", label="Language", help="Empty: that of the system.", kind=Kind.CHOICE, body="language",
        choices=("", "en", "de"),
    )  # fmt: skip
    notify_up: bool = option(
        True, label="A tunnel is up", kind=Kind.FLAG, body="notifyUp",
        help="Notify when a tunnel has come up, also after a restart.",
    )  # fmt: skip
    notify_changed: bool = option(
        True, label="The URL has changed", help="Notify when a tunnel comes back under another URL.", kind=Kind.FLAG,
        body="notifyChanged",
    )  # fmt: skip
    notify_lost: bool = option(
        True, label="A tunnel is lost", help="Notify when a tunnel has been away for 15 seconds.", kind=Kind.FLAG,
        body="notifyLost",
    )  # fmt: skip
    notify_needed: bool = option(
        True, label="You are needed", help="Notify when a token or a log-in is needed.", kind=Kind.FLAG,
        body="notifyNeeded",
    )  # fmt: skip
    notify_stopped: bool = option(
        True, label="A tunnel has stopped", help="Notify when a tunnel has ended without you.", kind=Kind.FLAG,
        body="notifyStopped",
    )  # fmt: skip
    notify_visitor: bool = option(
        True, label="The first visitor", kind=Kind.FLAG, body="notifyVisitor",
        help="Notify when the first device of the local network has connected.",
    )  # fmt: skip
    hook_backend: str = option(
        "", label="For", help="Whose URL the hooks take. Empty: that of every tunnel.", kind=Kind.CHOICE,
        body="hookBackend",
    )  # fmt: skip
    hook_file: str = option(
        "", label="File", help="Write the public URL into this file, for example the .env of a project.",
        kind=Kind.PATH, body="hookFile",
    )  # fmt: skip
    hook_key: str = option(
        "NEXT_PUBLIC_BASE_URL", label="Key", help="The name before the “=” in that file.", kind=Kind.TEXT,
        body="hookKey", pattern=r"[A-Za-z_][A-Za-z0-9_]*", expected="a name of letters, digits and underscores",
    )  # fmt: skip
    hook_command: str = option(
        "", label="Command", kind=Kind.TEXT, body="hookCommand", grammar=check_command,
        help="Run this program when a public URL comes, changes or goes. It finds PORTWAY_URL in its environment.",
    )  # fmt: skip
    api_port: int = option(
        DEFAULT_API_PORT, label="API port", help="Where the REST API listens, on this computer only.", kind=Kind.PORT,
        body="apiPort", environment=("PORTWAY_API_PORT",), lowest_port=0,
    )  # fmt: skip
    log_level: str = option(
        "info", label="Log level", help="How much the log tells.", kind=Kind.CHOICE, body="logLevel", choices=LEVELS,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """General settings, and one options value per backend. `locked` names keys that the environment decides."""

    general: General = General()
    backends: Mapping[BackendId, object] = field(default_factory=lambda: MappingProxyType({}))
    locked: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # dotted key → variable
