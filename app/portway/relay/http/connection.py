"""One visitor's connection: its requests go to the target one after the other, and their answers come back."""

import socket
import time
from collections.abc import Callable

from portway.relay.engine.end import End
from portway.relay.engine.forwarder import ConnectionOwner, Limits, Serve
from portway.relay.engine.loop import READ, WRITE, Loop
from portway.relay.engine.wires import TlsWire
from portway.relay.http.answering import Answering
from portway.relay.http.asking import Asking
from portway.relay.http.ending import EndingConnection
from portway.relay.http.exchange import Exchange, Outcome
from portway.relay.http.gatekeeping import OwnAnswer
from portway.relay.http.heads import RequestHead
from portway.relay.http.site import Site
from portway.relay.http.stage import Part, Staged
from portway.relay.http.target_side import TargetSide

_TRIED_AGAIN = frozenset({b"GET", b"HEAD", b"OPTIONS"})


class HttpConnection(EndingConnection):
    """Lives on the loop's thread, like all that it calls. Implements Connection, and the owners of its parts."""

    def __init__(  # noqa: PLR0913, PLR0917 - who it is for, and what it shares with the others
        self,
        loop: Loop,
        owner: ConnectionOwner,
        site: Site,
        limits: Limits,
        peer: str,
        visitor: socket.socket,
        chunk: bytearray,
    ) -> None:
        super().__init__(loop, owner, site, limits, chunk)
        self.peer = peer
        self._visitor = End(loop, visitor, self._on_visitor)
        self._target = TargetSide(loop, site.dials, limits, self)
        self._asking = Asking(loop, self, site, limits, self._visitor, self._target, chunk)
        self._answering = Answering(self, site, limits, self._visitor, self._target, chunk)

    def begin(self) -> None:
        """Wait for the visitor, and for the target, which may be the first to speak, unless somebody judges first."""
        if self._site.guard is None:
            self._target.dial()
        self._settle()

    def reconsider(self) -> None:
        """Other rules hold: end it, where they would not have let it come so far."""
        guard, exchange = self._site.guard, self.exchange
        if isinstance(self._bytes, Staged):
            if not self._bytes.stands:
                self.reset()
            return
        if guard is None or self._closed or self._asking.collects:
            return
        if exchange is not None:
            if not guard.still_admits(exchange):
                self.reset()
        elif self._bytes is not None or self._becoming_bytes:
            self.reset()  # nobody could say what passes there
        else:
            self._target.wait_no_longer()
            self._target.drop()
            self._settle()

    def idle_for(self, now: float) -> float | None:
        """Return for how many seconds it could have made room for another visitor; None while it is at work."""
        silent, asking = now - self.moved_at, self._asking
        if self.exchange is None and self._bytes is None:
            # Within a head, what counts is when that began: one byte now and then is no work.
            return now - asking.begun_at if asking.held and not self._becoming_bytes else silent
        if asking.too_slow(now):
            silent = now - asking.begun_at
        return silent if silent >= self._limits.silent_for else None

    # What the sockets are ready for

    def on_target(self, events: int) -> None:
        """Move what can be moved at the target's end."""
        if self._closed or self._bytes is not None:
            return
        target = self._target.end
        if target is None:
            return
        if events & WRITE:
            target.flush()
        if events & READ and self._visitor.waiting is None:
            self.moved_at = time.monotonic()
            self._answering.read(target)
        self._settle()

    def _on_visitor(self, events: int) -> None:
        if self._closed or self._bytes is not None:
            return
        if events & WRITE:
            self._visitor.flush()
        if events & READ & self._visitor.waits_for:
            self.moved_at = time.monotonic()
            self._asking.read(listens=not self._ending)
        self._settle()

    def _settle(self) -> None:
        """Wait for what can be done next, and end what is broken or through."""
        if self._closed or self._bytes is not None:
            return
        visitor, target = self._visitor, self._target
        if visitor.broken:
            self._close(reset=True)
            return
        if self._ending and visitor.waiting is None and self._said_farewell():
            return
        hears = self._ending or self._asking.has_room
        events = READ if hears and not self._becoming_bytes and not self._asking.ended else 0
        if events != visitor.waits_for or visitor.waiting is not None:
            visitor.wait(events)
        end = target.end
        if end is not None and not target.connecting and not target.ended:
            events = READ if visitor.waiting is None else 0
            if events != end.waits_for or end.waiting is not None:
                end.wait(events)

    # The target's connection

    def connected(self) -> None:
        """Do what the connection was made for."""
        if self._becoming_bytes:
            self._relay_bytes(self._down)
        elif self.exchange is not None and self._target.end is not None:
            self._ask(self.exchange, self._target.end)
        self._settle()

    def not_connected(self, error: OSError, *, dialled: bool) -> None:
        """Tell everybody who waits for it."""
        if dialled:
            self._owner.target_refused(error)
        else:
            self._owner.not_dialled(error)
        if self._becoming_bytes:
            self._close(reset=True)
        elif self.exchange is not None:
            self._answer_instead(self.exchange, self._site.pages.unreachable)
        elif not self._asking.heard:
            self._tell_target_end_soon(reset=True)
        self._settle()

    def target_ended(self, *, reset: bool) -> None:
        """Tell what that means for the exchange under way."""
        exchange = self._answering.exchange
        if exchange is None:
            self._on_idle_target_end(reset=reset)
        elif self._answering.begun:
            if self._answering.lasts_until_close and not reset:
                self._target.drop()
                self.answered(clean=True)
            else:
                self.reset()
        elif self._may_ask_again(exchange):
            self._target.drop()
            self._answering.forget()
            self._target.dial()
        else:
            self._target.drop()
            self._owner.target_refused(ConnectionResetError("the target ended the connection without an answer"))
            self._answer_instead(exchange, self._site.pages.silent)

    def _may_ask_again(self, exchange: Exchange) -> bool:
        """Whether its connection was used before, and ended while the request was on its way: not a word was read."""
        unread = exchange.sent == 0 and not self._asking.uploads and self._answering.silent
        return self._target.used and unread and exchange.request.method in _TRIED_AGAIN

    def _on_idle_target_end(self, *, reset: bool) -> None:
        if self.exchange is not None and not self._asking.collects:
            self._end()  # the answer has passed; the upload that goes on has no receiver any longer
        elif self._asking.heard:
            self._target.drop()  # the next request gets another one
        else:
            self._target.ended = True
            if self._target.end is not None:
                self._target.end.release()
            self._tell_target_end_soon(reset=reset)

    def _tell_target_end_soon(self, *, reset: bool) -> None:
        """A visitor whose request is on its way is to get a page for it."""
        self._target.wait_at_most(self._limits.quiet, lambda: self._tell_target_end(reset=reset))

    def _tell_target_end(self, *, reset: bool) -> None:
        if self._asking.held:
            return  # the rest of its head is waited for
        if reset:
            self.reset()
        else:
            self._become_bytes()

    # The request

    def asked(self, head: RequestHead) -> None:
        """Begin an exchange."""
        exchange = self.exchange = Exchange(self.peer, head, self.moved_at)
        gate = self._site.gate
        proof = None if gate is None else gate.proof(exchange)
        if proof is not None:
            exchange.ended = self.moved_at  # it is ours, and no visitor's: nobody hears of it
            self._answer_ourselves(exchange, proof)
            return
        part = None if gate is None else gate.part(exchange)
        if part is not None:
            self._stage(exchange, part)
            return
        guard = self._site.guard
        own = None if guard is None else guard.judge(exchange)
        self._site.heard.began(exchange)
        if own is not None:
            self._answer_ourselves(exchange, own)
            return
        target = self._target
        if not target.connecting:
            target.wait_no_longer()
        if not target.fits:
            target.drop()
        if target.end is None:
            target.dial()
        elif not target.connecting:
            self._ask(exchange, target.end)

    def _stage(self, exchange: Exchange, part: Part) -> None:
        """Let a test of ours have its answer: nobody hears of it, the target least of all."""
        exchange.ended = self.moved_at
        self._wait_no_longer()
        self._target.drop()
        held, self._asking.held = self._asking.held, b""
        self._bytes = Staged(self._loop, self, part, exchange, self._visitor, self._chunk)
        self._bytes.begin(held)

    def _answer_ourselves(self, exchange: Exchange, own: OwnAnswer) -> None:
        """Not a byte of it gets to the target."""
        if not own.content:
            self._asking.collect(exchange)
            return
        exchange.status = own.status
        self._end_exchange(Outcome.DONE if exchange.refused_by is None else Outcome.REFUSED)
        self._visitor.send(own.content)
        if exchange.request.keeps and not self._asking.uploads:
            self._go_on(served=self._target.used)
        else:
            self._end()

    def collected(self, exchange: Exchange, body: bytes) -> None:
        """Answer what was for us."""
        gate = self._site.gate
        if gate is None:
            self.reset()
        else:
            self._answer_ourselves(exchange, gate.log_in(exchange, body))
        self._settle()

    def asked_otherwise(self) -> None:
        """Let the target make of it what it can, unless nobody could judge that."""
        guard = self._site.guard
        if guard is None:
            self._become_bytes()
        else:
            self._visitor.send(guard.not_http)
            self._end()

    def upload_ended(self) -> None:
        """Go on, where the answer did not wait for it."""
        if self.exchange is not None and self.exchange.ended is not None:
            self._go_on()

    def visitor_ended(self) -> None:
        """Tell what that means for the exchange under way."""
        if self._ending:
            self._close()
        elif self.exchange is not None:
            self._tell_visitor_end()
        elif self._asking.held or not self._asking.heard:
            self._become_bytes()
        else:
            self._close()

    def _ask(self, exchange: Exchange, target: End) -> None:
        self._answering.wait_for(exchange)
        self._asking.send(exchange, target)
        if not self._closed and self._asking.ended:
            self._tell_visitor_end()

    def _tell_visitor_end(self) -> None:
        """Pass a half-close on, where there is one; over an encrypted connection it would be the end of both."""
        target = self._target
        if target.end is not None and not target.connecting and isinstance(target.end.wire, TlsWire):
            self.reset()
        else:
            target.say_no_more()  # it follows once the request is out

    # The answer

    def answered(self, *, clean: bool) -> None:
        """End the exchange, and the connection, where it does not stay."""
        exchange, target = self.exchange, self._target.end
        assert exchange is not None and exchange.answer is not None  # noqa: S101, PT018 - for the type checker
        self._answering.forget()
        self._end_exchange(Outcome.DONE)
        keeps = clean and exchange.request.keeps and exchange.answer.keeps
        if not keeps or target is None or target.broken:
            self._end()
        elif not self._asking.uploads:
            self._go_on()

    def switched(self, rest: bytes) -> None:
        """Move bytes from now on."""
        self._relay_bytes(rest)

    def answered_otherwise(self, said: bytes) -> None:
        """Let the visitor make of it what it can."""
        self._become_bytes(down=said)

    def answered_in_another_language(self) -> None:
        """Say so in words."""
        exchange = self._answering.exchange
        self._target.drop()
        self._owner.target_refused(ConnectionAbortedError("the target does not speak HTTP"))
        if exchange is not None:
            self._answer_instead(exchange, self._site.pages.not_http)

    def not_answered(self) -> None:
        """Say so in words."""
        exchange = self._answering.exchange
        self._target.drop()
        if exchange is not None:
            self._answer_instead(exchange, self._site.pages.silent)
        self._settle()

    def spoke_unasked(self, said: bytes) -> None:
        """Take the target's first word for another protocol, and a later one for nobody's answer."""
        if self._asking.heard:
            self.reset()
        else:
            self._become_bytes(down=said)

    def _answer_instead(self, exchange: Exchange, page: Callable[[Exchange], bytes]) -> None:
        self._target.wait_no_longer()
        self._answering.forget()
        exchange.status = 502
        self._end_exchange(Outcome.UNANSWERED)
        self._visitor.send(page(exchange))
        if exchange.request.keeps and not self._asking.uploads:
            self._go_on(served=False)
        else:
            self._end()

    # The next one

    def _go_on(self, *, served: bool = True) -> None:
        """Both sides of the exchange have passed whole, and the connection stays."""
        self.exchange = None
        self._target.used = served
        if self._asking.ended:
            self._end()
        elif self._asking.held:
            self._loop.call(self._on_next_request)  # not here: a thousand in one go would be as many calls deep

    def _on_next_request(self) -> None:
        if self._closed or self._becoming_bytes or self._ending:
            return
        if self.exchange is None and self._asking.held:
            self._asking.next()
            self._settle()


def serving(loop: Loop, site: Site, limits: Limits) -> Serve:
    """Return what makes the connections of one site."""

    def serve(owner: ConnectionOwner, peer: str, visitor: socket.socket, chunk: bytearray) -> HttpConnection:
        return HttpConnection(loop, owner, site, limits, peer, visitor, chunk)

    return serve
