"""What every answer has in common, and what is asked of Portway itself."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest

from portway.rest.api.routes import build_routes
from portway.rest.http.policy import NUMBER
from tests.fakes.backends.api import api_backends
from tests.rest.wire import VERSION, Rest

ROUTES = [(route.method, route.path.replace(NUMBER, "1")) for route in build_routes(api_backends())]
PATHS = sorted({path for _, path in ROUTES})
GETS = [path for method, path in ROUTES if method == "GET"]


def test_health_needs_no_token(rest: Rest) -> None:
    answer = rest.call("GET", "/api/health", token=None)
    assert (answer.status, answer.json) == (200, {"ok": True, "version": VERSION})


def test_tells_all_statuses(rest: Rest) -> None:
    answer = rest.call("GET", "/api/tunnels")
    assert [status["backend"] for status in answer.json["tunnels"]] == [
        "lan",
        "cloudflared",
        "ngrok",
        "tailscale",
        "ssh",
    ]


@pytest.mark.parametrize("backend", ["lan", "cloudflared", "ngrok", "tailscale", "ssh"])
def test_tells_one_status(rest: Rest, backend: str) -> None:
    answer = rest.call("GET", f"/api/tunnels/{backend}")
    assert (answer.status, answer.json["backend"], answer.json["phase"]) == (200, backend, "stopped")


@pytest.mark.parametrize("path", [path for path in GETS if path != "/api/events"])
def test_head_answers_like_get_without_a_body(rest: Rest, path: str) -> None:
    get, head = rest.call("GET", path), rest.call("HEAD", path)
    assert head.body == b""
    assert (head.status, sorted(head.headers)) == (get.status, sorted(get.headers))


def test_head_of_a_stream_ends(rest: Rest) -> None:
    head = rest.call("HEAD", "/api/events")
    assert (head.status, head.header("Content-Type"), head.body) == (200, "text/event-stream", b"")


def test_head_of_a_refusal_has_no_body(rest: Rest) -> None:
    head = rest.raw(rest.head("HEAD /api/nothing", "Content-Length: 5") + b"hello")
    assert (head.status, head.body) == (404, b"")


@pytest.mark.parametrize(
    ("method", "path"),
    [*(("PROPFIND", path) for path in PATHS), *((method, PATHS[0]) for method in ("OPTIONS", "TRACE", "FOO", "get"))],
)
def test_other_methods_are_told_which_ones_there_are(rest: Rest, method: str, path: str) -> None:
    answer = rest.call(method, path)
    known = {name for name, known_path in ROUTES if known_path == path}
    assert answer.status == 405
    assert set((answer.header("Allow") or "").split(", ")) == known | ({"HEAD"} if "GET" in known else set())


@pytest.mark.parametrize("path", PATHS)
def test_every_route_but_health_needs_a_token(rest: Rest, path: str) -> None:
    answer = rest.call("GET", path, token=None)
    if path == "/api/health":
        assert answer.status == 200
    else:
        assert (answer.status, answer.header("WWW-Authenticate")) == (401, "Bearer")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api",
        "/api/",
        "/api/health/",
        "/API/health",
        "/api//health",
        "/api/./health",
        "/api/x/../health",
        "/api/%68ealth",
        "/api/health%00",
        "/api/health;x",
        "/api/health%2F",
        "/api\\health",
        "/api/tunnels/",
        "/api/tunnels/other",
        "/api/tunnels/lan/tokens",
        "/api/tunnels/lan/%2e%2e",
        "/api/tunnels/%c0%ae",
        "/metrics",
        "/favicon.ico",
        "/api/tunnels/ngrok/install",
        "/health",
        "/api/health#x",
    ],
)
def test_paths_are_compared_as_they_are_sent(rest: Rest, path: str) -> None:
    answer = rest.call("GET", path)
    assert (answer.status, answer.json["code"]) == (404, "not_found")


def test_raises_the_window(rest: Rest) -> None:
    assert rest.call("POST", "/api/window").json == {"success": True}
    assert rest.raised == ["raised"]


def test_says_that_there_is_no_window(build: Callable[..., Rest]) -> None:
    answer = build(display=False).call("POST", "/api/window")
    assert (answer.status, answer.json["code"]) == (409, "no_display")


def test_reads_the_settings_again(rest: Rest) -> None:
    assert rest.call("POST", "/api/reload", {}).json == {"success": True}
    assert rest.hub.reloads == 1


def test_quits(rest: Rest) -> None:
    assert rest.call("POST", "/api/quit").json == {"success": True}
    assert rest.hub.quits == 1


@pytest.mark.parametrize(
    "bug", [ValueError("at /home/me, token abc"), ZeroDivisionError(), MemoryError(), KeyError("x")]
)
@pytest.mark.parametrize("call", ["GET /api/tunnels", "GET /api/tunnels/lan", "POST /api/quit", "POST /api/reload"])
def test_a_bug_is_answered_without_details_and_the_server_lives(
    rest: Rest, expected_logs: pytest.LogCaptureFixture, bug: Exception, call: str
) -> None:
    rest.hub.bug = bug
    answer = rest.call(*call.split())
    rest.hub.bug = None
    assert answer.status == 500
    assert answer.json == {"error": "Something went wrong inside Portway. The log has the details.", "code": "internal"}
    assert call in expected_logs.text
    assert type(bug).__name__ in expected_logs.text  # with the places that lead there, without what it says
    assert "router.py" in expected_logs.text
    assert "token abc" not in expected_logs.text
    assert rest.call("GET", "/api/tunnels").status == 200


def test_a_bug_in_a_stream_breaks_it_off_and_ends_no_more(rest: Rest, expected_logs: pytest.LogCaptureFixture) -> None:
    rest.hub.bug = ValueError("while the snapshot is made")
    wire = rest.connect()
    wire.send(rest.head("GET /api/events"))
    assert b"event:" not in wire.to_end()
    rest.hub.bug = None
    assert "GET /api/events" in expected_logs.text
    assert rest.call("GET", "/api/tunnels").status == 200


def test_collecting_garbage_ends_no_callback(rest: Rest) -> None:
    gc.collect()
    for _ in range(200):
        assert rest.call("GET", "/api/health").status == 200


def test_closing_refuses_further_connections_and_may_be_repeated(rest: Rest) -> None:
    rest.server.close()
    rest.server.close()
    assert rest.server.port is None
    with pytest.raises(ConnectionRefusedError):
        rest.connect()


def test_may_listen_again_after_closing(rest: Rest) -> None:
    rest.server.close()
    assert rest.server.listen(rest.port) == rest.port
    assert rest.call("GET", "/api/health").status == 200
