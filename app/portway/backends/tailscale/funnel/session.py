"""One Funnel that is up, watched on a thread of its own."""

import logging
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime

from portway.backends.tailscale import causes
from portway.backends.tailscale.causes import TAILSCALE
from portway.backends.tailscale.daemon.rights import Passwords
from portway.backends.tailscale.declaration import TailscaleExtras, TailscaleTiming
from portway.backends.tailscale.funnel.lookout import Lookout
from portway.backends.tailscale.funnel.publisher import ASLEEP, Publisher
from portway.backends.tailscale.parse.node import Node
from portway.backends.tailscale.parse.serve_config import Funnel
from portway.backends.tailscale.parse.texts import blocked_by
from portway.core.backend import Context, Listener
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Cancelled, Problem, TunnelError, problem_of
from portway.core.foreign_text import PublicUrl
from portway.system.logs.logs import logging_alike

logger = logging.getLogger(__name__)

_OFFLINE = problem_of(causes.OFFLINE, service=TAILSCALE)
_SWITCHED_OFF = problem_of(causes.FUNNEL_GONE, service=TAILSCALE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a session is made of."""

    funnel: Funnel
    node: Node
    publisher: Publisher
    passwords: Passwords
    listener: Listener
    extras: TailscaleExtras
    timing: TailscaleTiming
    since: datetime | None = None


class FunnelSession:
    """Implements Session. A thread of its own watches the Funnel."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._funnel = opened.funnel
        self._away: Problem | None = None
        self._may_put_back_at = 0.0
        self._over = CancelToken()
        self._closed = False
        self._watch = threading.Thread(target=logging_alike(self._watch_it), name="portway-tailscale", daemon=True)
        self._tell()
        self._watch.start()

    @property
    def public_url(self) -> PublicUrl:
        """The name of this computer in its tailnet, and the public port unless that is 443."""
        return self._funnel.url

    @property
    def since(self) -> datetime | None:
        """When an adopted Funnel came up, in UTC."""
        return self._opened.since

    @property
    def pid(self) -> int | None:
        """None: the daemon carries it, which is not ours."""
        return None

    def close(self, context: Context) -> None:
        """Take our mount down, and nothing else."""
        if self._closed:
            return
        self._stop_watching()
        passwords = replace(self._opened.passwords, given=context.secrets)
        try:
            self._opened.publisher.withdraw(self._funnel, passwords)
        except TunnelError as error:
            if not (context.wanted and error.code in ASLEEP):
                raise
            # It is taken over, or removed, as soon as that is possible.
            logger.info("The Funnel could not be removed, and Tailscale still remembers it: %s", error)
        self._closed = True
        rest = replace(self._opened.extras, tunnel_url=None, enabled=False)
        context.listener.report(rest)

    def leave(self) -> None:
        """Stop watching. Tailscale goes on serving it, and the record tells the next Portway that it is ours."""
        self._stop_watching()
        self._closed = True

    def _stop_watching(self) -> None:
        self._over.cancel()
        if self._watch is not threading.current_thread():
            self._watch.join(self._opened.timing.close_limit)

    def _watch_it(self) -> None:
        opened = self._opened
        client, api = opened.publisher.client, opened.publisher.local_api
        try:
            with Lookout(client, api, opened.node.id, opened.timing, self._over) as lookout:
                while True:
                    lookout.wait()
                    self._check(lookout)
        except Cancelled:
            return
        except TunnelError as error:
            if not self._over.cancelled:  # what was asked for is no loss
                self._opened.listener.lost(error.problem)
        except Exception:  # a border: nothing above this thread would tell
            logger.exception("Watching the Funnel failed: an error of Portway")
            self._opened.listener.lost(Problem(Code.INTERNAL))

    def _check(self, lookout: Lookout) -> None:
        """Check once. Raises the TunnelError by which it is lost."""
        try:
            node, config = lookout.see()
        except Cancelled:
            raise
        except TunnelError as error:
            self._on_no_answer(error)
            return
        blocked = blocked_by(node)
        if blocked is not None:
            raise blocked
        if not node.ready:
            self._go_away(_OFFLINE)
            return
        if node.dns_name != self._funnel.host or not config.carries(self._funnel):
            self._opened.publisher.check_free(config, self._funnel, self._funnel)
            self._put_back(node)
        elif self._away is not None:
            self._come_back()

    def _on_no_answer(self, error: TunnelError) -> None:
        if error.code is Code.DAEMON_NOT_RUNNING:
            self._go_away(error.problem)
        else:
            logger.info("Tailscale could not be asked: %s", error)  # a slow answer is no sign of a lost Funnel

    def _put_back(self, node: Node) -> None:
        """Publish it again: it was switched off elsewhere, or the computer has another name now."""
        if node.dns_name == self._funnel.host:
            self._go_away(_SWITCHED_OFF)
            if time.monotonic() < self._may_put_back_at:  # no contest with a program that switches it off each time
                return
            self._may_put_back_at = time.monotonic() + self._opened.timing.poll
        funnel = replace(self._funnel, host=node.dns_name)
        self._opened.publisher.publish(funnel, node, self._opened.passwords, self._over)
        self._funnel = funnel
        self._come_back()

    def _go_away(self, problem: Problem) -> None:
        if self._away != problem:
            self._away = problem
            self._tell()
            self._opened.listener.recovering(problem)

    def _come_back(self) -> None:
        self._away = None
        self._tell()
        self._opened.listener.recovered(self.public_url)

    def _tell(self) -> None:
        name = self._funnel.host.partition(".")[0]
        answers = self._away is None or self._away.code is not Code.DAEMON_NOT_RUNNING
        self._opened.listener.report(
            replace(
                self._opened.extras,
                tunnel_url=self.public_url,
                enabled=True,
                hostname=name,
                daemon_running=answers,
            )
        )
