"""From an enable to an address that a visit has come through, or to the cause why not."""

from __future__ import annotations

import dataclasses
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import trustme

from portway.backends.ssh import causes, program
from portway.backends.ssh.backend import SshBackend, SshExtras, SshOptions
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Cancelled, TunnelError
from portway.core.sentences import Cause
from portway.core.status import Installation
from tests.backends.ssh.conftest import SshWorld
from tests.backends.ssh.front import front, port_dialler, socket_dialler
from tests.contract import cancelled_after, nothing_left
from tests.fakes.backends.news import RecordedNews
from tests.fakes.origins.page import PAGE, origin_server
from tests.fakes.ssh.server import free_port

pytestmark = pytest.mark.children


def told(world: SshWorld, context: Context, **changes: object) -> TunnelError:
    """Return the failure of a start with these options beside those that lead to the server."""
    options = dataclasses.replace(world.options, **changes)  # type: ignore[arg-type]
    with nothing_left(), pytest.raises(TunnelError) as caught:
        world.backend.open(dataclasses.replace(context, options=options))
    return caught.value


def test_without_more_than_a_server_it_is_up_at_a_port_that_the_server_chose(
    world: SshWorld, context: Context, news: RecordedNews
) -> None:
    session = world.backend.open(context)
    port = session.public_url.port
    assert session.public_url == f"http://127.0.0.1:{port}"
    assert session.extras == SshExtras(server="127.0.0.1", remote=f"port {port}", encrypted=False)
    assert news.reports[-1] == (session.extras, session.pid)
    assert session.extras.hint("") is not None  # it is not encrypted
    session.close(context)
    assert news.reports[-1] == (SshExtras(), None)


def test_an_entry_of_the_persons_configuration_is_enough(world: SshWorld, context: Context) -> None:
    world.configure("Host box", "HostName 127.0.0.1", f"Port {world.server.port}")
    session = world.backend.open(dataclasses.replace(context, options=SshOptions(server="box")))
    assert session.public_url.host == "127.0.0.1"
    assert session.extras.server == "box"
    session.close(context)


def test_the_program_gets_our_words_and_no_more_than_it_may_know(world: SshWorld, context: Context) -> None:
    hostile = {**world.services.environment, "SSH_AUTH_SOCK": "/run/agent", "SSH_ASKPASS": "/x", "TOKEN": "secret"}
    backend = SshBackend(dataclasses.replace(world.services, environment=hostile))
    user = psutil.Process().username()
    options = dataclasses.replace(world.options, server=f"other@{world.server.address}", user=user)
    session = backend.open(dataclasses.replace(context, options=options))
    process = psutil.Process(session.pid or 0)
    line, environment = process.cmdline(), process.environ()
    session.close(context)
    assert line[-6:] == ["-l", user, "-p", str(world.server.port), "--", "127.0.0.1"]
    assert {"BatchMode=yes", "ExitOnForwardFailure=yes", "ControlMaster=no", "StrictHostKeyChecking=yes"} <= {*line}
    assert environment["SSH_AUTH_SOCK"] == "/run/agent"
    assert not {"SSH_ASKPASS", "TOKEN", "PORTWAY_HOME", "PYTHONPATH"} & environment.keys()
    assert environment.keys() - {"PORTWAY_CHILD", "SSH_AUTH_SOCK"} <= {"PATH", "HOME", "USER", "LANG", "TMPDIR"}


def test_a_web_server_there_gives_it_a_lasting_address(world: SshWorld, context: Context) -> None:
    port = free_port()
    with front(port_dialler(port)) as url:
        options = dataclasses.replace(world.options, bind=str(port), public_url=url)
        for _ in range(2):
            session = world.backend.open(dataclasses.replace(context, options=options))
            assert session.public_url == url
            assert world.fetch(url) == PAGE
            session.close(context)


def test_a_socket_there_does_as_well(world: SshWorld, context: Context) -> None:
    path = world.server.folder / "s"
    with front(socket_dialler(str(path))) as url:
        options = dataclasses.replace(world.options, bind=str(path), public_url=url)
        session = world.backend.open(dataclasses.replace(context, options=options))
        assert world.fetch(url) == PAGE
        assert session.extras.remote == str(path)
        session.close(context)
        # A socket stays behind unless the server takes it away, and is then in the way.
        world.change(release_limit=0.1, ghost_limit=0.0)
        assert told(world, context, bind=str(path), public_url=url).problem.declared is causes.SOCKET_REFUSED


def test_an_address_that_somebody_else_answers_is_never_shown(world: SshWorld, context: Context) -> None:
    world.change(proof_limit=0.2)
    port = free_port()
    with front(port_dialler(world.server.port)) as url:
        assert told(world, context, bind=str(port), public_url=url).problem.declared is causes.SILENT
    with origin_server() as stranger:
        real = dataclasses.replace(context, expects=Unguessed())
        problem = told(world, real, bind=str(port), public_url=stranger.url).problem
    assert (problem.declared, problem.parameters["status"]) == (causes.ELSEWHERE, "200")
    assert problem.parameters["remote"] == f"port {port}"
    assert problem.code.retried


def test_a_certificate_that_visitors_do_not_trust_is_told(world: SshWorld, context: Context) -> None:
    world.change(proof_limit=0.2)
    port, tls = free_port(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with front(port_dialler(port), tls) as url:
        assert told(world, context, bind=str(port), public_url=url).problem.declared is causes.NOT_TRUSTED


class Unguessed:
    """A relay whose word nobody else knows."""

    def expect_visit(self) -> tuple[str, bytes]:
        return "/.portway/check/x", b"a word that no page has"


def test_the_wait_for_a_visit_can_be_cancelled(world: SshWorld, context: Context) -> None:
    with (
        nothing_left(),
        cancelled_after(context.cancel, 0.5),
        pytest.raises(Cancelled),
    ):
        world.backend.open(dataclasses.replace(context, expects=Unguessed()))


def refuse_the_key(world: SshWorld) -> None:
    (world.server.folder / "authorized").write_text("")


def have_no_key(world: SshWorld) -> None:
    world.configure("PubkeyAuthentication no")


def hold_the_key_behind_a_passphrase(world: SshWorld) -> None:
    command = ["ssh-keygen", "-q", "-p", "-P", "", "-N", "secret words", "-f", str(world.server.key)]
    subprocess.run(command, check=True, capture_output=True)


def forget_the_server(world: SshWorld) -> None:
    world.known_hosts.write_text("")


def change_the_servers_key(world: SshWorld) -> None:
    world.server.stop()
    world.server.renew_host_key()
    world.server.start()


def allow_no_forwards(world: SshWorld) -> None:
    world.server.allow("restrict")


def open_own_forwards(world: SshWorld) -> None:
    world.configure("RemoteForward 9 127.0.0.1:9")


def break_the_configuration(world: SshWorld) -> None:
    world.configure("Nonsense yes")


TROUBLES: list[tuple[Callable[[SshWorld], None], Cause, bool]] = [
    (refuse_the_key, causes.KEY_REFUSED, True),
    (have_no_key, causes.NO_KEY, True),
    (hold_the_key_behind_a_passphrase, causes.KEY_LOCKED, True),
    (forget_the_server, causes.UNKNOWN_HOST, True),
    (change_the_servers_key, causes.HOST_CHANGED, False),
    (allow_no_forwards, causes.PORT_REFUSED, False),
    (open_own_forwards, causes.OWN_FORWARDS, False),
    (break_the_configuration, causes.CONFIGURATION, False),
]


@pytest.mark.parametrize(
    ("trouble", "cause", "person"), TROUBLES, ids=lambda value: getattr(value, "__name__", "") or None
)
def test_every_trouble_has_its_cause(
    world: SshWorld, context: Context, trouble: Callable[[SshWorld], None], cause: Cause, *, person: bool
) -> None:
    trouble(world)
    error = told(world, context)
    assert error.problem.declared == cause, error
    assert isinstance(error, AuthNeeded) is person
    assert not cause.code.retried


@pytest.mark.parametrize(
    ("options", "cause", "field"),
    [
        (SshOptions(), causes.NO_SERVER, "server"),
        (SshOptions(server="box", bind="/run/s"), causes.NO_ADDRESS, "publicUrl"),
        (SshOptions(server="box", public_url="https://dev.example.com"), causes.NO_PORT, "bind"),
    ],
)
def test_what_has_to_be_named_is_named(
    world: SshWorld, context: Context, options: SshOptions, cause: Cause, field: str
) -> None:
    with pytest.raises(TunnelError) as caught:
        world.backend.open(dataclasses.replace(context, options=options))
    assert caught.value.problem.declared is cause
    assert caught.value.problem.parameters["field"] == field


def test_where_there_is_no_ssh_it_is_off_and_says_how_to_get_it(
    world: SshWorld, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "_SYSTEM", ())
    nowhere = {**world.services.environment, "PATH": str(tmp_path)}
    world.backend = SshBackend(dataclasses.replace(world.services, environment=nowhere))
    assert world.backend.inspect() == Installation(installed=False)
    assert world.backend.reclaim(context) is None
    error = told(world, context)
    assert error.code is Code.NOT_INSTALLED
    assert "openssh-client" in str(error)
    assert "openssh-client" in world.backend.about.get


def test_a_program_that_was_named_and_cannot_be_used_is_told(world: SshWorld, context: Context) -> None:
    named = {**world.services.environment, "SSH_BIN": "/nowhere/ssh"}
    world.backend = SshBackend(dataclasses.replace(world.services, environment=named))
    found = world.backend.inspect()
    assert (found.installed, found.binary_path) == (False, "/nowhere/ssh")
    assert "SSH_BIN" in str(told(world, context))


def test_what_is_installed_is_told_with_its_version(world: SshWorld) -> None:
    found = world.backend.inspect()
    assert (found.installed, found.source) == (True, "path")
    assert found.version is not None
    assert found.version[0].isdigit()
