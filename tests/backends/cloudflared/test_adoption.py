"""A tunnel of an earlier run: found again if it does what is wanted, ended if it is ours and of no use."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from portway.backends.cloudflared.backend import CloudflaredBackend, CloudflaredOptions
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.errors import Cancelled
from portway.core.target import Target
from tests.backends.cloudflared.conftest import CloudflaredWorld, has_ended
from tests.contract import cancelled_after, nothing_left
from tests.fakes.backends.news import RecordedNews
from tests.fakes.origins.page import PAGE

pytestmark = pytest.mark.children

EARLIER = """
import dataclasses, os, sys
from tests.backends.cloudflared.earlier import open_and_die
open_and_die(*sys.argv[1:])
"""


@pytest.fixture
def left_up(world: CloudflaredWorld, origin: Target, tmp_path: Path) -> str:
    """An earlier Portway opened a tunnel and was killed; returns the public URL, which is still up."""
    environment = {**os.environ, **world.services.environment, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    finished = subprocess.run(
        [sys.executable, "-c", EARLIER, origin.url],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert finished.returncode == -signal.SIGKILL, finished.stderr
    return finished.stdout.strip()


def test_a_tunnel_of_an_earlier_run_is_adopted(world: CloudflaredWorld, context: Context, left_up: str) -> None:
    began = world.record["startedAt"]
    session = world.backend.reclaim(context)
    assert session is not None
    assert session.public_url == left_up
    assert session.since is not None
    assert session.since.isoformat() == began
    assert world.fetch(left_up) == PAGE
    session.close(context)
    assert has_ended(session.pid or 0)


def test_one_whose_edge_is_lost_may_come_back(world: CloudflaredWorld, context: Context, left_up: str) -> None:
    world.ask("/_fake/edge-down")
    later = threading.Timer(0.3, lambda: world.ask("/_fake/edge-up"))
    later.start()
    session = world.backend.reclaim(context)
    later.join()
    assert session is not None
    assert session.public_url == left_up
    session.close(context)


def test_a_wait_for_its_edge_can_be_cancelled(world: CloudflaredWorld, context: Context, left_up: str) -> None:
    world.ask("/_fake/edge-down")
    with nothing_left(), cancelled_after(context.cancel, 0.2), pytest.raises(Cancelled):
        world.backend.reclaim(context)
    assert world.backend.reclaim(dataclasses.replace(context, cancel=CancelToken(), wanted=False)) is None


def test_one_whose_edge_stays_away_is_ended(world: CloudflaredWorld, context: Context, left_up: str) -> None:
    pid = world.record["pid"]
    world.ask("/_fake/edge-down")
    short = dataclasses.replace(world.services, timing=dataclasses.replace(world.services.timing, start_limit=0.2))
    assert CloudflaredBackend(short).reclaim(context) is None
    assert has_ended(pid)


@pytest.mark.expected_logs
def test_the_death_of_an_adopted_one_is_told(
    world: CloudflaredWorld, context: Context, news: RecordedNews, left_up: str
) -> None:
    session = world.backend.reclaim(context)
    assert session is not None
    os.kill(session.pid or 0, signal.SIGKILL)
    news.wait_for(lambda heard: heard.losses)
    session.close(context)


@pytest.mark.parametrize(
    "changes",
    [
        {"wanted": False},
        {"origin": Target("http", "::1", 1)},
        {"options": CloudflaredOptions(protocol="quic")},
        {"options": CloudflaredOptions(host_header="localhost:3000")},
    ],
)
def test_one_that_is_of_no_use_is_ended(
    world: CloudflaredWorld, context: Context, left_up: str, changes: dict[str, Any]
) -> None:
    pid = world.record["pid"]
    assert world.backend.reclaim(dataclasses.replace(context, **changes)) is None
    assert has_ended(pid)


@pytest.mark.parametrize("key", ["startTicks", "bootId", "exe"])
def test_somebody_elses_process_is_never_touched(
    world: CloudflaredWorld, context: Context, left_up: str, key: str
) -> None:
    record = world.record
    file = world.services.folders.state / "cloudflared-state.json"
    file.write_text(json.dumps({**record, key: "other"}), encoding="utf-8")
    assert world.backend.reclaim(dataclasses.replace(context, wanted=False)) is None
    assert psutil.pid_exists(record["pid"])
    os.kill(record["pid"], signal.SIGKILL)


def test_left_on_purpose_it_runs_on(world: CloudflaredWorld, context: Context) -> None:
    session = world.backend.open(context)
    session.leave()
    assert world.fetch(session.public_url) == PAGE
    again = CloudflaredBackend(world.services).reclaim(context)
    assert again is not None
    assert again.public_url == session.public_url
    again.close(context)
