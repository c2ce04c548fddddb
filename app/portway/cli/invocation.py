"""What one call of the command line works with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from portway.cli.client import Client, PortTakenError, find_client
from portway.cli.failure import Failed, NotRunning
from portway.system.folders import Folders, find_folders

if TYPE_CHECKING:
    from portway.core.backend import Backend
    from portway.system.services import Services
    from portway.system.settings_file import SettingsFile


class Start(Protocol):
    """Runs Portway itself in this process, until it ends."""

    def __call__(self, *, headless: bool, tied: bool, autostart: bool) -> int:
        """Return the exit code. `tied`: end with standard input. `autostart`: started at login, not by a person."""


@dataclass(frozen=True)
class Invocation:
    """The environment, read once, and the seams to the rest of Portway."""

    start: Start
    environment: Mapping[str, str]
    build_backends: Callable[[Services], tuple[Backend, ...]]

    @cached_property
    def folders(self) -> Folders:
        """Where this profile keeps its files."""
        return find_folders(self.environment)

    def client(self) -> Client:
        """Return a client of the running program. Raises NotRunning."""
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

    def services(self) -> Services:
        """Return what backends are built from, for a look from this process."""
        from portway.core.timing import Timing  # late: most commands need none of it
        from portway.system.secret_store import open_secret_store
        from portway.system.services import Services
        from portway.system.state_file import StateFile

        folders, timing = self.folders, Timing()
        state = StateFile(folders.state / "app.json")
        secrets = open_secret_store(folders, self.environment, timing, state, may_prompt=False)
        return Services(folders=folders, environment=self.environment, timing=timing, app_state=state, secrets=secrets)

    def settings_file(self, backends: tuple[Backend, ...]) -> SettingsFile:
        """Return the settings file, which knows the settings of these backends."""
        from portway.system.settings_file import FILE_NAME, SettingsFile  # late: most commands need none of it

        return SettingsFile(self.folders.config / FILE_NAME, self.environment, backends)

    @property
    def program(self) -> tuple[str, ...]:
        """The words by which Portway starts Portway."""
        return (sys.executable,) if getattr(sys, "frozen", False) else (sys.executable, "-m", "portway")
