"""Where recorded requests are kept: in memory alone, within one bound for all tunnels together."""

from __future__ import annotations

import itertools
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from portway.core.hub import ALL_REQUESTS, RecordedBody, RecordedRequest, RequestFilter, RequestRow, Unsubscribe
from portway.relay.capture.masking import masked_headers, masked_path

if TYPE_CHECKING:
    from portway.relay.http.exchange import Exchange

MOST_BYTES = 24 << 20  # of all that is kept
MOST_ROWS = 10_000
MOST_OF_A_BODY = 64 << 10
_BASE_COST = 1_200  # bytes: what the objects of one row take besides heads and bodies, measured with tracemalloc

RowListener = Callable[[RequestRow], None]
Headers = tuple[tuple[str, str], ...]


class Record:
    """One exchange as it is recorded. Written by one thread, under the lock of its store."""

    __slots__ = ("answer", "client", "content", "exchange", "heads", "made_room", "number", "replay_of", "tunnel")

    def __init__(self, number: int, tunnel: str, exchange: Exchange, client: str, replay_of: int | None) -> None:
        self.number = number
        self.tunnel = tunnel
        self.exchange = exchange
        self.client = client
        self.replay_of = replay_of
        self.content = bytearray()
        self.answer = bytearray()
        # Bytes of heads as they were counted: the answer's is there a moment before the store is told of it, and the
        # record may have to make room just then.
        self.heads = len(exchange.request.raw)
        self.made_room = False  # its bodies are gone, and no more of them is kept

    @property
    def cost(self) -> int:
        """About how many bytes it takes."""
        return _BASE_COST + self.heads + self.bodies

    @property
    def bodies(self) -> int:
        """How many bytes of bodies it holds."""
        return len(self.content) + len(self.answer)

    def row(self) -> RequestRow:
        """Return what a list shows of it."""
        exchange = self.exchange
        return RequestRow(
            id=self.number,
            tunnel=self.tunnel,
            started_at=datetime.fromtimestamp(exchange.started_at, UTC),
            method=_text(exchange.request.method),
            path=masked_path(_text(exchange.request.target)),
            status=exchange.status,
            duration_ms=_milliseconds(exchange.began, exchange.ended),
            first_byte_ms=_milliseconds(exchange.began, exchange.first_byte),
            request_bytes=exchange.sent,
            response_bytes=exchange.received,
            content_type=_header(self.answer_headers(), "content-type"),
            client=self.client,
            replay_of=self.replay_of,
            refused_by=exchange.refused_by,
            state=exchange.outcome.value,
        )

    def whole(self) -> RecordedRequest:
        """Return all of it, secrets included."""
        sent, received = self.request_headers(), self.answer_headers()
        row = replace(self.row(), path=_text(self.exchange.request.target))
        return RecordedRequest(
            row=row,
            request_headers=sent,
            request_body=_body(self.content, self.exchange.sent, sent),
            response_headers=received,
            response_body=_body(self.answer, self.exchange.received, received),
        )

    def request_headers(self) -> Headers:
        """Return the headers that the visitor sent."""
        return tuple((_text(name), _text(value)) for name, value in self.exchange.request.headers)

    def answer_headers(self) -> Headers:
        """Return the headers of the answer, none while it has not come."""
        head = self.exchange.answer
        return () if head is None else tuple((_text(name), _text(value)) for name, value in head.headers)


class ExchangeStore:
    """All records of all tunnels, the oldest first. Any thread.

    Where room is short, the oldest bodies go first, then the oldest rows.
    """

    def __init__(
        self, *, most_bytes: int = MOST_BYTES, most_rows: int = MOST_ROWS, most_of_a_body: int = MOST_OF_A_BODY
    ) -> None:
        self._most_bytes = most_bytes
        self._most_rows = most_rows
        self._most_of_a_body = most_of_a_body
        self._lock = threading.Lock()
        self._records: OrderedDict[int, Record] = OrderedDict()
        self._bytes = 0
        self._with_bodies: OrderedDict[int, Record] = OrderedDict()
        self._numbers = itertools.count(1)
        self._dropped: Counter[str] = Counter()
        self._recording: set[str] = set()
        self._listeners: list[RowListener] = []

    def keep_at_most(self, most_bytes: int) -> None:
        """Keep so many bytes from now on; what is beyond that goes at once."""
        with self._lock:
            self._most_bytes = most_bytes
            self._make_room()

    @property
    def most_bytes(self) -> int:
        """How many are kept at most."""
        return self._most_bytes

    @property
    def size(self) -> int:
        """About how many bytes are kept."""
        return self._bytes

    def begin(self, tunnel: str, exchange: Exchange, client: str, replay_of: int | None = None) -> Record:
        """Keep a new exchange, whose record is then changed by `add` and told by `tell`."""
        with self._lock:
            record = Record(next(self._numbers), tunnel, exchange, client, replay_of)
            self._records[record.number] = record
            self._bytes += record.cost
            self._make_room()
        self.tell(record)
        return record

    def add(self, record: Record, body: bytearray, part: memoryview) -> None:
        """Keep more of a body, up to what is kept of one."""
        room = self._most_of_a_body - len(body)
        if room <= 0:
            return
        with self._lock:
            if record.made_room:
                return
            body += part[:room]
            self._bytes += min(room, len(part))
            self._with_bodies[record.number] = record
            self._make_room()

    def answered(self, record: Record) -> None:
        """The head of the answer has come."""
        with self._lock:
            answer = record.exchange.answer
            if answer is not None and record.number in self._records:
                self._bytes -= record.cost
                record.heads = len(record.exchange.request.raw) + len(answer.raw)
                self._bytes += record.cost
                self._make_room()
        self.tell(record)

    def tell(self, record: Record) -> None:
        """Tell all who listen how a record stands."""
        listeners = tuple(self._listeners)
        if listeners:
            row = record.row()
            for listener in listeners:
                listener(row)

    def rows(
        self, tunnel: str, wanted: RequestFilter = ALL_REQUESTS, *, limit: int = 100, before: int | None = None
    ) -> tuple[RequestRow, ...]:
        with self._lock:
            records = [one for one in reversed(self._records.values()) if one.tunnel == tunnel]
        fitting = (
            row
            for record in records
            if before is None or record.number < before
            for row in [record.row()]
            if _fits(row, wanted)
        )
        return tuple(itertools.islice(fitting, limit))

    def get(self, tunnel: str, number: int, *, secrets: bool = False) -> RecordedRequest | None:
        record = self.record_of(tunnel, number)
        if record is None:
            return None
        with self._lock:
            whole = record.whole()
        return whole if secrets else masked(whole)

    def record_of(self, tunnel: str, number: int) -> Record | None:
        """Return the record itself."""
        with self._lock:
            record = self._records.get(number)
        return record if record is not None and record.tunnel == tunnel else None

    def count(self) -> int:
        return len(self._records)

    def dropped(self, tunnel: str) -> int:
        return self._dropped[tunnel]

    def is_recording(self, tunnel: str) -> bool:
        return tunnel in self._recording

    def record(self, tunnel: str, *, on: bool) -> None:
        if on:
            self._recording.add(tunnel)
        else:
            self._recording.discard(tunnel)

    def clear(self, tunnel: str) -> None:
        with self._lock:
            for record in [record for record in self._records.values() if record.tunnel == tunnel]:
                self._forget(record)
            self._dropped[tunnel] = 0

    def subscribe(self, listener: RowListener) -> Unsubscribe:
        self._listeners = [*self._listeners, listener]

        def leave() -> None:
            self._listeners = [one for one in self._listeners if one is not listener]

        return leave

    def _make_room(self) -> None:
        """Under the lock."""
        while self._bytes > self._most_bytes and self._with_bodies:
            _, record = self._with_bodies.popitem(last=False)
            self._drop_bodies(record)
        while self._bytes > self._most_bytes or len(self._records) > self._most_rows:
            record = next(iter(self._records.values()))
            self._forget(record)
            self._dropped[record.tunnel] += 1

    def _forget(self, record: Record) -> None:
        self._with_bodies.pop(record.number, None)
        self._drop_bodies(record)
        del self._records[record.number]
        self._bytes -= record.cost

    def _drop_bodies(self, record: Record) -> None:
        self._bytes -= record.bodies
        record.content, record.answer = bytearray(), bytearray()
        record.made_room = True


def masked(whole: RecordedRequest) -> RecordedRequest:
    """Return the same with the values of secrets masked."""
    return replace(
        whole,
        row=replace(whole.row, path=masked_path(whole.row.path)),
        request_headers=masked_headers(whole.request_headers),
        response_headers=masked_headers(whole.response_headers),
    )


def _fits(row: RequestRow, wanted: RequestFilter) -> bool:
    if wanted.method and row.method != wanted.method.upper():
        return False
    if wanted.text and wanted.text.lower() not in row.path.lower():
        return False
    status = wanted.status.lower()
    return not status or (str(row.status)[0] == status[0] if status.endswith("xx") else str(row.status) == status)


def _body(data: bytearray, size: int, headers: Headers) -> RecordedBody:
    chunked = (_header(headers, "transfer-encoding") or "").lower() == "chunked"
    return RecordedBody(
        data=_without_chunk_sizes(bytes(data)) if chunked else bytes(data),
        size=size,
        whole=len(data) == size,
        content_type=_header(headers, "content-type"),
        encoding=_header(headers, "content-encoding"),
    )


def _without_chunk_sizes(data: bytes) -> bytes:
    """Return what the chunks hold. Their framing was checked on its way; what is missing at the end is left out."""
    parts, at = [], 0
    while at < len(data):
        line_end = data.find(b"\r\n", at)
        size = int(data[at:line_end].partition(b";")[0], 16) if line_end > 0 else 0
        if size == 0:
            break
        parts.append(data[line_end + 2 : line_end + 2 + size])
        at = line_end + 2 + size + 2
    return b"".join(parts)


def _header(headers: Headers, name: str) -> str | None:
    return next((value for other, value in headers if other.lower() == name), None)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _milliseconds(began: float, until: float | None) -> float | None:
    return None if until is None else round((until - began) * 1000, 3)
