"""What has to be true of a cloudflared that runs before its URL counts: which tunnel it serves, and where it leads."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from portway.backends.cloudflared import causes
from portway.backends.cloudflared.declaration import DASHBOARD, PROGRAM, SERVICE, CloudflaredTiming, Managed
from portway.backends.cloudflared.metrics import Configuration, Metrics
from portway.backends.cloudflared.name_look import NameLook
from portway.backends.cloudflared.output import is_public_host
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.foreign_text import PublicUrl, checked_url, harmless_line
from portway.core.target import Target, parse_target

_LONGEST_SERVICE = 100


class Proof(Protocol):
    """Of one tunnel. Its calls ask the metrics server of the program, and block as that does."""

    @property
    def managed(self) -> Managed | None:
        """Who says where it leads; None while that is not known."""

    @property
    def tunnel_id(self) -> str | None:
        """The id by which Cloudflare knows it; None for a quick one, whose name tells it."""

    @property
    def found_name(self) -> bool:
        """Whether its name was found in the DNS just now."""

    def public_url(self, metrics: Metrics) -> PublicUrl | None:
        """Return its URL once its own words agree: an edge, a name, and our target; None: not yet.

        Raises TunnelError where they contradict.
        """

    def check(self, metrics: Metrics) -> None:
        """Look again at where one that is up leads. Raises TunnelError where that is elsewhere by now."""


@dataclass(frozen=True, slots=True)
class QuickProof:
    """Of one that got its name at its start."""

    origin: Target
    managed: Managed | None = Managed.QUICK
    tunnel_id: str | None = None
    found_name: bool = False  # a new one may not be known yet, so nobody asks

    def public_url(self, metrics: Metrics) -> PublicUrl | None:
        if not metrics.ready():
            return None
        host = metrics.public_host()
        if host is None:
            return None
        if metrics.service() != self.origin.url:
            raise _leads_elsewhere()
        return checked_url(f"https://{host}", SERVICE, lambda url: is_public_host(url.host) and url.port is None)

    def check(self, metrics: Metrics) -> None:
        """Nobody can change where it leads."""


@dataclass(slots=True)
class NamedProof:
    """Of one that has a host name of the person's own.

    Cloudflare sends its own configuration, if there is one for this tunnel, some moments after it took it; that
    replaces ours. So this waits for it: as long as is needed where it came the last time, not where it did not.
    """

    url: PublicUrl
    tunnel_id: str | None
    origin: Target
    timing: CloudflaredTiming
    managed: Managed | None = None  # as it was the last time, then as it is
    look: NameLook | None = None
    clock: Callable[[], float] = time.monotonic
    _ready_since: float | None = field(default=None, init=False)

    def public_url(self, metrics: Metrics) -> PublicUrl | None:
        if not metrics.ready() or metrics.tunnel_id() != self.tunnel_id:
            return None
        configuration = metrics.configuration()
        if configuration is None:
            return None
        if self._ready_since is None:
            self._ready_since = self.clock()
        if not configuration.pushed and self.clock() - self._ready_since < self._wait:
            return None
        self._take(configuration)
        if self.look is not None:
            if not self.look.settled:
                return None
            if self.look.found is False:
                raise TunnelError(causes.NO_RECORD, action_url=DASHBOARD, service=SERVICE, host=self.url.host)
        return self.url

    @property
    def found_name(self) -> bool:
        return self.look is not None and self.look.found is True

    def check(self, metrics: Metrics) -> None:
        configuration = metrics.configuration()
        if configuration is not None:
            self._take(configuration)

    @property
    def _wait(self) -> float:
        """For how many seconds no configuration of Cloudflare's means that there is none."""
        if self.managed is Managed.LOCAL:
            return 0.0
        return self.timing.push_missing if self.managed is Managed.REMOTE else self.timing.push_wait

    def _take(self, configuration: Configuration) -> None:
        """Raise TunnelError where it leads visitors of our name elsewhere."""
        if not configuration.pushed:
            if configuration.sole_service != self.origin.url:
                raise _leads_elsewhere()
            self.managed = Managed.LOCAL
            return
        self.managed = Managed.REMOTE
        services = configuration.services_of(self.url.host)
        theirs = next((service for service in services if not _is(service, self.origin)), None)
        if services and theirs is None:
            return
        host, ours = self.url.host, self.origin.url
        if theirs is None or not configuration.names(host):
            raise TunnelError(causes.NO_ROUTE, action_url=DASHBOARD, service=SERVICE, host=host, ours=ours)
        shown = harmless_line(theirs)[:_LONGEST_SERVICE]
        raise TunnelError(
            causes.OTHER_TARGET, action_url=DASHBOARD, service=SERVICE, host=host, ours=ours, theirs=shown
        )


def _is(service: str, origin: Target) -> bool:
    """Whether a service, as the dashboard has it, is the server that was asked for."""
    try:
        return parse_target(service).may_be(origin)
    except TunnelError:
        return False  # of another computer, or none of the web


def _leads_elsewhere() -> TunnelError:
    reason = "it forwards to another server than the one that was asked for"
    return TunnelError(Code.PROCESS_DIED, program=PROGRAM, reason=reason)
