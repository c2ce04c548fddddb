"""What a person can set. Frozen; a changed setting is a new value."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.foreign_text import check_command
from portway.core.guard.callers import ANYTHING, ASK, LOCAL, NEVER
from portway.core.guard.rules import Guard
from portway.core.options import Kind, Option, declared, flag, option, without_own
from portway.core.status import BackendId, TunnelId
from portway.core.target import parse_target

DEFAULT_TARGET = "http://127.0.0.1:20128"
DEFAULT_API_PORT = 20129
_NOTHING_NAMED: Mapping[str, object] = MappingProxyType({})
LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class General:
    """The settings that belong to no backend. Section and key in the file follow from `SECTIONS`."""

    target: str = option(
        DEFAULT_TARGET,
        label="Local server",
        help="The local server to expose: a port or an address.",
        kind=Kind.TEXT,
        body="target",
        environment=("PORTWAY_TARGET",),
        grammar=parse_target,
    )
    default_backend: str = option(
        "lan",
        label="Default way",
        help="What “portway expose” uses without --via.",
        kind=Kind.CHOICE,
        body="defaultBackend",
    )
    restore: bool = flag(
        False, label="Restore tunnels", help="Bring tunnels back after a restart of the computer.", body="restore"
    )
    keep_up: bool = flag(
        False,
        label="Keep tunnels up after quitting",
        body="keepUp",
        help="Cloudflare and Tailscale stay public when Portway is quit.",
    )
    start_hidden: bool = flag(False, label="Start hidden", help="Do not open the window at start.", body="startHidden")
    copy_url: bool = flag(
        True,
        label="Copy the URL when up",
        body="copyUrl",
        help="Put the public URL on the clipboard when a tunnel that you turned on comes up.",
    )
    show_api_url: bool = flag(
        True,
        label="Show the API address",
        body="showApiUrl",
        help="Offer the /v1 address in the menus of card and tray.",
    )
    verify: bool = flag(
        False,
        label="Check from outside whether visitors get in",
        body="verify",
        help="Once a tunnel is up. A resolver on the internet, Cloudflare's or Google's, is told its name.",
    )
    record: bool = flag(
        True,
        label="Record requests",
        body="record",
        help="Of tunnels that are turned on in window or tray: in memory only, never on the disk.",
    )
    record_size: str = option(
        "24",
        label="Memory for recorded requests",
        help="In MB, for all tunnels together. Where it is full, the oldest go first.",
        kind=Kind.CHOICE,
        body="recordSize",
        choices=("8", "24", "64", "128"),
    )
    remember_sudo_password: bool = flag(
        False,
        label="Remember the sudo password",
        body="rememberSudoPassword",
        help="Keep it for Tailscale's root steps: in the keyring, or until Portway ends.",
    )
    language: str = option(
        "",
        label="Language",
        help="The language of window and tray. Without one, the system's.",
        kind=Kind.CHOICE,
        body="language",
        choices=("", "en", "de"),
    )
    theme: str = option(
        "system",
        label="Appearance",
        help="Light or dark; “system” follows the desktop.",
        kind=Kind.CHOICE,
        body="theme",
        choices=("system", "light", "dark"),
    )
    check_for_updates: bool = flag(
        False,
        label="Look for new versions",
        body="checkForUpdates",
        help="Ask for the newest version when About is opened, or “portway doctor” runs. Nothing is downloaded.",
    )
    notify_up: bool = flag(
        True, label="A tunnel is up", body="notifyUp", help="Notify when a tunnel has come up, also after a restart."
    )
    notify_changed: bool = flag(
        True,
        label="The URL has changed",
        help="Notify when a tunnel comes back under another URL.",
        body="notifyChanged",
    )
    notify_lost: bool = flag(
        True, label="A tunnel is lost", help="Notify when a tunnel has been away for 15 seconds.", body="notifyLost"
    )
    notify_needed: bool = flag(
        True, label="You are needed", help="Notify when a token or a log-in is needed.", body="notifyNeeded"
    )
    notify_stopped: bool = flag(
        True, label="A tunnel has stopped", help="Notify when a tunnel has ended without you.", body="notifyStopped"
    )
    notify_visitor: bool = flag(
        True,
        label="The first visitor",
        body="notifyVisitor",
        help="Notify when the first device of the local network has connected.",
    )
    hook_backend: str = option(
        "",
        label="For",
        help="The tunnel whose URL the hooks get. Without one, every tunnel.",
        kind=Kind.CHOICE,
        body="hookBackend",
        tunnels=True,
    )
    hook_file: str = option(
        "",
        label="File",
        help="Write the public URL into this file, for example the .env of a project.",
        kind=Kind.PATH,
        body="hookFile",
    )
    hook_key: str = option(
        "NEXT_PUBLIC_BASE_URL",
        label="Key",
        help="The name before the “=” in that file.",
        kind=Kind.TEXT,
        body="hookKey",
        pattern=r"[A-Za-z_][A-Za-z0-9_]*",
        expected="a name of letters, digits and underscores",
    )
    hook_command: str = option(
        "",
        label="Command",
        kind=Kind.TEXT,
        body="hookCommand",
        grammar=check_command,
        help="Run this program when a public URL comes, changes or goes. It finds PORTWAY_URL in its environment.",
    )
    api_port: int = option(
        DEFAULT_API_PORT,
        label="API port",
        help="The port of the REST API, which listens on this computer only.",
        kind=Kind.PORT,
        body="apiPort",
        environment=("PORTWAY_API_PORT",),
        lowest_port=0,
    )
    programs: str = option(
        ASK,
        label="Programs may open tunnels",
        help="What agents and editors may open for you.",
        kind=Kind.CHOICE,
        body="programs",
        choices=(NEVER, ASK, LOCAL, ANYTHING),
    )
    log_level: str = option(
        "info",
        label="Log level",
        help="How much is written to the log.",
        kind=Kind.CHOICE,
        body="logLevel",
        choices=LEVELS,
    )


TUNNEL_ID = r"[a-z][a-z0-9-]{0,31}"
TUNNEL_NAME = Option(
    label="Name",
    help="What people read. Without one, its word.",
    kind=Kind.TEXT,
    body="name",
    pattern=r"[^\x00-\x1f\x7f]{1,60}",
    expected="at most 60 characters",
)
TUNNEL_TARGET = Option(
    label="Local server",
    help="The local server to expose: a port or an address. Without one, the default one.",
    kind=Kind.TEXT,
    body="target",
    grammar=parse_target,
)
# Words that mean something else where a tunnel's word can stand, and what Windows takes for a device.
_NO_IDS = frozenset({"all", "cloudflare", "cf", "ts", "funnel", "con", "prn", "aux", "nul"}) | {
    f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)
}


def check_tunnel_id(word: str, backends: Iterable[str]) -> None:
    """Raise TunnelError(bad_request) for a word that can be no tunnel's, name_taken for that of a backend."""
    if word in backends:
        raise TunnelError(Code.NAME_TAKEN, name=word)
    if re.fullmatch(TUNNEL_ID, word) is None or word in _NO_IDS:
        expected = "a word of small letters, digits and dashes, like shop or api-2, at most 32"
        raise TunnelError(Code.BAD_REQUEST, "value_pattern", field="id", expected=expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedTunnel:
    """A tunnel that a person added. `options`, by field, are those named for it alone; secrets are none of them.

    What is not named is as the settings of its backend say, and the default target; without a name it has its word.
    """

    id: TunnelId
    backend: BackendId
    name: str = ""
    target: str = ""
    options: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """General settings, one options value per backend, and the tunnels that were added, in order.

    `guards` has those of the tunnels that have one. `locked` names keys that the environment decides.
    """

    general: General = General()
    backends: Mapping[BackendId, object] = field(default_factory=lambda: MappingProxyType({}))
    guards: Mapping[str, Guard] = field(default_factory=lambda: MappingProxyType({}))
    tunnels: Mapping[TunnelId, SavedTunnel] = field(default_factory=lambda: MappingProxyType({}))
    locked: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # dotted key → variable

    def options_of(self, kind: BackendId, tunnel: TunnelId, options: type) -> Any:  # noqa: ANN401 - of that type
        """Return the options of a tunnel as they are set: its own before those of its backend."""
        of_kind: Any = self.backends.get(kind) or options()
        if tunnel != kind:
            of_kind = without_own(of_kind)
        saved = self.tunnels.get(tunnel)
        return of_kind if saved is None else replace(of_kind, **saved.options)

    def caution(
        self, backend: Backend, tunnel: TunnelId, on: Iterable[TunnelId], named: Mapping[str, object] = _NOTHING_NAMED
    ) -> str:
        """Return what a person should know before a tunnel is turned on, as a text to be translated; empty: nothing.

        `on` are the tunnels of this backend that somebody wants; `named` are options for it alone, by field.
        """
        known = {name: value for name, value in named.items() if name in declared(backend.options)}
        asked = replace(self.options_of(backend.kind, tunnel, backend.options), **known)
        others = [self.options_of(backend.kind, one, backend.options) for one in on if one != tunnel]
        return backend.caution(asked, others)
