"""Tailscale Funnel: a lasting public URL of the person's own tailnet, through the Tailscale that is installed."""

import dataclasses
from datetime import datetime
from functools import partial
from pathlib import Path

from portway.backends.tailscale.causes import TAILSCALE
from portway.backends.tailscale.daemon.client import Client
from portway.backends.tailscale.daemon.local_api import LocalApi
from portway.backends.tailscale.daemon.socket import SOCKET, LocalApiTransport
from portway.backends.tailscale.declaration import (
    ABOUT,
    VISITOR,
    EnableAnswer,
    TailscaleExtras,
    TailscaleOptions,
    TailscaleTiming,
)
from portway.backends.tailscale.funnel.opening import Opening
from portway.backends.tailscale.funnel.ports import PublicPorts
from portway.backends.tailscale.funnel.publisher import Publisher
from portway.backends.tailscale.funnel.session import FunnelSession, Opened
from portway.backends.tailscale.local_tailscale import TAILSCALE_ID, Findings, LocalTailscale
from portway.backends.tailscale.parse.node import Node
from portway.backends.tailscale.parse.serve_config import Funnel
from portway.backends.tailscale.parse.texts import blocked_by
from portway.backends.tailscale.verbs import Verbs
from portway.core.backend import BackendBase, Command, Context, StillUpError
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError
from portway.core.status import Installation, TunnelId
from portway.system.processes.privileges import Account
from portway.system.services import Services
from portway.system.storage.app_state import AppState

__all__ = ["EnableAnswer", "TailscaleBackend", "TailscaleExtras", "TailscaleOptions"]


class TailscaleBackend(BackendBase):
    """Implements Backend. Everything is done by the tailscale command, and only to our own port and mount."""

    kind = TAILSCALE_ID
    title = TAILSCALE
    about = ABOUT
    icon = "tailscale"
    trusted_client = VISITOR
    options: type = TailscaleOptions
    no_extras = TailscaleExtras()
    can_stay = True

    def __init__(
        self,
        services: Services,
        account: Account | None = None,
        socket: Path = SOCKET,
        tunnel: TunnelId | None = None,
        ports: PublicPorts | None = None,
    ) -> None:
        super().__init__(tunnel)
        self._services = services
        self._account = account
        self._timing = TailscaleTiming.of(services.timing)
        self._socket = socket
        self._tailscale = LocalTailscale(services, account, services.folders.state_of(self.kind, self.id))
        self._ports = ports or PublicPorts(AppState(services.app_state))
        self._ports.join(self.id, self._tailscale.memory)
        self._asked_port = TailscaleOptions().public_port
        self.commands: tuple[Command, ...] = Verbs(self._tailscale).commands

    def another(self, tunnel: TunnelId) -> "TailscaleBackend":
        return TailscaleBackend(self._services, self._account, self._socket, tunnel, self._ports)

    def inspect(self) -> Installation:
        return self._tailscale.findings().installation

    def reclaim(self, context: Context) -> FunnelSession | None:
        funnel = self._tailscale.memory.funnel()
        if funnel is None:
            return None
        client = self._tailscale.client()
        publisher = self._publisher(client)
        if context.wanted:
            node = client.node(context.cancel)
            if self._is_as_asked(funnel, context, client, node):
                found = Findings(client=client, node=node, funnel=funnel)
                return self._session(publisher, context, found, since=self._tailscale.memory.since())
            if not node.ready:  # nothing can be taken down now; `open` waits, and then takes it over or replaces it
                return None
        try:
            publisher.withdraw(funnel, self._tailscale.passwords(context))
        except TunnelError as error:
            if error.code is Code.DAEMON_NOT_RUNNING:  # then nothing is public, and the next attempt may find it
                raise
            raise StillUpError(error.problem, funnel.url, self._tailscale.memory.since()) from error
        return None

    def open(self, context: Context) -> FunnelSession:
        context.cancel.check()
        options: TailscaleOptions = context.options
        self._asked_port = options.public_port
        client = self._tailscale.client()
        publisher = self._publisher(client)
        opening = Opening(
            client,
            self._tailscale.rights,
            self._tailscale.login(client),
            publisher,
            self._timing,
            self._ports,
            self.id,
        )
        try:
            funnel, node = opening.open(context, self._tailscale.passwords(context))
        except AuthNeeded as error:
            context.listener.report(_with_page(self._tailscale.findings().extras, error))
            raise
        return self._session(publisher, context, Findings(client=client, node=node, funnel=funnel))

    def still_blocked(self, code: Code) -> bool:
        try:
            node = self._tailscale.client().node()
        except TunnelError:
            return True
        blocked = blocked_by(node)
        if blocked is not None:
            return blocked.code is code  # another cause is told by the next try
        if code in (Code.FUNNEL_NOT_ENABLED, Code.HTTPS_NOT_ENABLED):
            return not (node.has_funnel and node.has_https and node.may_funnel(int(self._asked_port)))
        return not node.ready

    def findings(self) -> Findings:
        """Look at the machine now. Blocks, bounded."""
        return self._tailscale.findings()

    def _publisher(self, client: Client) -> Publisher:
        limit = self._timing.probe_limit
        daemon = LocalApi(LocalApiTransport(self._socket), limit)
        siblings = partial(self._ports.of_siblings, self.id)
        return Publisher(client, self._tailscale.rights, self._tailscale.memory, daemon, limit, siblings)

    def _is_as_asked(self, funnel: Funnel, context: Context, client: Client, node: Node) -> bool:
        """Whether what an earlier Portway left is up and is what is asked for now."""
        options: TailscaleOptions = context.options
        port = self._ports.expected(self.id, int(options.public_port))
        renamed = options.hostname and options.hostname.lower() != node.short_name.lower()
        return (
            not renamed
            and (funnel.target, funnel.port) == (context.target.url, port)
            and funnel.host == node.dns_name
            and node.ready
            and client.config(context.cancel).carries(funnel)
        )

    def _session(
        self, publisher: Publisher, context: Context, found: Findings, since: datetime | None = None
    ) -> FunnelSession:
        assert found.funnel is not None  # noqa: S101 - for the type checker: it is up
        assert found.node is not None  # noqa: S101 - the same
        opened = Opened(
            funnel=found.funnel,
            node=found.node,
            publisher=publisher,
            passwords=self._tailscale.passwords(context),
            listener=context.listener,
            extras=found.extras,
            timing=self._timing,
            since=since,
        )
        return FunnelSession(opened)


def _with_page(extras: TailscaleExtras, error: TunnelError) -> TailscaleExtras:
    if error.code not in (Code.FUNNEL_NOT_ENABLED, Code.HTTPS_NOT_ENABLED):
        return extras
    return dataclasses.replace(extras, funnel_not_enabled=True, enable_url=error.problem.action_url)
