"""A tunnel of an earlier run: found again if it does what is wanted, ended if it is ours and of no use."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import psutil
import pytest

from portway.backends.ssh.backend import SshBackend
from portway.core.backend import Context
from portway.core.target import Target
from portway.system.processes.identity import MARK
from tests.backends.ssh.conftest import SshWorld
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.origins.page import PAGE
from tests.fakes.ssh.server import free_port

pytestmark = [pytest.mark.children, pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")]

EARLIER = "import sys; from tests.backends.ssh.earlier import open_and_die; open_and_die(*sys.argv[1:])"


def killed_after_opening(world: SshWorld, origin: Target, bind: str = "") -> str:
    """Let an earlier Portway open a tunnel and be killed; return the public URL, which is still up."""
    environment = {**os.environ, **world.services.environment, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    finished = subprocess.run(
        [sys.executable, "-c", EARLIER, origin.url, world.server.address, str(world.server.port), bind],
        env=environment,
        capture_output=True,
        text=True,
        timeout=45,
        check=False,
    )
    assert finished.returncode == -signal.SIGKILL, finished.stderr
    return finished.stdout.strip()


@pytest.fixture
def later(world: SshWorld) -> SshBackend:
    """The backend of the next Portway, which has the same limits, as they are words for ssh."""
    return SshBackend(world.services)


def has_ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def pid_of(world: SshWorld) -> int:
    assert world.record is not None
    return world.record.identity.pid


@pytest.mark.parametrize("named", [False, True])
def test_a_tunnel_of_an_earlier_run_is_adopted(
    world: SshWorld, later: SshBackend, context: Context, origin: Target, *, named: bool
) -> None:
    bind = str(free_port()) if named else ""
    url = killed_after_opening(world, origin, bind)
    record = world.record
    assert record is not None
    context = dataclasses.replace(context, options=dataclasses.replace(world.options, bind=bind))
    session = later.reclaim(context)
    assert session is not None
    assert (session.public_url, session.pid, session.since) == (url, record.identity.pid, record.started_at)
    assert world.fetch(url) == PAGE
    session.close(context)
    assert has_ended(record.identity.pid)
    assert world.record is None


@pytest.mark.expected_logs
def test_the_death_of_an_adopted_one_is_told_and_its_port_asked_for_again(
    world: SshWorld, later: SshBackend, context: Context, origin: Target, news: RecordedNews
) -> None:
    url = killed_after_opening(world, origin)
    session = later.reclaim(context)
    assert session is not None
    world.server.kill_connections()
    news.wait_for(lambda heard: heard.losses)
    session.close(context)
    again = later.open(context)
    assert again.public_url == url
    again.close(context)


def unwanted(_world: SshWorld, context: Context) -> Context:
    return dataclasses.replace(context, wanted=False)


def another_origin(_world: SshWorld, context: Context) -> Context:
    return dataclasses.replace(context, origin=Target("http", "127.0.0.1", 1))


def another_wish(world: SshWorld, context: Context) -> Context:
    return dataclasses.replace(context, options=dataclasses.replace(world.options, bind="127.0.0.1:1"))


def no_relay(_world: SshWorld, context: Context) -> Context:
    return dataclasses.replace(context, expects=None)


def a_dead_server(world: SshWorld, context: Context) -> Context:
    world.change(proof_limit=0.0, visit_limit=0.5)
    world.server.freeze_connections()
    return context


@pytest.mark.parametrize("change", [unwanted, another_origin, another_wish, no_relay, a_dead_server])
def test_one_that_is_of_no_use_is_ended(
    world: SshWorld, context: Context, origin: Target, change: Callable[[SshWorld, Context], Context]
) -> None:
    killed_after_opening(world, origin)
    pid = pid_of(world)
    changed = change(world, context)
    assert SshBackend(world.services).reclaim(changed) is None
    assert has_ended(pid)
    assert world.record is None


@pytest.mark.parametrize(("key", "value"), [("startTicks", "1"), ("bootId", "x"), ("exe", "/x"), ("command", ["x"])])
def test_somebody_elses_process_is_never_touched(
    world: SshWorld, context: Context, origin: Target, key: str, value: object
) -> None:
    """A record of another tunnel names it, with a fact that does not hold."""
    killed_after_opening(world, origin)
    pid = pid_of(world)
    record = json.loads((world.services.folders.state / "ssh-state.json").read_text(encoding="utf-8"))
    other = world.services.folders.state_of(world.backend.kind, "other") / "ssh-state.json"
    other.parent.mkdir(parents=True)
    other.write_text(json.dumps({**record, key: value}), encoding="utf-8")
    assert world.backend.another("other").reclaim(dataclasses.replace(context, wanted=False)) is None
    assert not other.exists()
    assert not has_ended(pid)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: has_ended(pid))


def test_one_that_was_never_recorded_is_ended(world: SshWorld, later: SshBackend, context: Context) -> None:
    mark = f"ssh:{world.services.folders.state}"
    environment = {**os.environ, MARK: mark}
    command = [sys.executable, "-c", "print('up', flush=True); input()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, start_new_session=True) as child:
        assert child.stdout is not None
        child.stdout.readline()  # until then the system may not show its environment yet
        assert later.reclaim(context) is None
        assert child.wait(20) != 0
