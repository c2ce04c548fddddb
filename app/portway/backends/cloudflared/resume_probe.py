"""Whether a tunnel still carries after the computer slept, which cloudflared itself may not know for minutes.

Over http2 a connection that was dropped meanwhile shows after 149 seconds, and its /ready says 200 until then; a gap of
20 seconds does no harm. So the tunnel is visited from outside until a visit arrives.
"""

import logging
import threading
import time
from collections.abc import Callable

from portway.backends.cloudflared.declaration import CloudflaredTiming
from portway.backends.cloudflared.metrics import Metrics
from portway.core.cancel import CancelToken
from portway.system.desktop.awake import Clock

logger = logging.getLogger(__name__)

_ASLEEP = 20.0  # seconds between two calls of `notice`
LONGEST_PAUSE = 10.0  # seconds between them while the computer is awake

Visit = Callable[[str, float], bool]


def visit(public_url: str, limit: float) -> bool:
    """Ask for the public URL, and return whether Cloudflare was reached. Blocks up to about twice `limit` seconds."""
    import requests  # late: 10 MiB that only a computer which slept needs

    with requests.Session() as session:
        session.auth = lambda request: request  # a .netrc holds logins that are not for us
        try:
            session.head(public_url, headers={"User-Agent": "portway"}, timeout=limit, allow_redirects=False)
        except requests.ReadTimeout:
            return True  # it waits for a tunnel that does not answer
        except requests.RequestException as error:
            logger.debug("The public URL could not be visited: %s", type(error).__name__)
            return False
    return True


class ResumeProbe:
    """Checks one tunnel after each sleep of the computer. Its methods are for the thread that watches the tunnel."""

    def __init__(
        self, public_url: str, metrics_port: int, timing: CloudflaredTiming, clock: Clock, visit: Visit
    ) -> None:
        self._public_url = public_url
        self._metrics = Metrics(metrics_port, CancelToken())  # bounded, and on a thread that nobody waits for
        self._timing = timing
        self._clock = clock
        self._visit = visit
        self._noticed = clock()
        self._settled = threading.Event()  # set once no check is under way
        self._settled.set()
        self._broken = False
        self._changed = threading.Event()

    @property
    def broken(self) -> bool:
        """Whether Cloudflare was reached, and no visit came through."""
        return self._broken and not self._settled.is_set()

    def changed(self) -> bool:
        """Return, once, that `broken` has changed."""
        if not self._changed.is_set():
            return False
        self._changed.clear()
        return True

    def notice(self, wake: Callable[[], None]) -> None:
        """Start a check if the computer slept since the last call; `wake` is called with its result."""
        before, self._noticed = self._noticed, self._clock()
        if self._noticed - before < _ASLEEP:
            return
        logger.info("The computer slept for about %.0f seconds: the tunnel is checked", self._noticed - before)
        stood = self.broken  # from an earlier sleep: that is not over only because another one was
        self.settle()
        self._settled, self._broken = threading.Event(), stood
        asking = threading.Thread(target=self._ask, args=(self._settled, wake), name="visit after sleep", daemon=True)
        asking.start()

    def settle(self) -> None:
        """End the check: cloudflared has noticed by itself, or the tunnel is closed."""
        self._settled.set()

    def _ask(self, settled: threading.Event, wake: Callable[[], None]) -> None:
        """Visit until a visit arrives, or until cloudflared must know by itself; the network may be away meanwhile."""
        deadline = time.monotonic() + self._timing.silent_loss
        while not settled.is_set() and time.monotonic() < deadline:
            before = self._metrics.visits()
            reached = self._visit(self._public_url, self._timing.probe_limit)
            after = self._metrics.visits()
            if before is not None and after is not None:
                if after > before:
                    break
                if reached and not self._broken and not settled.is_set():
                    self._broken = True
                    self._tell(wake)
            settled.wait(self._timing.origin_watch_down)
        settled.set()
        self._tell(wake)

    def _tell(self, wake: Callable[[], None]) -> None:
        self._changed.set()
        wake()
