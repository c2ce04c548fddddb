"""Tailscale's script is fetched, looked at and run as a whole, and a cancel ends all of it."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.backends.tailscale.declaration import TailscaleTiming
from portway.backends.tailscale.setup.script import Fetcher
from portway.core.backend import Answer, Context
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Cancelled, TunnelError
from portway.system.services import Services
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.tailscale.script_page import Page
from tests.limits import AT_ONCE

pytestmark = pytest.mark.children


def install(backend: TailscaleBackend, context: Context) -> Answer:
    command = next(one for one in backend.commands if one.name == "install")
    assert command.run is not None
    return command.run(replace(context, options=command.options()))


def refused(backend: TailscaleBackend, context: Context) -> TunnelError:
    with pytest.raises(TunnelError) as caught:
        install(backend, context)
    return caught.value


def left_of(services: Services) -> list[Path]:
    folder = services.folders.cache / "tailscale"
    return list(folder.iterdir()) if folder.exists() else []


@pytest.mark.children
def test_tells_first_what_it_fetched_and_then_each_line(  # noqa: PLR0917 - fixtures
    page: Page, backend: TailscaleBackend, context: Context, news: RecordedNews, services: Services, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    page.body = f'#!/bin/sh\necho Installing; echo "+ apt-get" >&2; cat > {mark}; ls -ld "$(dirname "$0")"\n'.encode()
    assert install(backend, context) == {}
    messages = [progress.message for progress in news.progresses if progress is not None]
    digest = hashlib.sha256(page.body).hexdigest()
    source = rf"http://127\.0\.0\.1:\d+/install\.sh · {len(page.body)} bytes · SHA-256 {digest}"
    assert re.fullmatch(source, messages[0])
    assert {"Installing", "+ apt-get"} < set(messages)
    assert any(message.startswith("drwx------") for message in messages)
    assert mark.read_bytes() == b""
    assert left_of(services) == []


@pytest.mark.children
def test_a_script_that_fails_is_told_with_its_reason(
    page: Page, backend: TailscaleBackend, context: Context, services: Services
) -> None:
    page.body = b"#!/bin/sh\necho '+ true' >&2; echo 'This system is not supported.' >&2; exit 3\n"
    error = refused(backend, context)
    assert error.code is Code.INSTALL_FAILED
    assert "This system is not supported (exit code 3)" in error.problem.sentence
    assert left_of(services) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<!doctype html><title>404</title>", 200),
        (b"#!/bin/sh\n", 404),
        (b"#!/bin/sh\n" + b"#" * (1 << 20), 200),
        (b"", 200),
    ],
    ids=["a page", "not found", "over 1 MiB", "nothing"],
)
def test_what_is_no_script_is_not_run(  # noqa: PLR0917 - fixtures
    page: Page, backend: TailscaleBackend, context: Context, services: Services, body: bytes, status: int
) -> None:
    page.body, page.status = body, status
    assert refused(backend, context).code is Code.INSTALL_FAILED
    assert left_of(services) == []


@pytest.mark.parametrize(
    "location",
    [
        "http://tailscale.com/install.sh",
        "https://evil.example/install.sh",
        "https://tailscale.com.evil.example/install.sh",
        "https://eviltailscale.com/install.sh",
        "https://user@tailscale.com/install.sh",
        "https://tailscale.com:8443/install.sh",
    ],
)
def test_only_tailscale_s_own_hosts_are_followed(
    page: Page, backend: TailscaleBackend, context: Context, location: str
) -> None:
    page.status, page.location = 302, location
    error = refused(backend, context)
    assert error.code is Code.INSTALL_FAILED
    assert "none of Tailscale's hosts" in error.problem.sentence


@pytest.mark.parametrize(
    "url", ["http://tailscale.com/install.sh", "https://evil.example/x", "file:///etc/passwd", "x"]
)
def test_no_other_source_can_be_named(
    backend: TailscaleBackend, context: Context, environment: dict[str, str], url: str
) -> None:
    environment["PORTWAY_TAILSCALE_INSTALLER"] = url
    assert refused(backend, context).code is Code.INSTALL_FAILED


def test_without_a_network_it_says_so(backend: TailscaleBackend, context: Context, environment: dict[str, str]) -> None:
    environment["PORTWAY_TAILSCALE_INSTALLER"] = "http://127.0.0.1:1/install.sh"
    assert refused(backend, context).code is Code.NO_NETWORK


def test_a_fetch_can_be_cancelled_while_nothing_comes(page: Page, backend: TailscaleBackend, context: Context) -> None:
    page.gate.clear()
    threading.Timer(0.1, context.cancel.cancel).start()
    began = time.monotonic()
    assert isinstance(refused(backend, context), Cancelled)
    assert time.monotonic() - began < AT_ONCE


@pytest.mark.children
def test_a_cancel_ends_all_that_it_started(
    page: Page, backend: TailscaleBackend, context: Context, services: Services, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    page.body = f"#!/bin/sh\nsleep 60 &\necho $$ $! > {pids}\nwait\n".encode()

    def cancel_once_it_runs() -> None:
        wait_until(lambda: pids.exists() and pids.read_text().endswith("\n"))
        context.cancel.cancel()

    threading.Thread(target=cancel_once_it_runs).start()
    assert isinstance(refused(backend, context), Cancelled)
    for pid in map(int, pids.read_text().split()):
        wait_until(lambda pid=pid: not psutil.pid_exists(pid), AT_ONCE)  # type: ignore[misc]
    assert left_of(services) == []


@pytest.mark.children
def test_one_that_takes_too_long_is_ended(page: Page, services: Services, context: Context) -> None:
    page.body = b"#!/bin/sh\nsleep 60\n"
    quick = TailscaleBackend(replace(services, timing=replace(TailscaleTiming.of(services.timing), install_limit=0.3)))
    assert "took longer than" in refused(quick, context).problem.sentence


def test_a_script_that_was_changed_meanwhile_is_not_run(page: Page, services: Services) -> None:
    script = Fetcher(services.environment, services.folders.cache, services.timing).fetch(CancelToken())
    assert script.size == len(page.body)
    script.check()
    assert script.path.stat().st_mode & 0o777 == 0o600
    script.path.write_bytes(b"#!/bin/sh\nevil\n")
    with pytest.raises(TunnelError) as caught:
        script.check()
    assert caught.value.code is Code.CHECKSUM_MISMATCH
    script.remove()
    with pytest.raises(TunnelError):
        script.check()


@pytest.mark.children
@pytest.mark.usefixtures("page")
def test_what_claims_to_be_installed_has_to_be_there(
    services: Services, context: Context, environment: dict[str, str]
) -> None:
    environment |= {"TAILSCALE_BIN": "", "PATH": "/usr/bin:/bin"}
    backend = TailscaleBackend(services)
    if backend.inspect().installed:
        pytest.skip("Tailscale is installed on this computer")
    assert refused(backend, context).code is Code.NOT_INSTALLED
