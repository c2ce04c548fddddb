"""What the command prints, read with distrust: states, configurations, links, reasons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from portway.backends.tailscale.parse.node import UnreadableError, parse_node, parse_version
from portway.backends.tailscale.parse.serve_config import Funnel, parse_config, public_url
from portway.backends.tailscale.parse.texts import (
    enable_link,
    is_daemon_down,
    is_denied,
    is_gone_already,
    is_race,
    refusal_of,
    shown_reason,
    trusted_link,
)
from portway.backends.tailscale.setup.login import login_link
from portway.core.codes import Code
from tests.fakes.tailscale.computer import HOST, NEVER_LOGGED_IN, RUNNING

OURS = Funnel(host=HOST, port=443, proxy="http://127.0.0.1:3000", target="http://localhost:3000")
CARRIED: Mapping[str, Any] = {
    "TCP": {"443": {"HTTPS": True}},
    "Web": {f"{HOST}:443": {"Handlers": {"/": {"Proxy": OURS.proxy}}}},
    "AllowFunnel": {f"{HOST}:443": True},
}


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('{"majorMinorPatch": "1.102.3"}', (1, 102, 3)),
        ('Warning: client version "1" != "2"\n{\n\t"majorMinorPatch": "1.52.0"\n}', (1, 52, 0)),
        ('{"majorMinorPatch": "1.84"}', (1, 84, 0)),
    ],
)
def test_a_version_is_read(text: str, version: tuple[int, int, int]) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    "text", ["", "The Tailscale GUI failed to start", "[]", "{}", '{"BackendState": 3}', "{" * 5000]
)
def test_what_is_no_state_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(UnreadableError):
        parse_node(text)


def test_a_state_is_read() -> None:
    node = parse_node(json.dumps(RUNNING))
    assert (node.ready, node.logged_in, node.has_https, node.has_funnel) == (True, True, True, True)
    assert (node.dns_name, node.short_name, node.daemon_version) == (HOST, "desk1", "1.102.3")
    assert [node.may_funnel(port) for port in (443, 8443, 10000, 444)] == [True, True, True, False]


def test_a_computer_that_never_logged_in_is_told_from_one_whose_key_expired() -> None:
    assert not parse_node(json.dumps(NEVER_LOGGED_IN)).expired
    assert parse_node(json.dumps({**NEVER_LOGGED_IN, "HaveNodeKey": True})).expired


def test_only_a_whole_configuration_carries_a_funnel() -> None:
    assert parse_config(json.dumps(CARRIED)).carries(OURS)
    for part in CARRIED:
        assert not parse_config(json.dumps({**CARRIED, part: {}})).carries(OURS), part
        assert not parse_config(json.dumps({**CARRIED, part: ["nonsense"]})).carries(OURS), part


@pytest.mark.parametrize("text", ["{}", "null", " null\n"])
def test_an_empty_configuration_is_free(text: str) -> None:
    assert parse_config(text).others(443) == []


@pytest.mark.parametrize(
    ("record", "holder"),
    [
        (CARRIED, "/ → http://127.0.0.1:3000"),
        ({"TCP": {"443": {"TCPForward": "127.0.0.1:5432"}}}, "127.0.0.1:5432"),
        ({"Foreground": {"1": {"TCP": {"443": {"HTTPS": True}}}}}, "a Funnel in a terminal"),
        ({"Web": {f"{HOST}:443": {"Handlers": {"/x": {"Text": "hi"}}}}}, "/x → a text"),
    ],
)
def test_whoever_holds_a_port_is_seen(record: Mapping[str, Any], holder: str) -> None:
    assert parse_config(json.dumps(record)).others(443) == [holder]


def test_our_own_does_not_count() -> None:
    config = parse_config(json.dumps(CARRIED))
    assert config.others(443, [OURS]) == []
    assert config.others(443, [Funnel(host=HOST, port=443, proxy="http://127.0.0.1:1", target="x")]) != []


@pytest.mark.parametrize(("port", "url"), [(443, "https://a.ts.net"), (8443, "https://a.ts.net:8443")])
def test_the_usual_port_is_not_named(port: int, url: str) -> None:
    assert public_url("a.ts.net", port) == url


@pytest.mark.parametrize(
    "link",
    ["https://login.tailscale.com/a/1", "https://tailscale.com/x", "https://login.tailscale.com:443/a"],
)
def test_pages_of_tailscale_are_shown(link: str) -> None:
    assert trusted_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "https://login.tailscale.com:8443/a",
        "http://login.tailscale.com/a",
        "https://login.tailscale.com.evil.example/a",
        "https://login.tailscale.com@evil.example/a",
        "https://eviltailscale.com/a",
        "https://login.tailscale.com/\u202ea",
        "https://[::1/a",
        "javascript:alert(1)",
    ],
)
def test_other_pages_are_not_shown(link: str) -> None:
    assert trusted_link(link) is None


def test_the_page_is_found_whatever_the_words_are() -> None:
    text = "Etwas anderes:\n\n         https://login.tailscale.com/f/funnel?node=n1\n"
    assert enable_link(text) == "https://login.tailscale.com/f/funnel?node=n1"
    assert enable_link("see https://tailscale.com/kb/1223") is None


def test_a_log_in_page_is_found_as_soon_as_it_is_whole() -> None:
    text = '{\n\t"BackendState": "Starting"\n}\n{\n  "AuthURL": "https://login.tailscale.com/a/1"\n}'
    assert login_link(text) == "https://login.tailscale.com/a/1"
    assert login_link(text[:-2]) is None
    assert login_link("no JSON") is None


@pytest.mark.parametrize(
    ("reads", "text"),
    [
        (is_denied, "sending serve config: Access denied: serve config denied"),
        (is_denied, "Access denied: prefs write access denied\n\nUse 'sudo tailscale up'"),
        (is_denied, "Access denied: checkprefs access denied"),
        (is_denied, "Access denied: profiles access denied"),
        (is_denied, "Access denied: logout access denied"),
        (is_denied, "sending serve config: 401 Unauthorized: must be root, or be an operator and able to run"),
        (is_daemon_down, "failed to connect to local tailscaled; it doesn't appear to be running"),
        (is_daemon_down, "failed to connect to local Tailscale service; is Tailscale running?"),
        (is_daemon_down, "getting serve config: Failed to connect to local Tailscale daemon for /localapi/v0/x"),
        (is_gone_already, "error: failed to remove web serve: error: handler does not exist"),
        (is_gone_already, "error: failed to remove web serve: handler does not exist\n\ntry `tailscale serve --help`"),
        (is_gone_already, "error: handler does not exist"),
        (is_race, "Another client is changing the serve config; please try again."),
    ],
)
def test_the_wordings_of_years_are_known(reads: Any, text: str) -> None:  # noqa: ANN401 - each reads a text
    assert reads(text)
    assert not reads("Funnel started and running in the background.")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Logged out.", Code.NEEDS_LOGIN),
        ("Tailscale is stopped.", Code.TAILSCALE_STOPPED),
        ("Machine is not yet approved by tailnet admin.", Code.NEEDS_APPROVAL),
        ("unexpected state: NoState", Code.EDGE_UNREACHABLE),
        ("flag provided but not defined: -bg", Code.VERSION_TOO_OLD),
        ("Error: the CLI for serve and funnel has changed.", Code.VERSION_TOO_OLD),
        ("Tailscale already in use (DESK\\eve); connection from DESK\\alice not allowed", Code.REFUSED_BY_SERVICE),
        ("backend error: invalid key", Code.REFUSED_BY_SERVICE),
    ],
)
def test_each_refusal_means_something(text: str, code: Code) -> None:
    assert refusal_of(text).code is code


def test_a_reason_is_short_and_tells_no_secret() -> None:
    reason = shown_reason(
        'Warning: client version "1" != "2"\nerror: no /home/al/x for tskey-auth-k1 \x1b[31m' + "a" * 300
    )
    assert reason.startswith("no … for …")
    assert "\x1b" not in reason
    assert len(reason) <= 160
    assert shown_reason("") == "it gave no reason"
