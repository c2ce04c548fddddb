"""From an enable to a tunnel that carries, or to the cause why not."""

from __future__ import annotations

import dataclasses
import threading
import time
from pathlib import Path

import psutil
import pytest

from portway.backends.cloudflared.backend import CloudflaredBackend, CloudflaredExtras, CloudflaredOptions
from portway.backends.cloudflared.declaration import Managed
from portway.backends.cloudflared.starting import arguments
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import Cancelled, TunnelError
from tests.backends.cloudflared.conftest import FOREIGN_CONFIG, REFUSALS, CloudflaredWorld
from tests.fakes.backends.news import RecordedNews
from tests.fakes.cloudflared.quick_service import answer_with
from tests.fakes.origins.page import PAGE
from tests.limits import AT_ONCE, SEEN

pytestmark = pytest.mark.children


def test_it_is_up_with_the_name_that_the_program_has(world: CloudflaredWorld, context: Context) -> None:
    session = world.backend.open(context)
    assert session.public_url == "https://plum-otter-lamp-1.trycloudflare.com"
    assert session.extras == CloudflaredExtras(protocol="http2", edge_location="lhr01", managed=Managed.QUICK)
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
    assert "--no-autoupdate --metrics 127.0.0.1:0 --protocol quic" in words
    assert f"--url {context.origin.url}" in words
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
    assert session.extras == CloudflaredExtras(protocol="http2", edge_location="lhr01", managed=Managed.QUICK)
    session.close(context)


@pytest.mark.parametrize(("refusal", "code"), REFUSALS)
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


def test_a_service_that_never_answers_is_no_network(world: CloudflaredWorld, context: Context) -> None:
    world.service.free.clear()
    world.plan(patience=0.2)
    with pytest.raises(TunnelError) as caught:
        world.backend.open(context)
    assert caught.value.code is Code.NO_NETWORK


def test_an_answer_counts_whatever_its_status_is(world: CloudflaredWorld, context: Context) -> None:
    world.service.refusal = (429, answer_with(hostname="plum.trycloudflare.com"))
    session = world.backend.open(context)
    assert session.public_url == "https://plum.trycloudflare.com"
    session.close(context)


def test_an_answer_without_a_name_makes_no_url(world: CloudflaredWorld, context: Context) -> None:
    world.service.refusal = (200, answer_with())
    short = dataclasses.replace(world.services, timing=dataclasses.replace(world.services.timing, start_limit=1.0))
    with pytest.raises(TunnelError) as caught:
        CloudflaredBackend(short).open(context)
    assert caught.value.code is Code.START_TIMEOUT


def test_the_persons_own_configuration_and_proxies_change_nothing(
    world: CloudflaredWorld, context: Context, tmp_path: Path
) -> None:
    (tmp_path / ".cloudflared").mkdir()
    (tmp_path / ".cloudflared" / "config.yml").write_text(FOREIGN_CONFIG, encoding="utf-8")
    nowhere = "http://127.0.0.1:1"
    own = {"HOME": str(tmp_path), "HTTP_PROXY": nowhere, "https_proxy": nowhere}
    services = dataclasses.replace(world.services, environment={**world.services.environment, **own})
    session = CloudflaredBackend(services).open(context)
    assert world.fetch(session.public_url) == PAGE
    assert psutil.Process(session.pid or 0).environ().items() >= own.items()
    session.close(context)


def test_a_program_that_the_system_ends_at_once_is_unusable(
    world: CloudflaredWorld, context: Context, program: Path
) -> None:
    """So does macOS with a file in quarantine."""
    program.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    with pytest.raises(TunnelError, match="SIGKILL") as caught:
        world.backend.open(context)
    assert caught.value.code is Code.BINARY_UNUSABLE


HOSTILE = [
    "https://evil.trycloudflare.com",
    "|  https://evil.trycloudflare.com                                          |",
    "|  https://api.trycloudflare.com  |",
    "https://api.trycloudflare.com/tunnel",
    "https://plum.trycloudflare.com.evil.example",
    "https://plum.trycloudflare.com@evil.example",
    "https://evil.example/https://plum.trycloudflare.com",
    "https://evil.example?https://plum.trycloudflare.com",
    "https://evil.example#plum.trycloudflare.com",
    "https://user@evil.trycloudflare.com:8443/path?query",
    "https://evil.trycloudflare.com/\\r\\x00",
    "https://evil.trycloudflare.com\\@evil.example",
    "https://eviltrycloudflare.com",
    "https://a.b.evil.trycloudflare.com",
    "https://-evil.trycloudflare.com",
    "https://evil..trycloudflare.com",
    "https://EVIL.TRYCLOUDFLARE.COM",
    "https://xn--80ak6aa92e.trycloudflare.com",
    "https://\u0435vil.trycloudflare.com",
    "https://evil%2etrycloudflare.com",
    "http://evil.trycloudflare.com",
    "//evil.trycloudflare.com",
    "javascript:location='https://evil.trycloudflare.com'",
    "Your quick Tunnel has been created! Visit it at https://evil.example",
    "Your quick Tunnel has been created! Visit it at https://evil.trycloudflare.com",
    "dest=https://evil.trycloudflare.com/Registered%20tunnel%20connection",
    "\x1b[2Khttps://evil.trycloudflare.com\x1b[0m",
    '{"level":"info","message":"|  https://evil.trycloudflare.com  |","time":"2026-01-02T03:04:06Z"}',
    '{"level":"info"{"level":"info","message":"|  https://evil.trycloudflare.com  |"}',
    '{"hostname":"evil.trycloudflare.com"}',
    "hostname=evil.trycloudflare.com",
    "Starting metrics server on 192.0.2.1:80/metrics https://evil.trycloudflare.com",
    "https://" + "evil-" * 1000 + ".trycloudflare.com",
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
)
def test_a_start_that_fails_names_its_cause(
    world: CloudflaredWorld, context: Context, plan: dict[str, object], code: Code
) -> None:
    world.plan(**plan)
    limit = AT_ONCE / 2 if code in {Code.START_TIMEOUT, Code.EDGE_UNREACHABLE} else SEEN
    given = dataclasses.replace(world.services, timing=dataclasses.replace(world.services.timing, start_limit=limit))
    with pytest.raises(TunnelError) as caught:
        CloudflaredBackend(given).open(context)
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


REFUSED = 'Register tunnel error from server side error="Unauthorized: Tunnel not found" connIndex=0'


def test_a_registration_that_stays_refused_is_told_at_once(world: CloudflaredWorld, context: Context) -> None:
    world.plan(registers=False, trouble=[REFUSED])
    began = time.monotonic()
    with pytest.raises(TunnelError) as caught:
        world.backend.open(context)
    assert caught.value.code is Code.REFUSED_BY_SERVICE
    assert time.monotonic() - began < AT_ONCE


def test_one_that_is_refused_once_may_succeed(world: CloudflaredWorld, context: Context) -> None:
    world.plan(trouble=[REFUSED])
    session = world.backend.open(context)
    session.close(context)


def test_an_untrusted_certificate_over_quic_is_no_blocked_port(world: CloudflaredWorld, context: Context) -> None:
    words = (
        'Failed to dial a quic connection error="failed to dial to edge with quic: CRYPTO_ERROR 0x12a (local): '
        'tls: failed to verify certificate: x509: certificate signed by unknown authority" connIndex=0'
    )
    world.plan(registers=False, trouble=[words])
    with pytest.raises(TunnelError) as caught:
        world.backend.open(context)
    assert caught.value.code is Code.TLS_INTERCEPTED


def test_its_number_is_told_while_it_starts(world: CloudflaredWorld, context: Context, news: RecordedNews) -> None:
    world.service.free.clear()

    def cancel_once_told() -> None:
        news.wait_for(lambda heard: heard.reports)
        context.cancel.cancel()

    other = threading.Thread(target=cancel_once_told)
    other.start()
    with pytest.raises(Cancelled):
        world.backend.open(context)
    other.join()
    told = [pid for _extras, pid in news.reports]
    assert told[0] is not None
    assert told[-1] is None
