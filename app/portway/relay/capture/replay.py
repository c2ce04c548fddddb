"""Sends a recorded request again: to the local server that the tunnel leads to, and to nobody else."""

import socket
import ssl
import time

from portway.core.cancel import Deadline
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.hub import RecordedRequest, ReplayRequest
from portway.core.target import Target
from portway.relay.capture.store import ExchangeStore, Record
from portway.relay.http.answering import framing_of
from portway.relay.http.exchange import Exchange, Outcome
from portway.relay.http.framing import Framing, Sized
from portway.relay.http.heads import END_OF_HEAD, MOST_HEAD, AnswerHead, MalformedHeadError, parse_answer, parse_request
from portway.relay.http.rewriting import HostRewriting
from portway.system.network.encrypted import connect_encrypted

LIMIT_SECONDS = 30.0
CLIENT = "replay"
_BLOCK = 64 * 1024
# Of the connection alone, or of a body that is sent in one piece now.
_NOT_SENT_AGAIN = frozenset(
    ["connection", "content-length", "expect", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"]
)

Headers = tuple[tuple[str, str], ...]


def replay(  # noqa: PLR0913, PLR0917 - each is a part of what is sent
    store: ExchangeStore,
    tunnel: str,
    number: int,
    origin: Target,
    changes: ReplayRequest,
    rewriting: HostRewriting | None = None,
) -> Record:
    """Send it to `origin`, a literal loopback address, and record that. Blocks, `LIMIT_SECONDS` at most. Any thread.

    `rewriting` puts in the names that visitors' requests get, too; what is recorded has those that were asked for.

    Raises TunnelError: not_found; body_not_kept where the body is not changed and was not kept whole; bad_request for
    changes that make no HTTP request; origin_down where nobody listens. What goes wrong later is told by the record.
    """
    recorded = store.get(tunnel, number, secrets=True)
    if recorded is None:
        raise TunnelError(Code.NOT_FOUND)
    if changes.body is None and not recorded.request_body.whole:
        raise TunnelError(Code.BODY_NOT_KEPT)
    raw, body = _request(recorded, changes)
    try:
        head = parse_request(raw)
    except MalformedHeadError:
        raise TunnelError(Code.BAD_REQUEST, "replay", field="headers") from None
    deadline = Deadline.after(LIMIT_SECONDS)
    connection = _connected(origin, deadline)
    exchange = Exchange(CLIENT, head)
    record = store.begin(tunnel, exchange, CLIENT, replay_of=number)
    with connection:
        _Exchanged(store, record, connection, deadline).run(_as_sent(exchange, rewriting), body)
    store.tell(record)
    return record


def _request(recorded: RecordedRequest, changes: ReplayRequest) -> tuple[bytes, bytes]:
    """Return head and body as they are sent."""
    method = changes.method or recorded.row.method
    path = changes.path or recorded.row.path
    body = recorded.request_body.data if changes.body is None else changes.body
    headers = recorded.request_headers if changes.headers is None else changes.headers
    if any(part != part.strip() or " " in part for part in (method, path)):
        raise TunnelError(Code.BAD_REQUEST, "replay", field="path")
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers if name.lower() not in _NOT_SENT_AGAIN]
    if body or method not in ("GET", "HEAD", "OPTIONS"):
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: close")
    if any("\r" in line or "\n" in line for line in lines):
        raise TunnelError(Code.BAD_REQUEST, "replay", field="headers")
    try:
        return ("\r\n".join(lines) + "\r\n\r\n").encode(), body
    except UnicodeEncodeError:
        raise TunnelError(Code.BAD_REQUEST, "replay", field="headers") from None


def _connected(origin: Target, deadline: Deadline) -> socket.socket:
    try:
        if origin.scheme != "https":
            return socket.create_connection((origin.host, origin.port), timeout=deadline.left)
        # A development server on this computer signs its own certificate: there is nobody between us and it.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return connect_encrypted(origin.host, origin.port, deadline.left, context, origin.host)
    except OSError:
        raise TunnelError(Code.ORIGIN_DOWN, target=origin.url) from None


class _Exchanged:
    """One request on its way and its answer, written into a record."""

    def __init__(self, store: ExchangeStore, record: Record, connection: socket.socket, deadline: Deadline) -> None:
        self._store = store
        self._record = record
        self._exchange = record.exchange
        self._connection = connection
        self._deadline = deadline

    def run(self, head: bytes, body: bytes) -> None:
        """Send all, and read the answer to its end. However that goes, the exchange says so."""
        exchange = self._exchange
        try:
            self._send(head, body)
            answer, rest = self._read_head()
            whole = self._read_body(_framing_of(answer, exchange.request.method), rest)
            exchange.outcome = Outcome.DONE if whole else Outcome.CUT
        except (OSError, MalformedHeadError):
            exchange.outcome = Outcome.CUT if exchange.status else Outcome.UNANSWERED
        exchange.ended = time.monotonic()

    def _send(self, head: bytes, body: bytes) -> None:
        self._connection.settimeout(max(self._deadline.left, 0.001))  # 0 would mean: do not block
        self._connection.sendall(head + body)
        self._exchange.sent = len(body)
        self._store.add(self._record, self._record.content, memoryview(body))

    def _read_head(self) -> tuple[AnswerHead, bytes]:
        raw = b""
        while True:
            before, found, rest = raw.partition(END_OF_HEAD)
            if not found:
                block = self._block()
                if not block or len(raw) > MOST_HEAD:
                    message = "the server ended the connection without an answer"
                    raise ConnectionError(message)
                raw += block
                continue
            head = parse_answer(before + found)
            raw = rest
            if not head.interim:
                break
        exchange = self._exchange
        exchange.first_byte = time.monotonic()
        exchange.answer, exchange.status = head, head.status
        self._store.answered(self._record)
        return head, rest

    def _read_body(self, framing: Framing, data: bytes) -> bool:
        """Return whether it came to its end."""
        while True:
            taken = framing.take(data, 0, len(data))
            self._exchange.received += taken
            self._store.add(self._record, self._record.answer, memoryview(data)[:taken])
            if framing.done:
                return True
            data = self._block()
            if not data:
                return framing.lasts_until_close

    def _block(self) -> bytes:
        self._deadline.check()
        self._connection.settimeout(max(self._deadline.left, 0.001))
        return self._connection.recv(_BLOCK)


def _as_sent(exchange: Exchange, rewriting: HostRewriting | None) -> bytes:
    """Return the head of a request as the local server gets it."""
    if rewriting is None:
        return exchange.request.raw
    return b"\r\n".join(
        [exchange.request.first_line, *(b"%s: %s" % pair for pair in rewriting.request(exchange.request)), b"", b""]
    )


def _framing_of(head: AnswerHead, method: bytes) -> Framing:
    return Sized(0) if head.switches else framing_of(head, method)
