"""Switches one Funnel on and off, and believes nothing but what Tailscale then says it serves."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portway.backends.tailscale.client import Client
from portway.backends.tailscale.declaration import PUBLIC_PORTS, TAILSCALE
from portway.backends.tailscale.local_api import LocalApi
from portway.backends.tailscale.memory import Memory
from portway.backends.tailscale.node import Node
from portway.backends.tailscale.rights import Passwords, Rights
from portway.backends.tailscale.serve_config import MOUNT, Funnel, ServeConfig
from portway.backends.tailscale.texts import asks_for_enabling, enable_link, is_gone_already, is_race, not_enabled
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.command import Finished, LineListener, StreamName

logger = logging.getLogger(__name__)

# Nothing is public while one of these holds, though the Funnel is remembered by Tailscale and comes back with it.
ASLEEP = frozenset(
    {Code.DAEMON_NOT_RUNNING, Code.TAILSCALE_STOPPED, Code.NEEDS_LOGIN, Code.NEEDS_APPROVAL, Code.EDGE_UNREACHABLE}
)
_LOOKS_APART = 0.1
_TRIES = 3  # where somebody else changes the configuration at the same moment
_BETWEEN_TRIES = 0.2
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
        self._require_funnel(node, cancel)
        if ours is not None and ours != funnel:
            self.withdraw(ours, passwords)
            ours = None
        self.memory.keep(funnel)  # first, so that an end of this program in between leaves no Funnel of nobody's
        try:
            self._switch_on(funnel, ours, node, passwords, cancel)
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
        node = self.client.node(cancel)
        if node.dns_name and node.dns_name != funnel.host:
            # The command reaches the entries of the present name only. Nobody is led to those of the old one.
            if not self.local_api.remove(funnel, node):
                logger.info("The Funnel of %s stays behind under that old name", funnel.host)
        else:
            try:
                self._switch_off(funnel, passwords, cancel)
            except TunnelError as error:
                if error.code not in ASLEEP or not self.local_api.remove(funnel, node):
                    raise
        self.memory.forget()

    def _require_funnel(self, node: Node, cancel: CancelToken) -> None:
        """Raise AuthNeeded if the tailnet is known to be without Funnel: the command would wait for a person."""
        if node.has_funnel and node.has_https:
            return
        feature = self.local_api.funnel(node, cancel)
        if feature is not None and not feature.complete:
            raise not_enabled(feature.page, has_https=node.has_https)

    def _switch_on(
        self, funnel: Funnel, ours: Funnel | None, node: Node, passwords: Passwords, cancel: CancelToken
    ) -> None:
        said: list[str] = []

        def listen(stream: StreamName, line: str) -> None:
            if stream == "stderr":  # a warning may name a page, too
                return
            said.append(line)
            text = "\n".join(said)
            if asks_for_enabling(text):  # from here on it would wait for a person
                raise not_enabled(enable_link(text), has_https=node.has_https)

        arguments = ["funnel", "--bg", "--yes", f"--https={funnel.port}", funnel.proxy]
        try:
            finished = self._change(
                arguments, passwords, cancel, lambda config: check_free(config, funnel, ours), listen
            )
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
        finished = self._change(arguments, passwords, cancel)
        if finished.code != 0 and not is_gone_already(finished.stderr):
            raise self.client.failure_of(finished)
        if self.client.config(cancel).holds(funnel):
            raise TunnelError(Code.REFUSED_BY_SERVICE, "still_on", service=TAILSCALE)

    def _change(
        self,
        arguments: Sequence[str],
        passwords: Passwords,
        cancel: CancelToken,
        check: Callable[[ServeConfig], None] = lambda _config: None,
        listen: LineListener | None = None,
    ) -> Finished:
        """Call the command; where somebody else changed something at the same moment, `check` what, and try again."""
        for _ in range(_TRIES - 1):
            finished = self.rights.change(self.client, arguments, passwords, cancel, listen)
            if finished.code == 0 or not is_race(finished.stderr):
                return finished
            cancel.wait(_BETWEEN_TRIES)
            check(self.client.config(cancel))
        return self.rights.change(self.client, arguments, passwords, cancel, listen)

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
