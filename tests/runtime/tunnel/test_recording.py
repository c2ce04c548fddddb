"""What is recorded of one tunnel: whether it is follows from the wish, and visitors are told apart by the way in."""

from __future__ import annotations

import dataclasses
import http.client
import threading
from collections.abc import Mapping

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import ReplayRequest, RequestRow
from portway.core.status import Phase
from portway.core.target import Target
from portway.runtime.request_news import MOST
from portway.runtime.side_threads import MOST_AT_ONCE
from portway.runtime.tunnel.request_log import LateRequestLog
from tests.fakes.backends.toy import ToyWorld
from tests.fakes.origins.page import origin_server
from tests.fakes.origins.ports import nobody
from tests.runtime.conftest import TOY, Build, House


def _visit(address: Target, path: str = "/") -> None:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=20)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    finally:
        connection.close()


def _paths(house: House) -> list[str]:
    return [row.path for row in house.hub.requests.rows(TOY)]


def test_nothing_is_recorded_unless_it_is_asked_for(house: House, world: ToyWorld) -> None:
    assert not house.up().inspect
    _visit(world.opened[0].origin)
    house.wait(lambda: house.status.traffic is not None and house.status.traffic.requests == 1)
    assert _paths(house) == []


def test_requests_are_recorded_where_that_is_asked_for(house: House, world: ToyWorld) -> None:
    assert house.up(inspect=True).inspect
    _visit(world.opened[0].origin, "/shop?token=abc")
    house.wait(lambda: [row.state for row in house.hub.requests.rows(TOY)] == ["done"])
    row = house.hub.requests.rows(TOY)[0]
    assert (row.method, row.status, row.client) == ("GET", 200, "127.0.0.1")
    assert "abc" not in row.path


def test_it_is_switched_while_the_tunnel_runs(house: House, world: ToyWorld) -> None:
    house.up()
    for inspect, path in ((True, "/seen"), (False, "/unseen"), (True, "/again")):
        house.enable(inspect=inspect)
        assert house.status.inspect is inspect
        _visit(world.opened[0].origin, path)
    house.wait(lambda: _paths(house) == ["/again", "/seen"])
    assert len(world.opened) == 1


def test_what_is_not_named_stays_as_it_was(house: House) -> None:
    house.up(inspect=True)
    house.enable()
    assert house.status.inspect
    house.enable(by_person=True, inspect=False)
    house.enable(by_person=True)
    assert not house.status.inspect


def test_a_person_who_turns_it_on_gets_them(house: House) -> None:
    assert house.up(by_person=True).inspect


def _set(house: House, **general: object) -> None:
    """Change settings, as a person does while tunnels run."""
    now = house.settings.now
    house.settings.now = dataclasses.replace(now, general=dataclasses.replace(now.general, **general))  # type: ignore[arg-type]
    house.hub.reload()


def test_what_a_person_turned_on_follows_the_setting_at_once(house: House) -> None:
    _set(house, record=False)
    assert not house.up(by_person=True).inspect
    for on in (True, False):
        _set(house, record=on)
        assert house.status.inspect is on
        assert house.hub.requests.is_recording(TOY) is on


@pytest.mark.parametrize("inspect", [True, False])
def test_what_was_said_of_one_tunnel_stands_above_the_setting(house: House, *, inspect: bool) -> None:
    house.up(inspect=inspect)
    for on in (True, False):
        _set(house, record=on)
        assert house.status.inspect is inspect


def test_less_memory_is_less_at_once(house: House) -> None:
    house.up(inspect=True)
    log = house.hub.requests
    assert isinstance(log, LateRequestLog)
    assert log.store.most_bytes == 24 << 20
    _set(house, record_size="8")
    assert log.store.most_bytes == 8 << 20


def test_a_person_may_do_without_them(house: House) -> None:
    assert not house.up(by_person=True, inspect=False).inspect


def test_recorded_requests_outlive_the_tunnel(house: House, world: ToyWorld) -> None:
    house.up(inspect=True)
    _visit(world.opened[0].origin)
    house.wait(lambda: len(_paths(house)) == 1)
    house.disable()
    house.wait_for(Phase.STOPPED)
    assert not house.status.inspect
    assert len(_paths(house)) == 1
    assert not house.up().inspect


def test_a_restored_wish_records_as_before(build: Build) -> None:
    first = build()
    first.up(inspect=True)
    first.wait(lambda: TOY in first.kept())
    assert first.kept()[TOY].inspect
    second = build()
    second.wait_for(Phase.RUNNING)
    assert second.status.inspect


def test_a_restored_wish_follows_the_setting_if_it_did(build: Build) -> None:
    first = build()
    first.up(by_person=True)
    first.wait(lambda: TOY in first.kept())
    assert first.kept()[TOY].inspect is None
    second = build()
    second.wait_for(Phase.RUNNING)
    assert second.status.inspect
    _set(second, record=False)
    assert not second.status.inspect


class TestSentAgain:
    def _again(self, house: House, changes: ReplayRequest, number: int | None = None) -> RequestRow | Problem:
        told: list[RequestRow | Problem] = []
        house.hub.replay(TOY, number or house.hub.requests.rows(TOY)[0].id, changes, told.append)
        house.wait(lambda: told)
        return told[0]

    def test_to_the_local_server(self, house: House, world: ToyWorld) -> None:
        house.up(inspect=True)
        _visit(world.opened[0].origin, "/first")
        house.wait(lambda: [row.state for row in house.hub.requests.rows(TOY)] == ["done"])
        number = house.hub.requests.rows(TOY)[0].id
        row = self._again(house, ReplayRequest(path="/second"))
        assert isinstance(row, RequestRow)
        assert (row.path, row.status, row.replay_of) == ("/second", 200, number)
        assert house.status.traffic is not None
        assert house.status.traffic.requests == 1  # nobody visited

    def test_one_that_is_not_kept(self, house: House) -> None:
        problem = self._again(house, ReplayRequest(), number=7)
        assert isinstance(problem, Problem)
        assert problem.code is Code.NOT_FOUND

    def test_where_nobody_listens_any_more(self, house: House, world: ToyWorld) -> None:
        with nobody() as target:
            with origin_server(port=target.port):
                house.up(inspect=True, target=target)
                _visit(world.opened[0].origin)
                house.wait(lambda: [row.state for row in house.hub.requests.rows(TOY)] == ["done"])
            problem = self._again(house, ReplayRequest())
        assert isinstance(problem, Problem)
        assert problem.code is Code.ORIGIN_DOWN


@pytest.mark.expected_logs
def test_what_fails_beside_the_tunnels_is_told(house: House, caplog: pytest.LogCaptureFixture) -> None:
    told: list[object] = []
    house.hub.aside(lambda: 1 / 0, told.append)
    house.wait(lambda: told)
    assert isinstance(told[0], Problem)
    assert told[0].code is Code.INTERNAL
    assert "error of Portway" in caplog.text


def test_not_more_than_a_few_at_once(house: House) -> None:
    gate = threading.Event()
    told: list[object] = []
    for _ in range(MOST_AT_ONCE):
        house.hub.aside(gate.wait, told.append)
    refused: list[object] = []
    house.hub.aside(gate.wait, refused.append)
    assert isinstance(refused[0], Problem)
    assert refused[0].code is Code.TOO_BUSY
    gate.set()
    house.wait(lambda: len(told) == MOST_AT_ONCE)


def test_told_as_they_end_and_the_others_are_counted(house: House, world: ToyWorld) -> None:
    told: list[str] = []
    others: list[int] = []

    def hear(rows: tuple[RequestRow, ...], more: Mapping[str, int]) -> None:
        told.extend(row.path for row in rows)
        others.append(more.get("toy", 0))

    leave = house.hub.follow_requests(hear)
    house.up(inspect=True)
    for number in range(MOST + 3):  # this thread turns no event loop meanwhile
        _visit(world.opened[0].origin, f"/{number}")
    house.wait(lambda: len(told) + sum(others) == MOST + 3)
    assert told[:2] == ["/0", "/1"]
    assert len(told) >= MOST
    leave()
