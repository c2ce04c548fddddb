"""Who may open a tunnel, and until when, from the wish to the visitor."""

from __future__ import annotations

import dataclasses
import http.client
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.rules import OWN_PASSWORD, Guard, GuardChange, read_change
from portway.core.hub import GuardRequest, end_request
from portway.core.secret import Secret
from portway.core.status import Phase
from portway.core.target import Target
from portway.runtime.tunnel.protection import TOLD_BEFORE
from portway.system.secrets.os_keyring import Keyring, KeyringLockedError
from portway.system.secrets.store import SecretStore
from portway.system.services import Services
from tests.fakes.backends.toy import ToyWorld
from tests.fakes.desktop.keyrings import HungKeyring, OpenKeyring, RaisingKeyring
from tests.fakes.origins.http import HttpOrigin, http_origin
from tests.limits import SEEN
from tests.relay.stand import rest
from tests.runtime.conftest import TOY, Build, House


@pytest.fixture
def site() -> Iterator[HttpOrigin]:
    with http_origin() as site:
        yield site


@pytest.fixture
def secrets(services: Services) -> SecretStore:
    return SecretStore(OpenKeyring(), services.app_state, 10.0)


@pytest.fixture
def house(build: Build, secrets: SecretStore, site: HttpOrigin) -> House:
    house = build(kept_secrets=secrets)
    house.wait(lambda: house.status.installation.version)
    return house


def _status_of(address: Target, path: str = "/") -> int:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=SEEN)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def _guard(house: House, record: dict[str, object], **ends: object) -> list[Problem | None]:
    told: list[Problem | None] = []
    house.hub.guard(TOY, GuardRequest(change=read_change(record), **ends), told.append)  # type: ignore[arg-type]
    house.wait(lambda: told)
    return told


def _own(record: dict[str, object]) -> GuardChange:
    """Return a guard as an enable names it."""
    change = read_change(record)
    return GuardChange(rules=change.rules, secret=change.secret, own=change.secret is not None)


class TestRules:
    def test_an_enable_brings_its_guard_which_goes_with_it(
        self, house: House, world: ToyWorld, site: HttpOrigin
    ) -> None:
        house.up(target=site.target, guard=_own({"deny": ["127.0.0.1", "::1"]}))
        assert house.status.guard == Guard(deny=("127.0.0.1", "::/64"))
        assert _status_of(world.opened[-1].origin) == 403
        house.wait(lambda: house.status.traffic is not None and house.status.traffic.refused == 1)
        house.disable()
        house.wait_for(Phase.STOPPED)
        assert house.status.guard == Guard()
        house.up()
        assert _status_of(world.opened[-1].origin) == 200

    def test_a_change_holds_at_once_for_good_and_the_url_stays(
        self, house: House, world: ToyWorld, site: HttpOrigin
    ) -> None:
        url = house.up(target=site.target).public_url
        address = world.opened[-1].origin
        assert _guard(house, {"allow": ["203.0.113.7"]}) == [None]
        assert house.status.guard.allow == ("203.0.113.7",)
        assert _status_of(address) == 403
        assert house.settings.now.guards[TOY].allow == ("203.0.113.7",)
        assert _guard(house, {"allow": None, "paths": ["/bytes/*"]}) == [None]
        assert (_status_of(address), _status_of(address, "/bytes/1")) == (403, 200)
        assert house.status.public_url == url
        assert len(world.opened) == 1

    def test_who_was_kept_out_is_known_until_it_stops(self, house: House, world: ToyWorld, site: HttpOrigin) -> None:
        assert house.hub.kept_out(TOY) == ()
        house.up(target=site.target, guard=_own({"allow": ["203.0.113.7"]}))
        assert _status_of(world.opened[-1].origin, "/v1/models?key=secret") == 403
        (one,) = house.hub.kept_out(TOY)
        assert (one.address, one.rule, one.path, one.times) == ("127.0.0.1", "address", "/v1/models", 1)
        house.disable()
        house.wait_for(Phase.STOPPED)
        assert house.hub.kept_out(TOY) == ()

    def test_when_those_who_may_come_were_there_is_known_until_it_stops(
        self, house: House, world: ToyWorld, site: HttpOrigin
    ) -> None:
        assert house.hub.visits(TOY) == {}
        before = datetime.now(UTC)
        house.up(target=site.target, guard=_own({"allow": ["127.0.0.0/8 # this computer", "203.0.113.7"]}))
        assert house.hub.visits(TOY) == {}
        assert _status_of(world.opened[-1].origin) == 200
        ((entry, at),) = house.hub.visits(TOY).items()
        assert entry == "127.0.0.0/8"
        assert before <= at <= datetime.now(UTC)
        house.disable()
        house.wait_for(Phase.STOPPED)
        assert house.hub.visits(TOY) == {}

    def test_what_was_changed_meanwhile_counts_more_than_what_the_wish_began_with(self, house: House) -> None:
        house.up(guard=_own({"readOnly": True, "rateLimit": 5}))
        _guard(house, {"readOnly": False})
        assert house.status.guard == Guard(rate_limit=5)

    def test_a_guard_shows_before_anything_is_open(self, build: Build) -> None:
        assert build(guards={TOY: Guard(read_only=True)}).status.guard.read_only

    def test_what_would_stay_up_without_us_goes_through_the_relay_once_it_has_a_guard(
        self, build: Build, world: ToyWorld, secrets: SecretStore, site: HttpOrigin
    ) -> None:
        house = build(keep_up=True, kept_secrets=secrets)
        house.up(target=site.target)
        assert world.opened[-1].origin == site.target
        _guard(house, {"readOnly": True})
        house.wait(lambda: len(world.opened) > 1 and house.status.running)
        assert world.opened[-1].origin != site.target


class TestPassword:
    def test_visitors_are_asked_and_the_secret_is_in_the_keyring_alone(
        self, house: House, world: ToyWorld, site: HttpOrigin, secrets: SecretStore, services: Services
    ) -> None:
        house.up(target=site.target, guard=_own({"password": "correct horse"}))
        assert _status_of(world.opened[-1].origin) == 401
        house.wait(lambda: secrets.get(TOY, OWN_PASSWORD) == Secret("correct horse"))
        house.wait(lambda: house.kept()[TOY].guard.password)
        assert "correct horse" not in (services.folders.state / "wishes.json").read_text()
        assert "correct horse" not in repr(house.status)

    def test_the_password_of_a_wish_goes_with_it(self, house: House, secrets: SecretStore) -> None:
        house.up(guard=_own({"password": "correct horse"}))
        house.wait(lambda: secrets.get(TOY, OWN_PASSWORD))
        house.disable()
        house.wait(lambda: secrets.get(TOY, OWN_PASSWORD) is None)

    def test_the_password_of_a_wish_that_is_not_kept_touches_no_keyring(
        self, build: Build, world: ToyWorld, services: Services, site: HttpOrigin
    ) -> None:
        keyring = OpenKeyring()
        house = build(kept_secrets=SecretStore(keyring, services.app_state, 10.0))
        house.up(target=site.target, guard=_own({"password": "correct horse"}), lasting=False)
        assert _status_of(world.opened[-1].origin) == 401
        house.disable()
        house.wait_for(Phase.STOPPED)
        house.settle()
        assert keyring.threads == set()

    def test_the_tunnel_s_own_one_is_read_from_the_keyring_at_the_next_start(
        self, build: Build, world: ToyWorld, secrets: SecretStore, site: HttpOrigin
    ) -> None:
        first = build(kept_secrets=secrets)
        _guard(first, {"password": "correct horse"})
        first.hub.close()
        second = build(kept_secrets=secrets, guards=first.settings.now.guards)
        second.up(target=site.target)
        assert _status_of(world.opened[-1].origin) == 401
        link = second.hub.one_time_link(TOY)
        assert link is not None
        assert second.hub.link_waits(TOY, link)
        assert not second.hub.link_waits(TOY, link[:-1])
        assert not second.hub.link_waits(TOY, "https://elsewhere.example/.portway/in?t=abc")
        assert second.redactor.clean("asked with correct horse") == "asked with [hidden]"

    @pytest.mark.parametrize("ask", ["enable", "guard"])
    def test_logs_hide_a_password_that_is_given(self, house: House, ask: str) -> None:
        record: dict[str, object] = {"password": "correct horse"}
        house.up(guard=_own(record) if ask == "enable" else None)
        if ask == "guard":
            _guard(house, record)
        assert house.redactor.clean("asked with correct horse") == "asked with [hidden]"

    def test_it_can_be_turned_off_and_on_again(self, house: House, world: ToyWorld, site: HttpOrigin) -> None:
        house.up(target=site.target)
        address = world.opened[-1].origin
        assert _guard(house, {"password": "correct horse"}) == [None]
        assert _status_of(address) == 401
        assert _guard(house, {"password": False}) == [None]
        assert _status_of(address) == 200
        told = _guard(house, {"password": True})
        assert told[0] is not None and told[0].code is Code.NOT_FOUND  # noqa: PT018
        assert _status_of(address) == 200

    @pytest.mark.parametrize("keyring", [RaisingKeyring(KeyringLockedError()), HungKeyring()])
    def test_a_keyring_that_does_not_open_opens_no_tunnel(
        self, build: Build, world: ToyWorld, services: Services, keyring: Keyring
    ) -> None:
        secrets = SecretStore(keyring, services.app_state, 0.2)
        house = build(kept_secrets=secrets, guards={TOY: Guard(password=True)})
        house.enable()
        assert house.wait_for(Phase.ERROR).code is Code.NO_SECURE_STORAGE
        assert not world.opened

    def test_a_password_that_is_gone_opens_no_tunnel(self, build: Build, world: ToyWorld, secrets: SecretStore) -> None:
        house = build(kept_secrets=secrets, guards={TOY: Guard(password=True)})
        house.enable()
        failed = house.wait_for(Phase.ERROR)
        assert failed.problem == Problem(Code.NO_SECURE_STORAGE, "guard_lost")
        assert not world.opened

    def test_what_an_earlier_program_left_is_ended_where_its_password_is_not_to_be_had(
        self, build: Build, world: ToyWorld, secrets: SecretStore
    ) -> None:
        build(kept_secrets=secrets).up(guard=_own({"password": "correct horse"}))
        world.leftover = "https://left.toy.example"
        empty = SecretStore(None, secrets._app_state, 1.0)
        second = build(kept_secrets=empty)
        second.wait_for(Phase.ERROR)
        second.wait(lambda: world.leftover is None)
        assert len(world.opened) == 1

    @pytest.mark.parametrize("trouble", ["locked", "gone", "replaced"])
    def test_what_becomes_of_the_keyring_while_it_is_up_opens_nothing(
        self, build: Build, world: ToyWorld, services: Services, site: HttpOrigin, trouble: str
    ) -> None:
        keyring = _ChangingKeyring()
        house = build(kept_secrets=SecretStore(keyring, services.app_state, 10.0))
        _guard(house, {"password": "correct horse"})
        house.up(target=site.target)
        address = world.opened[-1].origin
        keyring.fall(trouble)
        assert (_status_of(address), _log_in(address, "another horse"), _log_in(address)) == (401, 401, 303)
        _guard(house, {"paths": ["/bytes/*"]})
        assert (_status_of(address), _status_of(address, "/bytes/1"), _log_in(address)) == (403, 401, 303)
        house.disable()
        house.wait_for(Phase.STOPPED)
        house.up(target=site.target)
        assert _status_of(world.opened[-1].origin, "/bytes/1") == 401

    def test_the_next_start_asks_for_the_password_that_the_keyring_has_by_then(
        self, build: Build, world: ToyWorld, services: Services, site: HttpOrigin
    ) -> None:
        keyring = _ChangingKeyring()
        first = build(kept_secrets=SecretStore(keyring, services.app_state, 10.0))
        _guard(first, {"password": "correct horse"})
        first.hub.close()
        keyring.fall("replaced")
        guards = first.settings.now.guards
        second = build(kept_secrets=SecretStore(keyring, services.app_state, 10.0), guards=guards)
        second.up(target=site.target)
        address = world.opened[-1].origin
        assert (_log_in(address), _log_in(address, "another horse")) == (401, 303)


class _ChangingKeyring(OpenKeyring):
    """One to which something happens."""

    def __init__(self) -> None:
        super().__init__()
        self._locked = False

    def fall(self, trouble: str) -> None:
        """Let it be locked, be gone with all that it held, or hold another password."""
        self._locked = trouble == "locked"
        self.entries = dict.fromkeys(self.entries, "another horse") if trouble == "replaced" else {}

    def read(self, user: str, *, may_prompt: bool) -> str | None:
        if self._locked:
            raise KeyringLockedError
        return super().read(user, may_prompt=may_prompt)


def _log_in(address: Target, password: str = "correct horse") -> int:  # noqa: S107 - made up for these tests
    connection = http.client.HTTPConnection(address.host, address.port, timeout=SEEN)
    try:
        connection.request("POST", "/.portway/log-in", urlencode({"password": password}))
        return connection.getresponse().status
    finally:
        connection.close()


class TestAfterAKill:
    def test_a_wish_comes_back_with_its_guard_its_password_and_its_end(
        self, build: Build, world: ToyWorld, secrets: SecretStore, site: HttpOrigin
    ) -> None:
        first = build(kept_secrets=secrets)
        guard = _own({"password": "correct horse", "paths": ["/shop/*"], "rateLimit": 100})
        first.up(target=site.target, guard=guard, expires_in=3600.0)
        first.wait(lambda: secrets.get(TOY, OWN_PASSWORD) and first.kept())
        second = build(kept_secrets=secrets)  # the first was never closed
        status = second.wait_for(Phase.RUNNING)
        assert status.guard == Guard(password=True, paths=("/shop/*",), rate_limit=100)
        assert status.expires_at is not None
        assert timedelta(minutes=58) < status.expires_at - datetime.now(UTC) < timedelta(minutes=61)
        assert _status_of(world.opened[-1].origin, "/shop/a") == 401

    def test_one_whose_time_was_over_does_not_come_back(
        self, build: Build, world: ToyWorld, secrets: SecretStore
    ) -> None:
        first = build(kept_secrets=secrets)
        first.up(expires_in=3600.0)
        wish = first.kept()[TOY]
        assert wish.expires_due is not None
        over = dataclasses.replace(wish, expires_due=wish.expires_due - 7200)
        first.hub.close()
        first.wishes.write([over])
        world.leftover = "https://left.toy.example"
        second = build(kept_secrets=secrets)
        second.wait(lambda: second.status.code is Code.EXPIRED)
        assert second.status.phase is Phase.STOPPED
        second.wait(lambda: world.leftover is None)
        assert len(world.opened) == 1
        assert not second.kept()

    @pytest.mark.parametrize(
        "damage",
        [
            {"guard": {"allow": ["?"]}},
            {"guard": {"allwo": ["203.0.113.7"]}},
            {"guard": None},
            {"expiresAt": "soon"},
            {"expiresAt": "2026-01-02T03:04:05"},
            {"expiresDue": "later"},
            {"ownRules": "all"},
        ],
        ids=str,
    )
    def test_one_of_which_it_is_not_known_who_was_to_get_in_does_not_come_back(
        self, build: Build, services: Services, damage: dict[str, object]
    ) -> None:
        first = build()
        first.up(guard=_own({"readOnly": True}), expires_in=3600.0)
        first.hub.close()
        path = services.folders.state / "wishes.json"
        record = json.loads(path.read_text())
        record["clean"] = False
        path.write_text(json.dumps(record))
        assert first.kept()
        record["wishes"][TOY] |= damage
        path.write_text(json.dumps(record))
        assert not first.kept()

    def test_one_that_was_left_up_is_not_adopted_where_somebody_is_to_be_kept_out(
        self, build: Build, world: ToyWorld
    ) -> None:
        first = build(keep_up=True)
        first.up()
        first.hub.close()
        world.leftover = world.left_up[-1]
        second = build(guards={TOY: Guard(read_only=True)})
        second.wait(lambda: world.leftover is None)
        second.settle()
        assert second.status.phase is Phase.STOPPED


class TestEnd:
    def test_it_stops_by_itself_and_cuts_those_who_are_in(
        self, house: House, world: ToyWorld, site: HttpOrigin
    ) -> None:
        house.up(target=site.target)
        address = world.opened[-1].origin
        with socket.create_connection((address.host, address.port), SEEN) as visitor:
            visitor.sendall(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
            assert visitor.recv(1)
            house.hub.guard(TOY, end_request(0.3), lambda _problem: None)
            house.wait(lambda: house.status.phase is Phase.STOPPED)
            assert house.status.code is Code.EXPIRED
            assert not house.status.wanted
            assert house.status.expires_at is None
            with pytest.raises(ConnectionResetError):
                rest(visitor)
        assert not house.kept()

    def test_how_much_passed_is_told_at_the_end(
        self, house: House, world: ToyWorld, site: HttpOrigin, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house.up(target=site.target, guard=_own({"paths": ["/bytes/*"]}), expires_in=1000.0)
        address = world.opened[-1].origin
        assert (_status_of(address, "/bytes/1"), _status_of(address)) == (200, 403)
        house.wait(lambda: house.status.traffic is not None and house.status.traffic.requests == 2)
        house.wait(lambda: house.status.traffic is not None and house.status.traffic.refused == 1)
        protection = house.hub._tunnels[TOY].protection
        over = protection._clock() + 1000.0
        monkeypatch.setattr(protection, "_clock", lambda: over)
        house.hub.try_again()
        house.wait_for(Phase.STOPPED)
        assert house.status.code is Code.EXPIRED
        assert "Requests: 2, visitors: 1, kept out: 1." in str(house.status.last_error)

    def test_an_expired_one_can_be_turned_on_again(self, house: House, world: ToyWorld, site: HttpOrigin) -> None:
        house.enable(target=site.target, expires_in=1.0)
        house.wait_for(Phase.STOPPED)
        status = house.up()
        assert status.code is None
        assert status.expires_at is None
        assert _status_of(world.opened[-1].origin) == 200

    def test_a_tunnel_between_two_tries_ends_as_well(self, house: House, world: ToyWorld) -> None:
        world.failures += [Problem(Code.NO_NETWORK)] * 50
        house.enable(expires_in=1.0)
        house.wait_for(Phase.STOPPED)
        assert house.status.code is Code.EXPIRED

    def test_it_can_be_put_off_and_taken_away(self, house: House) -> None:
        house.up(expires_in=1000.0)
        first = house.status.expires_at
        house.hub.extend(TOY, 3600.0)
        later = house.status.expires_at
        assert first is not None and later is not None  # noqa: PT018
        assert later - first == timedelta(hours=1)
        house.wait(lambda: house.kept()[TOY].expires_at == later)
        _guard(house, {}, ends=True)
        assert house.status.expires_at is None

    def test_sleep_counts_and_the_date_does_not(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        house.up(expires_in=1000.0)
        protection = house.hub._tunnels[TOY].protection
        woke_up = protection._clock() + 1000.0
        monkeypatch.setattr(protection, "_clock", lambda: woke_up)
        house.hub.try_again()  # as the program does when it wakes up
        assert not house.status.wanted
        house.wait_for(Phase.STOPPED)
        assert house.status.code is Code.EXPIRED

    def test_people_are_told_minutes_before_once_and_only_where_there_was_more_time(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[object] = []
        house.hub.ends_soon.connect(told.append)
        house.up(expires_in=TOLD_BEFORE - 1)
        house.hub.extend(TOY, 2.0)
        assert not told
        protection = house.hub._tunnels[TOY].protection
        later = protection._clock() + 10.0
        monkeypatch.setattr(protection, "_clock", lambda: later)
        house.hub.try_again()
        house.hub.try_again()
        assert len(told) == 1
