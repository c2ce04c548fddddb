"""Which of the public ports each Funnel of ours has: three for all of them."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from portway.backends.tailscale import causes
from portway.backends.tailscale.declaration import PUBLIC_PORTS
from portway.backends.tailscale.funnel.memory import Memory
from portway.backends.tailscale.parse.node import Node
from portway.backends.tailscale.parse.serve_config import Funnel, ServeConfig
from portway.core.errors import TunnelError
from portway.core.status import TunnelId
from portway.system.storage.app_state import AppState


class PublicPorts:
    """Shared by all tunnels of Tailscale. Any thread.

    A tunnel has the port that is set for it, unless another one of ours has that: then the first that is free, kept
    for as long as the same port is set. A port of somebody else is never a choice.
    """

    def __init__(self, state: AppState) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._memories: dict[TunnelId, Memory] = {}
        self._opening: dict[TunnelId, int] = {}

    def join(self, tunnel: TunnelId, memory: Memory) -> None:
        """Remember where this tunnel keeps what it published."""
        self._memories[tunnel] = memory

    def of_siblings(self, tunnel: TunnelId) -> tuple[Funnel, ...]:
        """Return what the other tunnels have, or may have, published."""
        return tuple(self._published(name for name in tuple(self._memories) if name != tunnel))

    def expected(self, tunnel: TunnelId, asked: int) -> int:
        """Return the port under which a tunnel was published last, where the same one was asked for; else that."""
        return self._state.funnel_port(tunnel, asked) or asked

    @contextmanager
    def chosen(self, tunnel: TunnelId, asked: int, config: ServeConfig, node: Node) -> Iterator[int]:
        """Yield the port for this tunnel; no other one chooses it during the block. Raises TunnelError."""
        with self._lock:
            port = self._choice(tunnel, asked, config, node)
            self._opening[tunnel] = port
        try:
            yield port
            self._state.remember_funnel_port(tunnel, asked, port)
        finally:
            self._opening.pop(tunnel, None)

    def _choice(self, tunnel: TunnelId, asked: int, config: ServeConfig, node: Node) -> int:
        taken = self._taken(tunnel)
        if asked not in taken and self.expected(tunnel, asked) == asked:
            return asked  # whoever else has it: that is told, and no other one taken unasked
        ours = tuple(self._published(tuple(self._memories)))
        allowed = (port for port in PUBLIC_PORTS if node.may_funnel(port))
        for port in (self.expected(tunnel, asked), asked, *allowed):
            if port not in taken and not config.others(port, ours):
                return port
        holders = ", ".join(f"{port}: {taken.get(port, 'another program')}" for port in PUBLIC_PORTS)
        raise TunnelError(causes.NO_PORT_LEFT, holders=holders)

    def _published(self, tunnels: Iterable[TunnelId]) -> Iterator[Funnel]:
        for tunnel in tunnels:
            memory = self._memories[tunnel]
            yield from (one for one in (memory.funnel(), *memory.left_behind()) if one is not None)

    def _taken(self, tunnel: TunnelId) -> Mapping[int, TunnelId]:
        """Return which other tunnel of ours has which port."""
        taken = {port: name for name, port in self._opening.items() if name != tunnel}
        for name, memory in tuple(self._memories.items()):
            funnel = memory.funnel()
            if name != tunnel and funnel is not None:
                taken[funnel.port] = name
        return taken
