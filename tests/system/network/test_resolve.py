"""Which address a target has now, and that a name never leads off this computer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from portway.core.cancel import CancelToken
from portway.core.errors import Cancelled, TunnelError
from portway.core.target import Target, parse_target
from portway.core.timing import Timing
from portway.system.network.resolve import resolve
from tests.limits import AT_ONCE, NEVER, SEEN

TIMING = Timing(resolve_name=SEEN, resolve_address=SEEN)
Records = list[tuple[int, int, int, str, tuple[str, int]]]


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def knows(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str]]) -> None:
    """Let the system's resolver know these names, and no others."""
    literal = socket.getaddrinfo

    def look_up(name: str, *more: Any, **named: Any) -> Any:  # noqa: ANN401 - as the system has it
        if name in names:
            return [(2, 1, 6, "", (address, 0)) for address in names[name]]
        if name.replace(".", "").isdigit() or ":" in name:
            return literal(name, *more, **named)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_name_of_this_computer_is_taken_at_the_address_that_answers(
    monkeypatch: pytest.MonkeyPatch, listening: int
) -> None:
    knows(monkeypatch, {"shop.test": ["::1", "127.0.0.1"]})
    found = resolve(parse_target(f"http://shop.test:{listening}"), TIMING, CancelToken())
    assert (found.origin, found.answers) == (Target("http", "127.0.0.1", listening), True)


def test_names_below_localhost_need_no_resolver_that_knows_them(
    monkeypatch: pytest.MonkeyPatch, listening: int
) -> None:
    knows(monkeypatch, {"localhost": ["127.0.0.1"]})
    assert resolve(parse_target(f"app.localhost:{listening}"), TIMING, CancelToken()).answers


@pytest.mark.parametrize(
    "addresses",
    [[], ["192.0.2.1"], ["127.0.0.1", "192.0.2.1"], ["10.0.0.1"], ["0.0.0.0"], ["::ffff:127.0.0.1"], ["fe80::1"]],
)
def test_a_name_that_leads_anywhere_else_is_refused(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    knows(monkeypatch, {"shop.test": addresses})
    with pytest.raises(TunnelError, match="does not lead to this computer alone"):
        resolve(parse_target("http://shop.test"), TIMING, CancelToken())


def test_an_unknown_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    knows(monkeypatch, {})
    with pytest.raises(TunnelError, match="does not lead to this computer alone"):
        resolve(parse_target("http://nowhere.test"), TIMING, CancelToken())


def test_a_resolver_that_hangs_is_waited_for_within_a_limit_and_can_be_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = threading.Event()

    def hang(*_more: object, **_named: object) -> Records:
        over.wait(NEVER)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with pytest.raises(TunnelError):
        resolve(parse_target("http://slow.test"), Timing(resolve_name=0.2), CancelToken())
    cancel = CancelToken()
    began = time.monotonic()
    threading.Timer(0.05, cancel.cancel).start()
    with pytest.raises(Cancelled):
        resolve(parse_target("http://slow.test"), Timing(resolve_name=NEVER), cancel)
    assert time.monotonic() - began < AT_ONCE
    over.set()
