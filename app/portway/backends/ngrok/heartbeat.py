"""Signs of life of one agent session: takes the SDK's callbacks, decides when the SDK has tried long enough."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from enum import Enum, auto

# The SDK tries at once, after 0.05 s and after 2.5 s; its next try comes 2 minutes later, the one after that in 2 h.
_TRIES = 2
_TRIES_WITHIN = 10.0


class SessionEvent(Enum):
    """What happened to an endpoint or to its session."""

    BEAT = auto()
    BEAT_MISSED = auto()
    DISCONNECTED = auto()  # the SDK tries to come back
    GIVEN_UP = auto()  # the SDK's session is over
    ENDED = auto()  # the endpoint is over
    SETTLED = auto()  # a reconnect was not refused
    STOP_ASKED = auto()  # in ngrok's dashboard
    RESTART_ASKED = auto()
    SLEPT = auto()  # the computer did


EventListener = Callable[[SessionEvent], None]


class Heartbeat:
    """Listeners are called on the loop, where `watch`, `leave` and `left_to` are called as well.

    All other public methods but the properties run on threads of the SDK.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._listeners: tuple[EventListener, ...] = ()  # one for each endpoint
        self.beaten = asyncio.Event()
        self._loop = loop
        self._over = False
        self._last_beat = -float("inf")
        self._cuts: list[float] = []

    @property
    def watched(self) -> bool:
        """Whether there is an endpoint on the session."""
        return bool(self._listeners)

    def watch(self, listener: EventListener) -> None:
        """Tell `listener` what happens from now on, too."""
        self._listeners = (*self._listeners, listener)

    def leave(self, listener: EventListener) -> None:
        """Tell it nothing more."""
        self._listeners = tuple(one for one in self._listeners if one is not listener)

    def left_to(self, listener: EventListener) -> None:
        """Tell nobody else any more."""
        self._listeners = (listener,)

    @property
    def over(self) -> bool:
        """Whether the session is over for good."""
        return self._over

    def end(self) -> None:
        """Let the SDK try no more. Any thread."""
        self._over = True

    def beat_within(self, seconds: float) -> bool:
        """Whether the service answered lately. Any thread."""
        return time.monotonic() - self._last_beat <= seconds

    def on_heartbeat(self, milliseconds: int | None = None) -> None:
        """Take a heartbeat; the SDK calls without argument where none came."""
        if milliseconds is None:
            self._post(SessionEvent.BEAT_MISSED)
        else:
            self._last_beat = time.monotonic()
            self._post(SessionEvent.BEAT)

    def on_disconnection(self, _address: str, _error: str) -> None:
        """Take the announcement of a try to reconnect. Raises to forbid it, which ends the SDK's session for good."""
        now = time.monotonic()
        self._cuts = [cut for cut in self._cuts if now - cut < _TRIES_WITHIN] + [now]
        if self._over or not self._listeners or len(self._cuts) > _TRIES:
            self._over = True
            self._post(SessionEvent.GIVEN_UP)
            raise ConnectionError("Portway connects anew")
        self._post(SessionEvent.DISCONNECTED)

    def on_stop(self) -> None:
        """Take a stop from the dashboard. To obey is our business: the SDK goes on."""
        self._post(SessionEvent.STOP_ASKED)

    def on_restart(self) -> None:
        """Take a restart from the dashboard."""
        self._post(SessionEvent.RESTART_ASKED)

    def _post(self, event: SessionEvent) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._deliver, event)

    def _deliver(self, event: SessionEvent) -> None:
        if event is SessionEvent.BEAT:
            self.beaten.set()
        for listener in self._listeners:
            listener(event)
