"""Real HTTP through a published address: what a browser, a stream, a WebSocket and an upload get."""

from __future__ import annotations

import hashlib
import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from portway.relay.engine.forwarder import Limits
from tests.backends.lan.stand.visitors import (
    PUBLISHED,
    WebSocketVisitor,
    browser,
    connect,
    exactly,
    get,
    received,
    reset,
)
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.http import HALF, HttpOrigin, content
from tests.fakes.origins.page import PAGE

_MEBIBYTE = 1 << 20


def test_a_page_arrives_as_it_is(public_url: str) -> None:
    assert get(public_url) == PAGE


def test_a_large_download_arrives_whole(public_url: str) -> None:
    assert get(public_url, f"/bytes/{20 * _MEBIBYTE}") == content(20 * _MEBIBYTE)


def test_many_requests_share_one_connection(public_url: str, site: HttpOrigin) -> None:
    with browser(public_url) as connection:
        for _ in range(50):
            connection.request("GET", "/")
            assert connection.getresponse().read() == PAGE
    assert len(site.peers) == 1


def test_an_upload_arrives_whole(public_url: str) -> None:
    body = content(8 * _MEBIBYTE)
    with browser(public_url) as connection:
        connection.request("POST", "/upload", body)
        answer = json.loads(connection.getresponse().read())
    assert answer == {"length": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def test_an_upload_in_chunks_arrives_whole(public_url: str) -> None:
    parts = [content(size) for size in (1, 70_000, 3)]
    with browser(public_url) as connection:
        connection.request("POST", "/upload", iter(parts), encode_chunked=True)
        answer = json.loads(connection.getresponse().read())
    assert answer["sha256"] == hashlib.sha256(b"".join(parts)).hexdigest()


def test_an_early_refusal_of_an_upload_is_passed_on(public_url: str) -> None:
    with connect(public_url) as connection:
        connection.sendall(b"POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
        assert exactly(connection, 12) == b"HTTP/1.1 413"


def test_events_arrive_one_by_one(public_url: str, site: HttpOrigin) -> None:
    with browser(public_url) as connection:
        connection.request("GET", "/events")
        stream = connection.getresponse()
        for text in ("first", "second", "third"):
            wait_until(lambda: site.streams)
            site.publish(text)
            assert stream.readline() == f"data: {text}\n".encode()
            assert stream.readline() == b"\n"
        site.end_streams()
        assert stream.read() == b""


def test_a_visitor_who_leaves_a_stream_ends_it_at_the_target(public_url: str, site: HttpOrigin) -> None:
    connection = connect(public_url)
    connection.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
    wait_until(lambda: site.streams)
    reset(connection)

    def left() -> bool:
        site.publish("is anybody there?")
        return site.streams == 0

    wait_until(left)


def test_a_websocket_carries_messages_both_ways(public_url: str) -> None:
    visitor = WebSocketVisitor(public_url)
    for size in (0, 5, 200_000):
        assert visitor.said_back(content(size)) == content(size)
    visitor.close()


def test_a_slow_answer_is_waited_for(public_url: str, site: HttpOrigin) -> None:
    with browser(public_url) as connection:
        connection.request("GET", "/slow")
        answer = connection.getresponse()
        assert answer.read(len(HALF)) == HALF  # what is there is not held back
        site.release()
        assert answer.read() == HALF


def test_an_answer_that_was_cut_does_not_look_whole(public_url: str) -> None:
    with connect(public_url) as connection:
        connection.sendall(b"GET /cut HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            received(connection)


def test_the_target_sees_visitors_come_from_the_published_address(public_url: str) -> None:
    assert get(public_url, "/peer").decode() == PUBLISHED


class TestManyVisitors:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(connections=256, per_peer=256)

    @pytest.fixture
    def visitors(self, public_url: str) -> Iterator[list[http.client.HTTPConnection]]:
        """Connect 200 visitors from ten addresses, each of whom has got a page."""
        sources = [f"127.0.0.{10 + number % 10}" for number in range(200)]
        with ThreadPoolExecutor(16) as pool:
            connections = list(pool.map(lambda source: _served(public_url, source), sources))
        yield connections
        for connection in connections:
            connection.close()

    def test_two_hundred_are_served_at_once(self, visitors: list[http.client.HTTPConnection]) -> None:
        for connection in visitors:
            connection.request("GET", "/bytes/1000")
        for connection in visitors:
            assert connection.getresponse().read() == content(1000)


def _served(public_url: str, source: str) -> http.client.HTTPConnection:
    host = public_url.partition("://")[2]
    connection = http.client.HTTPConnection(host, timeout=20, source_address=(source, 0))
    connection.request("GET", "/")
    assert connection.getresponse().read() == PAGE
    return connection
