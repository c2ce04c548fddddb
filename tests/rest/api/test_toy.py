"""A backend gets its part of the API from its declaration alone: the toy backend in a real hub, behind the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from PySide6.QtCore import QCoreApplication

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.secret import Secret
from portway.core.settings import General, Settings
from portway.core.target import Target
from portway.core.timing import Timing
from portway.rest.auth.tokens import Tokens
from portway.rest.server.server import RestServer
from portway.runtime.hub import TunnelHub
from portway.runtime.tunnel.wish import DesiredStateStore
from portway.system.secrets.redaction import Redactor
from portway.system.services import Services
from portway.system.storage.wishes_file import WishesFile
from tests.fakes.backends.api import api_backends
from tests.fakes.backends.news import KnownSecrets
from tests.fakes.backends.toy import LOGIN_PAGE, ToyBackend, ToyWorld
from tests.fakes.runtime.hub import FakeHub, FakeVault
from tests.fakes.runtime.settings import KeptSettings
from tests.limits import NEVER
from tests.rest.wire import VERSION, Rest, Wire, frames, parsed
from tests.watched.documented import Documented

PATH = "/api/tunnels/toy"


@pytest.fixture
def world() -> ToyWorld:
    return ToyWorld()


@pytest.fixture
def rest(  # noqa: PLR0917 - pytest names the parameters
    qapp: QCoreApplication, services: Services, world: ToyWorld, origin: Target, tokens: Tokens, timing: Timing
) -> Iterator[Rest]:
    """Return a server over a real hub."""

    def secrets(_backend: Backend, _options: type, given: Mapping[str, Secret]) -> KnownSecrets:
        return KnownSecrets({name: secret.reveal() for name, secret in given.items()})

    settings = KeptSettings(Settings(general=General(target=origin.url)))
    wishes = DesiredStateStore(WishesFile(services.folders.state / "wishes.json", "this boot"), limit=NEVER)
    backend, vault = ToyBackend(services, world), FakeVault()
    hub = TunnelHub(
        (backend,), services, settings=settings, secrets=secrets, vault=vault, wishes=wishes, learn=Redactor().learn
    )
    server = RestServer(hub, vault, tokens, version=VERSION, timing=timing, run_folder=services.folders.run)
    port = server.listen(0)
    assert port is not None
    made = Rest(
        FakeHub(api_backends(), holds=False),
        vault,
        tokens,
        timing,
        server,
        [],
        Documented.of((backend,), VERSION),
        port,
    )
    hub.claim_port(made.port)
    hub.start()
    yield made
    made.end()
    world.gate.set()
    world.brush.set()
    hub.close()


def begun(rest: Rest, line: str, body: str) -> Wire:
    wire = rest.connect()
    lines = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    wire.send(rest.head(line, *lines) + body.encode())
    return wire


def test_is_turned_on_and_off(rest: Rest) -> None:
    on = rest.call("POST", PATH, {"action": "enable", "colour": "blue", "name": "ball"})
    assert (on.status, on.json["success"], on.json["status"]["publicUrl"]) == (200, True, "https://toy-1.example")
    assert on.json["status"]["spins"] == 1
    assert on.json["painted"] == 1
    off = rest.call("POST", PATH, {"action": "disable"})
    assert (off.status, off.json["success"], off.json["status"]["phase"]) == (200, True, "stopped")


def test_its_alias_and_its_options_are_routes(rest: Rest, world: ToyWorld) -> None:
    answer = rest.call("POST", f"{PATH}/enable", {"name": "ball"})
    assert (answer.json["success"], answer.json["painted"]) == (True, 1)
    assert world.opened[0].options.name == "ball"
    assert rest.call("POST", f"{PATH}/enable", {"colour": "green"}).status == 400


def test_its_secret_is_asked_for_used_once_and_stored_when_asked(rest: Rest, world: ToyWorld) -> None:
    world.needs_token = "right"
    answer = rest.call("POST", PATH, {"action": "enable"})
    assert (answer.status, answer.json["code"], answer.json["actionUrl"]) == (200, "needs_token", LOGIN_PAGE)
    answer = rest.call("POST", PATH, {"action": "enable", "authToken": "right", "remember": True})
    assert answer.json["success"]
    assert rest.vault.secrets == {("toy", "auth_token"): Secret("right")}
    assert rest.call("DELETE", f"{PATH}/token").json == {"success": True}


@pytest.mark.expected_logs
def test_a_token_that_is_held_until_exit_only_is_told(rest: Rest, world: ToyWorld) -> None:
    world.needs_token = "right"
    rest.vault.problem = Problem(Code.NO_SECURE_STORAGE)
    answer = rest.call("POST", PATH, {"action": "enable", "authToken": "right", "remember": True})
    assert (answer.status, answer.json["success"]) == (200, True)
    assert answer.json["warning"] == rest.vault.problem.sentence
    assert rest.vault.puts == 1


def test_an_enable_that_joins_does_not_take_back_that_the_token_is_to_be_stored(rest: Rest, world: ToyWorld) -> None:
    world.needs_token = "right"
    with world.held():
        first = begun(rest, f"POST {PATH}", '{"action":"enable","authToken":"right","remember":true}')
        first.wait(lambda: bool(world.opened))
        second = begun(rest, f"POST {PATH}", '{"action":"enable"}')
        assert rest.call("GET", PATH).json["phase"] == "starting"
    assert [parsed(wire.to_end()).json["success"] for wire in (first, second)] == [True, True]
    assert rest.vault.secrets == {("toy", "auth_token"): Secret("right")}


def test_its_reading_command_answers(rest: Rest) -> None:
    assert rest.call("GET", f"{PATH}/check").json == {"wheels": 4}


def test_its_streaming_command_streams_is_joined_and_cancelled(rest: Rest, world: ToyWorld) -> None:
    world.brush.clear()
    first = begun(rest, f"POST {PATH}/paint", '{"coats":3}')
    first.wait_for(b"Coat 1")
    second = begun(rest, f"POST {PATH}/paint", "{}")
    second.wait_for(b"Coat 1")
    assert rest.call("DELETE", f"{PATH}/paint").json == {"success": True}
    for wire in (first, second):
        wire.to_end()
        assert [frame.event for frame in frames(wire.received)] == ["progress", "error"]
    world.brush.set()
    done = begun(rest, f"POST {PATH}/paint", '{"coats":2}')
    done.to_end()
    assert frames(done.received)[-1].data["painted"] == 2


def test_the_answer_comes_with_the_outcome_and_nothing_blocks_meanwhile(rest: Rest, world: ToyWorld) -> None:
    with world.held():
        wire = begun(rest, f"POST {PATH}", '{"action":"enable"}')
        wire.wait(lambda: rest.call("GET", PATH).json["phase"] == "starting")
        assert not wire.received
    assert parsed(wire.to_end()).json["success"]


def test_events_tell_the_way_up(rest: Rest) -> None:
    with rest.stream() as reader:
        rest.call("POST", PATH, {"action": "enable"})
        reader.wait(lambda: bool(frames(reader.received)) and frames(reader.received)[-1].data["running"])
        phases = [frame.data["phase"] for frame in frames(reader.received)]
        assert list(dict.fromkeys(phases)) == ["stopped", "starting", "running"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_the_port_of_the_api_is_never_exposed(rest: Rest, host: str) -> None:
    answer = rest.call("POST", PATH, {"action": "enable", "target": f"http://{host}:{rest.port}"})
    assert answer.status == 400
    assert "Portway's own" in answer.json["error"]


@pytest.mark.expected_logs
def test_a_bug_of_a_backend_is_an_error_without_details(rest: Rest, world: ToyWorld) -> None:
    world.bug = True
    answer = rest.call("POST", PATH, {"action": "enable"})
    assert (answer.status, answer.json["code"]) == (500, "internal")
    assert b"a bug" not in answer.body
