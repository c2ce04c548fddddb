"""Who may open one tunnel, and until when: what is wanted is handed to its relay, and its end is waited for."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.deadline import Deadline, Ends, Until
from portway.core.guard.reasons import Reason, Why, why
from portway.core.hub import KeptOut
from portway.core.lifecycle import GuardSet, Looked, RanOut
from portway.core.secret import Secret
from portway.core.status import Proof, Traffic, Verified
from portway.runtime.precise_timer import be_precise
from portway.runtime.tunnel.attempt import Attempt, Terms
from portway.runtime.tunnel.relays import TunnelRelay
from portway.runtime.tunnel.status_board import StatusBoard
from portway.runtime.tunnel.wish import DesiredState
from portway.system.desktop.awake import Clock

if TYPE_CHECKING:
    from portway.relay.streaming import Way
    from portway.system.network.outside import Outside

TOLD_BEFORE = 300.0  # seconds before the end
_NO_RELAY = why(Reason.NO_RELAY)
_LOOKED_EVERY = 30.0  # seconds: a timer stands still while the computer sleeps


class Protection(QObject):
    """Lives on the main thread. What the wish says of it reaches the relay at once, whatever that is doing."""

    changed = Signal()  # other terms hold, while something may be open
    expired = Signal(object)  # Problem
    ends_soon = Signal()

    def __init__(  # noqa: PLR0913, PLR0917 - what it reads, what it changes, and by which clock
        self,
        wish: DesiredState,
        relay: TunnelRelay,
        board: StatusBoard,
        logger: logging.Logger,
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._logger = logger
        self._wish = wish
        self._relay = relay
        self._board = board
        self._clock = clock
        self._waits_for: Deadline | None = None
        self._told = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    @property
    def stands(self) -> bool:
        """Whether anybody is to be kept out, now or later: that takes a relay."""
        return self._wish.guard.stands or self._wish.deadline is not None or self._wish.until is not None

    @property
    def is_passed(self) -> bool:
        """Whether visitors pass Portway: after an edge came back nothing may have been counted yet."""
        return self._relay.is_open or self._board.status.traffic is not None

    def keeps_out(self, attempt: Attempt | None) -> bool:
        """Whether what is open passes a relay, if anybody is to be kept out."""
        return attempt is None or attempt.relayed or not self.stands

    def needed_by(self, attempt: Attempt) -> Attempt:
        """Return an attempt that goes through a relay where that is needed."""
        return dataclasses.replace(attempt, relayed=attempt.relayed or self.stands)

    def hold(self, secret: Secret | None = None) -> None:
        """Let what is wanted hold for visitors from now on. `secret` is a new password, else that of the wish."""
        wish = self._wish
        change = None if wish.request is None else wish.request.guard
        given = secret if secret is not None or change is None else change.secret
        self._relay.guard_by(
            Terms(guard=wish.guard, password=given, password_name=wish.password_name, deadline=wish.deadline)
        )
        deadline = wish.deadline
        if deadline != self._waits_for:
            self._waits_for = deadline
            self._told = deadline is not None and deadline.left(self._clock()) <= TOLD_BEFORE
        at = None if deadline is None else deadline.at
        self._board.advance(GuardSet(wish.guard, at, until_logout=wish.until is not None))
        self.look()

    def follow(self, changed: Collection[str], secret: Secret | None) -> None:
        """The tunnel's own guard has changed in what is named; `secret` is a new password."""
        self._wish.follow_guard(changed)
        self.renew(secret)

    def renew(self, secret: Secret | None = None) -> None:
        """Let what has changed hold, and be stored."""
        if self._wish.wanted:
            self._wish.keep()
        self.hold(secret)
        self.changed.emit()
        self._board.publish()

    def end_in(self, ends: Ends | None) -> None:
        """Let it stop by itself then, or not at all. Without a wish there is nothing to stop."""
        if self._wish.wanted:
            self._wish.until = ends if isinstance(ends, Until) else None
            seconds = None if isinstance(ends, Until) else ends
            self._wish.deadline = None if seconds is None else Deadline.within(seconds, self._clock())

    def log_out(self) -> None:
        """The person logs out, or the computer goes to sleep: end what was to end with that."""
        if self._wish.until is not None:
            self._end(Problem(Code.EXPIRED, "logout"))

    def extend(self, seconds: float) -> bool:
        """Let it stop so much later, or so long from now if no time was named; False while nothing is wanted."""
        if self._wish.deadline is None:
            self.end_in(seconds)
        else:
            self._wish.deadline = self._wish.deadline.later_by(seconds)
        self.renew()
        return self._wish.wanted

    def one_time_link(self) -> str | None:
        """Return a URL that lets one device in; None where nobody is asked for a password, or can come."""
        status = self._board.status
        path = self._relay.one_time_link() if status.running else None
        return None if path is None or status.public_url is None else status.public_url.rstrip("/") + path

    def link_waits(self, link: str) -> bool:
        """Whether this link of the tunnel, as it is reached now, was not used yet."""
        url = self._board.status.public_url
        if url is None or not self._board.status.running or not link.startswith(url.rstrip("/") + "/"):
            return False
        return self._relay.link_waits(link.removeprefix(url.rstrip("/")))

    def kept_out(self) -> tuple[KeptOut, ...]:
        """Return those who were kept out since it came up, the latest first."""
        return self._relay.kept_out()

    def visits(self) -> Mapping[str, datetime]:
        """Return when those who may come were there last, by entry of the rule about addresses."""
        return self._relay.visits()

    def verify(self, outside: Outside, environment: Mapping[str, str], settles: float) -> Callable[[], Verified] | None:
        """Return what looks at the public URL from outside, on another thread; None where there is none.

        `settles` is how long after it came up its name is not to be asked for, in seconds.
        """
        status, relay, passes = self._board.status, self._relay, self.is_passed
        url = status.public_url
        if not status.running or url is None:
            return None
        wait = settles - self._board.age
        self.looked(Verified(state=Proof.PENDING))

        def look() -> Verified:
            if not passes:
                return Verified(state=Proof.UNKNOWN, at=datetime.now(UTC), reason=_NO_RELAY)
            from portway.runtime.tunnel.proof import verify  # late: few ask for it, and it brings OpenSSL

            time.sleep(max(0.0, wait))
            return verify(url, relay, outside, environment)

        return look

    def find_way(
        self, outside: Outside, environment: Mapping[str, str], settles: float
    ) -> Callable[[], Way | Why] | None:
        """Return what finds out where to send a test of streams, on another thread; None where there is no URL.

        The relay then answers that test, until `end_test`. `settles` as in `verify`. Instead of the way it may return
        why that cannot be known from here.
        """
        status, relay, passes = self._board.status, self._relay, self.is_passed
        url = status.public_url
        if not status.running or url is None:
            return None
        wait = settles - self._board.age

        def find() -> Way | Why:
            from portway.relay.streaming import find_way  # late, as above
            from portway.system.network.outside import NotKnownError

            if not passes:
                return _NO_RELAY
            time.sleep(max(0.0, wait))
            try:
                return find_way(url, relay, outside, environment)
            except NotKnownError as error:
                return error.why

        return find

    def end_test(self) -> None:
        """Let the relay answer no test any longer."""
        self._relay.end_stage()

    def looked(self, verified: Verified) -> None:
        """Show what was found."""
        self._board.advance(Looked(verified))
        self._board.publish()

    def rest(self) -> None:
        """Nothing is wanted any longer. Whoever is still there stays kept to what held, until the relay ends."""
        self._timer.stop()
        self._waits_for = None
        self._relay.forget_visitors()
        self._board.advance(GuardSet(self._wish.guard, None))

    def ran_out(self, problem: Problem) -> None:
        """Show why it has ended by itself, where nothing was open."""
        self._board.advance(RanOut(problem))
        self._board.publish()

    @Slot()
    def look(self) -> None:
        """See how late it is: the computer may have slept, and its date may have been changed."""
        deadline = self._waits_for
        self._timer.stop()
        if deadline is None:
            return
        left = deadline.left(self._clock())
        if left <= 0:
            self._end(_over(self._board.status.traffic))
            return
        soon = left - TOLD_BEFORE
        if soon <= 0 and not self._told:
            self._told = True
            self._logger.info("It stops by itself in %d minutes", round(left / 60))
            self.ends_soon.emit()
        wait = min(left, _LOOKED_EVERY, soon if soon > 0 else left)
        be_precise(self._timer)
        self._timer.start(max(1, round(wait * 1000)))

    def _end(self, problem: Problem) -> None:
        self._logger.info("%s", problem.sentence)
        self._relay.expire()  # those who are in are cut off first, whatever else takes its time
        self.expired.emit(problem)


def _over(traffic: Traffic | None) -> Problem:
    """Return that its time is over, with how much passed, and not what."""
    if traffic is None:
        return Problem(Code.EXPIRED)
    figures = {name: str(getattr(traffic, name)) for name in ("requests", "visitors", "refused")}
    return Problem(Code.EXPIRED, "summary", figures)
