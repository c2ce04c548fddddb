"""A daemon that is not running is started by what starts services here, and has to answer before that counts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.backends.tailscale.daemon.service import Daemon
from portway.core.backend import Answer, Context
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.timing import Timing
from portway.system.processes.child import Children
from portway.system.processes.privileges import Account, Privileges
from portway.system.services import Services
from tests.fakes.backends.news import KnownSecrets
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.tailscale.computer import PASSWORD, FakeTailscale
from tests.fakes.tailscale.tailscaled import FakeTailscaled

pytestmark = pytest.mark.children


@pytest.fixture
def tailscaled(tailscale: FakeTailscale, environment: dict[str, str]) -> Iterator[FakeTailscaled]:
    fake = FakeTailscaled(tailscale)
    environment["TAILSCALED_BIN"] = str(fake.program)
    yield fake
    fake.kill()


def start(backend: TailscaleBackend, context: Context, **secrets: str) -> Answer:
    command = next(one for one in backend.commands if one.name == "start-daemon")
    assert command.run is not None
    return command.run(replace(context, options=command.options(), secrets=KnownSecrets(secrets)))


def test_it_runs_on_by_itself(tailscaled: FakeTailscaled, backend: TailscaleBackend, context: Context) -> None:
    assert start(backend, context) == {}
    note = tailscaled.note
    assert note["argv"] == [
        "--state=/var/lib/tailscale/tailscaled.state",
        "--socket=/run/tailscale/tailscaled.sock",
    ]
    assert note["session"] != os.getsid(0)
    assert psutil.pid_exists(int(str(note["pid"])))
    assert backend.inspect().extras == replace(backend.findings().extras, daemon_running=True)


@pytest.mark.usefixtures("tailscaled")
def test_one_that_runs_is_left_alone(tailscale: FakeTailscale, backend: TailscaleBackend, context: Context) -> None:
    tailscale.behave(daemon_down=None)
    assert start(backend, context) == {}
    assert not (tailscale.folder / "tailscaled.json").exists()


@pytest.mark.parametrize("kind", ["sudo", "sudo-rs"])
def test_the_password_opens_and_stays_with_sudo(  # noqa: PLR0917 - fixtures
    tailscale: FakeTailscale,
    tailscaled: FakeTailscaled,
    services: Services,
    context: Context,
    environment: dict[str, str],
    kind: str,
) -> None:
    environment["PATH"] = f"{tailscale.folder}{os.pathsep}{environment['PATH']}"
    sudo = FakeSudo(tailscale.folder, PASSWORD)
    sudo.behave(kind=kind)
    backend = TailscaleBackend(services, Account(12345, "alice"))
    with pytest.raises(TunnelError) as caught:
        start(backend, context)
    assert caught.value.code is Code.NEEDS_PRIVILEGES
    assert start(backend, context, sudo_password=PASSWORD) == {}
    assert tailscaled.note["stdin"] == ""
    assert PASSWORD not in json.dumps(sudo.calls)


def test_one_that_does_not_come_up_is_told(
    tailscale: FakeTailscale, services: Services, context: Context, environment: dict[str, str]
) -> None:
    fake = FakeTailscaled(tailscale, works=False)
    environment["TAILSCALED_BIN"] = str(fake.program)
    backend = TailscaleBackend(replace(services, timing=replace(services.timing, start_limit=0.3)))
    with pytest.raises(TunnelError) as caught:
        start(backend, context)
    assert (caught.value.code, caught.value.problem.variant) == (Code.DAEMON_NOT_RUNNING, "failed")


def test_a_named_program_that_is_unusable_is_never_ignored(
    tailscale: FakeTailscale, backend: TailscaleBackend, context: Context, environment: dict[str, str]
) -> None:
    tailscale.behave(daemon_down=True)
    environment["TAILSCALED_BIN"] = "/nowhere/tailscaled"
    with pytest.raises(TunnelError) as caught:
        start(backend, context)
    assert "TAILSCALED_BIN" in caught.value.problem.sentence


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("darwin", ("/bin/launchctl", "kickstart", "system/com.tailscale.tailscaled")),
        ("win32", (r"C:\Windows\System32\sc.exe", "start", "Tailscale")),
        ("freebsd14", None),
    ],
)
def test_each_system_has_its_own_way(timing: Timing, platform: str, expected: tuple[str, ...] | None) -> None:
    privileges = Privileges({}, timing, Children(), Account(0, "root"), platform)
    assert Daemon(privileges, {}, timing, platform).command() == expected
