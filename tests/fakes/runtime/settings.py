"""Settings that a test sets, and that take what is saved, without a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

from portway.core.guard.rules import Guard
from portway.core.settings import SavedTunnel, Settings
from portway.core.status import TunnelId


@dataclass
class KeptSettings:
    """Implements runtime.hub.SettingsStore."""

    now: Settings

    def load(self) -> Settings:
        return self.now

    def set_guard(self, tunnel: TunnelId, guard: Guard) -> None:
        self.now = replace(self.now, guards=MappingProxyType({**self.now.guards, tunnel: guard}))

    def save_tunnel(self, tunnel: SavedTunnel, *, new: bool = False) -> None:
        self.now = replace(self.now, tunnels=MappingProxyType({**self.now.tunnels, tunnel.id: tunnel}))

    def drop_tunnel(self, tunnel: TunnelId) -> None:
        kept = {name: one for name, one in self.now.tunnels.items() if name != tunnel}
        self.now = replace(self.now, tunnels=MappingProxyType(kept))
