"""A quick tunnel from its first line to its last."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from portway.backends.cloudflared import CloudflaredBackend, CloudflaredExtras, CloudflaredOptions
from portway.backends.cloudflared.launch import arguments
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Cancelled, TunnelError
from portway.core.target import Target
from tests.backends.cloudflared.conftest import CloudflaredWorld
from tests.contract import cancelled_after, make_context, nothing_left
from tests.fakes.news import RecordedNews, wait_until
from tests.fakes.origin import PAGE


@pytest.fixture
def news() -> RecordedNews:
    return RecordedNews()


@pytest.fixture
def context(world: CloudflaredWorld, origin: Target, news: RecordedNews) -> Context:
    return make_context(world, origin, news)


def test_it_is_up_with_the_name_that_the_program_has(world: CloudflaredWorld, context: Context) -> None:
    session = world.backend.open(context)
    assert session.public_url == "https://plum-otter-lamp-1.trycloudflare.com"
    assert session.extras == CloudflaredExtras(protocol="http2", edge_location="lhr01")
    session.close(context)


def test_the_program_gets_our_words_and_none_of_the_persons(
    world: CloudflaredWorld, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = {**world.services.environment, "TUNNEL_TOKEN": "secret", "TUNNEL_NAME": "x", "NGROK_AUTHTOKEN": "secret"}
    backend = CloudflaredBackend(dataclasses.replace(world.services, environment=hostile))
    options = CloudflaredOptions(protocol="quic", host_header="localhost:3000")
    session = backend.open(dataclasses.replace(context, options=options))
    process = psutil.Process(session.pid or 0)
    line, environment = process.cmdline(), process.environ()
    session.close(context)
    words = " ".join(line)
    assert line[line.index("--config") + 1] == ""
    assert f"--url {context.origin.url} --no-autoupdate --metrics 127.0.0.1:0 --protocol quic" in words
    assert "--http-host-header localhost:3000" in words
    assert not {"TUNNEL_TOKEN", "TUNNEL_NAME", "NGROK_AUTHTOKEN"} & environment.keys()
    assert "secret" not in words + str(environment)


def test_auto_may_fall_back_within_the_time_of_a_start(world: CloudflaredWorld, context: Context) -> None:
    words = " ".join(arguments(Path("/x"), context.origin, CloudflaredOptions(protocol="auto"), {}))
    assert "--protocol auto" in words
    assert "--max-edge-addr-retries 1" in words
    assert "--max-edge-addr-retries" not in arguments(Path("/x"), context.origin, CloudflaredOptions(), {})


@pytest.mark.parametrize("as_json", [False, True])
def test_words_of_others_do_not_make_a_url(world: CloudflaredWorld, context: Context, *, as_json: bool) -> None:
    world.plan(json=as_json, trouble=HOSTILE)
    session = world.backend.open(context)
    assert session.public_url == "https://plum-otter-lamp-1.trycloudflare.com"
    assert session.extras == CloudflaredExtras(protocol="http2", edge_location="lhr01")
    session.close(context)


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        ((429, "error code: 1015"), Code.RATE_LIMITED),
        ((500, "error code: 1101"), Code.REFUSED_BY_SERVICE),
        ((500, "<html>"), Code.REFUSED_BY_SERVICE),
        ((200, '{"success":false,"result":null}'), Code.REFUSED_BY_SERVICE),
        ((200, ""), Code.REFUSED_BY_SERVICE),
        ((200, '{"result":{"id":"short"}}'), Code.REFUSED_BY_SERVICE),
    ],
)
def test_a_refusal_is_told_with_its_cause(
    world: CloudflaredWorld, context: Context, refusal: tuple[int, str], code: Code
) -> None:
    world.service.refusal = refusal
    with pytest.raises(TunnelError) as caught:
        world.backend.open(context)
    assert caught.value.code is code


def test_a_service_that_hangs_up_is_no_network(world: CloudflaredWorld, context: Context) -> None:
    world.service.closes = True
    with pytest.raises(TunnelError) as caught:
        world.backend.open(context)
    assert caught.value.code is Code.NO_NETWORK


HOSTILE = [
    "https://evil.trycloudflare.com",
    "|  https://api.trycloudflare.com  |",
    "https://plum.trycloudflare.com.evil.example",
    "Your quick Tunnel has been created! Visit it at https://evil.example",
    '{"level":"info"{"level":"info","message":"|  https://evil.trycloudflare.com  |"}',
    "https://evil.trycloudflare.com/\\r\\x00",
    "https://user@evil.trycloudflare.com:8443/path?query",
    *(f"https://evil-{number}.trycloudflare.com" for number in range(30)),
]
INTERCEPTED = "TLS handshake with edge error: tls: failed to verify certificate"
BLOCKED = "Unable to establish connection with Cloudflare edge: i/o timeout"


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"trouble": ["unknown protocol h3"], "exits": 1}, Code.PROCESS_DIED),
        ({"trouble": [INTERCEPTED], "registers": False}, Code.TLS_INTERCEPTED),
        ({"trouble": [BLOCKED], "registers": False}, Code.EDGE_UNREACHABLE),
        ({"registers": False}, Code.START_TIMEOUT),
        ({"service": "http://127.0.0.1:1"}, Code.PROCESS_DIED),
        ({"trouble": [], "exits": 0}, Code.PROCESS_DIED),
    ],
)  # fmt: skip
def test_a_start_that_fails_names_its_cause(
    world: CloudflaredWorld, context: Context, plan: dict[str, object], code: Code
) -> None:
    world.plan(**plan)
    short = dataclasses.replace(world.services, timing=dataclasses.replace(world.services.timing, start_limit=1.0))
    with pytest.raises(TunnelError) as caught:
        CloudflaredBackend(short).open(context)
    assert caught.value.code is code


def test_an_interception_is_not_tried_again_within_seconds(world: CloudflaredWorld, context: Context) -> None:
    world.plan(trouble=[INTERCEPTED], registers=False)
    with pytest.raises(TunnelError) as caught:
        world.backend.open(context)
    assert caught.value.problem.retry_after == world.services.timing.intercepted_wait


def test_usage_and_success_is_a_failure(world: CloudflaredWorld, context: Context) -> None:
    environment = {**world.services.environment, "PORTWAY_CLOUDFLARED_ARGS": "--no-such-flag"}
    with pytest.raises(TunnelError) as caught:
        CloudflaredBackend(dataclasses.replace(world.services, environment=environment)).open(context)
    assert caught.value.code is Code.VERSION_TOO_OLD


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.chmod(0o600), "not executable"),
        (lambda path: path.chmod(0o777), "others may write"),
        (lambda path: path.unlink(), "No such file"),
    ],
)
def test_a_bad_variable_is_named_and_never_ignored(
    world: CloudflaredWorld, context: Context, program: Path, make: object, reason: str
) -> None:
    make(program)  # type: ignore[operator]
    with pytest.raises(TunnelError, match=f"CLOUDFLARED_BIN names .*{reason}"):
        world.backend.open(context)
    assert not world.backend.inspect().installed


def test_a_file_that_is_no_program_is_refused(world: CloudflaredWorld, context: Context, program: Path) -> None:
    program.write_bytes(b"\x7fELF nonsense")
    with pytest.raises(TunnelError) as caught:
        world.backend.open(context)
    assert caught.value.code is Code.BINARY_UNUSABLE


def test_failures_leave_nothing(world: CloudflaredWorld, context: Context) -> None:
    world.service.refusal = (429, "error code: 1015")
    before = len(psutil.Process().children(recursive=True))
    for _ in range(10):
        with pytest.raises(TunnelError) as caught:
            world.backend.open(context)
        assert caught.value.code is Code.RATE_LIMITED
    assert len(psutil.Process().children(recursive=True)) == before
    assert not (world.services.folders.state / "cloudflared-state.json").exists()


def test_a_lost_edge_keeps_the_url_and_comes_back(
    world: CloudflaredWorld, context: Context, news: RecordedNews
) -> None:
    session = world.backend.open(context)
    world.ask("/_fake/edge-down")
    news.wait_for(lambda heard: heard.recoverings)
    world.ask("/_fake/edge-up")
    news.wait_for(lambda heard: heard.recovered_urls == [session.public_url])
    assert news.losses == []
    session.close(context)


@pytest.mark.expected_logs
def test_its_death_is_told_within_a_moment(world: CloudflaredWorld, context: Context, news: RecordedNews) -> None:
    session = world.backend.open(context)
    began = time.monotonic()
    os.kill(session.pid or 0, signal.SIGKILL)
    news.wait_for(lambda heard: heard.losses)
    assert time.monotonic() - began < 1.0
    assert news.losses[0].code is Code.PROCESS_DIED
    session.close(context)


def test_a_visitor_who_meets_no_server_is_a_hint(world: CloudflaredWorld, context: Context, news: RecordedNews) -> None:
    session = world.backend.open(context)
    world.say("Unable to reach the origin service")
    news.wait_for(lambda heard: heard.suspicions)
    session.close(context)


def test_a_flood_of_words_fills_no_disk(world: CloudflaredWorld, context: Context) -> None:
    world.plan(flood=120_000)
    session = world.backend.open(context)
    output = world.services.folders.state / "cloudflared-output.log"
    wait_until(lambda: b"noise 119999" in output.read_bytes() or output.stat().st_size < 1 << 20)
    wait_until(lambda: output.stat().st_size <= 1 << 20)
    assert world.fetch(session.public_url) == PAGE
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    session.close(context)


@pytest.mark.parametrize("stop", ["slow", "never"])
def test_one_that_does_not_want_to_end_ends(world: CloudflaredWorld, context: Context, stop: str) -> None:
    world.plan(stop=stop)
    session = world.backend.open(context)
    session.close(context)
    assert has_ended(session.pid or 0)


def has_ended(pid: int) -> bool:
    """Whether it runs no more: an orphan may stay as a zombie where nobody reaps."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


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
        [sys.executable, "-c", EARLIER, origin.url], env=environment, capture_output=True, text=True, timeout=30,
        check=False,
    )  # fmt: skip
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
        {"target": Target("http", "127.0.0.1", 1)},
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


def test_a_server_that_refuses_the_public_name_is_told(world: CloudflaredWorld, news: RecordedNews) -> None:
    from tests.fakes.origin import picky_server

    with picky_server() as origin:
        context = make_context(world, origin, news)
        session = world.backend.open(context)
        news.wait_for(lambda heard: heard.reports[-1][0] == dataclasses.replace(session.extras, host_refused=True))
        session.close(context)


def test_a_local_server_that_is_silent_delays_nothing(world: CloudflaredWorld, news: RecordedNews) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        context = make_context(world, Target("http", "127.0.0.1", silent.getsockname()[1]), news)
        world.services = dataclasses.replace(
            world.services, timing=dataclasses.replace(world.services.timing, origin_look=30.0)
        )
        session = CloudflaredBackend(world.services).open(context)  # which returns while that look still waits
        session.close(context)
