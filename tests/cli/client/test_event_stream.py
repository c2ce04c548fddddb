"""Events for one who is slower than they come: bounded, and the last word of each tunnel is among them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portway.cli.client.client import Client, Frame
from portway.cli.client.event_stream import REQUEST, STATUS, EventStream
from portway.cli.failure import Failed
from tests.fakes.portway.rest_double import row_of, status_of

_MANY = 5_000
_KEPT = 510  # events, with room for what takes the place of others


class _Flood(Client):
    """Tells of many requests, and of two tunnels between them, as fast as it is read."""

    def __init__(self) -> None:
        super().__init__(0, "")
        self.all_was_read = threading.Event()

    @contextmanager
    def stream(self, *_: object) -> Iterator[Iterator[Frame]]:
        yield self._frames()

    def _frames(self) -> Iterator[Frame]:
        yield Frame(STATUS, status_of("lan"))
        for number in range(_MANY):
            yield Frame(REQUEST, row_of(number, "toy"))
            yield Frame(STATUS, status_of("toy", attempt=number))
        yield Frame(REQUEST, {"more": 7, "tunnel": "lan"})
        yield Frame(STATUS, status_of("lan", attempt=1))
        self.all_was_read.set()


def test_nothing_is_lost_but_what_newer_news_replace() -> None:
    client = _Flood()
    events = EventStream(client, STATUS, REQUEST).frames()
    assert client.all_was_read.wait(30)
    taken: list[Frame] = []
    with pytest.raises(Failed, match="has ended"):
        taken.extend(events)
    assert len(taken) < _KEPT
    requests = [frame.data for frame in taken if frame.event == REQUEST]
    told = Counter(row["tunnel"] for row in requests if "more" not in row)
    told.update({row["tunnel"]: row["more"] for row in requests if "more" in row})
    assert told == {"toy": _MANY, "lan": 7}
    last = {frame.data["id"]: frame.data["attempt"] for frame in taken if frame.event == STATUS}
    assert last == {"toy": _MANY - 1, "lan": 1}


class _Ending(Client):
    """Answers for the last time when it is asked whether it is there."""

    def __init__(self) -> None:
        super().__init__(0, "")
        self._answers = [True]  # and no more
        self._streams = 0

    def answers(self) -> bool:
        return bool(self._answers) and self._answers.pop()

    @contextmanager
    def stream(self, *_: object) -> Iterator[Iterator[Frame]]:
        self._streams += 1
        if self._streams > 1:
            raise Failed("The connection to Portway broke off: connection reset by peer.")
        yield iter([Frame(STATUS, status_of("lan"))])


def test_one_that_ends_between_two_answers_has_ended() -> None:
    events = EventStream(_Ending()).frames()
    assert next(events).event == STATUS
    with pytest.raises(Failed, match="has ended"):
        next(events)
