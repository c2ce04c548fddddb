"""All tunnels together: who is told, and the end."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from portway.core.hub import Hub
from portway.core.status import BackendId, Phase, TunnelStatus
from portway.runtime.tunnel.worker import WorkerThread
from portway.system.storage.disk_writer import DiskWriter
from tests.fakes.backends.toy import NEEDS_TOKEN, ToyWorld
from tests.fakes.origins.page import origin_server
from tests.limits import AT_ONCE, NEVER, SEEN
from tests.runtime.conftest import TOY, Build, House, follow


def test_is_what_clients_expect(house: House) -> None:
    hub: Hub = house.hub
    assert [backend.id for backend in hub.backends] == [TOY]
    assert [status.backend for status in hub.statuses()] == [TOY]


def test_an_unknown_backend_is_a_key_error(house: House) -> None:
    with pytest.raises(KeyError):
        house.hub.status(BackendId("nobody"))


def test_tells_every_change_once_and_nothing_else(house: House) -> None:
    house.up()
    assert all(before != after for before, after in zip(house.seen, house.seen[1:], strict=False))


def test_who_has_left_is_told_nothing(house: House) -> None:
    heard: list[TunnelStatus] = []
    leave = house.hub.subscribe(heard.append)
    leave()
    leave()
    house.up()
    assert not heard


@pytest.mark.expected_logs
def test_a_client_that_fails_harms_no_other(house: House) -> None:
    def fail(_status: TunnelStatus) -> None:
        message = "a bug of a client"
        raise ValueError(message)

    house.hub.subscribe(fail)
    heard: list[TunnelStatus] = []
    house.hub.subscribe(heard.append)
    house.up()
    assert heard


def test_quit_is_asked_for_only_after_this_turn(house: House) -> None:
    asked: list[bool] = []
    house.hub.quit_asked.connect(lambda: asked.append(True))
    house.hub.quit()
    assert not asked
    house.wait(lambda: asked)


def test_close_ends_all_sessions_and_threads_and_may_be_repeated(house: House, world: ToyWorld) -> None:
    house.up()
    began = time.monotonic()
    house.hub.close()
    house.hub.close()
    assert time.monotonic() - began < AT_ONCE
    assert len(world.closed) == 1
    assert not house.hub.hangs


def test_close_cancels_what_is_starting(house: House, world: ToyWorld) -> None:
    with world.held():
        house.enable()
        house.wait(lambda: world.opened)
        began = time.monotonic()
        house.hub.close()
        assert time.monotonic() - began < AT_ONCE
    assert world.opened[0].cancel.cancelled


def test_close_cancels_commands(house: House, world: ToyWorld) -> None:
    world.brush.clear()
    news = follow(house, "paint")
    house.wait(lambda: news)
    house.hub.close()
    house.wait(lambda: not any(thread.name == "command paint" for thread in threading.enumerate()))
    assert not world.painted


@pytest.mark.expected_logs
def test_close_is_bounded_where_a_session_would_not_close(house: House, world: ToyWorld) -> None:
    house.up()
    world.will_not_close = True
    began = time.monotonic()
    house.hub.close()
    assert time.monotonic() - began < AT_ONCE


@pytest.mark.expected_logs
def test_close_gives_up_on_what_hangs_and_says_so(build: Build, world: ToyWorld) -> None:
    house = build(limits={"quit_limit": 0.3})
    house.may_hang = True
    house.up()
    world.door.clear()
    began = time.monotonic()
    house.hub.close()
    assert time.monotonic() - began < AT_ONCE
    assert house.hub.hangs
    world.door.set()
    (worker,) = house.hub.findChildren(WorkerThread)
    house.wait(worker.thread_of_worker.isFinished)


def test_starts_nothing_where_the_local_server_moved_but_the_target_is_the_same(house: House, world: ToyWorld) -> None:
    with origin_server() as target:
        house.up(target=target)
        house.qtbot.wait(400)  # longer than origin_watch_up
        assert house.status.problem is None
        assert len(world.opened) == 1


def test_a_token_that_is_stored_at_rest_is_no_longer_missing(build: Build, world: ToyWorld) -> None:
    world.missing = NEEDS_TOKEN
    house = build()
    house.wait_for(Phase.NEEDS_AUTH)
    world.missing = None
    house.hub.look_again(TOY)
    assert house.wait_for(Phase.STOPPED).code is None


def test_secrets_of_nobody_here_change_nothing(build: Build) -> None:
    house = build()
    house.hub.look_again("somebody")
    assert house.status.phase is Phase.STOPPED


def test_many_reloads_at_once_are_two_looks_at_the_machine_at_most(house: House, world: ToyWorld) -> None:
    before = world.inspections
    for _ in range(30):
        house.hub.reload()
    house.wait(lambda: world.inspections > before)
    house.settle()
    assert 1 <= world.inspections - before <= 2


def test_what_is_wanted_is_on_the_disk_before_a_tunnel_begins(build: Build, world: ToyWorld, tmp_path: Path) -> None:
    writer, busy, free = DiskWriter(), threading.Event(), threading.Event()

    def hang() -> None:
        busy.set()
        free.wait(NEVER)

    house = build(writer=writer)
    house.wait(lambda: house.status.installation.version)
    assert writer.flush(SEEN)
    writer.submit(tmp_path / "slow", hang)
    assert busy.wait(SEEN)
    house.enable()
    house.qtbot.wait(50)  # nothing can tell that a thread waits but that it does nothing
    assert (house.status.phase, world.opened) == (Phase.STARTING, [])
    free.set()
    house.wait(lambda: world.opened)
    assert TOY in house.kept()
    house.disable()
    house.wait_for(Phase.STOPPED)
    assert not house.kept()


def test_no_change_of_a_tunnel_waits_for_the_disk_on_the_main_thread(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, threads, fsync = DiskWriter(), list[threading.Thread](), os.fsync

    def note(descriptor: int) -> None:
        threads.append(threading.current_thread())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    house = build(writer=writer)
    house.up(options={"name": "ada"})
    house.up(options={"name": "bob"})
    house.disable()
    house.wait_for(Phase.STOPPED)
    assert writer.flush(SEEN)
    assert threads
    assert threading.main_thread() not in threads
