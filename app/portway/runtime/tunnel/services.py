"""What all tunnels share."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from portway.core.backend import Backend, SecretSource
from portway.core.errors import TunnelError
from portway.core.guard.rules import OPEN_TO_ALL, Guard
from portway.core.secret import Secret
from portway.core.settings import DEFAULT_TARGET, Settings
from portway.core.status import TunnelId
from portway.core.target import Target, parse_target
from portway.core.timing import Timing
from portway.runtime.tunnel.origin_watch import OriginWatch
from portway.runtime.tunnel.probe_thread import ProbeThread
from portway.runtime.tunnel.relays import Relays
from portway.runtime.tunnel.wish import DesiredStateStore
from portway.system.desktop.awake import Clock

SecretsFor = Callable[[Backend, type, Mapping[str, Secret]], SecretSource]
"""Makes the secrets of one attempt or command: whose, the type of its options, and what the request gave."""


class CurrentSettings:
    """The settings as of now, and what follows from them for a tunnel of which nothing is named."""

    def __init__(self, settings: Settings) -> None:
        self.now = settings
        self._unsaved: dict[TunnelId, Guard] = {}  # of temporary tunnels

    @property
    def target(self) -> Target:
        """What is exposed where nothing else is named."""
        try:
            return parse_target(self.now.general.target)
        except TunnelError:  # The file's reader warned of it.
            return parse_target(DEFAULT_TARGET)

    def target_of(self, tunnel: TunnelId) -> tuple[Target, bool]:
        """Return what a tunnel exposes where no wish names another one, and whether that was set for it alone."""
        saved = self.now.tunnels.get(tunnel)
        if saved is None or not saved.target:
            return self.target, False
        return parse_target(saved.target), True

    def guard(self, tunnel: TunnelId) -> Guard:
        """Return who may open a tunnel where its wish says nothing of that."""
        return self._unsaved.get(tunnel) or self.now.guards.get(tunnel, OPEN_TO_ALL)

    def set_guard(self, tunnel: TunnelId, guard: Guard, *, saved: bool) -> None:
        """Let this hold from now on; one that is not `saved`, too, when the settings are read again."""
        if not saved:
            self._unsaved[tunnel] = guard
            return
        others = {name: other for name, other in self.now.guards.items() if name != tunnel}
        self.now = replace(self.now, guards=MappingProxyType({**others, tunnel: guard}))

    def forget(self, tunnel: TunnelId) -> None:
        """It is gone."""
        self._unsaved.pop(tunnel, None)

    def options(self, backend: Backend) -> Any:  # noqa: ANN401 - of the type `backend.options`
        """Return the options of a tunnel as they are set: its own before those of its backend."""
        return self.now.options_of(backend.kind, backend.id, backend.options)


def logger_of(backend: Backend) -> logging.Logger:
    """Return what logs of one tunnel: into the file of its backend, under its own name there."""
    own = "" if backend.id == backend.kind else f".{backend.id}"
    return logging.getLogger(f"portway.backends.{backend.kind}{own}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelServices:
    """Given to each tunnel. `clock` counts sleep, and knows no date."""

    timing: Timing
    clock: Clock
    settings: CurrentSettings
    secrets: SecretsFor
    probes: ProbeThread
    origins: OriginWatch
    relays: Relays
    wishes: DesiredStateStore
