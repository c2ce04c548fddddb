"""Tests of what gets through a way out, one at a time: its parts on threads beside, what came of them here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.guard.reasons import Reason, Why, why
from portway.core.hub import StreamsTest, Unsubscribe
from portway.core.status import Passage, StreamCheck, StreamTest
from portway.runtime.side_threads import SideThreads
from portway.runtime.tunnel.tunnel import Tunnel

if TYPE_CHECKING:
    from portway.system.network.outside import Outside

Told = Callable[[StreamCheck | None], None]


class StreamTests:
    """Lives on the main thread."""

    def __init__(self, aside: SideThreads, environment: Mapping[str, str]) -> None:
        self._aside = aside
        self._environment = environment
        self._at_work = False

    def of(self, tunnel: Tunnel, outside: Outside) -> StreamsTest:
        """Return what begins one. Raises TunnelError(not_running, too_busy)."""
        if self._at_work:
            raise TunnelError(Code.TOO_BUSY, "streams")
        protection = tunnel.protection
        find = protection.find_way(outside, self._environment, tunnel.backend.name_settles)
        if find is None:
            raise TunnelError(Code.NOT_RUNNING, what=tunnel.backend.title)

        def begin(told: Told) -> Unsubscribe:
            self._at_work = True
            run = _Run(self._aside, outside, told, self._over, protection.end_test)
            self._aside.run(find, run.found)
            return run.leave

        return begin

    def _over(self) -> None:
        self._at_work = False


class _Run:
    """One of them."""

    def __init__(
        self, aside: SideThreads, outside: Outside, told: Told, over: Callable[[], None], end_test: Callable[[], None]
    ) -> None:
        self._aside = aside
        self._outside = outside
        self._told = told
        self._over = over
        self._end_test = end_test
        self._left = set(StreamTest)
        self._is_heard = True

    def found(self, way: object) -> None:
        """Send all parts at once, or say why none can be."""
        from portway.relay.streaming import Way, check  # late: few ask for it, and it brings OpenSSL

        if isinstance(way, Way) and self._is_heard:
            for test in StreamTest:
                self._aside.run(partial(check, test, way, self._outside), partial(self._ended, test))
            return
        reason = way if isinstance(way, Why) else why(Reason.FAULT)
        for test in StreamTest:
            self._ended(test, StreamCheck(test, Passage.UNKNOWN, reason))

    def leave(self) -> None:
        """Nobody listens any longer: what is under way is cut."""
        if self._is_heard:
            self._is_heard = False
            self._end_test()

    def _ended(self, test: StreamTest, came: object) -> None:
        unknown = StreamCheck(test, Passage.UNKNOWN, why(Reason.FAULT))
        self._left.discard(test)
        if self._is_heard:
            self._told(came if isinstance(came, StreamCheck) else unknown)
        if not self._left:
            self._end_test()
            self._over()
            if self._is_heard:
                self._is_heard = False
                self._told(None)
