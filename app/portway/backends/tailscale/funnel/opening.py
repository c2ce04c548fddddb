"""From a request to a Funnel: all preconditions are checked before anything is changed."""

import time
from dataclasses import dataclass

from portway.backends.tailscale import causes
from portway.backends.tailscale.causes import TAILSCALE
from portway.backends.tailscale.daemon.client import Client
from portway.backends.tailscale.daemon.rights import Passwords, Rights
from portway.backends.tailscale.declaration import TailscaleOptions
from portway.backends.tailscale.funnel.ports import PublicPorts
from portway.backends.tailscale.funnel.publisher import Publisher
from portway.backends.tailscale.parse.node import NEEDS_LOGIN, Node
from portway.backends.tailscale.parse.serve_config import Funnel
from portway.backends.tailscale.parse.texts import OLDEST, blocked_by, offline, port_not_allowed
from portway.backends.tailscale.setup.login import Login
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.errors import TunnelError
from portway.core.status import TunnelId
from portway.core.target import Target
from portway.core.timing import Timing

_LOOKS_APART = 0.2
_FORWARDS_ANYWHERE = "1.92"  # before that only to localhost and 127.0.0.1


@dataclass(frozen=True, slots=True)
class Opening:
    """One try to open a Funnel. Blocks for at most about `start_limit`, and never for a person."""

    client: Client
    rights: Rights
    login: Login
    publisher: Publisher
    timing: Timing
    ports: PublicPorts
    tunnel: TunnelId

    def open(self, context: Context, passwords: Passwords) -> tuple[Funnel, Node]:
        """Return the Funnel that is up, and the computer that carries it. Raises AuthNeeded, TunnelError."""
        options: TailscaleOptions = context.options
        self.client.require(OLDEST)
        proxy = self._proxy(context.origin)
        node = self._ready_node(options.hostname, passwords, context.cancel)
        if options.hostname and options.hostname.lower() != node.short_name.lower():
            node = self._renamed(options.hostname, passwords, context.cancel)
        config = self.client.config(context.cancel)
        with self.ports.chosen(self.tunnel, int(options.public_port), config, node) as port:
            if not node.may_funnel(port):
                allowed = ", ".join(_range(first, last) for first, last in node.funnel_ports)
                raise port_not_allowed(port, allowed)
            funnel = Funnel(host=node.dns_name, port=port, proxy=proxy, target=context.target.url)
            self.publisher.publish(funnel, node, passwords, context.cancel)
        return funnel, node

    def _proxy(self, origin: Target) -> str:
        if origin.host != "127.0.0.1":
            self.client.require(_FORWARDS_ANYWHERE, target=origin.url)
        # The certificate of a server on loopback is its own: there is nobody in between who could forge it.
        return origin.url.replace("https://", "https+insecure://", 1)

    def _ready_node(self, hostname: str, passwords: Passwords, cancel: CancelToken) -> Node:
        deadline = time.monotonic() + self.timing.start_limit
        node = self.client.node(cancel)
        if node.state == NEEDS_LOGIN:
            self.login.begin(node, hostname, passwords, cancel, may_ask=False)
            node = self.client.node(cancel)
        while True:
            blocked = blocked_by(node)
            if blocked is not None:
                raise blocked
            if node.ready:
                return node
            if time.monotonic() > deadline:
                raise offline(node)
            cancel.wait(_LOOKS_APART)
            node = self.client.node(cancel)

    def _renamed(self, hostname: str, passwords: Passwords, cancel: CancelToken) -> Node:
        finished = self.rights.change(self.client, ["set", f"--hostname={hostname}"], passwords, cancel)
        if finished.code != 0:
            raise self.client.failure_of(finished)
        deadline = time.monotonic() + self.timing.start_limit
        while True:
            node = self.client.node(cancel)
            if node.ready and node.short_name.lower() == hostname.lower():
                return node
            if time.monotonic() > deadline:
                raise TunnelError(causes.NOT_RENAMED, service=TAILSCALE, name=hostname)
            cancel.wait(_LOOKS_APART)


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
