"""The stream of statuses: a snapshot at each connect, every change, ids and a heartbeat."""

from __future__ import annotations

from portway.core.status import Phase
from tests.fakes.runtime.hub import up
from tests.rest.wire import Rest, Wire, frames

BACKENDS = ["lan", "cloudflared", "ngrok", "tailscale", "ssh"]


def opened(rest: Rest) -> Wire:
    wire = rest.connect()
    wire.send(rest.head("GET /api/events"))
    wire.wait(lambda: len(frames(wire.received)) == len(BACKENDS))
    return wire


def test_begins_with_the_status_of_every_tunnel(rest: Rest) -> None:
    rest.call("POST", "/api/tunnels/lan", {"action": "enable"})
    wire = opened(rest)
    found = frames(wire.received)
    assert [(frame.event, frame.data["backend"]) for frame in found] == [("status", name) for name in BACKENDS]
    assert found[0].data == rest.call("GET", "/api/tunnels/lan").json


def test_tells_every_change_with_a_full_status(rest: Rest) -> None:
    wire = opened(rest)
    rest.hub.show("ngrok", phase=Phase.STARTING, wanted=True)
    rest.hub.show("ngrok", **up("ngrok"))
    wire.wait(lambda: len(frames(wire.received)) == len(BACKENDS) + 2)
    starting, running = frames(wire.received)[-2:]
    assert (starting.data["backend"], starting.data["phase"]) == ("ngrok", "starting")
    assert running.data == rest.call("GET", "/api/tunnels/ngrok").json


def test_ids_count_up(rest: Rest) -> None:
    wires = [opened(rest), opened(rest)]
    for _ in range(3):
        rest.hub.show("lan", log_path="x")
    for wire in wires:
        wire.wait(lambda: len(frames(wire.received)) == len(BACKENDS) + 3)  # noqa: B023 - runs before the next turn
        ids = [frame.id or 0 for frame in frames(wire.received)]
        assert ids == sorted(set(ids))


def test_says_that_it_lives_while_nothing_changes(rest: Rest) -> None:
    opened(rest).wait_for(b":\n\n")


def test_who_has_left_is_told_nothing(rest: Rest) -> None:
    wire = opened(rest)
    events = rest.serving._api._events
    assert len(events._clients) == 1
    wire.close()
    other = rest.connect()
    other.wait(lambda: not events._clients)


def test_ends_with_the_server(rest: Rest) -> None:
    wire = opened(rest)
    rest.server.close()
    wire.to_end()
    assert wire.received.endswith(b"0\r\n\r\n")


def test_http_1_0_gets_it_without_chunks(rest: Rest) -> None:
    wire = rest.connect()
    wire.send(rest.head("GET /api/events").replace(b"HTTP/1.1", b"HTTP/1.0"))
    wire.wait_for(b'"backend":"tailscale"')
    assert b"Transfer-Encoding" not in wire.received
    assert b"\r\n\r\nid: " in wire.received


def test_what_a_reader_sends_is_not_read_as_a_request(rest: Rest) -> None:
    wire = opened(rest)
    wire.send(rest.head("POST /api/quit"))
    rest.hub.show("lan", log_path="/a/log")
    wire.wait_for(b"/a/log")
    assert not rest.hub.quits
