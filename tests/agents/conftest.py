"""Agents in this process: the client of the official SDK, our server, and a double of the REST API behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

import anyio
import pytest
from mcp import Client
from mcp.types import Implementation

from portway.agents.link import Link
from portway.agents.serving import build_server
from portway.cli.invocation import Invocation
from portway.core.timing import Timing
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import Folders, find_folders
from portway.system.storage.state_file import StateFile
from tests.cli.conftest import near_and_far
from tests.fakes.portway.rest_double import RestDouble, status_of
from tests.watched.documented import Documented

AGENT = Implementation(name="fine-agent", title="Fine Agent", version="1")

Script = Callable[[Client], Awaitable[None]]
Talk = Callable[[Script], None]


@pytest.fixture(scope="session")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Documented:
    """Return the document of a Portway that has the backends of the double."""
    environment = {"PORTWAY_HOME": str(tmp_path_factory.mktemp("home")), "PORTWAY_KEYRING": "memory"}
    folders, timing = find_folders(environment), Timing()
    state = StateFile(folders.state / "app.json")
    secrets = open_secret_store(folders, environment, timing, state, may_prompt=False)
    services = Services(folders=folders, environment=environment, timing=timing, app_state=state, secrets=secrets)
    return Documented.of(near_and_far(services), "0")


@pytest.fixture
def double(folders: Folders) -> Iterator[RestDouble]:
    """Serve two backends, both off."""
    with RestDouble([status_of("lan", reach="network"), status_of("toy")]).running(folders.run) as double:
        yield double


def _never(*, headless: bool, tied: bool, autostart: bool) -> int:
    raise AssertionError((headless, tied, autostart))


@pytest.fixture
def invocation(environment: dict[str, str]) -> Invocation:
    return Invocation(start=_never, environment=environment, build_backends=near_and_far)


@pytest.fixture
def link(invocation: Invocation, double: RestDouble) -> Iterator[Link]:
    link = Link(invocation)
    yield link
    link.close()


@pytest.fixture
def talk(invocation: Invocation, link: Link) -> Talk:
    """Let a script talk to the server, as a client that came by the handshake."""

    async def connected(script: Script) -> None:
        async with Client(build_server(invocation, link), mode="legacy", client_info=AGENT) as client:
            await script(client)

    return lambda script: anyio.run(partial(connected, script))
