"""The registry: all backends, from near to far. Another one is one folder and one line here."""

from collections.abc import Callable

from portway.backends.cloudflared.backend import CloudflaredBackend
from portway.backends.lan.backend import LanBackend
from portway.backends.ngrok.backend import NgrokBackend
from portway.backends.ssh.backend import SshBackend
from portway.backends.tailscale.backend import TailscaleBackend
from portway.core.backend import Backend
from portway.system.services import Services

FACTORIES: tuple[Callable[[Services], Backend], ...] = (
    LanBackend,
    CloudflaredBackend,
    NgrokBackend,
    TailscaleBackend,
    SshBackend,
)


def build_backends(services: Services) -> tuple[Backend, ...]:
    """Make every backend, in the order in which people see them."""
    return tuple(factory(services) for factory in FACTORIES)
