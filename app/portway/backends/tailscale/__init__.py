"""Tailscale Funnel: a lasting public URL of the person's own tailnet, through the Tailscale that is installed."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path

from portway.backends.tailscale.client import Client, find_program
from portway.backends.tailscale.declaration import (
    TAILSCALE,
    EnableAnswer,
    TailscaleExtras,
    TailscaleOptions,
)
from portway.backends.tailscale.door import SOCKET, Door
from portway.backends.tailscale.findings import Findings, look
from portway.backends.tailscale.local_api import LocalApi
from portway.backends.tailscale.login import Login
from portway.backends.tailscale.memory import Memory
from portway.backends.tailscale.node import Node
from portway.backends.tailscale.opening import Opening
from portway.backends.tailscale.publisher import Publisher
from portway.backends.tailscale.rights import Passwords, Rights
from portway.backends.tailscale.serve_config import Funnel
from portway.backends.tailscale.session import FunnelSession, Opened
from portway.backends.tailscale.states import blocked_by
from portway.backends.tailscale.verbs import Verbs
from portway.core.backend import Command, Context, StillUpError
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError
from portway.core.status import BackendId, Installation, Reach
from portway.system.privileges import Account, Privileges, current_account
from portway.system.services import Services
from portway.system.state_file import StateFile

__all__ = ["EnableAnswer", "TailscaleBackend", "TailscaleExtras", "TailscaleOptions"]


class TailscaleBackend:
    """Implements Backend. Everything is done by the tailscale command, and only to our own port and mount."""

    id = BackendId("tailscale")
    title = "Tailscale"
    reach = Reach.INTERNET
    options: type = TailscaleOptions
    no_extras: object = TailscaleExtras()
    can_stay = True
    refusals_allowed = 0

    def __init__(self, services: Services, account: Account | None = None, socket: Path = SOCKET) -> None:
        self._services = services
        self._timing = services.timing
        self._socket = socket
        self._account = account or current_account()
        self._privileges = Privileges(services.environment, services.timing, self._account)
        self._rights = Rights(self._privileges, self._account.name, services.timing.command_limit)
        self._memory = Memory(StateFile(services.folders.state / "tailscale-state.json"))
        self._clients: dict[tuple[object, ...], Client] = {}
        self._asked_port = TailscaleOptions().public_port
        self.commands: tuple[Command, ...] = Verbs(self).commands

    def inspect(self) -> Installation:
        return self.findings().installation

    def reclaim(self, context: Context) -> FunnelSession | None:
        funnel = self._memory.funnel()
        if funnel is None:
            return None
        client = self.client()
        publisher = self._publisher(client)
        if context.wanted:
            node = client.node(context.cancel)
            if self._is_as_asked(funnel, context, client, node):
                found = Findings(client=client, node=node, funnel=funnel)
                return self._session(publisher, context, found, since=self._memory.since())
            if not node.ready:  # nothing can be taken down now; `open` waits, and then takes it over or replaces it
                return None
        try:
            publisher.withdraw(funnel, self.passwords(context))
        except TunnelError as error:
            if error.code is Code.DAEMON_NOT_RUNNING:  # then nothing is public, and the next look may find it
                raise
            raise StillUpError(error.problem, funnel.url, self._memory.since()) from error
        return None

    def open(self, context: Context) -> FunnelSession:
        context.cancel.check()
        options: TailscaleOptions = context.options
        self._asked_port = options.public_port
        client = self.client()
        publisher = self._publisher(client)
        opening = Opening(client, self._rights, self.login(client), publisher, self._timing)
        try:
            funnel, node = opening.open(context, self.passwords(context))
        except AuthNeeded as error:
            context.listener.report(_with_page(self.findings().extras, error))
            raise
        return self._session(publisher, context, Findings(client=client, node=node, funnel=funnel))

    def still_blocked(self, code: Code) -> bool:
        try:
            node = self.client().node()
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
        try:
            client = self.client()
        except TunnelError:
            return look(None, self._memory)
        return look(client, self._memory)

    def client(self) -> Client:
        """Return the command. Raises TunnelError(not_installed, binary_unusable)."""
        program = find_program(self._services.environment)
        if program is None:
            raise TunnelError(Code.NOT_INSTALLED, program=TAILSCALE)
        found = program.path.stat()
        key = (program, found.st_mtime_ns, found.st_size)  # an update gives another version
        if key not in self._clients:
            client = Client(program, self._services.environment, self._timing, self._account)
            self._clients = {key: client}
        return self._clients[key]

    def login(self, client: Client) -> Login:
        """Return what logs this computer in."""
        return Login(client, self._rights, self._services.folders.run, self._timing.command_limit)

    def passwords(self, context: Context) -> Passwords:
        """Return where this run finds the person's password."""
        return Passwords(context.secrets, self._services.secrets, self.id)

    @property
    def rights(self) -> Rights:
        """Who may change this computer's Tailscale."""
        return self._rights

    @property
    def privileges(self) -> Privileges:
        """The way to administrator rights."""
        return self._privileges

    @property
    def services(self) -> Services:
        """What it was built from."""
        return self._services

    def _publisher(self, client: Client) -> Publisher:
        limit = self._timing.probe_limit
        return Publisher(client, self._rights, self._memory, LocalApi(Door(self._socket), limit), limit)

    def _is_as_asked(self, funnel: Funnel, context: Context, client: Client, node: Node) -> bool:
        """Whether what an earlier run left is up and is what is asked for now."""
        options: TailscaleOptions = context.options
        renamed = options.hostname and options.hostname.lower() != node.short_name.lower()
        return (
            not renamed
            and (funnel.target, funnel.port) == (context.target.url, int(options.public_port))
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
            passwords=self.passwords(context),
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
