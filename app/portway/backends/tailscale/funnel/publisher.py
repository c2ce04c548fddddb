"""Switches one Funnel on and off, and confirms each by what Tailscale then says it serves."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from portway.backends.tailscale import causes
from portway.backends.tailscale.causes import TAILSCALE
from portway.backends.tailscale.daemon.client import Client
from portway.backends.tailscale.daemon.local_api import LocalApi
from portway.backends.tailscale.daemon.rights import Passwords, Rights
from portway.backends.tailscale.declaration import PUBLIC_PORTS
from portway.backends.tailscale.funnel.memory import Memory
from portway.backends.tailscale.parse.node import Node
from portway.backends.tailscale.parse.serve_config import MOUNT, Funnel, ServeConfig, public_url
from portway.backends.tailscale.parse.texts import asks_for_enabling, enable_link, is_gone_already, is_race, not_enabled
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.foreign_text import checked_url
from portway.system.processes.command import Finished, LineListener, StreamName

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
    siblings: Callable[[], tuple[Funnel, ...]] = tuple  # what our other tunnels publish: nobody else's either

    def publish(self, funnel: Funnel, node: Node, passwords: Passwords, cancel: CancelToken) -> None:
        """Make `funnel` public. Where that fails or is cancelled nothing of it is left.

        Raises AuthNeeded where Funnel is off for the tailnet, TunnelError(port_conflict, needs_privileges, …).
        """
        checked_url(public_url(funnel.host, funnel.port), TAILSCALE, lambda url: url.host == funnel.host.lower())
        config = self.client.config(cancel)
        ours = self.memory.funnel()
        self.check_free(config, funnel)
        if ours == funnel and config.carries(funnel):
            return
        self._require_funnel(node, cancel)
        if ours is not None and ours != funnel:
            self.withdraw(ours, passwords)
            ours = None
        self.memory.keep(funnel)  # first, so that a crash in between leaves no Funnel that nobody recognises
        try:
            self._switch_on(funnel, node, passwords, cancel)
            self._confirm(funnel, cancel)
        except BaseException:
            self._take_back(funnel, passwords)
            raise
        self._clear_left_behind(node)

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
                self.memory.leave_behind(funnel)
                logger.info("The entry of the Funnel stays under the old name %s of this computer", funnel.host)
        else:
            try:
                self._switch_off(funnel, passwords, cancel)
            except TunnelError as error:
                if error.code not in ASLEEP or not self.local_api.remove(funnel, node):
                    raise
        self.memory.forget()

    def check_free(self, config: ServeConfig, funnel: Funnel, *more: Funnel) -> None:
        """Raise TunnelError(port_conflict) if somebody else uses the public port; `more` are known to be ours.

        A mount of ours under a former name of this computer is none of somebody else: `tailscale funnel` would not
        mind it either.
        """
        own = [one for one in (self.memory.funnel(), *self.memory.left_behind(), *more) if one is not None]
        holders = config.others(funnel.port, [*own, *self.siblings()])
        if not holders:
            return
        free = next((port for port in PUBLIC_PORTS if not config.others(port, own)), None)
        if free is None:
            raise TunnelError(causes.PORT_USED_SOMEHOW)
        raise TunnelError(causes.PORT_USED, port=funnel.port, holder=holders[0], free=free)

    def _clear_left_behind(self, node: Node) -> None:
        """Remove what is still there under former names; where that cannot be done it harms nobody."""
        for old in self.memory.left_behind():
            if old.host != node.dns_name and self.local_api.remove(old, node):
                self.memory.forget_left_behind(old)

    def _require_funnel(self, node: Node, cancel: CancelToken) -> None:
        """Raise AuthNeeded if the tailnet is known to be without Funnel: the command would wait for a person."""
        if node.has_funnel and node.has_https:
            return
        feature = self.local_api.funnel(node, cancel)
        if feature is not None and not feature.complete:
            raise not_enabled(feature.page, has_https=node.has_https)

    def _switch_on(self, funnel: Funnel, node: Node, passwords: Passwords, cancel: CancelToken) -> None:
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
            finished = self._change(arguments, passwords, cancel, partial(self.check_free, funnel=funnel), listen)
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
                raise TunnelError(causes.NOT_CONFIRMED, service=TAILSCALE)
            cancel.wait(_LOOKS_APART)

    def _switch_off(self, funnel: Funnel, passwords: Passwords, cancel: CancelToken) -> None:
        arguments = ["serve", "--yes", f"--https={funnel.port}", f"--set-path={MOUNT}", "off"]
        finished = self._change(arguments, passwords, cancel)
        if finished.code != 0 and not is_gone_already(finished.stderr):
            raise self.client.failure_of(finished)
        if self.client.config(cancel).holds(funnel):
            raise TunnelError(causes.STILL_ON, service=TAILSCALE)

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
            logger.warning("A Funnel that failed to start could not be removed: %s", error)
