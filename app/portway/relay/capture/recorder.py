"""Writes what passes through one tunnel into the store, while it is wanted."""

from collections.abc import Callable

from portway.relay.capture.store import ExchangeStore, Record
from portway.relay.http.exchange import Exchange, ExchangeListener


class Recorder(ExchangeListener):
    """Lives on the thread of the relay's loop; `client_of` tells visitors apart.

    Whether an exchange is recorded is decided when it begins, so that no half of one is ever kept.
    """

    def __init__(
        self, store: ExchangeStore, tunnel: str, client_of: Callable[[Exchange], str] = lambda exchange: exchange.peer
    ) -> None:
        self._store = store
        self._tunnel = tunnel
        self._client_of = client_of
        self._open: dict[Exchange, Record] = {}

    def began(self, exchange: Exchange) -> None:
        if self._store.is_recording(self._tunnel):
            self._open[exchange] = self._store.begin(self._tunnel, exchange, self._client_of(exchange))

    def sent(self, exchange: Exchange, part: memoryview) -> None:
        record = self._open.get(exchange)
        if record is not None:
            self._store.add(record, record.content, part)

    def answered(self, exchange: Exchange) -> None:
        record = self._open.get(exchange)
        if record is not None:
            self._store.answered(record)

    def received(self, exchange: Exchange, part: memoryview) -> None:
        record = self._open.get(exchange)
        if record is not None:
            self._store.add(record, record.answer, part)

    def ended(self, exchange: Exchange) -> None:
        record = self._open.pop(exchange, None)
        if record is not None:
            self._store.tell(record)
