"""`portway expose` with a Portway that runs already: what it tells, when it ends, and what it leaves as it was."""

from __future__ import annotations

import functools
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import pytest

from portway.cli.failure import Failed
from portway.cli.terminal.exposure import Exposure, ExposureScreen
from portway.core.status import Reach
from tests.cli.conftest import Portway, Said, once_read
from tests.fakes.backends.news import wait_until
from tests.fakes.portway.rest_double import Call, Reply, RestDouble, row_of, status_of

TARGET = "http://localhost:3000"
FAR, NEAR = "https://toy.example", "http://192.168.1.23:34567"
WARNING = "Anyone with the link reaches http://localhost:3000; --password-generate asks them for a password.\n"
UP = status_of("toy", publicUrl=FAR, targetUrl=TARGET)
LAN_UP = status_of("lan", publicUrl=NEAR, targetUrl=TARGET, reach="network")
STARTING = status_of("toy", phase="starting", wanted=True, targetUrl=TARGET)
LOST = {**STARTING, "code": "no_network", "lastError": "Toy cannot be reached."}
ORIGIN_DOWN = {**UP, "code": "origin_down", "lastError": "http://localhost:3000 does not answer."}
FAILED = {**STARTING, "phase": "error", "code": "process_died", "lastError": "Toy ended unexpectedly: x."}
LOGIN = {
    **STARTING,
    "phase": "needs_auth",
    "code": "needs_login",
    "lastError": "Log in.",
    "actionUrl": "https://toy.example/in",
}
DISABLE = {"action": "disable"}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals reach no other process there")


def enable(target: str = "3000", **more: str) -> dict[str, object]:
    return {"action": "enable", "target": target, "lasting": False, "inspect": True, **more}


@contextmanager
def then_stopped(
    double: RestDouble, *changes: Callable[[], None], number: int = signal.SIGINT, shown: str = FAR
) -> Iterator[None]:
    """Make the changes once the events are read; once `shown` is there, send this process a signal, as Ctrl-C does."""

    def stop() -> None:
        wait_until(lambda: shown in sys.stdout.getvalue() + sys.stderr.getvalue())  # type: ignore[union-attr]
        os.kill(os.getpid(), number)

    with once_read(double, *changes, stop):
        yield


def asked(double: RestDouble, backend: str) -> list[Any]:
    return double.asked("POST", f"/api/tunnels/{backend}")


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_ends_it_well_and_turns_off_what_it_turned_on(
    portway: Portway, double: RestDouble, number: signal.Signals
) -> None:
    double.outcomes["toy"] = [STARTING]
    with then_stopped(double, lambda: double.tell(UP), number=number):
        said = portway("expose", "3000", "--via", "toy")
    assert (said.code, said.out) == (0, f"{FAR}\n")
    assert asked(double, "toy") == [enable(), DISABLE]


@POSIX
def test_the_local_network_is_the_default_and_says_so(portway: Portway, double: RestDouble) -> None:
    double.outcomes["lan"] = [LAN_UP]
    with then_stopped(double, shown="--via toy"):
        said = portway("expose", "3000", "--address", "127.0.0.2")
    assert said.out == f"{NEAR}\n"
    assert said.err == "Only devices on this network can open it. For the internet: portway expose 3000 --via toy\n"
    assert asked(double, "lan")[0] == enable(address="127.0.0.2")


@POSIX
def test_the_setting_changes_the_default(portway: Portway, double: RestDouble) -> None:
    portway("config", "set", "general.defaultBackend", "toy")
    double.outcomes["toy"] = [UP]
    with then_stopped(double):
        assert portway("expose", "3000").out == f"{FAR}\n"


@POSIX
def test_each_new_url_is_on_standard_output_and_each_new_cause_once_on_the_other(
    portway: Portway, double: RestDouble
) -> None:
    double.outcomes["toy"] = [UP]
    news = [
        UP,
        ORIGIN_DOWN,
        {**ORIGIN_DOWN, "attempt": 2},
        UP,
        LOST,
        LOST,
        *({**UP, "publicUrl": f"{FAR}/{n}"} for n in (2, 3)),
    ]
    with then_stopped(double, *[functools.partial(double.tell, status) for status in news], shown=f"{FAR}/3"):
        said = portway("expose", "3000", "--via", "toy")
    assert said.out == f"{FAR}\n{FAR}/2\n{FAR}/3\n"
    assert said.err.splitlines() == [
        WARNING.rstrip(),
        ORIGIN_DOWN["lastError"],
        "It works again.",
        LOST["lastError"],
        "It works again.",
    ]


@POSIX
def test_a_server_that_turns_visitors_away_is_told_once(portway: Portway, double: RestDouble) -> None:
    refused = {**UP, "code": "host_refused", "lastError": "It does not know toy.example."}
    double.outcomes["toy"] = [refused]
    with then_stopped(double, lambda: double.tell(refused)):
        said = portway("expose", "3000", "--via", "toy")
    assert said.err.count("portway expose 3000 --via toy --host ") == 1


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")


def lines_of(said: Said) -> list[str]:
    return [" ".join(line.split()) for line in click.unstyle(said.out).splitlines() if line.strip()]


@POSIX
def test_on_a_terminal_a_person_sees_what_is_open_to_whom_each_request_and_what_came_of_it(
    portway: Portway, double: RestDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_terminal(monkeypatch)
    traffic = {"requests": 237, "failures": 0, "refused": 0, "visitors": 1, "activeConnections": 0}
    counted = {**UP, "inspect": True, "traffic": {**traffic, "bytesIn": 0, "bytesOut": 0, "lastAt": None}}
    double.outcomes["toy"] = [STARTING]
    requests = [
        row_of(1, "toy", path="/cart\x1b[2J"),
        row_of(2, "lan", path="/of-another"),
        {"more": 8, "tunnel": "lan"},
        {"more": 190, "tunnel": "toy"},
    ]
    news = [functools.partial(double.tell, counted), *[functools.partial(double.tell_request, row) for row in requests]]
    with then_stopped(double, *news, shown="190 more"):
        said = portway("expose", "3000", "--via", "toy")
    moment = datetime.fromisoformat("2026-01-02T03:04:05Z").astimezone().strftime("%H:%M:%S")
    assert lines_of(said) == [
        f"✓ {FAR}",
        f"server {TARGET}",
        "who anyone with the link",
        "Ctrl-C stops it. --qr shows a QR code. “portway requests” shows more.",
        f"{moment} GET /cart\\x1b[2J 200 12 ms 203.0.113.7",
        "… 190 more",
        "Stopped after 0 s. 237 requests, 1 visitor. The link no longer works.",
    ]
    assert all(len(line) <= 80 for line in click.unstyle(said.out).splitlines())


def looked(state: str, *, ago: float = 12.4, reason: str | None = None) -> dict[str, Any]:
    """Return the same status with what a look from outside has found."""
    at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
    return {**UP, "verified": {"state": state, "at": at, "ms": 26, "reason": reason}}


@POSIX
@pytest.mark.parametrize(
    ("state", "reason", "line"),
    [
        ("ok", None, r"checked [0-9]+ (s|min) ago from outside"),
        ("failed", "no name", r"checked [0-9]+ (s|min) ago from outside, and visitors do not get in: no name"),
        ("unknown", "a proxy", r"checked not from outside: a proxy"),
        ("off", None, None),
    ],
)
def test_on_a_terminal_what_was_seen_from_outside_stands_in_the_block(
    portway: Portway,
    double: RestDouble,
    monkeypatch: pytest.MonkeyPatch,
    *,
    state: str,
    reason: str | None,
    line: str | None,
) -> None:
    on_a_terminal(monkeypatch)
    double.tell(looked(state, reason=reason) if line else UP)
    with then_stopped(double, shown="it stays on"):
        said = portway("expose", "3000", "--via", "toy")
    found = [one for one in lines_of(said) if one.startswith("checked")]
    assert len(found) == (line is not None)
    assert all(re.fullmatch(str(line), one) for one in found)
    assert "from outside" not in said.err  # once is enough


@POSIX
def test_what_is_seen_from_outside_later_is_told_once_it_is_another_thing(portway: Portway, double: RestDouble) -> None:
    double.outcomes["toy"] = [UP]
    pending = {**UP, "verified": {"state": "pending", "at": None, "ms": None, "reason": None}}
    news = [
        pending,
        looked("unknown", reason="the resolver is silent"),
        pending,
        looked("failed", reason="no name"),
        looked("failed", reason="no name", ago=0.0),
        looked("ok"),
        looked("ok", ago=0.0),
        {**UP, "publicUrl": f"{FAR}/2"},
        {**looked("ok"), "publicUrl": f"{FAR}/2"},
        {**UP, "publicUrl": f"{FAR}/3"},
    ]
    with then_stopped(double, *[functools.partial(double.tell, status) for status in news], shown=f"{FAR}/3"):
        said = portway("expose", "3000", "--via", "toy")
    assert said.err.splitlines()[1:] == [
        "It could not be found out whether visitors get in from outside: the resolver is silent.",
        "Checked from outside, and visitors do not get in: no name.",
        "Checked from outside: visitors get in.",
        "Checked from outside: visitors get in.",
    ]


@POSIX
@pytest.mark.parametrize(("option", "is_recorded"), [("--quiet", True), ("--no-inspect", False)], ids=str)
def test_nobody_has_to_see_requests(
    portway: Portway, double: RestDouble, monkeypatch: pytest.MonkeyPatch, option: str, *, is_recorded: bool
) -> None:
    on_a_terminal(monkeypatch)
    double.outcomes["toy"] = [{**UP, "inspect": is_recorded}]
    with then_stopped(double, lambda: double.tell_request(row_of(1, "toy")), shown="Ctrl-C stops it."):
        said = portway("expose", "3000", "--via", "toy", option)
    assert "/shop" not in said.out
    assert ("portway requests" in said.out) is is_recorded
    assert asked(double, "toy")[0] == {**enable(), "inspect": is_recorded}


@POSIX
def test_one_that_stays_on_is_not_said_to_stop(
    portway: Portway, double: RestDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_terminal(monkeypatch)
    double.tell(UP)
    with then_stopped(double, shown="it stays on"):
        said = portway("expose", "3000", "--via", "toy", "--qr")
    assert lines_of(said)[-1] == "It was on already: Ctrl-C ends this view, and it stays on."
    assert "Ctrl-C stops it" not in said.out


@pytest.mark.parametrize(
    ("end", "code", "words"),
    [
        (FAILED, 1, "Toy ended unexpectedly: x.\n"),
        (LOGIN, 4, "Log in.\nhttps://toy.example/in\n"),
        (status_of("toy"), 1, "toy was turned off elsewhere.\n"),
        (
            status_of("toy", code="network_changed", lastError="This is another network."),
            1,
            "This is another network.\n",
        ),
    ],
    ids=["error", "needs_auth", "turned off elsewhere", "network_changed"],
)
def test_where_nothing_more_comes_by_itself_it_ends(
    portway: Portway, double: RestDouble, end: dict[str, Any], code: int, words: str
) -> None:
    double.outcomes["toy"] = [UP]
    with once_read(double, lambda: double.tell(end)):
        said = portway("expose", "3000", "--via", "toy")
    assert (said.code, said.out, said.err) == (code, f"{FAR}\n", WARNING + words)
    assert asked(double, "toy") == [enable(), DISABLE]


def test_the_end_that_was_asked_for_is_no_failure(portway: Portway, double: RestDouble) -> None:
    ends = (datetime.now(UTC) + timedelta(seconds=0.5)).isoformat()
    closing = {**UP, "wanted": False}
    double.outcomes["toy"] = [STARTING]
    with once_read(
        double, functools.partial(double.tell, {**UP, "expiresAt": ends}), functools.partial(double.tell, closing)
    ):
        said = portway("expose", "3000", "--via", "toy", "--for", "1h")
    assert (said.code, said.out) == (0, f"{FAR}\n")
    assert asked(double, "toy")[0]["expiresIn"] == "1h"


def test_a_start_that_fails_at_once_is_told_like_a_later_one(portway: Portway, double: RestDouble) -> None:
    double.outcomes["toy"] = [LOGIN]
    said = portway("expose", "3000", "--via", "toy")
    assert (said.code, said.out, said.err) == (4, "", f"{WARNING}Log in.\nhttps://toy.example/in\n")


def test_a_refused_target_is_wrong_usage(portway: Portway, double: RestDouble) -> None:
    refused = {"error": "target: port 20129 is Portway's own.", "code": "bad_request"}
    double.replies["POST", "/api/tunnels/toy"] = 400, refused
    said = portway("expose", "20129", "--via", "toy")
    assert said.code == 2
    assert said.err.endswith("target: port 20129 is Portway's own.\n")


def test_the_end_of_portway_ends_it(portway: Portway, double: RestDouble) -> None:
    double.outcomes["toy"] = [UP]
    with once_read(double, double.end_streams):
        said = portway("expose", "3000", "--via", "toy")
    assert (said.code, said.out, said.err) == (1, f"{FAR}\n", f"{WARNING}Portway has ended.\n")


@POSIX
def test_one_that_was_stopped_for_so_long_that_portway_dropped_it_goes_on(portway: Portway, double: RestDouble) -> None:
    double.outcomes["toy"] = [UP]

    def come_back() -> None:
        wait_until(lambda: sum(call.path.startswith("/api/events") for call in double.calls) > 1 and double.readers > 0)

    with then_stopped(double, double.drop_readers, come_back, lambda: double.tell(LOST), shown=str(LOST["lastError"])):
        said = portway("expose", "3000", "--via", "toy")
    assert (said.code, said.out) == (0, f"{FAR}\n")


@POSIX
@pytest.mark.parametrize("spelling", ["3000", TARGET, "http://127.0.0.1:3000", "http://[::1]:3000"])
def test_one_that_is_on_already_for_that_target_is_shown_and_left_on(
    portway: Portway, double: RestDouble, spelling: str
) -> None:
    double.tell(UP)
    with then_stopped(double):
        said = portway("expose", spelling, "--via", "toy")
    assert (said.code, said.out) == (0, f"{FAR}\n")
    assert asked(double, "toy") == []


@POSIX
@pytest.mark.parametrize("target", ["4000", "https://localhost:3000"])
def test_beside_a_tunnel_that_leads_elsewhere_it_has_one_of_its_own_for_as_long_as_it_runs(
    portway: Portway, double: RestDouble, target: str
) -> None:
    double.tell(UP)
    url = "https://second.example"
    double.outcomes["toy-2"] = [status_of("toy", id="toy-2", publicUrl=url)]
    with then_stopped(double, shown=url):
        said = portway("expose", target, "--via", "toy")
    assert (said.code, said.out) == (0, f"{url}\n")
    assert double.asked("POST", "/api/tunnels") == [{"backend": "toy", "lasting": False}]
    assert [body and body["action"] for body in asked(double, "toy-2")] == ["enable", "disable"]
    assert asked(double, "toy") == []


@POSIX
def test_a_name_saves_it_and_is_used_again(portway: Portway, double: RestDouble) -> None:
    url = "https://shop.example"
    double.outcomes["shop"] = [status_of("toy", id="shop", publicUrl=url)]
    for _ in range(2):
        with then_stopped(double, shown=url):
            said = portway("expose", "3000", "--via", "toy", "--name", "shop")
        assert (said.code, said.out) == (0, f"{url}\n")
    assert double.asked("POST", "/api/tunnels")[0] == {"id": "shop", "backend": "toy", "target": "3000"}
    assert [body and body["action"] for body in asked(double, "shop")] == ["enable", "disable"] * 2
    taken = portway("expose", "3000", "--via", "lan", "--name", "shop")
    assert (taken.code, "of another way" in taken.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("3000", "--colour", "blue"), f"toy already exposes {TARGET}, perhaps in another way."),
    ],
    ids=["another way"],
)
def test_one_that_is_on_for_something_else_is_left_alone(
    portway: Portway, double: RestDouble, words: tuple[str, ...], sentence: str
) -> None:
    double.tell(UP)
    said = portway("expose", *words, "--via", "toy")
    assert (said.code, said.out) == (1, "")
    assert sentence in said.err
    assert asked(double, "toy") == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nope",), "write a port like 3000, or an address"),
        (("0",), "a port is a whole number"),
        (("http://192.168.1.5:80",), "only servers on this computer"),
        (("3000", "--via", "nope"), "--via: There is no such way. Choose one of: lan, toy."),
        (("3000", "--colour", "blue"), "--colour: lan has no such option."),
        (("3000", "--address", "x"), "--address: what was given is not an IPv4 address"),
    ],
    ids=" ".join,
)
def test_wrong_usage_asks_nothing(portway: Portway, double: RestDouble, words: tuple[str, ...], sentence: str) -> None:
    said = portway("expose", *words)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert double.calls == []


def test_options_say_whose_they_are(portway: Portway) -> None:
    text = " ".join(portway("expose", "--help").out.split())
    assert "The address of this computer to publish. Without one, Portway chooses. [lan]" in text
    assert "Token [toy], read from standard input." in text


@POSIX
def test_a_secret_comes_from_standard_input(portway: Portway, double: RestDouble) -> None:
    double.outcomes["toy"] = [UP]
    with then_stopped(double):
        portway("expose", "3000", "--via", "toy", "--token-stdin", stdin="s3cret\n")
    assert asked(double, "toy")[0] == enable(authToken="s3cret")


@POSIX
def test_progress_is_told_beside_the_url(portway: Portway, double: RestDouble) -> None:
    double.outcomes["toy"] = [
        {**STARTING, "progress": {"step": "download", "message": "Downloading", "received": 1, "total": 2}}
    ]
    with then_stopped(double, lambda: double.tell(UP), shown="▀" * 29 + "\n"):  # the last row of the code
        said = portway("expose", "3000", "--via", "toy", "--qr")
    assert said.out == f"{FAR}\n"
    assert said.err.startswith(f"{WARNING}Downloading\n")
    assert said.err.count("\n") > 10  # the code to scan


@POSIX
def test_a_second_signal_does_not_disturb_the_end(
    portway: Portway, double: RestDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.outcomes["toy"] = [UP]
    before = signal.getsignal(signal.SIGINT)
    disabling = threading.Event()
    reply_to = double.reply_to

    def reply_slowly(call: Call) -> Reply:
        if call.body == DISABLE:
            os.kill(os.getpid(), signal.SIGTERM)
            disabling.set()
        return reply_to(call)

    monkeypatch.setattr(double, "reply_to", reply_slowly)
    with then_stopped(double):
        said = portway("expose", "3000", "--via", "toy")
    assert disabling.is_set()
    assert said.code == 0
    assert signal.getsignal(signal.SIGINT) is before


def test_a_tunnel_that_cannot_be_switched_off_is_never_hidden() -> None:
    exposure = Exposure(ExposureScreen(TARGET, Reach.INTERNET, qr=False, tells_requests=False))
    exposure.take(UP)
    with pytest.raises(Failed, match="could not be switched off"):
        exposure.take({**UP, "wanted": False, "code": "needs_privileges", "lastError": "It could not be switched off."})
