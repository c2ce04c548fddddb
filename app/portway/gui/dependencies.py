"""What window and tray are built from, as one value: each part is what they ask for, made by the composition root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from portway.core.errors import Problem
from portway.core.hub import Hub, Vault
from portway.core.secret import Secret
from portway.gui.platform.clipboard import Clipboard
from portway.runtime.consents import Consents
from portway.runtime.url_hooks import UrlHooks
from portway.system.desktop.autostart import Autostart
from portway.system.diagnosis.bundle import Bundle
from portway.system.releases.origin import Origin
from portway.system.releases.versions import Newest
from portway.system.services import Services
from portway.system.storage.app_state import AppState
from portway.system.storage.settings_file import SettingsFile


class ListeningPort(Protocol):
    """A local server that was found."""

    @property
    def port(self) -> int:
        """Where it listens."""

    @property
    def program(self) -> str | None:
        """What the system calls its program, where it tells."""

    @property
    def title(self) -> str | None:
        """The title of its first page, where it told it at once."""


class IssuedToken(Protocol):
    """The lasting API token, as it may be shown now."""

    @property
    def token(self) -> Secret:
        """The token itself."""

    @property
    def warning(self) -> Problem | None:
        """Why this is the only time that it can be shown."""


class Api(Protocol):
    """What Settings tells of the REST server. Main thread."""

    @property
    def port(self) -> int | None:
        """Where it listens; None while it does not."""

    @property
    def problem(self) -> Problem | None:
        """Why it does not listen."""

    def lasting_token(self, done: Callable[[IssuedToken | Problem], None], *, renew: bool = False) -> None:
        """Give `done` the lasting token later, made if there is none or `renew` asks for it."""


class Updates(Protocol):
    """What can be asked about newer versions."""

    @property
    def origin(self) -> Origin:
        """Where this copy comes from."""

    def look(self) -> Newest:
        """Ask, on a thread of its own: it blocks. Raises TunnelError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuiDependencies:
    """Everything by constructor. Callables are called on the main thread, unless they say otherwise."""

    hub: Hub
    vault: Vault
    services: Services
    settings_file: SettingsFile
    app_state: AppState
    clipboard: Clipboard
    api: Api
    autostart: Autostart | None  # None: start at login is not offered (an isolated profile)
    listening_ports: Callable[[], Sequence[ListeningPort]]  # on a thread of its own, bounded
    has_api: Callable[[str], bool]  # whether /v1 of this target is known to be an API; from memory
    hooks: UrlHooks
    consents: Consents  # what programs want to open, and wait for the person to allow
    updates: Updates | None  # None: this copy does not know where newer versions are
    diagnose: Callable[[], Bundle]  # collects the diagnostics; on a thread of its own, bounded. Raises TunnelError
    open_url: Callable[[str], None]  # a page, a folder or a file, in the system's program for it
    remove_all_data: Callable[[], None]  # stops tunnels, removes entries, keyring items and folders, and quits
