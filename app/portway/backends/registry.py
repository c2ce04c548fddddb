"""The registry: all backends, from near to far. Another one is one folder and one line here."""

from __future__ import annotations

from collections.abc import Callable

from portway.backends.cloudflared import CloudflaredBackend
from portway.backends.lan import LanBackend
from portway.backends.ngrok import NgrokBackend
from portway.backends.tailscale import TailscaleBackend
from portway.core.backend import Backend
from portway.system.services import Services

FACTORIES: tuple[Callable[[Services], Backend], ...] = (
    LanBackend,
    CloudflaredBackend,
    NgrokBackend,
    TailscaleBackend,
)


def build_backends(services: Services) -> tuple[Backend, ...]:
    """Make every backend, in the order in which people see them."""
    return tuple(factory(services) for factory in FACTORIES)
