"""Tunnels that are added, changed and removed while Portway runs, and those that are gone with their use."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QThread

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.guard.rules import PASSWORD, GuardChange
from portway.core.hub import EnableRequest, GuardRequest, TunnelNews
from portway.core.secret import Secret
from portway.core.settings import SavedTunnel, Settings
from portway.core.status import Phase
from portway.core.target import Target, parse_target
from portway.runtime.tunnel.worker import WorkerThread
from portway.system.logs.logs import log_path, start_logging
from portway.system.secrets.redaction import Redactor
from portway.system.services import Services
from tests.fakes.backends.toy import NEEDS_TOKEN, ToyWorld
from tests.runtime.conftest import TOY, Build, House, follow

SHOP = SavedTunnel(id="shop", backend=TOY, name="The shop", target="8000", options={"name": "ada"})


def added(house: House, tunnel: SavedTunnel = SHOP) -> ToyWorld:
    """Add it, and return its world."""
    house.hub.add(tunnel)
    return house.backend.others[tunnel.id]


def up(house: House, tunnel: str = "shop", **ask: object) -> None:
    house.hub.enable(tunnel, EnableRequest(**ask))  # type: ignore[arg-type]
    house.wait(lambda: house.hub.status(tunnel).running)


def threads(house: House) -> list[QThread]:
    workers = house.hub.findChildren(WorkerThread)
    return [worker.thread_of_worker for worker in workers if worker.thread_of_worker.isRunning()]


def test_one_that_is_added_is_there_beside_the_others(house: House) -> None:
    news: list[TunnelNews] = []
    house.hub.follow_tunnels(news.append)
    added(house)
    status = house.hub.status("shop")
    assert (status.backend, status.name, status.saved, status.phase) == (TOY, "The shop", True, Phase.STOPPED)
    assert (status.target_url, status.own_target) == ("http://localhost:8000", True)
    assert [one.id for one in house.hub.tunnels] == [one.id for one in house.hub.statuses()] == [TOY, "shop"]
    assert house.hub.backends == (house.backend,)
    assert news == [TunnelNews("shop", "added")]
    assert house.settings.now.tunnels["shop"] == SHOP
    house.wait(lambda: house.hub.status("shop").installation.version)


def test_who_asks_for_a_password_of_one_that_is_removed_meanwhile_hears_of_it(house: House) -> None:
    added(house)
    house.vault.secrets["shop", PASSWORD] = Secret("correct horse")
    house.vault.silent = True
    told: list[Problem | None] = []
    house.hub.guard("shop", GuardRequest(change=GuardChange(rules={"password": True})), told.append)
    house.hub.remove("shop")
    for answer in house.vault.waiting:
        answer()
    assert told == [Problem(Code.NOT_FOUND)]


def test_both_are_up_side_by_side_each_with_what_is_set_for_it(house: House, world: ToyWorld) -> None:
    other = added(house)
    up(house, TOY)
    up(house)
    (context,) = other.opened
    assert (context.target.port, context.options.name) == (8000, "ada")
    assert world.opened[0].options.name == ""
    house.hub.disable("shop")
    house.wait(lambda: house.hub.status("shop").phase is Phase.STOPPED)
    assert house.status.running


def test_what_its_backend_logs_names_it_and_not_the_one_that_is_always_there(house: House, tmp_path: Path) -> None:
    logs = start_logging(tmp_path / "log", "debug", Redactor())
    try:
        added(house)
        up(house, TOY)
        up(house)
    finally:
        logs.stop()
    lines = log_path(tmp_path / "log", TOY).read_text(encoding="utf-8").splitlines()
    assert [line.split()[2] for line in lines if "A session is asked for" in line] == [
        "portway.backends.toy.session:",
        "portway.backends.toy.shop.session:",
    ]


@pytest.mark.parametrize(("word", "code"), [("shop", Code.NAME_TAKEN), (TOY, Code.NAME_TAKEN), ("A", Code.BAD_REQUEST)])
def test_a_word_that_is_taken_or_no_word_is_refused(house: House, word: str, code: Code) -> None:
    added(house)
    with pytest.raises(TunnelError) as caught:
        house.hub.add(dataclasses.replace(SHOP, id=word))
    assert caught.value.code is code
    assert len(house.hub.tunnels) == 2


def test_a_new_target_holds_at_once_with_the_same_url(house: House, origin: Target) -> None:
    added(house)
    up(house)
    before = house.hub.status("shop").public_url
    house.hub.change(dataclasses.replace(SHOP, target=origin.url, name="Market"))
    status = house.hub.status("shop")
    assert (status.name, status.target_url, status.public_url, status.running) == ("Market", origin.url, before, True)


def test_a_target_that_a_wish_names_is_left_alone(house: House, origin: Target) -> None:
    added(house)
    up(house, target=parse_target("9000"))
    house.hub.change(dataclasses.replace(SHOP, target=origin.url))
    assert house.hub.status("shop").target_url == "http://localhost:9000"
    house.hub.disable("shop")
    house.wait(lambda: house.hub.status("shop").target_url == origin.url)


def test_the_host_of_a_saved_target_is_sent_to_that_target_alone(house: House) -> None:
    other = added(house, dataclasses.replace(SHOP, options={"host_header": "shop.test"}))
    served = [attempt for attempt in (house.hub._tunnels["shop"].host,) if attempt]
    assert served == ["shop.test"]
    up(house, target=parse_target("9000"))
    assert house.hub._tunnels["shop"].host == ""
    assert len(other.opened) == 1


def test_one_that_is_on_is_closed_before_it_is_gone_and_its_thread_ends(house: House, services: Services) -> None:
    other = added(house)
    kept = services.folders.state_of(TOY, "shop")
    kept.mkdir(parents=True)
    up(house)
    count = len(threads(house))
    other.door.clear()
    house.hub.remove("shop")
    assert house.hub.status("shop").wanted is False
    assert not house.settings.now.tunnels
    other.door.set()
    house.wait(lambda: len(house.hub.tunnels) == 1)
    assert len(other.closed) == 1
    house.wait(lambda: len(threads(house)) == count - 1)
    house.wait(lambda: not kept.exists())
    assert [status.id for status in house.hub.statuses()] == [TOY]
    with pytest.raises(KeyError):
        house.hub.status("shop")


def test_one_that_cannot_be_closed_is_shown_until_it_can(house: House) -> None:
    other = added(house)
    up(house)
    other.will_not_close = True
    house.hub.remove("shop")
    house.wait(lambda: house.hub.status("shop").code is Code.NEEDS_PRIVILEGES)
    assert house.hub.status("shop").running
    other.will_not_close = False
    house.hub.disable("shop")
    house.wait(lambda: len(house.hub.tunnels) == 1)


def test_its_word_is_free_again_at_once(house: House) -> None:
    added(house)
    house.hub.remove("shop")
    added(house)
    up(house)


def test_a_built_in_one_is_neither_removed_nor_changed(house: House) -> None:
    with pytest.raises(TunnelError) as removed:
        house.hub.remove(TOY)
    with pytest.raises(TunnelError) as changed:
        house.hub.change(SavedTunnel(id=TOY, backend=TOY))
    assert removed.value.code is changed.value.code is Code.BUILT_IN


def test_settings_that_were_edited_by_hand_hold_with_a_reload(house: House) -> None:
    added(house)
    up(house)
    edited = {"api": SavedTunnel(id="api", backend=TOY), "late": SavedTunnel(id="late", backend=TOY)}
    house.settings.now = dataclasses.replace(house.settings.now, tunnels=edited)
    house.hub.reload()
    house.wait(lambda: [one.id for one in house.hub.tunnels] == [TOY, "late", "api"])
    assert len(house.backend.others["shop"].closed) == 1


def test_a_temporary_one_is_gone_once_it_was_on(house: House) -> None:
    names = [house.hub.add_temporary(TOY) for _ in range(2)]
    assert names == ["toy-2", "toy-3"]
    assert [one.id for one in house.hub.tunnels] == [TOY, "toy-3", "toy-2"]
    assert not house.hub.status("toy-2").saved
    up(house, "toy-2", lasting=False, target=parse_target("9000"))
    house.hub.disable("toy-2")
    house.wait(lambda: [one.id for one in house.hub.tunnels] == [TOY, "toy-3"])
    house.hub.disable("toy-3")
    assert [one.id for one in house.hub.tunnels] == [TOY]
    assert not house.settings.now.tunnels


def test_a_temporary_one_may_be_given_its_word_and_its_name(house: House) -> None:
    assert house.hub.add_temporary(TOY, "web-1a2b", "Shop") == "web-1a2b"
    assert house.hub.add_temporary(TOY, "api-1a2b") == "api-1a2b"
    assert [house.hub.status(word).name for word in ("web-1a2b", "api-1a2b")] == ["Shop", "api-1a2b"]
    for word, code in (("web-1a2b", Code.NAME_TAKEN), (str(TOY), Code.NAME_TAKEN), ("Web", Code.BAD_REQUEST)):
        with pytest.raises(TunnelError) as refused:
            house.hub.add_temporary(TOY, word)
        assert refused.value.code is code
    house.hub.disable("web-1a2b")
    assert [one.id for one in house.hub.tunnels] == [TOY, "api-1a2b"]
    assert not house.settings.now.tunnels


def test_who_may_open_a_temporary_one_holds_when_settings_are_read_again_and_is_written_nowhere(house: House) -> None:
    name = house.hub.add_temporary(TOY)
    house.hub.guard(name, GuardRequest(change=GuardChange(rules={"read_only": True})), lambda _problem: None)
    added(house)
    house.hub.reload()
    assert house.hub.status(name).guard.read_only
    assert not house.settings.now.guards
    house.hub.guard("shop", GuardRequest(change=GuardChange(rules={"read_only": True})), lambda _problem: None)
    assert house.settings.now.guards == {"shop": house.hub.status("shop").guard}


def test_each_wish_comes_back_after_an_unclean_end_and_one_of_a_tunnel_that_is_gone_is_dropped(
    build: Build, expected_logs: pytest.LogCaptureFixture
) -> None:
    first = build()
    added(first)
    added(first, SavedTunnel(id="api", backend=TOY))
    up(first)
    up(first, "api")
    kept = dict(first.settings.now.tunnels)
    del kept["api"]
    second = build(kept=dataclasses.replace(first.settings.now, tunnels=kept))
    second.wait(lambda: second.hub.status("shop").running)
    assert list(second.kept()) == ["shop"]
    assert "wish for api" in expected_logs.text


def test_what_one_left_that_is_saved_no_more_is_ended_at_the_next_start(
    build: Build, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = services.folders.state_of(TOY, "gone")
    left.mkdir(parents=True)
    (left / "toy-state.json").write_text("{}")
    foreign = left.parent / "foreign"
    foreign.mkdir()
    (foreign / "notes.txt").write_text("not ours")
    house = build()
    house.wait(lambda: not left.exists())
    house.wait(lambda: len(house.hub.tunnels) == 1)
    assert Path(foreign, "notes.txt").exists()


def test_a_command_is_of_the_backend_whichever_tunnel_it_is_asked_of(house: House, world: ToyWorld) -> None:
    other = added(house)
    world.brush.clear()
    job = house.hub.command("shop", "paint", EnableRequest())
    assert house.hub.job(TOY, "paint") is house.hub.job("shop", "paint") is job
    world.brush.set()
    house.wait(lambda: house.hub.job("shop", "paint") is None)
    assert (world.painted, other.painted) == ([1], [])


def test_a_command_that_ended_well_lets_all_tunnels_of_its_backend_go_on(house: House) -> None:
    other = added(house)
    other.needs_token = "secret"
    house.hub.enable("shop", EnableRequest())
    house.wait(lambda: house.hub.status("shop").code is NEEDS_TOKEN.code)
    other.needs_token = None
    follow(house, "paint")
    house.wait(lambda: house.hub.status("shop").running)


def test_a_token_that_worked_for_one_is_kept_for_all(house: House) -> None:
    added(house).needs_token = "secret"
    up(house, options={"auth_token": Secret("secret")}, remember=True)
    assert [owner for owner, _name in house.vault.secrets] == [TOY]


def test_forty_saved_ones_are_looked_at_once_and_all_work(build: Build, world: ToyWorld, origin: Target) -> None:
    many = {f"t{number}": SavedTunnel(id=f"t{number}", backend=TOY) for number in range(40)}
    house = build(kept=Settings(tunnels=many))
    house.wait(lambda: all(status.installation.version for status in house.hub.statuses()))
    assert sum(one.inspections for one in house.backend.others.values()) == 0
    for name in many:
        house.hub.enable(name, EnableRequest(target=origin))
    house.wait(lambda: all(house.hub.status(name).running for name in many))
    house.hub.disable_all()
    house.wait(lambda: not any(status.active for status in house.hub.statuses()))


def test_they_stand_as_a_person_has_put_them_also_after_the_next_start_and_new_ones_on_top(build: Build) -> None:
    first = build()
    for name in ("one", "two", "three"):
        added(first, SavedTunnel(id=name, backend=TOY))
    assert own(first) == ["three", "two", "one"]
    news: list[TunnelNews] = []
    first.hub.follow_tunnels(news.append)
    first.hub.move("one", "two")
    first.hub.move("three", None)
    assert own(first) == ["one", "two", "three"]
    assert [status.id for status in first.hub.statuses()] == [TOY, "one", "two", "three"]
    assert news == [TunnelNews("one", "changed"), TunnelNews("three", "changed")]
    second = build(kept=first.settings.now)
    assert own(second) == ["one", "two", "three"]
    added(second, SavedTunnel(id="four", backend=TOY))
    temporary = second.hub.add_temporary(TOY)
    assert own(second) == [temporary, "four", "one", "two", "three"]
    second.hub.remove("two")
    added(second, SavedTunnel(id="two", backend=TOY))
    assert own(second) == [temporary, "two", "four", "one", "three"]
    second.hub.move("one", "one")
    assert own(second) == [temporary, "two", "four", "one", "three"]


@pytest.mark.parametrize(("tunnel", "before"), [(TOY, "shop"), ("shop", TOY), ("toy-2", None), ("gone", None)])
def test_only_saved_ones_are_moved_and_only_among_themselves(house: House, tunnel: str, before: str | None) -> None:
    added(house)
    house.hub.add_temporary(TOY)
    with pytest.raises(TunnelError) as caught:
        house.hub.move(tunnel, before)
    assert caught.value.code is Code.BUILT_IN
    assert own(house) == ["toy-2", "shop"]


def own(house: House) -> list[str]:
    """Return a person's own ones, from top to bottom."""
    return [one.id for one in house.hub.tunnels if one.id != one.kind]


def test_what_a_second_one_may_come_to_is_told_before_it_is_tried(house: House) -> None:
    added(house)  # it is called ada
    added(house, SavedTunnel(id="api", backend=TOY, options={"name": "ada"}))
    added(house, SavedTunnel(id="site", backend=TOY))
    assert house.hub.caution(TOY, "api") == ""  # no other one is on
    up(house)
    words = "Another toy is called so already."
    assert house.hub.caution(TOY, "api") == words
    assert house.hub.caution(TOY, "api", {"name": "bob"}) == ""
    assert house.hub.caution(TOY, "shop") == ""  # it is the one that is on
    assert house.hub.caution(TOY, "site", {"name": "ada", "remember": True}) == words
    assert house.hub.caution(TOY, options={"name": "ada"}) == words
