"""What one call of the command line works with."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from portway.cli.failure import Failed, NotRunning
from portway.cli.vocabulary import Listing

if TYPE_CHECKING:
    from portway.cli.client.client import Client
    from portway.core.backend import Backend
    from portway.core.settings import SavedTunnel
    from portway.system.services import Services
    from portway.system.storage.folders import Folders
    from portway.system.storage.settings_file import SettingsFile


class StartPortway(Protocol):
    """Runs Portway itself in this process, until it ends."""

    def __call__(self, *, headless: bool, tied: bool, autostart: bool) -> int:
        """Return the exit code. `tied`: end with standard input. `autostart`: started at login, not by a person."""


class ServeAgent(Protocol):
    """Lets an agent use Portway, until that ends."""

    def __call__(self, invocation: Invocation, /) -> int:
        """Return the exit code."""


@dataclass(frozen=True)
class Invocation:
    """The environment, read once, and the seams to the rest of Portway."""

    start: StartPortway
    environment: Mapping[str, str]
    build_backends: Callable[[Services], tuple[Backend, ...]]
    listing: Listing | None = None  # what the backends declare, where that is known without building them
    serve_agent: ServeAgent | None = None  # None: this call knows no agents

    @cached_property
    def folders(self) -> Folders:
        """Where this profile keeps its files."""
        from portway.core.errors import TunnelError  # late, both: the help needs no file
        from portway.system.storage.folders import find_folders

        try:
            return find_folders(self.environment)
        except TunnelError as error:
            raise Failed(str(error)) from None

    def client(self) -> Client:
        """Return a client of the running program. Raises NotRunning."""
        from portway.cli.client.client import PortTakenError, find_client  # late: the help needs no HTTP

        try:
            return find_client(self.folders.run)
        except PortTakenError:
            port = self.settings_file(()).load().general.api_port
            raise Failed(
                f"Portway runs, but its port {port} for commands is taken by another program. "
                "Free it, or choose another one: “portway config set general.apiPort PORT”, then start Portway again."
            ) from None

    def living_client(self) -> Client | None:
        """Return a client of a program that is seen to answer, None if there is none."""
        try:
            client = self.client()
        except NotRunning:
            return None
        return client if client.answers() else None

    @cached_property
    def backends(self) -> tuple[Backend, ...]:
        """All that is declared. Made when a command needs it: it takes longer than most answers of REST."""
        return self.build_backends(self.services())

    @cached_property
    def saved(self) -> Mapping[str, SavedTunnel]:
        """The tunnels that a person added, as the settings file has them."""
        return self.settings_file(self.backends).load().tunnels

    def tunnel(self, word: str) -> Backend | None:
        """Return the backend of a tunnel, as that uses it; a temporary one is told by its word, or by who has it."""
        kind, dash, number = word.rpartition("-")
        if word in self.saved:
            kind = self.saved[word].backend
        elif not (dash and number.isdecimal()):
            kind = word
        kinds = {str(one.kind): one for one in self.backends}
        backend = kinds.get(kind) or kinds.get(self._running_kind(word))
        return backend if backend is None or word == backend.kind else backend.another(word)

    def _running_kind(self, word: str) -> str:
        """Return of which backend the running Portway has a tunnel of this word; empty where it has none."""
        from portway.core.settings import TUNNEL_ID  # late: most commands need none of it

        with contextlib.suppress(Failed):
            client = self.living_client() if re.fullmatch(TUNNEL_ID, word) else None
            if client is not None:
                return str(client.call("GET", f"/api/tunnels/{word}").body.get("backend", ""))
        return ""

    @property
    def ways(self) -> list[str]:
        """The ids of all backends."""
        return [*self.listing.ways] if self.listing is not None else [backend.id for backend in self.backends]

    def services(self) -> Services:
        """Return what backends are built from, for a look from this process."""
        from portway.core.timing import Timing  # late: most commands need none of it
        from portway.system.secrets.store import open_secret_store
        from portway.system.services import Services
        from portway.system.storage.state_file import StateFile

        folders, timing = self.folders, Timing()
        state = StateFile(folders.state / "app.json")
        secrets = open_secret_store(folders, self.environment, timing, state, may_prompt=False)
        return Services(folders=folders, environment=self.environment, timing=timing, app_state=state, secrets=secrets)

    def settings_file(self, backends: tuple[Backend, ...]) -> SettingsFile:
        """Return the settings file, which knows the settings of these backends."""
        from portway.system.storage.settings_file import FILE_NAME, SettingsFile  # late: most commands need none of it

        return SettingsFile(self.folders.config / FILE_NAME, self.environment, backends)

    @property
    def program(self) -> tuple[str, ...]:
        """The words by which Portway starts Portway. `-P`: never from what lies in the current folder."""
        return (sys.executable,) if getattr(sys, "frozen", False) else (sys.executable, "-P", "-m", "portway")
