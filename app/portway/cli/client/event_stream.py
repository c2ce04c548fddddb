"""What the running program tells as it happens: statuses, and requests where they are recorded."""

import threading
import time
from collections import Counter, deque
from collections.abc import Iterator

from portway.cli.client.client import Answer, Client, Frame, Record, failure
from portway.cli.failure import Failed

STATUS, REQUEST = "status", "request"  # the types of events, as the API names them
_MOST_WAITING = 500  # events that nobody takes: a terminal may stand still for hours
_POLL = 0.5  # seconds: on Windows, Ctrl-C is noticed only between two waits


class EventStream:
    """Reads the event stream on a thread of its own: a read from a socket cannot be interrupted everywhere.

    Whoever takes the events may be slow. Then requests are only counted, and statuses that a newer one follows are
    left out: what waits is bounded, and Portway never waits for us.
    """

    def __init__(self, client: Client, *types: str) -> None:
        self._client = client
        self._path = f"/api/events?types={','.join(types)}" if types else "/api/events"
        self._waiting = _Waiting()
        threading.Thread(target=self._read, name="news", daemon=True).start()

    def of(self, tunnel: str, limit: float | None = None) -> Iterator[Record]:
        """Yield the status of one tunnel now and at every change, for up to `limit` seconds. Raises Failed."""
        for status in self.statuses(limit):
            if status.get("id") == tunnel:
                yield status

    def statuses(self, limit: float | None = None) -> Iterator[Record]:
        """Yield every status now and at every change, for up to `limit` seconds. Raises Failed."""
        return (frame.data for frame in self.frames(limit) if frame.event == STATUS)

    def frames(self, limit: float | None = None) -> Iterator[Frame]:
        """Yield every event, for up to `limit` seconds. Raises Failed."""
        until = None if limit is None else time.monotonic() + limit
        while True:
            wait = _POLL if until is None else min(_POLL, until - time.monotonic())
            if wait <= 0:
                return
            frame = self._waiting.take(wait)
            if isinstance(frame, Failed):
                raise frame
            if frame is not None:
                yield frame

    def _read(self) -> None:
        try:
            self._read_once()
            while self._client.answers():  # Portway drops one who was stopped for long, and did not read
                self._read_again()
            raise Failed("Portway has ended.")  # noqa: TRY301 - the one place where the reading ends
        except Failed as failed:
            self._waiting.end(failed)

    def _read_again(self) -> None:
        """Read once more. A Portway that is about to end may have answered just before."""
        try:
            self._read_once()
        except Failed:
            if self._client.answers():
                raise

    def _read_once(self) -> None:
        with self._client.stream("GET", self._path) as frames:
            if isinstance(frames, Answer):
                raise failure(frames.body)
            for frame in frames:
                self._waiting.put(frame)


class _Waiting:
    """Events between the thread that reads them and the one that takes them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frames: deque[Frame] = deque()
        self._more: Counter[str] = Counter()  # requests that found no room, by tunnel
        self._end: Failed | None = None

    def put(self, frame: Frame) -> None:
        with self._changed:
            if len(self._frames) < _MOST_WAITING:
                self._frames.append(frame)
            elif frame.event == REQUEST:
                self._more[frame.data["tunnel"]] += frame.data.get("more", 1)
            else:
                self._replace(frame)
            self._changed.notify()

    def end(self, failed: Failed) -> None:
        """Nothing more comes."""
        with self._changed:
            self._end = failed
            self._changed.notify()

    def take(self, limit: float) -> Frame | Failed | None:
        """Return what came first, after all of it the failure that was the end; None if nothing comes in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._frames or self._more or self._end, limit)
            if self._frames:
                return self._frames.popleft()
            if self._more:
                tunnel, more = self._more.popitem()
                return Frame(REQUEST, {"more": more, "tunnel": tunnel})
            return self._end

    def _replace(self, frame: Frame) -> None:
        """Keep a status in the place of an older one of the same tunnel, so that at most one for each is added."""
        for older in self._frames:
            if older.event == frame.event and older.data.get("id") == frame.data.get("id"):
                self._frames.remove(older)
                break
        self._frames.append(frame)
