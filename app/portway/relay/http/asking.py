"""From a visitor to the target: one request after the other, and the body of each."""

from typing import Protocol

from portway.relay.engine.end import End
from portway.relay.engine.forwarder import Limits
from portway.relay.engine.loop import Loop, Timer
from portway.relay.http.exchange import Exchange
from portway.relay.http.framing import Chunked, Framing, Sized
from portway.relay.http.heads import (
    END_OF_HEAD,
    MOST_HEAD,
    MalformedHeadError,
    RequestHead,
    may_become_request,
    request_bytes,
)
from portway.relay.http.site import Site
from portway.relay.http.target_side import TargetSide

_MOST_HELD = 64 * 1024  # of what a visitor says before its turn


class AskingOwner(Protocol):
    """The connection of which this is one direction."""

    @property
    def exchange(self) -> Exchange | None:
        """The one under way."""

    @property
    def moved_at(self) -> float:
        """When something came last, monotonic, in seconds."""

    def asked(self, head: RequestHead) -> None:
        """A request has come, and is not sent yet."""

    def collected(self, exchange: Exchange, body: bytes) -> None:
        """All of a request that is for us has come."""

    def asked_otherwise(self) -> None:
        """What the visitor says is no HTTP/1."""

    def upload_ended(self) -> None:
        """All of a request has gone out."""

    def visitor_ended(self) -> None:
        """The visitor has said all."""

    def reset(self) -> None:
        """Nothing good can come of it any longer."""


class Asking:
    """Lives on the loop's thread. `held` is what the visitor said and is not for the exchange under way."""

    __slots__ = (
        "_chunk",
        "_collected",
        "_deadline",
        "_limits",
        "_loop",
        "_owner",
        "_site",
        "_store",
        "_target",
        "_upload",
        "_uploaded",
        "_visitor",
        "begun_at",
        "ended",
        "heard",
        "held",
    )

    def __init__(  # noqa: PLR0913, PLR0917 - both ends, and what lies between them
        self,
        loop: Loop,
        owner: AskingOwner,
        site: Site,
        limits: Limits,
        visitor: End,
        target: TargetSide,
        chunk: bytearray,
    ) -> None:
        self.held = b""
        self.heard = False  # the visitor said something
        self.ended = False  # and nothing more comes
        self.begun_at = owner.moved_at
        self._loop = loop
        self._owner = owner
        self._site = site
        self._limits = limits
        self._visitor = visitor
        self._target = target
        self._store = chunk
        self._chunk = memoryview(chunk)
        self._upload: Framing | None = None
        self._uploaded = 0
        self._collected: bytearray | None = None  # the body of a request that is for us
        self._deadline: Timer | None = None

    @property
    def uploads(self) -> bool:
        """Whether some of the request under way is still to come."""
        return self._upload is not None

    @property
    def collects(self) -> bool:
        """Whether the request under way is for us."""
        return self._collected is not None

    @property
    def has_room(self) -> bool:
        """Whether more of what the visitor says can be taken."""
        if self._upload is not None:
            return self._collected is not None or self._target.takes
        if not self.held:
            return not self.ended
        most = MOST_HEAD + len(END_OF_HEAD) if self._owner.exchange is None else _MOST_HELD
        return len(self.held) < most

    def too_slow(self, now: float) -> bool:
        """Whether it sends the body of a request more slowly than anybody who means it."""
        least = (now - self.begun_at) * self._limits.slowest_upload
        return self._upload is not None and self._uploaded < least

    def read(self, *, listens: bool) -> None:
        """Take what has come; where nobody `listens` any longer, only notice the end of it."""
        try:
            size = self._visitor.wire.recv_into(self._chunk)
        except BlockingIOError:
            return
        except OSError:
            self._owner.reset()
            return
        if size == 0:
            self.ended = True
            self._owner.visitor_ended()
        elif listens:
            self.heard = True
            self._take(size)

    def next(self) -> None:
        """Take the next request of what the visitor said, if it is there."""
        held = self.held
        end = held.find(END_OF_HEAD) + len(END_OF_HEAD)
        if end < len(END_OF_HEAD) and len(held) <= MOST_HEAD and may_become_request(held):
            self._wait_for_head()
            return
        raw = held[:end]
        try:
            head = self._site.heads.request(raw)
        except MalformedHeadError:
            self._owner.asked_otherwise()
            return
        if self._deadline is not None:
            self.wait_no_longer()
        self.held = held[end:]
        self.begun_at = self._owner.moved_at
        if head.length != 0:
            self._upload = Chunked() if head.length is None else Sized(head.length)
            self._uploaded = 0
        self._owner.asked(head)

    def send(self, exchange: Exchange, target: End) -> None:
        """Send the request to the target, with what is here of its body."""
        rewriting = self._site.rewriting
        headers = None if rewriting is None else rewriting.request(exchange.request)
        target.send(request_bytes(exchange.request, headers))
        self._pass_held(exchange)

    def collect(self, exchange: Exchange) -> None:
        """Keep the body of a request that is for us; `collected` follows once it is whole."""
        self._collected = bytearray()
        self._pass_held(exchange)
        self._tell_collected(exchange)

    def _tell_collected(self, exchange: Exchange) -> None:
        if self._collected is not None and self._upload is None:
            collected, self._collected = bytes(self._collected), None
            self._owner.collected(exchange, collected)

    def wait_no_longer(self) -> None:
        """No head is due."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _pass_held(self, exchange: Exchange) -> None:
        if self._upload is not None and self.held:
            held, self.held = self.held, b""
            passed = self._pass(exchange, held, len(held))
            self.held = held[passed:] + self.held

    def _take(self, size: int) -> None:
        exchange, passed = self._owner.exchange, 0
        if exchange is not None and self._upload is not None:
            passed = self._pass(exchange, self._store, size)
        if passed < size:
            part = bytes(self._chunk[passed:size])
            self.held = self.held + part if self.held else part
        if exchange is not None and self._collected is not None:
            self._tell_collected(exchange)
        if self.held and self._owner.exchange is None:
            self.next()

    def _pass(self, exchange: Exchange, data: bytes | bytearray, end: int) -> int:
        """Send as much of what came as belongs to the request under way, and return how much that is."""
        upload = self._upload
        assert upload is not None  # noqa: S101 - for the type checker
        try:
            stop = upload.take(data, 0, end)
        except MalformedHeadError:
            self._owner.reset()
            return end
        part = memoryview(data)[:stop]
        self._uploaded += stop
        if upload.done:
            self._upload = None
        if self._collected is not None:
            self._collected += part
            return stop
        exchange.sent += stop
        self._site.heard.sent(exchange, part)
        if self._target.end is not None:
            self._target.end.send(part)
        if upload.done:
            self._owner.upload_ended()
        return stop

    def _wait_for_head(self) -> None:
        if self._deadline is None:
            self.begun_at = self._owner.moved_at
            self._deadline = self._loop.later(self._limits.head, self._owner.reset)
