"""One client of the REST server, from its first byte to its last."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtNetwork import QTcpSocket

from portway.core.codes import Code
from portway.core.errors import Problem, where_raised
from portway.core.hub import Unsubscribe
from portway.core.timing import Timing
from portway.rest.api.router import Api
from portway.rest.http.answers import HEARTBEAT, INTERNAL_ERROR, Later, Reply, Response, Stream, refusal
from portway.rest.http.exchange import Exchange
from portway.rest.http.policy import Call, Refused

logger = logging.getLogger(__name__)

_MOST_UNREAD = 1 << 20  # bytes that a client leaves unread, or sends behind its request
_TOO_BUSY = Problem(Code.TOO_BUSY)


@dataclass(frozen=True)
class Client:
    """Who is at the other end: the port alone is not enough, as every loopback address has ports of its own."""

    address: str
    port: int


class State(Enum):
    """Who has the word."""

    READING = auto()  # the client: its request arrives
    WORKING = auto()  # the program: the answer is not there yet
    HANDED = auto()  # QHttpServer: it writes the answer
    STREAMING = auto()  # the program, on and on
    CLOSING = auto()  # nobody: all is written, or soon will be


class ConnectionOwner(Protocol):
    """Who accepted a connection. Main thread."""

    @property
    def has_room_for_stream(self) -> bool:
        """Whether one more endless answer may begin."""

    def hand_over(self, socket: QTcpSocket) -> None:
        """Give a socket with one clean request in it to QHttpServer."""

    def forget(self, connection: Connection) -> None:
        """A connection has ended."""


class Connection(QObject):
    """One client, until its socket ends. Main thread.

    One timer has the limit of the state that it is in. Its socket may be gone after every emit and abort.
    """

    def __init__(
        self, socket: QTcpSocket, exchange: Exchange, api: Api, timing: Timing, owner: ConnectionOwner
    ) -> None:
        super().__init__()
        self._socket = socket
        self.client = Client(socket.peerAddress().toString(), socket.peerPort())
        self._exchange = exchange
        self._api = api
        self._timing = timing
        self._owner = owner
        self._state = State.READING
        self._leave: Unsubscribe | None = None
        self._waiting_for: Later | Stream | None = None
        self._delayed: Refused | None = None
        self._thrown_away = 0
        self.response: Response = INTERNAL_ERROR
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        socket.setParent(self)
        socket.readyRead.connect(self._on_ready_read)
        socket.disconnected.connect(self._on_disconnected)

    @property
    def is_unfinished(self) -> bool:
        """Whether nothing is lost if it makes room for another one."""
        return self._state in (State.READING, State.CLOSING)

    @property
    def streams(self) -> bool:
        """Whether it has an endless answer."""
        return self._state is State.STREAMING

    def begin(self, *, has_room: bool) -> None:
        """Read the request, or say at once that there is no room."""
        self._limit(self._timing.request_limit)
        if not has_room:
            self._close_with(self._exchange.answer(refusal(_TOO_BUSY)), whole=False)

    def abort(self) -> None:
        """Drop it, whatever it waits for."""
        self._socket.abort()

    def end_now(self) -> None:
        """The server closes: give the last word that is owed, without the event loop."""
        match self._state, self._waiting_for:
            case State.WORKING, Later() as later:
                self._stop_waiting()
                self._write_last(self._exchange.answer(later.ended()))
            case State.STREAMING, Stream() as stream:
                self._stop_waiting()
                farewell = self._exchange.stream(stream.farewell) if stream.farewell else b""
                self._write_last(farewell + self._exchange.end_stream())
            case State.HANDED, _:
                self._write_last(b"")
            case _:
                self.abort()

    def send(self, frame: bytes) -> None:
        """Write one frame of a stream; one who does not read it is dropped."""
        if self._state is not State.STREAMING:
            return
        if self._socket.bytesToWrite() > _MOST_UNREAD:
            self.abort()
            return
        self._socket.write(self._exchange.stream(frame))

    def end(self) -> None:
        """Nothing more comes."""
        if self._state is State.STREAMING:
            self._stop_waiting()
            self._close_with(self._exchange.end_stream(), whole=True)

    @Slot()
    def _on_ready_read(self) -> None:
        data = bytes(self._socket.readAll().data())
        if self._state is not State.READING:
            self._throw_away(len(data))
            return
        try:
            self._exchange.receive(data)
        except Refused as refused:
            self._refuse(refused)
            return
        if self._exchange.whole:
            self._work()
        else:
            self._socket.write(self._exchange.go_on())

    def _throw_away(self, count: int) -> None:
        """What is sent behind the request has to be read all the same: a full buffer hides that the client left."""
        self._thrown_away += count
        if self._thrown_away > _MOST_UNREAD:
            self.abort()

    def _refuse(self, refused: Refused) -> None:
        if refused.delayed and self._delayed is None:
            self._delayed = refused
            self._state = State.CLOSING
            self._limit(self._timing.wrong_token_delay)
            return
        self._delayed = None
        self._close_with(self._exchange.refuse(refused), whole=self._exchange.whole)

    def _work(self) -> None:
        call = self._exchange.call
        assert call is not None  # noqa: S101 - a whole request has a head
        self._timer.stop()
        self._state = State.WORKING
        try:
            self._begin(self._reply(call))
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer
            logger.error("%s %s failed: an error of Portway\n%s", call.method, call.path, where_raised(error))  # noqa: TRY400 - its message stays out
            self._give_up()

    def _begin(self, reply: Reply) -> None:
        match reply:
            case Response() as response:
                self._deliver(response)
            case Later() as later:
                self._wait_for(later)
            case Stream() as stream:
                self._begin_stream(stream)

    def _give_up(self) -> None:
        """A bug of ours: say so where nothing was said yet, else break off."""
        if self._state is State.WORKING:
            self._deliver(INTERNAL_ERROR)
        elif self._state is State.STREAMING:
            self.abort()

    def _reply(self, call: Call) -> Reply:
        reply = self._api.handle(call, self._exchange.body)
        if isinstance(reply, Stream) and not self._owner.has_room_for_stream:
            return refusal(_TOO_BUSY)
        return reply

    def _wait_for(self, later: Later) -> None:
        self._waiting_for = later
        leave = later.wait(self._deliver)  # may deliver before it returns
        if self._state is not State.WORKING:
            leave()
            return
        self._leave = leave
        self._limit(later.limit)

    def _begin_stream(self, stream: Stream) -> None:
        self._state = State.STREAMING
        self._waiting_for = stream
        self._socket.write(self._exchange.begin_stream())
        if self._exchange.is_head:
            self.end()
            return
        self._limit(self._timing.event_heartbeat)
        leave = stream.subscribe(self)  # may end before it returns
        if self._state is State.STREAMING:
            self._leave = leave
        else:
            leave()

    def _deliver(self, response: Response) -> None:
        """Let QHttpServer write the answer, as if it had read the request itself."""
        if self._state is not State.WORKING:
            return
        self._stop_waiting()
        if self._exchange.is_head:  # QHttpServer would announce a length of 0
            self._close_with(self._exchange.answer(response), whole=True)
            return
        self._state, self.response = State.HANDED, response
        self._limit(self._timing.handed_limit)
        self._socket.readyRead.disconnect(self._on_ready_read)
        self._socket.readAll()
        for byte in reversed(_clean_request(self._exchange.call)):
            self._socket.ungetChar(byte)
        self._owner.hand_over(self._socket)
        self._socket.readyRead.emit()  # Qt does not signal again what was put back

    def _close_with(self, data: bytes, *, whole: bool) -> None:
        """Write the last bytes. Where the client still sends, it is listened to for a while, else it may miss them."""
        self._state = State.CLOSING
        self._limit(self._timing.closing_limit)
        self._socket.write(data)
        if whole:
            self._socket.disconnectFromHost()

    def _write_last(self, data: bytes) -> None:
        self._state = State.CLOSING
        self._socket.write(data)
        self._socket.flush()
        self._socket.disconnectFromHost()

    def _stop_waiting(self) -> None:
        self._timer.stop()
        leave, self._leave, self._waiting_for = self._leave, None, None
        if leave is not None:
            leave()

    def _limit(self, seconds: float) -> None:
        self._timer.start(round(seconds * 1000))

    @Slot()
    def _on_timeout(self) -> None:
        match self._state, self._waiting_for:
            case State.WORKING, Later() as later:
                self._deliver(later.expired())
            case State.STREAMING, _:
                self._limit(self._timing.event_heartbeat)
                self.send(HEARTBEAT)
            case State.CLOSING, _ if self._delayed is not None:
                self._refuse(self._delayed)
            case _:
                self.abort()

    @Slot()
    def _on_disconnected(self) -> None:
        self._stop_waiting()
        self._state = State.CLOSING
        self._owner.forget(self)
        with contextlib.suppress(RuntimeError):  # QHttpServer may have deleted the socket that it was handed
            self._socket.deleteLater()
        self.deleteLater()


def _clean_request(call: Call | None) -> bytes:
    assert call is not None  # noqa: S101 - only a call that got in is answered
    return f"{call.method} {call.address} HTTP/1.1\r\nConnection: close\r\n\r\n".encode()
