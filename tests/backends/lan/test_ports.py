"""Which port is published."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import IPv4Address

import pytest

from portway.backends.lan import ports
from portway.backends.lan.ports import keep, listen
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.target import Target
from portway.system.services import Services
from portway.system.storage.app_state import AppState
from portway.system.storage.state_file import StateFile
from tests.backends.lan.stand.runs import skip_without_aliases
from tests.backends.lan.stand.visitors import PUBLISHED

ADDRESS = IPv4Address(PUBLISHED)


@pytest.fixture
def memory(services: Services) -> AppState:
    skip_without_aliases()
    return AppState(services.app_state)


@pytest.fixture
def open_sockets() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def target() -> Target:
    """Return a target whose number plus 10000 is free at the published address."""
    first = os.getpid() % 3000  # so that parts of the tests, which run side by side, do not try the same one
    for port in range(3000 + first, 9000):
        with socket.socket() as probe:
            try:
                probe.bind((PUBLISHED, port + 10000))
            except OSError:
                continue
            return Target("http", "127.0.0.1", port)
    raise AssertionError("no free port")


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def occupied(stack: ExitStack, port: int) -> int:
    """Listen there, as another program would, and return the port."""
    other = stack.enter_context(socket.create_server((PUBLISHED, port)))
    return port_of(other)


def test_the_first_choice_is_easy_to_remember(memory: AppState, target: Target, open_sockets: ExitStack) -> None:
    listener = open_sockets.enter_context(listen(ADDRESS, target, None, memory))
    assert port_of(listener) == target.port + 10000


def test_the_port_is_kept_for_each_target(memory: AppState, services: Services, open_sockets: ExitStack) -> None:
    ports_of = {}
    for target in (Target("http", "localhost", 40001), Target("http", "localhost", 40002)):
        with listen(ADDRESS, target, None, memory) as listener:
            ports_of[target] = port_of(listener)
    later = AppState(StateFile(services.app_state.path))  # another start of the program
    for target, port in ports_of.items():
        assert port_of(open_sockets.enter_context(listen(ADDRESS, target, None, later))) == port


def test_a_kept_port_that_is_taken_gives_way(memory: AppState, target: Target, open_sockets: ExitStack) -> None:
    kept = occupied(open_sockets, 0)
    memory.remember_listen_port(target.url, kept)
    listener = open_sockets.enter_context(listen(ADDRESS, target, None, memory))
    assert port_of(listener) == target.port + 10000
    assert memory.listen_port(target.url) == target.port + 10000


def test_a_taken_first_choice_gives_way(memory: AppState, target: Target, open_sockets: ExitStack) -> None:
    occupied(open_sockets, target.port + 10000)
    listener = open_sockets.enter_context(listen(ADDRESS, target, None, memory))
    assert port_of(listener) not in {target.port, target.port + 10000}


def test_the_number_of_the_target_is_left_to_it(memory: AppState, target: Target, open_sockets: ExitStack) -> None:
    memory.remember_listen_port(target.url, target.port)  # by hand, or from an older version
    listener = open_sockets.enter_context(listen(ADDRESS, target, None, memory))
    assert port_of(listener) != target.port
    assert target.port not in ports._candidates(target.port, target)


def test_the_number_of_the_target_is_given_back_to_the_system(
    memory: AppState, target: Target, open_sockets: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "_candidates", lambda _kept, _target: iter([target.port, 0]))  # as if it had chosen it
    listener = open_sockets.enter_context(listen(ADDRESS, target, None, memory))
    assert port_of(listener) != target.port
    occupied(open_sockets, target.port)  # it is free again


@pytest.mark.parametrize("port", [80, 22768, 40000])
def test_what_browsers_refuse_or_the_system_hands_out_is_not_a_first_choice(port: int) -> None:
    tried = list(ports._candidates(None, Target("http", "localhost", port)))
    assert tried == [0, 0]


def test_a_port_that_is_asked_for_is_taken_and_not_kept(
    memory: AppState, target: Target, open_sockets: ExitStack
) -> None:
    listener = open_sockets.enter_context(listen(ADDRESS, target, target.port + 10000, memory))
    assert port_of(listener) == target.port + 10000
    assert memory.listen_port(target.url) is None


@pytest.mark.parametrize(("asked", "port", "kept"), [(None, 20001, 20001), (20001, 20001, None), (None, 40001, None)])
def test_a_target_led_to_keeps_the_port_unless_it_was_asked_for_or_is_its_own(
    memory: AppState, asked: int | None, port: int, kept: int | None
) -> None:
    led_to = Target("http", "localhost", 40001)
    keep(led_to, asked, port, memory)
    assert memory.listen_port(led_to.url) == kept


def test_a_port_that_is_asked_for_and_taken_is_a_conflict(
    memory: AppState, target: Target, open_sockets: ExitStack
) -> None:
    taken = occupied(open_sockets, 0)
    with pytest.raises(TunnelError, match=str(taken)) as caught:
        listen(ADDRESS, target, taken, memory)
    assert caught.value.code is Code.PORT_CONFLICT


def test_a_conflict_names_a_port_that_can_be_had(memory: AppState, target: Target, open_sockets: ExitStack) -> None:
    taken = occupied(open_sockets, target.port + 10000)
    with pytest.raises(TunnelError) as caught:
        listen(ADDRESS, target, taken, memory)
    free = int(caught.value.problem.parameters["free"])
    assert free not in {taken, target.port}
    assert port_of(open_sockets.enter_context(listen(ADDRESS, target, free, memory))) == free
    assert memory.listen_port(target.url) is None


def test_a_conflict_where_no_port_can_be_had_says_so(
    memory: AppState, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(address: IPv4Address, port: int) -> socket.socket:
        raise OSError(errno.EADDRINUSE, f"{address}:{port} is taken")

    monkeypatch.setattr(ports, "_listen", taken)
    with pytest.raises(TunnelError) as caught:
        listen(ADDRESS, target, 40000, memory)
    assert caught.value.problem.key == "port_conflict.lan_all"


def test_the_number_of_the_target_cannot_be_asked_for(memory: AppState, target: Target) -> None:
    with pytest.raises(TunnelError, match="port of your local server itself") as caught:
        listen(ADDRESS, target, target.port, memory)
    assert caught.value.code is Code.BAD_REQUEST


@pytest.mark.parametrize(
    ("asked", "error", "sentence"),
    [
        (80, PermissionError(errno.EACCES, "denied"), "bad_request.lan_low_port"),
        (None, OSError(errno.EADDRINUSE, "taken"), "port_conflict.lan_all"),
    ],
)
def test_a_refusal_by_the_system_is_explained(
    memory: AppState, monkeypatch: pytest.MonkeyPatch, asked: int | None, error: OSError, sentence: str
) -> None:
    def refuse(address: IPv4Address, port: int) -> socket.socket:
        raise error

    monkeypatch.setattr(ports, "_listen", refuse)  # root, as in many containers, may listen anywhere
    with pytest.raises(TunnelError) as caught:
        listen(ADDRESS, Target("http", "localhost", 3000), asked, memory)
    assert caught.value.problem.key == sentence


@pytest.mark.parametrize("asked", [None, 45678])
def test_an_address_that_went_meanwhile_is_no_network(memory: AppState, target: Target, asked: int | None) -> None:
    with pytest.raises(TunnelError, match=r"192\.0\.2\.77") as caught:
        listen(IPv4Address("192.0.2.77"), target, asked, memory)
    assert caught.value.code is Code.NO_NETWORK


@pytest.mark.parametrize("damaged", [{}, {"lanPorts": "none"}, {"lanPorts": {"http://localhost:40001": True}}])
def test_what_was_kept_may_be_damaged(memory: AppState, services: Services, damaged: dict[str, object]) -> None:
    services.app_state.write(damaged)
    with listen(ADDRESS, Target("http", "localhost", 40001), None, memory) as listener:
        assert memory.listen_port("http://localhost:40001") == port_of(listener)


def test_tunnels_that_lead_to_one_target_keep_a_port_each_until_they_are_gone(
    memory: AppState, target: Target, open_sockets: ExitStack
) -> None:
    owners = ("", "pane", "site")
    listeners = [open_sockets.enter_context(listen(ADDRESS, target, None, memory, own=own)) for own in owners]
    kept = [port_of(listener) for listener in listeners]
    assert len(set(kept)) == len(owners)
    assert [memory.listen_port(target.url, own) for own in owners] == kept
    memory.forget_tunnel("pane")
    assert [memory.listen_port(target.url, own) for own in owners] == [kept[0], None, kept[2]]


def test_one_of_ones_own_goes_on_where_the_target_was_published_before_tunnels_had_words(
    memory: AppState, target: Target, open_sockets: ExitStack
) -> None:
    with listen(ADDRESS, target, None, memory) as listener:
        before = port_of(listener)
    listener = open_sockets.enter_context(listen(ADDRESS, target, None, memory, own="site"))
    assert port_of(listener) == before
    assert memory.listen_port(target.url, "site") == before
