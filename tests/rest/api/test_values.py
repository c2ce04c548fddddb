"""Values of a switch: what is refused, by which sentence, and that our own port is never a target."""

from __future__ import annotations

import pytest

from portway.core.secret import Secret
from tests.rest.wire import Rest

ENABLE = {"action": "enable"}

BAD: dict[tuple[str, str], list[object]] = {
    ("lan", "action"): [None, "start", "", 1, ["enable"], {}, "Enable", " enable", "enable\n"],
    ("lan", "port"): [0, 65536, -1, "3000", 3000.0, True, [3000], {}, 10**100],
    ("lan", "listenPort"): [0, 99999, "80", False],
    ("lan", "address"): ["localhost", "1.2.3.256", "1.2.3", "::1", 1, "127.0.0.1; id", "0x7f.0.0.1"],
    ("lan", "lasting"): ["no", 0, [], {}],
    ("lan", "inspect"): ["yes", 1, [], {}],
    ("lan", "target"): [
        "",
        "server",
        3000,
        [],
        "ftp://127.0.0.1:21",
        "http://2130706433:80",
        "http://192.168.1.1:80",
        "http://a@localhost:80",
        "http://localhost:80/x",
        "http://localhost:80?x",
        "localhost",
        "http://localhost:0",
        "http://localhost:65536",
        "65536",
        "0",
        "9" * 4000,
        "9" * 5000,
        "http://localhost:80\r\nX: y",
        "http://localhost:80#x",
        "//localhost:80",
        "http:localhost:80",
        "-1",
        "\u0663",
    ],
    ("cloudflared", "hostHeader"): ["a b", "a\r\nX: y", "a:x", 80],
    ("ngrok", "authToken"): ["short", 1, "a b", "é" * 40, "x" * 5000],
    ("ngrok", "remember"): [1, "yes", []],
    ("ngrok", "domain"): ["-x.example", "a" * 5000, "a." * 200 + "example", "\ud800", "x", "a_b.example", "a..example"],
    ("tailscale", "hostname"): ["-flag", "a;b", "$(id)", "a" * 64, "é", "a.b", "a\x00b", "a b", "`id`", "--x", "a\nb"],
    ("tailscale", "sudoPassword"): ["", "a\n", "a\nb", "a\rb", "a\x00b", 1, "x" * 20_000, ["x"]],
}


@pytest.mark.parametrize(
    ("backend", "field", "value"), [(*where, value) for where, values in BAD.items() for value in values]
)
def test_a_bad_value_is_refused_by_a_sentence_that_names_its_field(
    rest: Rest, backend: str, field: str, value: object
) -> None:
    answer = rest.call("POST", f"/api/tunnels/{backend}", ENABLE | {field: value})
    assert (answer.status, answer.json["code"]) == (400, "bad_request")
    assert answer.json["error"].startswith(f"{field}: ")
    assert answer.json["status"]["backend"] == backend
    assert len(answer.json["error"]) < 250
    assert not rest.hub.enabled


@pytest.mark.parametrize("password", [" correct horse ", " ", """(a) "b" 'c' $(d) `e` \\ é"""])
def test_a_password_arrives_as_it_was_given(rest: Rest, password: str) -> None:
    rest.call("POST", "/api/tunnels/tailscale/operator", {"sudoPassword": password})
    assert rest.hub.commands[-1][2].options == {"sudo_password": Secret(password)}


def test_either_a_port_or_a_target_is_enough(rest: Rest) -> None:
    answer = rest.call("POST", "/api/tunnels/lan", ENABLE | {"port": 3000, "target": "3000"})
    assert (answer.status, answer.json["error"]) == (400, "port: target is named as well; one of them is enough.")


@pytest.mark.parametrize(
    ("backend", "key", "value"),
    [("ngrok", "authToken", "canary-1234567890 not a token"), ("tailscale", "sudoPassword", "canary-12345\n67890")],
)
def test_a_refused_secret_is_never_shown(rest: Rest, backend: str, key: str, value: str) -> None:
    answer = rest.call("POST", f"/api/tunnels/{backend}", ENABLE | {key: value})
    assert answer.status == 400
    assert b"canary" not in answer.body


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "[::1]", "127.0.0.2", "127.1.2.3", "[0:0:0:0:0:0:0:1]", "LOCALHOST", "0.0.0.0", "[::]"],
)
def test_our_own_port_is_never_a_target(rest: Rest, host: str) -> None:
    rest.hub.ports = frozenset({rest.port})
    for target in (f"http://{host}:{rest.port}", f"https://{host}:{rest.port}/", str(rest.port)):
        answer = rest.call("POST", "/api/tunnels/lan", ENABLE | {"target": target})
        assert answer.status == 400
        assert answer.json["error"].startswith(f"target: port {rest.port} is Portway's own")
    assert rest.call("POST", "/api/tunnels/lan", ENABLE | {"port": rest.port}).status == 400


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0", "[::ffff:127.0.0.1]", "[::1%lo]"])
def test_other_spellings_of_this_computer_are_no_targets(rest: Rest, host: str) -> None:
    answer = rest.call("POST", "/api/tunnels/lan", ENABLE | {"target": f"http://{host}:{rest.port}"})
    assert (answer.status, rest.hub.enabled) == (400, [])
