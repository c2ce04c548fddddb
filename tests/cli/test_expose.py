"""`portway expose` with a Portway that runs already: what it tells, when it ends, and what it leaves as it was."""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from portway.cli.exposure import Exposure
from portway.cli.failure import Failed
from tests.cli.conftest import Portway, once_read
from tests.fakes.news import wait_until
from tests.fakes.rest_double import Call, Reply, RestDouble, status_of

TARGET = "http://localhost:3000"
FAR, NEAR = "https://toy.example", "http://192.168.1.23:34567"
UP = status_of("toy", publicUrl=FAR, targetUrl=TARGET)
LAN_UP = status_of("lan", publicUrl=NEAR, targetUrl=TARGET, reach="network")
STARTING = status_of("toy", phase="starting", wanted=True, targetUrl=TARGET)
LOST = {**STARTING, "code": "no_network", "lastError": "Toy cannot be reached."}
ORIGIN_DOWN = {**UP, "code": "origin_down", "lastError": "http://localhost:3000 does not answer."}
FAILED = {**STARTING, "phase": "error", "code": "process_died", "lastError": "Toy ended unexpectedly: x."}
LOGIN = {
    **STARTING, "phase": "needs_auth", "code": "needs_login", "lastError": "Log in.", "actionUrl": "https://toy.example/in",
}  # fmt: skip
DISABLE = {"action": "disable"}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals reach no other process there")


def enable(target: str = "3000", **more: str) -> dict[str, object]:
    return {"action": "enable", "target": target, "lasting": False, **more}


@contextmanager
def then_stopped(
    double: RestDouble, *changes: Callable[[], None], number: int = signal.SIGINT, shown: str = "http"
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
        ORIGIN_DOWN["lastError"], "It works again.", LOST["lastError"], "It works again.",
    ]  # fmt: skip


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
    assert (said.code, said.out, said.err) == (code, f"{FAR}\n", words)
    assert asked(double, "toy") == [enable(), DISABLE]


def test_a_start_that_fails_at_once_is_told_like_a_later_one(portway: Portway, double: RestDouble) -> None:
    double.outcomes["toy"] = [LOGIN]
    said = portway("expose", "3000", "--via", "toy")
    assert (said.code, said.out, said.err) == (4, "", "Log in.\nhttps://toy.example/in\n")


def test_a_refused_target_is_wrong_usage(portway: Portway, double: RestDouble) -> None:
    refused = {"error": "target: port 20129 is Portway's own.", "code": "bad_request"}
    double.replies["POST", "/api/tunnels/toy"] = 400, refused
    said = portway("expose", "20129", "--via", "toy")
    assert (said.code, said.err) == (2, "target: port 20129 is Portway's own.\n")


def test_the_end_of_portway_ends_it(portway: Portway, double: RestDouble) -> None:
    double.outcomes["toy"] = [UP]
    with once_read(double, double.end_streams):
        said = portway("expose", "3000", "--via", "toy")
    assert (said.code, said.out, said.err) == (1, f"{FAR}\n", "Portway has ended.\n")


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


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("4000",), f"toy already exposes {TARGET}. Turn that off first: “portway disable toy”."),
        (("https://localhost:3000",), f"toy already exposes {TARGET}."),
        (("3000", "--name", "x"), f"toy already exposes {TARGET}, perhaps in another way."),
    ],
    ids=["another port", "another scheme", "another way"],
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
        (("nope",), "is neither a port nor an address"),
        (("0",), "is not a port"),
        (("http://example.com:80",), "only servers on this computer"),
        (("3000", "--via", "nope"), "--via: “nope” is no backend. Choose one of: lan, toy."),
        (("3000", "--name", "x"), "--name: lan has no such option."),
        (("3000", "--address", "x"), "--address: “x” is not an IPv4 address"),
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
    assert "The address of this computer to publish. Empty: chosen by Portway. [lan]" in text
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
    assert said.err.startswith("Downloading\n")
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
    exposure = Exposure(lambda _url: None, lambda _text: None)
    exposure.take(UP)
    with pytest.raises(Failed, match="could not be switched off"):
        exposure.take({**UP, "wanted": False, "code": "needs_privileges", "lastError": "It could not be switched off."})
