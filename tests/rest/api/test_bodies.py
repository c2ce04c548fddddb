"""Bodies: strict JSON, one object, each key once, and values that the options take."""

from __future__ import annotations

import pytest

from portway.core.errors import TunnelError
from portway.rest.api.bodies import parse_object
from tests.rest.wire import Rest


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"1",
        b'"text"',
        b"null",
        b"true",
        b"",
        b" ",
        b"{",
        b"}",
        b"{}{}",
        b"{},",
        b"{a:1}",
        b"{'a':1}",
        b'{"a":1,}',
        b'{"a"}',
        b'{"a":}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b'{"a":"\xff"}',
        b'{"a":"\xc0\xae"}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1,"a":2}',
        b'{"a":1,"\\u0061":2}',
        b'{"x":{"a":1,"a":1}}',
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":.5}',
        b'{"a":0x1}',
        b'{"a":"\n"}',
        b"/* */{}",
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"[" * 60_000,
        b'{"a":' + b"[" * 60_000,
        b'{"a":' + b"9" * 5_000 + b"}",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n",
        b"action=enable",
        b"<action>enable</action>",
    ],
)
def test_what_is_not_one_object_is_refused(rest: Rest, content: bytes) -> None:
    answer = rest.call("POST", "/api/tunnels/lan", content)
    assert (answer.status, answer.json["code"]) == (400, "bad_request")
    assert len(answer.json["error"]) < 200
    assert not rest.hub.enabled


@pytest.mark.parametrize(
    "content", [b"{}", b' {"a": null} ', '{"ä": "ö\U0001f600"}'.encode(), b'{"a":1e400}', b'{"a":1E5}']
)
def test_any_object_is_read(content: bytes) -> None:
    assert isinstance(parse_object(content), dict)


def test_a_refusal_says_where_it_is_wrong() -> None:
    with pytest.raises(TunnelError, match="at character 6"):
        parse_object(b'{"a":}')


@pytest.mark.parametrize("path", ["/api/tunnels/lan", "/api/tunnels/cloudflared", "/api/tunnels/ngrok"])
def test_a_switch_needs_a_body(rest: Rest, path: str) -> None:
    answer = rest.call("POST", path)
    assert (answer.status, answer.json["error"]) == (400, "This call needs a JSON object as body.")


@pytest.mark.parametrize("method", ["PUT"])
def test_a_token_needs_a_body(rest: Rest, method: str) -> None:
    assert rest.call(method, "/api/tunnels/ngrok/token").status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/api/tunnels/tailscale/enable",
        "/api/tunnels/tailscale/disable",
        "/api/tunnels/tailscale/login",
        "/api/tunnels/tailscale/start-daemon",
        "/api/tunnels/tailscale/operator",
        "/api/token",
        "/api/window",
        "/api/reload",
        "/api/quit",
    ],
)
def test_other_posts_take_an_empty_body_as_an_empty_object(rest: Rest, path: str) -> None:
    assert rest.call("POST", path).status == rest.call("POST", path, {}).status == 200


def test_method_override_headers_change_nothing(rest: Rest) -> None:
    answer = rest.call("GET", "/api/tunnels/lan", None, "X-HTTP-Method-Override: POST", "X-Method-Override: DELETE")
    assert (answer.status, rest.hub.enabled, rest.hub.disabled) == (200, [], [])
