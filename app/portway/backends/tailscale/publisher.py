"""Switches one Funnel on and off, and believes nothing but what Tailscale then says it serves."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from portway.backends.tailscale.client import Client
from portway.backends.tailscale.declaration import PUBLIC_PORTS, TAILSCALE
from portway.backends.tailscale.local_api import LocalApi
from portway.backends.tailscale.memory import Memory
from portway.backends.tailscale.node import Node
from portway.backends.tailscale.rights import Passwords, Rights
from portway.backends.tailscale.serve_config import MOUNT, Funnel, ServeConfig
from portway.backends.tailscale.texts import asks_for_enabling, enable_link, is_gone_already, not_enabled
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.command import StreamName

logger = logging.getLogger(__name__)

# Nothing is public while one of these holds, though the Funnel is remembered by Tailscale and comes back with it.
ASLEEP = frozenset(
    {Code.DAEMON_NOT_RUNNING, Code.TAILSCALE_STOPPED, Code.NEEDS_LOGIN, Code.NEEDS_APPROVAL, Code.EDGE_UNREACHABLE}
)
_LOOKS_APART = 0.1
_ANNOUNCED = "Available on the internet"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Touches our own port and mount only. Blocks, bounded."""

    client: Client
    rights: Rights
    memory: Memory
    local_api: LocalApi
    confirm_limit: float

    def publish(self, funnel: Funnel, node: Node, passwords: Passwords, cancel: CancelToken) -> None:
        """Make `funnel` public. Where that fails or is cancelled nothing of it is left.

        Raises AuthNeeded where Funnel is off for the tailnet, TunnelError(port_conflict, needs_privileges, …).
        """
        config = self.client.config(cancel)
        ours = self.memory.funnel()
        check_free(config, funnel, ours)
        if ours == funnel and config.carries(funnel):
            return
        if ours is not None and ours.port != funnel.port:
            self.withdraw(ours, passwords)
        self.memory.keep(funnel)  # first, so that an end of this program in between leaves no Funnel of nobody's
        try:
            self._switch_on(funnel, node, passwords, cancel)
            self._confirm(funnel, cancel)
        except BaseException:
            self._take_back(funnel, passwords)
            raise

    def withdraw(self, funnel: Funnel, passwords: Passwords) -> None:
        """Take `funnel` down, if it is still there and still ours. Raises TunnelError where it could not be done."""
        cancel = CancelToken()  # what is public is not to be left half taken down
        if not self.client.config(cancel).holds(funnel):
            self.memory.forget()
            return
        name = self.client.node(cancel).dns_name
        if name and name != funnel.host:
            # The command reaches the entries of the present name only. Nobody is led to those of the old one.
            logger.info("The Funnel of %s stays behind under that old name", funnel.host)
        else:
            try:
                self._switch_off(funnel, passwords, cancel)
            except TunnelError as error:
                if error.code not in ASLEEP or not self.local_api.remove(funnel):
                    raise
        self.memory.forget()

    def _switch_on(self, funnel: Funnel, node: Node, passwords: Passwords, cancel: CancelToken) -> None:
        said: list[str] = []

        def listen(_stream: StreamName, line: str) -> None:
            said.append(line)
            text = "\n".join(said)
            if asks_for_enabling(text):  # from here on it would wait for a person
                raise not_enabled(enable_link(text), has_https=node.has_https)

        arguments = ["funnel", "--bg", "--yes", f"--https={funnel.port}", funnel.proxy]
        try:
            finished = self.rights.change(self.client, arguments, passwords, cancel, listen)
        except TunnelError as error:
            if error.code is Code.START_TIMEOUT and any(said) and not node.has_funnel:
                raise not_enabled(None, has_https=node.has_https) from error
            raise
        if finished.code != 0:
            raise self.client.failure_of(finished)
        if _ANNOUNCED not in finished.stdout and not node.has_funnel:
            raise not_enabled(None, has_https=node.has_https)

    def _confirm(self, funnel: Funnel, cancel: CancelToken) -> None:
        deadline = time.monotonic() + self.confirm_limit
        while not self.client.config(cancel).carries(funnel):
            if time.monotonic() > deadline:
                raise TunnelError(Code.REFUSED_BY_SERVICE, "not_confirmed", service=TAILSCALE)
            cancel.wait(_LOOKS_APART)

    def _switch_off(self, funnel: Funnel, passwords: Passwords, cancel: CancelToken) -> None:
        arguments = ["serve", "--yes", f"--https={funnel.port}", f"--set-path={MOUNT}", "off"]
        finished = self.rights.change(self.client, arguments, passwords, cancel)
        if finished.code != 0 and not is_gone_already(finished.stderr):
            raise self.client.failure_of(finished)
        if self.client.config(cancel).holds(funnel):
            raise TunnelError(Code.REFUSED_BY_SERVICE, "still_on", service=TAILSCALE)

    def _take_back(self, funnel: Funnel, passwords: Passwords) -> None:
        try:
            self.withdraw(funnel, passwords)
        except TunnelError as error:
            logger.warning("What was begun could not be taken back: %s", error)


def check_free(config: ServeConfig, funnel: Funnel, ours: Funnel | None) -> None:
    """Raise TunnelError(port_conflict) if somebody else uses the public port."""
    holders = config.others(funnel.port, ours)
    if not holders:
        return
    free = next((port for port in PUBLIC_PORTS if not config.others(port, ours)), None)
    if free is None:
        raise TunnelError(Code.PORT_CONFLICT, "funnel_unknown")
    raise TunnelError(Code.PORT_CONFLICT, "funnel", port=funnel.port, holder=holders[0], free=free)
