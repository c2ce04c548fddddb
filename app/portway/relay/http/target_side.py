"""One visitor's connection to the target: made, made anew for another request, and dropped."""

from collections.abc import Callable
from typing import Protocol

from portway.relay.engine.end import End
from portway.relay.engine.forwarder import Limits
from portway.relay.engine.loop import Loop, Timer
from portway.relay.engine.wires import connecting_waits_for
from portway.relay.http.site import Dials


class TargetOwner(Protocol):
    """Hears how the target's connection fares, on the loop's thread."""

    def on_target(self, events: int) -> None:
        """It is ready for these events."""

    def connected(self) -> None:
        """It is there."""

    def not_connected(self, error: OSError, *, dialled: bool) -> None:
        """It could not be made: the target did not take it, or could not even be dialled."""


class TargetSide:
    """Lives on the loop's thread. `end` is None while there is no connection, not even one that is being made."""

    __slots__ = ("_aim", "_deadline", "_dials", "_limits", "_loop", "_owner", "connecting", "end", "ended", "used")

    def __init__(self, loop: Loop, dials: Dials, limits: Limits, owner: TargetOwner) -> None:
        self.end: End | None = None
        self.connecting = False
        self.ended = False  # it said so, without having been asked for anything
        self.used = False  # it has answered a request before
        self._loop = loop
        self._dials = dials
        self._limits = limits
        self._owner = owner
        self._aim: object = None
        self._deadline: Timer | None = None

    @property
    def fits(self) -> bool:
        """Whether the connection, if there is one, may carry another request."""
        return not self.ended and self._aim is self._dials.aim

    @property
    def takes(self) -> bool:
        """Whether more can be sent to it now."""
        return self.end is not None and not self.connecting and self.end.waiting is None

    def dial(self) -> None:
        """Make a connection, and tell the owner how that went: at once, or later."""
        self._aim = self._dials.aim
        self.used = self.ended = False
        try:
            self.end = End(self._loop, self._dials.begin(), self._on_connecting)
        except OSError as error:
            self._owner.not_connected(error, dialled=False)
            return
        self.connecting = True
        self.wait_at_most(self._limits.dial, self._on_too_long)
        self._on_connecting(0)

    def drop(self) -> None:
        """End the connection; the next request gets another one."""
        if self.end is not None:
            self.end.close()
            self.end = None
            self.connecting = self.ended = False

    def say_no_more(self) -> None:
        """Tell it, once it is connected, that the visitor has said all."""
        if self.end is not None and not self.connecting:
            self.end.say_no_more()

    def close(self, *, reset: bool) -> None:
        """Free all of it, for good."""
        self.wait_no_longer()
        if self.end is not None:
            self.end.close(reset=reset)

    def wait_at_most(self, seconds: float, then: Callable[[], None]) -> None:
        """Give it so much time for what is due now."""
        self.wait_no_longer()
        self._deadline = self._loop.later(seconds, then)

    def wait_no_longer(self) -> None:
        """It came, or does not matter any longer."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _on_connecting(self, _events: int) -> None:
        if self.end is None:
            return
        try:
            waits_for = connecting_waits_for(self.end.wire)
        except OSError as error:
            self._refused(error)
            return
        if waits_for:
            self.end.wait(waits_for)
            return
        self.connecting = False
        self.wait_no_longer()
        self.end.call(self._owner.on_target)
        self._owner.connected()

    def _on_too_long(self) -> None:
        self._refused(TimeoutError("the target took too long to take the connection"))

    def _refused(self, error: OSError) -> None:
        self.wait_no_longer()
        self.drop()
        self._owner.not_connected(error, dialled=True)
