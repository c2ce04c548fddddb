"""Recorded requests over REST: listed, shown with their secrets masked, exported, forgotten and sent again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from portway.core.hub import RequestRow
from tests.fakes.origins.http import HttpOrigin, http_origin
from tests.relay.capture.records import answer, record, request
from tests.rest.wire import Rest

PATH = "/api/tunnels/lan/requests"
SECRET = "sesame-sesame"


@pytest.fixture
def recorded(rest: Rest) -> int:
    """Record one request with secrets in it, and return its number."""
    rest.hub.requests.record("lan", on=True)
    raw = request(
        f"/shop?token={SECRET}", f"Authorization: Bearer {SECRET}", "Content-Length: 5", "X-Plain: yes", method="POST"
    )
    answered = answer(201, "Content-Type: application/json", f"Set-Cookie: id={SECRET}", "Content-Length: 7")
    return record(rest.hub.requests.store, raw, answered, tunnel="lan", sent=(b"hello",), received=(b'{"a":1}',))


@pytest.fixture
def site() -> Iterator[HttpOrigin]:
    with http_origin() as origin:
        yield origin


def _listed(rest: Rest, query: str = "") -> list[dict[str, Any]]:
    answered = rest.call("GET", PATH + query)
    assert answered.status == 200, answered.json
    found: list[dict[str, Any]] = answered.json["requests"]
    return found


def test_there_are_none_at_first(rest: Rest) -> None:
    assert rest.call("GET", PATH).json == {"requests": [], "dropped": 0, "capturing": False}


def test_a_row_says_what_came_of_it(rest: Rest, recorded: int) -> None:
    whole = rest.call("GET", PATH).json
    assert whole["capturing"]
    row = whole["requests"][0]
    assert (row["id"], row["tunnel"], row["method"], row["status"]) == (recorded, "lan", "POST", 201)
    assert (row["requestBytes"], row["responseBytes"], row["state"]) == (5, 7, "done")
    assert row["client"] == "203.0.113.7"
    assert row.keys() == {_camel(name) for name in RequestRow.__slots__}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def test_the_newest_come_first_and_the_list_is_turned_page_by_page(rest: Rest) -> None:
    rest.hub.requests.record("lan", on=True)
    numbers = [record(rest.hub.requests.store, request(f"/{n}"), tunnel="lan") for n in range(5)]
    assert [row["id"] for row in _listed(rest, "?limit=2")] == numbers[:-3:-1]
    assert [row["id"] for row in _listed(rest, f"?limit=2&before={numbers[3]}")] == [numbers[2], numbers[1]]


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("?status=404", ["/lost"]),
        ("?status=4xx", ["/lost"]),
        ("?status=2xx", ["/found"]),
        ("?method=get", ["/lost", "/found"]),
        ("?method=PUT", []),
        ("?q=OUN", ["/found"]),
        ("?q=%2ffound", ["/found"]),
    ],
)
def test_only_those_that_are_wanted(rest: Rest, query: str, paths: list[str]) -> None:
    rest.hub.requests.record("lan", on=True)
    record(rest.hub.requests.store, request("/found"), answer(200), tunnel="lan")
    record(rest.hub.requests.store, request("/lost"), answer(404), tunnel="lan")
    assert [row["path"] for row in _listed(rest, query)] == paths


@pytest.mark.parametrize(
    "query",
    [
        "?limit=0",
        "?limit=x",
        "?limit=1&limit=2",
        "?before=-1",
        "?status=999",
        "?status=",
        "?more=1",
        "?limit",
        "?q=%00",
    ],
)
def test_a_query_that_means_nothing_is_refused(rest: Rest, query: str) -> None:
    refused = rest.call("GET", PATH + query)
    assert (refused.status, refused.json["code"]) == (400, "bad_request")


def test_shown_with_its_secrets_masked(rest: Rest, recorded: int) -> None:
    shown = rest.call("GET", f"{PATH}/{recorded}")
    assert shown.status == 200
    assert SECRET not in shown.body.decode()
    assert shown.json["requestBody"] == {"text": "hello", "size": 5, "kept": True, "encoding": None}
    assert shown.json["responseBody"]["text"] == '{"a":1}'
    assert ["X-Plain", "yes"] in shown.json["requestHeaders"]


def test_shown_with_its_secrets_where_they_are_asked_for(rest: Rest, recorded: int) -> None:
    shown = rest.call("GET", f"{PATH}/{recorded}?secrets=true")
    assert ["Authorization", f"Bearer {SECRET}"] in shown.json["requestHeaders"]
    assert shown.json["path"] == f"/shop?token={SECRET}"


def test_a_body_that_is_no_text_is_base64(rest: Rest) -> None:
    rest.hub.requests.record("lan", on=True)
    number = record(
        rest.hub.requests.store, answered=answer(200, "Content-Length: 3"), tunnel="lan", received=(b"\xff\x00\xfe",)
    )
    assert rest.call("GET", f"{PATH}/{number}").json["responseBody"]["base64"] == "/wD+"


def test_as_a_curl_command(rest: Rest, recorded: int) -> None:
    shown = rest.call("GET", f"{PATH}/{recorded}/curl")
    assert shown.header("Content-Type") == "text/plain; charset=utf-8"
    text = shown.body.decode()
    assert text.startswith("curl --request POST")
    assert "hello" in text
    assert SECRET not in text
    assert SECRET in rest.call("GET", f"{PATH}/{recorded}/curl?secrets=true").body.decode()


def test_as_an_archive(rest: Rest, recorded: int) -> None:
    archive = rest.call("GET", f"{PATH}.har")
    assert archive.json["log"]["version"] == "1.2"
    assert [entry["request"]["method"] for entry in archive.json["log"]["entries"]] == ["POST"]
    assert SECRET not in archive.body.decode()
    assert SECRET in rest.call("GET", f"{PATH}.har?secrets=true").body.decode()


@pytest.mark.parametrize("below", ["", "/curl", "/replay"])
def test_one_that_is_not_kept(rest: Rest, recorded: int, below: str) -> None:
    for path in (f"{PATH}/{recorded + 1}{below}", f"/api/tunnels/ngrok/requests/{recorded}{below}"):
        refused = rest.call("POST" if below == "/replay" else "GET", path)
        assert (refused.status, refused.json["code"]) == (404, "not_found")


@pytest.mark.parametrize("number", ["0", "01", "x", "-1", "1.0", "99999999999", "{number}", "1/2"])
def test_no_number_is_no_path(rest: Rest, number: str) -> None:
    assert rest.call("GET", f"{PATH}/{number}").status == 404


def test_forgotten(rest: Rest, recorded: int) -> None:
    assert rest.call("DELETE", PATH).json == {"success": True}
    assert _listed(rest) == []
    assert rest.call("GET", f"{PATH}/{recorded}").status == 404


class TestSentAgain:
    def test_as_it_was(self, rest: Rest, site: HttpOrigin) -> None:
        rest.hub.show("lan", target_url=site.target.url)
        rest.hub.requests.record("lan", on=True)
        number = record(rest.hub.requests.store, tunnel="lan")
        again = rest.call("POST", f"{PATH}/{number}/replay")
        assert again.status == 200
        row = again.json["request"]
        assert (row["status"], row["replayOf"], row["client"], row["state"]) == (200, number, "replay", "done")
        assert [row["id"] for row in _listed(rest)] == [row["id"], number]

    def test_as_it_was_changed(self, rest: Rest, site: HttpOrigin, recorded: int) -> None:
        rest.hub.show("lan", target_url=site.target.url)
        changes = {
            "method": "PUT",
            "path": "/other",
            "headers": {"authorization": None, "X-Plain": "no", "X-New": "1"},
            "bodyBase64": "AQI=",
        }
        row = rest.call("POST", f"{PATH}/{recorded}/replay", changes).json["request"]
        assert (row["method"], row["path"], row["requestBytes"]) == ("PUT", "/other", 2)
        sent = rest.call("GET", f"{PATH}/{row['id']}?secrets=true").json["requestHeaders"]
        assert ["X-Plain", "no"] in sent
        assert ["X-New", "1"] in sent
        assert "Authorization" not in [name for name, _ in sent]

    def test_not_with_half_a_body(self, rest: Rest, site: HttpOrigin) -> None:
        rest.hub.show("lan", target_url=site.target.url)
        rest.hub.requests.record("lan", on=True)
        raw = request("/", "Content-Length: 100000", method="POST")
        number = record(rest.hub.requests.store, raw, tunnel="lan", sent=(b"x" * 100_000,))
        refused = rest.call("POST", f"{PATH}/{number}/replay")
        assert (refused.status, refused.json["code"]) == (409, "body_not_kept")
        assert rest.call("POST", f"{PATH}/{number}/replay", {"body": "short"}).status == 200

    @pytest.mark.parametrize(
        "changes",
        [
            {"method": "get it"},
            {"path": "http://elsewhere.example/"},
            {"path": "/a b"},
            {"headers": [["X-A", "1"]]},
            {"headers": {"X-A\r\nX-B": "1"}},
            {"headers": {"X-A": "1\r\nX-B: 2"}},
            {"headers": {"X-A": 1}},
            {"body": 1},
            {"bodyBase64": "%"},
            {"body": "a", "bodyBase64": "YQ=="},
        ],
    )
    def test_not_with_what_makes_no_request(self, rest: Rest, recorded: int, changes: dict[str, object]) -> None:
        refused = rest.call("POST", f"{PATH}/{recorded}/replay", json.dumps(changes).encode())
        assert (refused.status, refused.json["code"]) == (400, "bad_request")
        assert len(_listed(rest)) == 1


def test_told_as_they_end_to_those_who_ask_for_it(rest: Rest, recorded: int) -> None:
    rows = rest.hub.requests.rows("lan")
    with rest.stream(path="/api/events?types=request") as wire, rest.stream() as other:
        other.wait_for(b"event: status")
        rest.hub.followers[0](rows, {"lan": 3})
        wire.wait_for(b'"more":3,"tunnel":"lan"')
        assert wire.received.count(b"event: request") == 2
        assert b"event: status" not in wire.received
        assert SECRET.encode() not in wire.received
        assert b"event: request" not in other.received
    rest.call("GET", "/api/health")
    assert not rest.hub.followers


def test_told_beside_the_statuses(rest: Rest, recorded: int) -> None:
    with rest.stream(path="/api/events?types=status,request") as wire:
        wire.wait_for(b"event: status")
        rest.hub.followers[0](rest.hub.requests.rows("lan"), {})
        wire.wait_for(b"event: request")
    assert rest.call("GET", "/api/events?types=news").status == 400
