"""What the settings of a server make of a tunnel: who reaches its port, and which ports it gives out."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.backends.ssh import causes
from portway.core.backend import Context
from portway.core.errors import TunnelError
from portway.core.target import Target
from portway.system.services import Services
from tests.backends.ssh.conftest import SshWorld
from tests.backends.ssh.front import front, port_dialler
from tests.contract import make_context
from tests.fakes.backends.news import RecordedNews
from tests.fakes.origins.page import PAGE
from tests.fakes.ssh.server import SshServer, free_port, ssh_server

pytestmark = pytest.mark.children

# A second loopback address stands for the one by which others reach the server.
OUTSIDE = "127.0.0.2"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SshServer]:
    with ssh_server(tmp_path / "server", OUTSIDE) as running:
        yield running


def restarted(world: SshWorld, *settings: str) -> None:
    world.server.stop()
    world.server.start(*settings)


@pytest.mark.parametrize(
    ("setting", "bind", "reached"),
    [
        ("no", "", False),
        ("no", "{outside}:{port}", False),
        ("clientspecified", "{outside}:{port}", True),
        ("clientspecified", "127.0.0.1:{port}", False),
        ("yes", "127.0.0.1:{port}", True),
    ],
)
def test_a_port_that_only_the_server_itself_reaches_is_told(
    world: SshWorld, context: Context, setting: str, bind: str, *, reached: bool
) -> None:
    world.change(proof_limit=60.0 if reached else 0.0)
    restarted(world, f"GatewayPorts {setting}")
    options = dataclasses.replace(world.options, bind=bind.format(outside=OUTSIDE, port=free_port()))
    asked = dataclasses.replace(context, options=options)
    if reached:
        session = world.backend.open(asked)
        assert session.public_url.host == OUTSIDE
        assert world.fetch(session.public_url) == PAGE
        session.close(context)
        return
    with pytest.raises(TunnelError) as caught:
        world.backend.open(asked)
    assert caught.value.problem.declared is causes.INSIDE_ONLY
    assert "GatewayPorts" in str(caught.value)


def test_what_a_web_server_there_is_to_reach_stays_inside_also_where_more_is_allowed(
    world: SshWorld, context: Context
) -> None:
    restarted(world, "GatewayPorts clientspecified")
    port = free_port()
    with front(port_dialler(port)) as url:
        options = dataclasses.replace(world.options, bind=str(port), public_url=url)
        session = world.backend.open(dataclasses.replace(context, options=options))
        assert world.fetch(url) == PAGE
        with pytest.raises(OSError):  # noqa: PT011 - refused
            socket.create_connection((OUTSIDE, port), 5.0).close()
        session.close(context)


@pytest.mark.parametrize("way", ["sshd", "key"])
def test_a_key_that_may_open_one_port_opens_that_and_no_other(
    services: Services, origin: Target, tmp_path: Path, way: str
) -> None:
    port, other = free_port(), free_port()
    with ssh_server(tmp_path / "one") as server, front(port_dialler(port)) as url:
        if way == "key":
            server.allow(f'restrict,port-forwarding,permitlisten="127.0.0.1:{port}",command="/bin/false"')
        else:
            server.stop()
            server.start(f"PermitListen 127.0.0.1:{port}")
        world = SshWorld(services, server, tmp_path)
        context = make_context(world, origin, RecordedNews())
        options = dataclasses.replace(world.options, bind=str(port), public_url=url)
        session = world.backend.open(dataclasses.replace(context, options=options))
        assert world.fetch(url) == PAGE
        session.close(context)
        with pytest.raises(TunnelError) as caught:
            world.backend.open(dataclasses.replace(context, options=dataclasses.replace(options, bind=str(other))))
        assert caught.value.problem.declared is causes.PORT_REFUSED
