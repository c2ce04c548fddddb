"""Tunnels that are added, changed, used and removed over the API."""

from __future__ import annotations

import base64
import json

import pytest

from portway.core.secret import Secret
from portway.core.settings import SavedTunnel, Settings
from portway.core.status import BackendId, Phase
from tests.fakes.runtime.hub import up
from tests.rest.wire import Rest, frames

SHOP = {"id": "shop", "backend": "ngrok", "name": "My shop", "target": "8000", "domain": "shop.example.com"}
JSON = "Content-Type: application/json"
NGROK = BackendId("ngrok")


def added(rest: Rest, **changes: object) -> SavedTunnel:
    assert rest.call("POST", "/api/tunnels", {**SHOP, **changes}).status == 201
    saved = rest.hub.saved["shop"]
    rest.hub.settings = Settings(tunnels={"shop": saved})
    return saved


def test_one_is_added_with_its_options_and_not_turned_on(rest: Rest) -> None:
    answer = rest.call("POST", "/api/tunnels", SHOP)
    assert (answer.status, answer.json["id"], answer.json["backend"], answer.json["name"], answer.json["saved"]) == (
        201,
        "shop",
        "ngrok",
        "My shop",
        True,
    )
    assert (answer.json["phase"], answer.json["targetUrl"]) == ("stopped", "http://localhost:8000")
    options = {"domain": "shop.example.com"}
    assert rest.hub.saved["shop"] == SavedTunnel(
        id="shop", backend=NGROK, name="My shop", target="8000", options=options
    )
    tunnels = rest.call("GET", "/api/tunnels").json["tunnels"]
    assert [tunnel["id"] for tunnel in tunnels] == ["lan", "cloudflared", "ngrok", "tailscale", "ssh", "shop"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"id": "ngrok"}, 409, "name_taken"),
        ({"id": "Shop"}, 400, "bad_request"),
        ({"id": "all"}, 400, "bad_request"),
        ({"id": "a" * 33}, 400, "bad_request"),
        ({"id": None}, 400, "bad_request"),
        ({"backend": "pigeon"}, 400, "bad_request"),
        ({"backend": None}, 400, "bad_request"),
        ({"backend": 3}, 400, "bad_request"),
        ({"target": "ftp://x"}, 400, "bad_request"),
        ({"domain": 3}, 400, "bad_request"),
        ({"name": "x" * 61}, 400, "bad_request"),
    ],
)
def test_what_is_no_tunnel_is_refused(rest: Rest, change: dict[str, object], status: int, code: str) -> None:
    answer = rest.call("POST", "/api/tunnels", {**SHOP, **change})
    assert (answer.status, answer.json["code"]) == (status, code)
    assert not rest.hub.saved


def test_of_two_who_add_the_same_one_comes_too_late(rest: Rest) -> None:
    body = json.dumps(SHOP).encode()
    wires = [rest.connect() for _ in range(2)]
    for wire in wires:
        wire.send(rest.head("POST /api/tunnels", f"Content-Length: {len(body)}", JSON) + body)
    for wire in wires:
        wire.wait_for(b"}")
    assert sorted(wire.received.split()[1] for wire in wires) == [b"201", b"409"]
    assert sum(b"name_taken" in wire.received for wire in wires) == 1


def test_a_temporary_one_gets_a_word(rest: Rest) -> None:
    answers = [rest.call("POST", "/api/tunnels", {"backend": "lan", "lasting": False}) for _ in range(2)]
    assert [(answer.status, answer.json["id"], answer.json["saved"]) for answer in answers] == [
        (201, "lan-2", False),
        (201, "lan-3", False),
    ]


def test_a_temporary_one_may_be_given_its_word_and_its_name(rest: Rest) -> None:
    body = {"id": "web-1a2b", "backend": "lan", "name": "Shop", "lasting": False}
    made = rest.call("POST", "/api/tunnels", body)
    assert (made.status, made.json["id"], made.json["name"], made.json["saved"]) == (201, "web-1a2b", "Shop", False)
    again = rest.call("POST", "/api/tunnels", body)
    assert (again.status, again.json["code"]) == (409, "name_taken")


def test_it_is_used_as_those_that_are_built_in(rest: Rest) -> None:
    added(rest)
    on = rest.call("POST", "/api/tunnels/shop", {"action": "enable", "domain": "other.example.com"})
    assert (on.status, on.json["status"]["id"], on.json["status"]["publicUrl"]) == (200, "shop", "https://shop.example")
    assert rest.hub.enabled[-1][1].options == {"domain": "other.example.com"}
    assert rest.call("GET", "/api/tunnels/shop").json["running"] is True
    assert rest.call("GET", "/api/tunnels/ngrok").json["running"] is False
    assert rest.call("GET", "/api/tunnels/shop/requests").json["requests"] == []
    guarded = rest.call("PUT", "/api/tunnels/shop/guard", {"readOnly": True})
    assert guarded.json["guard"]["readOnly"] is True
    off = rest.call("POST", "/api/tunnels/shop", {"action": "disable"})
    assert (off.status, off.json["status"]["phase"]) == (200, "stopped")


@pytest.mark.parametrize(
    "call", ["POST /install", "POST /login", "GET /check", "PUT /token", "DELETE /token", "POST /enable"]
)
def test_commands_stand_below_the_word_of_a_backend_alone(rest: Rest, call: str) -> None:
    added(rest, backend="tailscale", domain=None)
    method, _, path = call.partition(" ")
    assert rest.call(method, f"/api/tunnels/shop{path}").status == 404


@pytest.mark.parametrize("call", ["GET", "POST", "PATCH", "DELETE"])
def test_what_is_there_no_more_is_not_found(rest: Rest, call: str) -> None:
    assert rest.call(call, "/api/tunnels/gone", {} if call in ("POST", "PATCH") else None).status == 404


def test_a_change_names_what_is_to_be_otherwise(rest: Rest) -> None:
    added(rest)
    answer = rest.call("PATCH", "/api/tunnels/shop", {"name": "Market", "domain": ""})
    assert (answer.status, answer.json["name"], answer.json["targetUrl"]) == (200, "Market", "http://localhost:8000")
    assert rest.hub.saved["shop"] == SavedTunnel(id="shop", backend=NGROK, name="Market", target="8000")


def test_one_that_is_on_is_not_removed_one_that_is_off_is(rest: Rest) -> None:
    added(rest)
    rest.call("POST", "/api/tunnels/shop", {"action": "enable"})
    refused = rest.call("DELETE", "/api/tunnels/shop")
    assert (refused.status, refused.json["code"]) == (409, "still_on")
    rest.call("POST", "/api/tunnels/shop", {"action": "disable"})
    assert rest.call("DELETE", "/api/tunnels/shop").json == {"success": True}
    assert rest.call("GET", "/api/tunnels/shop").status == 404
    assert rest.call("POST", "/api/tunnels", SHOP).status == 201


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"name": "x"}), ("DELETE", None)])
def test_a_built_in_one_is_neither_changed_nor_removed(rest: Rest, method: str, body: dict[str, str] | None) -> None:
    rest.hub.show("ngrok", phase=Phase.RUNNING, wanted=True, public_url=up("ngrok")["public_url"])
    answer = rest.call(method, "/api/tunnels/ngrok", body)
    assert (answer.status, answer.json["code"]) == (409, "built_in")


def test_a_method_that_it_has_not_says_which_it_has(rest: Rest) -> None:
    answer = rest.call("PUT", "/api/tunnels/ngrok", {})
    assert answer.status == 405
    assert set((answer.header("Allow") or "").split(", ")) == {"GET", "HEAD", "POST", "PATCH", "DELETE"}


def test_streams_tell_of_tunnels_that_come_change_and_go(rest: Rest) -> None:
    wire = rest.connect()
    wire.send(rest.head("GET /api/events"))
    wire.wait(lambda: len(frames(wire.received)) == 5)
    added(rest)
    rest.call("PATCH", "/api/tunnels/shop", {"name": "Market"})
    rest.call("DELETE", "/api/tunnels/shop")
    wire.wait(lambda: b"removed" in wire.received)
    found = [
        (one.event, one.data.get("tunnel") or one.data["id"], one.data.get("change")) for one in frames(wire.received)
    ]
    assert found[5:] == [
        ("tunnels", "shop", "added"),
        ("status", "shop", None),
        ("status", "shop", None),
        ("tunnels", "shop", "changed"),
        ("tunnels", "shop", "removed"),
    ]


def test_null_takes_away_what_was_set_and_what_is_absent_stays(rest: Rest) -> None:
    added(rest, backend="lan", domain=None, listenPort=30128, hostHeader="shop.test")
    left = rest.call("PATCH", "/api/tunnels/shop", {"name": None})
    assert (left.status, left.json["name"]) == (200, "shop")
    assert rest.hub.saved["shop"].options == {"listen_port": 30128, "host_header": "shop.test"}
    cleared = rest.call("PATCH", "/api/tunnels/shop", {"listenPort": None, "target": None})
    assert (cleared.status, cleared.json["targetUrl"]) == (200, "http://127.0.0.1:20128")
    assert rest.hub.saved["shop"] == SavedTunnel(
        id="shop", backend=BackendId("lan"), options={"host_header": "shop.test"}
    )


def test_they_are_listed_as_a_person_has_put_them(rest: Rest) -> None:
    for name in ("one", "two", "three"):
        assert rest.call("POST", "/api/tunnels", {"id": name, "backend": "lan"}).status == 201
    rest.hub.move("one", "three")
    tunnels = [tunnel["id"] for tunnel in rest.call("GET", "/api/tunnels").json["tunnels"]]
    assert tunnels == ["lan", "cloudflared", "ngrok", "tailscale", "ssh", "one", "three", "two"]


def test_what_a_second_one_may_come_to_is_told_before_it_is_tried(rest: Rest) -> None:
    rest.hub.cautions["ngrok"] = "A free ngrok account has one address."
    assert rest.call("POST", "/api/tunnels", SHOP).json["caution"] is None  # no other one is on
    rest.hub.show("ngrok", wanted=True, **up("ngrok"))
    for path in ("/api/tunnels/shop", "/api/tunnels"):
        answer = rest.call("GET", path).json
        shop = next(one for one in answer.get("tunnels", [answer]) if one["id"] == "shop")
        assert shop["caution"] == "A free ngrok account has one address."
    temporary = rest.call("POST", "/api/tunnels", {"backend": "ngrok", "lasting": False})
    assert (temporary.status, temporary.json["caution"]) == (201, "A free ngrok account has one address.")
    assert rest.call("GET", "/api/tunnels/ngrok").json["caution"] is None  # it is the one that is on
    rest.hub.show("shop", wanted=True, **up("shop"))
    assert rest.call("GET", "/api/tunnels/shop").json["caution"] is None  # it was tried


def test_streams_tell_the_others_that_there_is_something_to_know_once_one_is_on(rest: Rest) -> None:
    rest.hub.cautions["ngrok"] = "A free ngrok account has one address."
    added(rest)
    wire = rest.connect()
    wire.send(rest.head("GET /api/events"))
    wire.wait(lambda: len(frames(wire.received)) == 6)
    rest.hub.show("ngrok", wanted=True, phase=Phase.STARTING)
    rest.hub.show("ngrok", **up("ngrok"))
    rest.hub.show("ngrok", phase=Phase.STOPPED, wanted=False, public_url=None)
    wire.wait(lambda: len(frames(wire.received)) == 11)
    told = [(frame.data["id"], frame.data["caution"]) for frame in frames(wire.received)[6:]]
    assert told == [
        ("ngrok", None),
        ("shop", "A free ngrok account has one address."),
        ("ngrok", None),
        ("ngrok", None),
        ("shop", None),
    ]


TOKEN = base64.b64encode(
    json.dumps({"a": "0" * 32, "t": "0b9e2ba4-7ad3-4f5c-a5fb-2f7fd2a4ef11", "s": "AAAA"}).encode()
).decode()


def test_a_tunnel_has_a_token_of_its_own_where_its_backend_says_so(rest: Rest) -> None:
    site = {"id": "site", "backend": "cloudflared", "hostname": "https://site.example.test/"}
    assert rest.call("POST", "/api/tunnels", site).status == 201
    assert rest.hub.saved["site"].options == {"hostname": "site.example.test"}
    for name in ("site", "cloudflared"):
        assert rest.call("PUT", f"/api/tunnels/{name}/token", {"tunnelToken": f"--token {TOKEN}"}).status == 200
    assert set(rest.vault.secrets) == {("site", "tunnel_token"), ("cloudflared", "tunnel_token")}
    assert rest.call("DELETE", "/api/tunnels/site/token").json == {"success": True}
    assert rest.vault.secrets == {("cloudflared", "tunnel_token"): Secret(TOKEN)}


@pytest.mark.parametrize("token", ["junk", TOKEN[:-9], f"{TOKEN} x"])
def test_what_is_no_token_of_a_tunnel_is_not_stored_and_not_repeated(rest: Rest, token: str) -> None:
    answer = rest.call("PUT", "/api/tunnels/cloudflared/token", {"tunnelToken": token})
    assert (answer.status, answer.json["code"]) == (400, "bad_request")
    assert answer.json["error"].startswith("tunnelToken: ")
    assert token not in answer.json["error"]
    assert not rest.vault.secrets


def test_one_of_a_backend_with_one_token_for_all_has_none(rest: Rest) -> None:
    added(rest)
    answer = rest.call("PUT", "/api/tunnels/shop/token", {"authToken": "x"})
    assert (answer.status, answer.json["code"]) == (404, "not_found")
    assert not rest.vault.secrets
