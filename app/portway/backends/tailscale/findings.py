"""What a look at this computer's Tailscale finds, without changing anything."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from portway.backends.tailscale.client import Client
from portway.backends.tailscale.declaration import CheckAnswer, TailscaleExtras
from portway.backends.tailscale.memory import Memory
from portway.backends.tailscale.node import NEEDS_APPROVAL, NEEDS_LOGIN, RUNNING, Node
from portway.backends.tailscale.serve_config import Funnel
from portway.backends.tailscale.states import blocked_by
from portway.core.errors import Problem, TunnelError
from portway.core.status import Installation


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """`node` is None where no daemon answers, `funnel` where none of ours is public; `client` where there is none."""

    client: Client | None = None
    version: str | None = None
    node: Node | None = None
    funnel: Funnel | None = None

    @property
    def extras(self) -> TailscaleExtras:
        """Return the status fields that follow."""
        node = self.node
        return TailscaleExtras(
            tunnel_url=None if self.funnel is None else self.funnel.url,
            enabled=self.funnel is not None,
            logged_in=node is not None and node.logged_in,
            daemon_running=node is not None,
            platform=sys.platform,
            hostname=None if node is None else node.short_name or None,
        )

    @property
    def installation(self) -> Installation:
        """Return the same as every backend tells it."""
        if self.client is None:
            return Installation(installed=False, extras=self.extras)
        return Installation(
            binary_path=str(self.client.program.path),
            version=self.version,
            source=self.client.program.source,
            missing=self._missing(),
            extras=self.extras,
        )

    @property
    def answer(self) -> CheckAnswer:
        """Return all of it."""
        client, node, extras = self.client, self.node, self.extras
        return CheckAnswer(
            installed=client is not None,
            binary_path=None if client is None else str(client.program.path),
            version=self.version,
            platform=extras.platform,
            daemon_running=extras.daemon_running,
            logged_in=extras.logged_in,
            backend_state=None if node is None else node.state,
            online=node is not None and node.online,
            hostname=extras.hostname,
            dns_name=None if node is None else node.dns_name or None,
            https_allowed=node is not None and node.has_https,
            funnel_allowed=node is not None and node.has_funnel,
            enabled=extras.enabled,
            tunnel_url=extras.tunnel_url,
        )

    def _missing(self) -> Problem | None:
        """Return why a person has to log in first."""
        if self.node is None or self.node.state not in (NEEDS_LOGIN, NEEDS_APPROVAL):
            return None
        blocked = blocked_by(self.node)
        return None if blocked is None else blocked.problem


def look(client: Client | None, memory: Memory) -> Findings:
    """Look. Blocks, bounded; what cannot be found out is None."""
    if client is None:
        return Findings()
    try:
        version = client.version_text
    except TunnelError:
        return Findings(client=client)
    try:
        node = client.node()
        funnel = memory.funnel()
        public = funnel is not None and node.state == RUNNING and client.config().carries(funnel)
    except TunnelError:
        return Findings(client=client, version=version)
    return Findings(client=client, version=version, node=node, funnel=funnel if public else None)
