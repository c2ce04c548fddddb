"""What is recorded is found again, stays within its bounds, and is gone when it should be."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portway.core.hub import RequestFilter, RequestRow
from portway.relay.capture.masking import MASK
from portway.relay.capture.recorder import Recorder
from portway.relay.capture.store import ExchangeStore
from portway.relay.http.exchange import Exchange, Outcome
from portway.relay.http.heads import parse_answer, parse_request
from tests.relay.capture.records import TUNNEL, answer, record, recording_store, request

KB = 1024


def test_nothing_is_recorded_unless_it_is_wanted() -> None:
    store = ExchangeStore()
    assert record(store) == 0
    assert store.rows(TUNNEL) == ()
    assert store.size == 0


def test_a_row_tells_what_came_and_what_became_of_it() -> None:
    store = recording_store()
    raw = request("/cart?token=abc", "Content-Type: text/plain", method="POST")
    record(store, raw, answer(201, "Content-Type: application/json"), sent=(b"ab", b"c"), received=(b"{}",))
    (row,) = store.rows(TUNNEL)
    assert (row.method, row.path, row.status, row.state) == ("POST", f"/cart?token={MASK}", 201, "done")
    assert (row.request_bytes, row.response_bytes, row.content_type) == (3, 2, "application/json")
    assert row.client == "203.0.113.7"
    assert row.duration_ms is not None
    assert row.first_byte_ms is not None
    assert row.duration_ms >= row.first_byte_ms >= 0


def test_all_of_it_is_there_with_secrets_masked_unless_asked_for() -> None:
    store = recording_store()
    number = record(
        store, request("/?key=1", "Cookie: a=b"), answer(200, "Set-Cookie: a=b; Path=/"), received=(b"hello",)
    )
    masked, plain = store.get(TUNNEL, number), store.get(TUNNEL, number, secrets=True)
    assert masked is not None
    assert plain is not None
    assert masked.row.path == f"/?key={MASK}"
    assert ("Cookie", f"a={MASK}") in masked.request_headers
    assert masked.response_headers == (("Set-Cookie", f"a={MASK}; Path=/"),)
    assert plain.row.path == "/?key=1"
    assert ("Cookie", "a=b") in plain.request_headers
    assert plain.response_body.data == b"hello"
    assert plain.response_body.whole


@pytest.mark.parametrize(
    ("body", "data"),
    [(b"5\r\nhello\r\n3;x=1\r\n yo\r\n0\r\nT: 1\r\n\r\n", b"hello yo"), (b"5\r\nhel", b"hel"), (b"", b""), (b"A", b"")],
)
def test_a_body_in_chunks_is_shown_without_their_sizes(body: bytes, data: bytes) -> None:
    store = recording_store()
    number = record(store, request(), answer(200, "Transfer-Encoding: chunked"), received=(body,))
    whole = store.get(TUNNEL, number)
    assert whole is not None
    assert whole.response_body.data == data


def test_of_a_long_body_the_beginning_is_kept_and_all_of_it_is_counted() -> None:
    store = recording_store(most_of_a_body=4)
    number = record(store, received=(b"abc", b"def", b"ghi"))
    whole = store.get(TUNNEL, number)
    assert whole is not None
    assert (whole.response_body.data, whole.response_body.size, whole.response_body.whole) == (b"abcd", 9, False)


def test_a_value_that_is_no_utf_8_is_read_as_latin_1() -> None:
    store = recording_store()
    number = record(store, request("/").replace(b"shop.test\r\n", b"shop.test\r\nX-Name: M\xfcller\r\n"))
    whole = store.get(TUNNEL, number)
    assert whole is not None
    assert ("X-Name", "Müller") in whole.request_headers


@pytest.mark.parametrize("outcome", [Outcome.CUT, Outcome.UNANSWERED])
def test_one_without_an_answer_says_so(outcome: Outcome) -> None:
    store = recording_store()
    record(store, answered=None, outcome=outcome)
    (row,) = store.rows(TUNNEL)
    assert (row.status, row.state, row.first_byte_ms) == (0, outcome.value, None)


@pytest.mark.parametrize(
    ("wanted", "paths"),
    [
        (RequestFilter(), ["/c", "/b", "/a"]),
        (RequestFilter(status="404"), ["/b"]),
        (RequestFilter(status="4xx"), ["/b"]),
        (RequestFilter(status="2XX"), ["/c", "/a"]),
        (RequestFilter(method="post"), ["/c"]),
        (RequestFilter(text="/A"), ["/a"]),
        (RequestFilter(text="nowhere"), []),
    ],
)
def test_rows_are_the_newest_first_and_filtered(wanted: RequestFilter, paths: list[str]) -> None:
    store = recording_store()
    record(store, request("/a"))
    record(store, request("/b"), answer(404))
    record(store, request("/c", method="POST"))
    assert [row.path for row in store.rows(TUNNEL, wanted)] == paths


def test_rows_come_in_pages_without_a_gap() -> None:
    store = recording_store()
    for number in range(7):
        record(store, request(f"/{number}"))
    seen: list[str] = []
    before: int | None = None
    while page := store.rows(TUNNEL, limit=3, before=before):
        seen += [row.path for row in page]
        before = page[-1].id
    assert seen == [f"/{number}" for number in reversed(range(7))]


def test_tunnels_know_nothing_of_each_other() -> None:
    store = recording_store()
    store.record("api", on=True)
    number = record(store)
    other = record(store, tunnel="api")
    assert store.get("api", number) is None
    store.clear(TUNNEL)
    assert store.rows(TUNNEL) == ()
    assert [row.id for row in store.rows("api")] == [other]


def test_the_oldest_bodies_make_room_first_and_then_the_oldest_rows() -> None:
    store = recording_store(most_bytes=100 * KB)
    numbers = [record(store, received=(b"x" * 40 * KB,)) for _ in range(4)]
    bodies = [whole.response_body for number in numbers if (whole := store.get(TUNNEL, number))]
    assert [body.whole for body in bodies] == [False, False, True, True]
    assert [body.size for body in bodies] == [40 * KB] * 4
    assert store.size <= 100 * KB
    for _ in range(200):
        record(store)
    assert store.get(TUNNEL, numbers[0]) is None
    assert store.dropped(TUNNEL) > 0
    assert store.size <= 100 * KB


def test_less_room_makes_the_oldest_go_at_once() -> None:
    store = recording_store()
    numbers = [record(store) for _ in range(10)]
    half = store.size // 2
    store.keep_at_most(half)
    assert store.size <= half
    kept = [row.id for row in store.rows(TUNNEL)]
    assert kept == numbers[: -len(kept) - 1 : -1]
    assert store.dropped(TUNNEL) == len(numbers) - len(kept) > 0


def test_no_more_rows_are_kept_than_is_said() -> None:
    store = recording_store(most_rows=3)
    numbers = [record(store) for _ in range(5)]
    assert [row.id for row in store.rows(TUNNEL)] == numbers[:1:-1]
    assert store.dropped(TUNNEL) == 2


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000), st.booleans()), max_size=40),
    st.integers(2_000, 20_000),
)
def test_whatever_comes_the_sum_is_right_and_within_its_bound(sizes: list[tuple[int, int, bool]], most: int) -> None:
    store = recording_store(most_bytes=most, most_of_a_body=2000)
    for sent, received, also_cleared in sizes:
        record(store, sent=(b"s" * sent,), received=(b"r" * received,))
        assert store.size <= most
        if also_cleared and sent % 7 == 0:
            store.clear(TUNNEL)
    store.clear(TUNNEL)
    assert store.size == 0


def test_one_that_goes_between_its_answer_and_the_word_of_it_leaves_the_sum_right() -> None:
    """The thread of a relay sets the answer, and another tunnel may need the room before it has told of it."""
    store = recording_store()
    recorder, exchange = Recorder(store, TUNNEL), Exchange("203.0.113.7", parse_request(request()))
    recorder.began(exchange)
    exchange.answer = parse_answer(answer())
    store.clear(TUNNEL)
    assert store.size == 0
    recorder.answered(exchange)
    assert store.size == 0


def test_paused_it_records_nothing_new_and_finishes_what_was_begun() -> None:
    store = recording_store()
    record(store)
    store.record(TUNNEL, on=False)
    record(store)
    assert len(store.rows(TUNNEL)) == 1
    assert not store.is_recording(TUNNEL)


def test_who_listens_hears_of_begin_answer_and_end_until_leaving() -> None:
    store = recording_store()
    heard: list[RequestRow] = []
    leave = store.subscribe(heard.append)
    record(store)
    assert [(row.status, row.state) for row in heard] == [(0, "open"), (200, "open"), (200, "done")]
    leave()
    record(store)
    assert len(heard) == 3


def test_many_threads_may_write_and_read_at_once() -> None:
    store = recording_store(most_bytes=50 * KB)
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(200):
                record(store, sent=(b"x" * 500,), received=(b"y" * 700,))
                store.rows(TUNNEL, RequestFilter(text="/"))
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    store.clear(TUNNEL)
    assert store.size == 0
