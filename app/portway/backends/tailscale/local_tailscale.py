"""The Tailscale of this computer: its command, who may use it, and the state that it is in."""

import sys
from dataclasses import dataclass
from pathlib import Path

from portway.backends.tailscale.causes import TAILSCALE
from portway.backends.tailscale.daemon.client import Client, find_program
from portway.backends.tailscale.daemon.rights import Passwords, Rights
from portway.backends.tailscale.declaration import CheckAnswer, TailscaleExtras
from portway.backends.tailscale.funnel.memory import Memory
from portway.backends.tailscale.parse.node import NEEDS_APPROVAL, NEEDS_LOGIN, RUNNING, Node
from portway.backends.tailscale.parse.serve_config import Funnel
from portway.backends.tailscale.parse.texts import blocked_by
from portway.backends.tailscale.setup.login import Login
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.status import BackendId, Installation
from portway.system.processes.privileges import Account, Privileges, current_account
from portway.system.services import Services
from portway.system.storage.state_file import StateFile

TAILSCALE_ID = BackendId("tailscale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """`node` is None where no daemon answers, `funnel` where none of ours is public, `client` without the command."""

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


class LocalTailscale:
    """What the Funnel and the commands share. Any thread. `folder` is where this tunnel keeps its state."""

    def __init__(self, services: Services, account: Account | None, folder: Path) -> None:
        self.services = services
        self._timing = services.timing
        self._account = account or current_account()
        self.privileges = Privileges(services.environment, services.timing, services.children, self._account)
        self.rights = Rights(self.privileges, self._account.name, services.timing.command_limit)
        self.memory = Memory(StateFile(folder / "tailscale-state.json"))
        self._clients: dict[tuple[object, ...], Client] = {}

    def findings(self) -> Findings:
        """Look at the machine now, changing nothing. Blocks, bounded; what cannot be found out is None."""
        try:
            client = self.client()
        except TunnelError:
            return Findings()
        try:
            version = client.version_text
        except TunnelError:
            return Findings(client=client)
        try:
            node, funnel = client.node(), self.memory.funnel()
            public = funnel is not None and node.state == RUNNING and client.config().carries(funnel)
        except TunnelError:
            return Findings(client=client, version=version)
        return Findings(client=client, version=version, node=node, funnel=funnel if public else None)

    def client(self) -> Client:
        """Return the command. Raises TunnelError(not_installed, binary_unusable)."""
        program = find_program(self.services.environment)
        if program is None:
            raise TunnelError(Code.NOT_INSTALLED, program=TAILSCALE)
        found = program.path.stat()
        key = (program, found.st_mtime_ns, found.st_size)  # an update gives another version
        if key not in self._clients:
            client = Client(program, self.services.environment, self._timing, self._account, self.services.children)
            self._clients = {key: client}
        return self._clients[key]

    def login(self, client: Client) -> Login:
        """Return what logs this computer in."""
        return Login(client, self.rights, self.services.folders.run, self._timing.command_limit)

    def passwords(self, context: Context) -> Passwords:
        """Return where this attempt or command finds the person's password."""
        return Passwords(context.secrets, self.services.secrets, TAILSCALE_ID)
