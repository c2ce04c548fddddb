"""From the target to a visitor: the answer to each request, and the body of each."""

from typing import Protocol

from portway.relay.engine.end import End
from portway.relay.engine.forwarder import Limits
from portway.relay.http.exchange import Exchange
from portway.relay.http.framing import Chunked, Framing, Sized, UntilClose
from portway.relay.http.heads import (
    END_OF_HEAD,
    MOST_HEAD,
    AnswerHead,
    MalformedHeadError,
    answer_bytes,
)
from portway.relay.http.site import Site
from portway.relay.http.target_side import TargetSide

_MOST_INTERIM = 64
_BEGINS_LIKE_HTTP = b"HTTP/"


class AnsweringOwner(Protocol):
    """The connection of which this is one direction."""

    @property
    def moved_at(self) -> float:
        """When something came last, monotonic, in seconds."""

    def answer_begun(self) -> None:
        """The target answers the request."""

    def answered(self, *, clean: bool) -> None:
        """All of an answer has passed; `clean`: nothing came after it."""

    def switched(self, rest: bytes) -> None:
        """The target takes up another protocol, of which `rest` has come."""

    def answered_otherwise(self, said: bytes) -> None:
        """What the target says is HTTP/1 that could be read in two ways."""

    def answered_in_another_language(self) -> None:
        """What the target says is no HTTP at all."""

    def not_answered(self) -> None:
        """The head of the answer took too long, or never came to an end."""

    def spoke_unasked(self, said: bytes) -> None:
        """The target said something that answers no request."""

    def target_ended(self, *, reset: bool) -> None:
        """The target has said all."""

    def reset(self) -> None:
        """Nothing good can come of it any longer."""


class Answering:
    """Lives on the loop's thread. `exchange` is the one whose request went out and whose answer is not whole yet."""

    __slots__ = (
        "_chunk",
        "_download",
        "_head",
        "_interims",
        "_late",
        "_limits",
        "_owner",
        "_site",
        "_store",
        "_target",
        "_visitor",
        "exchange",
    )

    def __init__(  # noqa: PLR0913, PLR0917 - both ends, and what lies between them
        self, owner: AnsweringOwner, site: Site, limits: Limits, visitor: End, target: TargetSide, chunk: bytearray
    ) -> None:
        self.exchange: Exchange | None = None
        self._owner = owner
        self._site = site
        self._limits = limits
        self._visitor = visitor
        self._target = target
        self._store = chunk
        self._chunk = memoryview(chunk)
        self._head = b""  # of one that is not whole yet
        self._late = False  # that head has a deadline
        self._download: Framing | None = None
        self._interims = 0

    @property
    def begun(self) -> bool:
        """Whether the head of the answer has passed."""
        return self._download is not None

    @property
    def lasts_until_close(self) -> bool:
        """Whether the end of the target's connection is that of the answer."""
        return self._download is not None and self._download.lasts_until_close

    @property
    def silent(self) -> bool:
        """Whether the target has not said a word to the request."""
        return not self._head and not self._interims and self._download is None

    def wait_for(self, exchange: Exchange) -> None:
        """Take what comes next as the answer to this."""
        self.exchange = exchange
        self._interims = 0

    def forget(self) -> None:
        """Wait for no answer any longer."""
        self.exchange = self._download = None
        self._head = b""
        if self._late:
            self._no_longer_late()

    def read(self, target: End) -> None:
        """Take what has come."""
        try:
            size = target.wire.recv_into(self._chunk)
        except BlockingIOError:
            return
        except OSError:
            self._owner.target_ended(reset=True)
            return
        exchange = self.exchange
        if size == 0:
            self._owner.target_ended(reset=target.broken)
        elif exchange is None:
            self._owner.spoke_unasked(bytes(self._chunk[:size]))
        elif self._download is None:
            part = bytes(self._chunk[:size])
            self._head = self._head + part if self._head else part
            self._read_head(exchange)
        else:
            stop = self._take(exchange, self._download, self._store, 0, size)
            if self.exchange is not None:
                self._visitor.send(self._chunk[:stop])
                if self._download.done:
                    self._owner.answered(clean=stop == size)

    def _read_head(self, exchange: Exchange) -> None:
        while self._head and self._download is None and self.exchange is exchange:
            said = self._head
            end = said.find(END_OF_HEAD) + len(END_OF_HEAD)
            if not said.startswith(_BEGINS_LIKE_HTTP) and not _BEGINS_LIKE_HTTP.startswith(said):
                self._owner.answered_in_another_language()
                return
            if end < len(END_OF_HEAD) and len(said) <= MOST_HEAD:
                self._give_time()
                return
            try:
                head = self._site.heads.answer(said[:end])
            except MalformedHeadError:
                self._owner.answered_otherwise(said)
                return
            if self._late:
                self._no_longer_late()
            if head.interim:
                self._head = said[end:]
                self._pass_interim(head)
            else:
                self._head = b""
                self._begin(exchange, head, said, end)

    def _pass_interim(self, head: AnswerHead) -> None:
        self._interims += 1
        if self._interims > _MOST_INTERIM:
            self._owner.not_answered()
        else:
            self._visitor.send(answer_bytes(head))

    def _begin(self, exchange: Exchange, head: AnswerHead, said: bytes, end: int) -> None:
        """Pass the head on, which is what was `said` up to `end`, and what came with it of the body."""
        exchange.answer, exchange.status = head, head.status
        exchange.first_byte = self._owner.moved_at
        self._owner.answer_begun()
        self._site.heard.answered(exchange)
        rewriting = self._site.rewriting
        written = answer_bytes(head, None if rewriting is None else rewriting.answer(head, exchange.request))
        if head.switches:
            if exchange.request.upgrade is None:
                self._owner.reset()
                return
            self._visitor.send(written)
            self._owner.switched(said[end:])
            return
        download = self._download = framing_of(head, exchange.request.method)
        stop = self._take(exchange, download, said, end, len(said))
        if self.exchange is not None:
            # Most go on as they came, and most small ones come whole: then nothing is copied.
            self._visitor.send(said[:stop] if written is head.raw else written + said[end:stop])
            if download.done:
                self._owner.answered(clean=stop == len(said))

    def _take(self, exchange: Exchange, download: Framing, data: bytes | bytearray, begin: int, end: int) -> int:
        """Return how far the answer's body goes in what came, and count it."""
        try:
            stop = begin if download.done else download.take(data, begin, end)
        except MalformedHeadError:
            self._owner.reset()
            return begin
        if stop > begin:
            exchange.received += stop - begin
            self._site.heard.received(exchange, memoryview(data)[begin:stop])
        return stop

    def _give_time(self) -> None:
        if not self._late:
            self._late = True
            self._target.wait_at_most(self._limits.head, self._owner.not_answered)

    def _no_longer_late(self) -> None:
        self._late = False
        self._target.wait_no_longer()


def framing_of(head: AnswerHead, method: bytes) -> Framing:
    """Return where the body of an answer to a request of this method ends."""
    if not head.has_body(method):
        return Sized(0)
    if head.chunked:
        return Chunked()
    return UntilClose() if head.length is None else Sized(head.length)
