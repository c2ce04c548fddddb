"""What a person has looked at is what runs: that very file, or one with that very hash, and nothing else."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from portway.backends.tailscale.backend import TailscaleBackend
from portway.backends.tailscale.daemon.rights import Passwords
from portway.backends.tailscale.declaration import InstallOptions, TailscaleTiming
from portway.backends.tailscale.setup.installer import Installer
from portway.backends.tailscale.setup.script import Script
from portway.core.backend import Command, Context, Fetched
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Cancelled, TunnelError
from portway.core.options import check_value, declared
from portway.core.status import Progress
from portway.core.timing import Timing
from portway.system.processes.child import Children
from portway.system.processes.privileges import Account, Privileges
from portway.system.services import Services
from tests.fakes.backends.news import KnownSecrets, RecordedNews, wait_until
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.tailscale.computer import PASSWORD
from tests.fakes.tailscale.script_page import Page
from tests.limits import AT_ONCE

pytestmark = pytest.mark.children

ALICE = Account(12345, "alice")


@pytest.fixture
def mark(page: Page, tmp_path: Path) -> Path:
    """Return the file into which the script writes each time that it runs."""
    mark = tmp_path / "ran"
    page.body = f"#!/bin/sh\necho as ${{FAKE_SUDO:-nobody}} >> {mark}\n".encode()
    return mark


def install_of(backend: TailscaleBackend) -> Command:
    return next(one for one in backend.commands if one.name == "install")


def fetched_by(backend: TailscaleBackend) -> Script:
    command = install_of(backend)
    assert command.fetch is not None
    script = command.fetch(CancelToken())
    assert isinstance(script, Script)
    return script


def run(backend: TailscaleBackend, context: Context, options: InstallOptions, **secrets: str) -> None:
    command = install_of(backend)
    assert command.run is not None
    command.run(replace(context, options=options, secrets=KnownSecrets(secrets)))


def refused(backend: TailscaleBackend, context: Context, options: InstallOptions, **secrets: str) -> TunnelError:
    with pytest.raises(TunnelError) as caught:
        run(backend, context, options, **secrets)
    return caught.value


def test_fetching_runs_nothing_and_tells_what_there_is_to_know(
    page: Page, mark: Path, backend: TailscaleBackend, services: Services
) -> None:
    script = fetched_by(backend)
    assert isinstance(script, Fetched)
    assert script.text().encode() == page.body
    assert (script.size, len(script.sha256)) == (len(page.body), 64)
    assert script.source.endswith("/install.sh")
    assert (services.folders.cache / "tailscale").stat().st_mode & 0o777 == 0o700
    assert not mark.exists()
    script.remove()
    script.remove()
    assert (script.path.exists(), script.text()) == (False, "")


def test_the_very_file_that_was_shown_runs_although_the_host_has_another_one_by_then(
    page: Page, mark: Path, backend: TailscaleBackend, context: Context, news: RecordedNews
) -> None:
    script = fetched_by(backend)
    page.body = b"#!/bin/sh\nexit 9\n"
    run(backend, context, InstallOptions(fetched=script))
    assert mark.read_text() == "as nobody\n"
    assert not script.path.exists()
    assert news.progresses == []


def test_a_file_that_was_changed_after_it_was_shown_is_not_run(
    mark: Path, backend: TailscaleBackend, context: Context
) -> None:
    script = fetched_by(backend)
    script.path.write_bytes(script.path.read_bytes() + b"# more\n")
    error = refused(backend, context, InstallOptions(fetched=script))
    assert (error.code, error.problem.variant) == (Code.CHECKSUM_MISMATCH, "changed")
    assert (mark.exists(), script.path.exists()) == (False, False)


@pytest.mark.parametrize("spelled", [str.lower, str.upper])
def test_a_named_hash_admits_no_other_script(  # noqa: PLR0917 - fixtures
    page: Page, mark: Path, backend: TailscaleBackend, context: Context, services: Services, spelled: object
) -> None:
    assert callable(spelled)
    script = fetched_by(backend)
    script.remove()
    run(backend, context, InstallOptions(sha256=spelled(script.sha256)))
    assert mark.read_text() == "as nobody\n"
    page.body += b"# more\n"
    error = refused(backend, context, InstallOptions(sha256=script.sha256))
    assert (error.code, error.problem.variant) == (Code.CHECKSUM_MISMATCH, "unexpected")
    assert mark.read_text() == "as nobody\n"
    assert list((services.folders.cache / "tailscale").iterdir()) == []


@pytest.mark.parametrize("text", ["abc", "g" * 64, "a" * 63, "a" * 65, "-" + "a" * 63, 1])
def test_what_is_no_hash_is_refused(text: object) -> None:
    with pytest.raises(TunnelError, match=r"^sha256: "):
        check_value(declared(InstallOptions)["sha256"], text)


def test_a_password_is_asked_for_after_the_probe_and_the_same_file_waits_for_it(
    mark: Path, sudo: FakeSudo, services: Services, context: Context
) -> None:
    backend = TailscaleBackend(services, ALICE)
    script = fetched_by(backend)
    options = InstallOptions(fetched=script)
    error = refused(backend, context, options)
    assert (error.code, error.problem.parameters["command"]) == (
        Code.NEEDS_PRIVILEGES,
        "curl -fsSL https://tailscale.com/install.sh | sh",
    )
    assert [call["argv"][0] for call in sudo.calls] == ["-n"]
    assert refused(backend, context, options, sudo_password="wrong").code is Code.WRONG_SUDO_PASSWORD
    assert script.path.exists()
    run(backend, context, options, sudo_password=PASSWORD)
    assert mark.read_text() == "as 1\n"
    assert not script.path.exists()
    assert PASSWORD not in json.dumps(sudo.calls)


def test_where_sudo_asks_nobody_no_password_is_needed(
    mark: Path, sudo: FakeSudo, services: Services, context: Context
) -> None:
    sudo.behave(no_password=True)
    backend = TailscaleBackend(services, ALICE)
    run(backend, context, InstallOptions(fetched=fetched_by(backend)))
    assert mark.read_text() == "as 1\n"


@pytest.mark.usefixtures("page")
def test_without_somebody_to_come_back_a_refusal_leaves_no_script(
    sudo: FakeSudo, services: Services, context: Context
) -> None:
    backend = TailscaleBackend(services, ALICE)
    assert refused(backend, context, InstallOptions()).code is Code.NEEDS_PRIVILEGES
    assert list((services.folders.cache / "tailscale").iterdir()) == []


@pytest.mark.usefixtures("page")
def test_what_a_killed_run_left_is_cleared_away_by_a_later_one(backend: TailscaleBackend, services: Services) -> None:
    left, asked_about = fetched_by(backend), fetched_by(backend)
    long_ago = time.time() - 48 * 3600
    os.utime(left.path, (long_ago, long_ago))
    newest = fetched_by(backend)
    assert set((services.folders.cache / "tailscale").iterdir()) == {asked_about.path, newest.path}


def test_a_script_that_does_not_end_at_once_is_waited_for_and_that_is_told(
    page: Page, backend: TailscaleBackend, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portway.backends.tailscale.setup.installer._GRACE", 0.1)
    gate, ended = tmp_path / "gate", tmp_path / "ended"
    page.body = (
        f"#!/bin/sh\ntrap '' TERM\necho begun\nwhile [ ! -e {gate} ]; do sleep 0.05; done\n: > {ended}\n"
    ).encode()

    class Cancelling(RecordedNews):
        def progress(self, progress: Progress | None) -> None:
            super().progress(progress)
            if progress is not None and progress.message == "begun":
                context.cancel.cancel()
            if progress is not None and progress.step == "ending":
                assert not ended.exists()
                gate.touch()

    news = Cancelling()
    with pytest.raises(Cancelled):
        run(backend, replace(context, listener=news), InstallOptions())
    assert "ending" in [progress.step for progress in news.progresses if progress is not None]
    assert ended.exists()


@pytest.mark.parametrize("by", ["cancel", "limit"])
def test_what_no_signal_of_ours_reaches_is_ended_as_well(  # noqa: PLR0917 - fixtures
    page: Page,
    sudo: FakeSudo,
    services: Services,
    context: Context,
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    """As what pkexec has started: it is another user's, so not even its group can be told."""
    monkeypatch.setattr("portway.backends.tailscale.setup.installer._GRACE", 0.1)
    pids = tmp_path / "pids"
    page.body = f"#!/bin/sh\nsleep 60 &\necho $$ $! > {pids}\necho begun\nwait\n".encode()
    pkexec = sudo.folder / "pkexec"
    pkexec.write_text('#!/bin/sh\ntrap : TERM\nsetsid "$@" & while kill -0 $! 2>/dev/null; do wait $!; done\n')
    pkexec.chmod(0o755)
    environment["DISPLAY"] = ":0"

    class Cancelling(RecordedNews):
        def progress(self, progress: object) -> None:
            if by == "cancel" and getattr(progress, "message", "") == "begun":
                context.cancel.cancel()

    timing = TailscaleTiming.of(services.timing)
    timing = replace(timing, install_limit=AT_ONCE / 2, dialog_limit=0.0) if by == "limit" else timing
    backend = TailscaleBackend(replace(services, timing=timing), ALICE)
    error = refused(backend, replace(context, listener=Cancelling()), InstallOptions())
    assert error.code is (Code.CANCELLED if by == "cancel" else Code.INSTALL_FAILED)
    for pid in map(int, pids.read_text().split()):
        wait_until(lambda pid=pid: not psutil.pid_exists(pid), AT_ONCE)  # type: ignore[misc]


BREW, WINGET = (
    "brew install tailscale",
    ("winget install --id Tailscale.Tailscale -e --accept-package-agreements --accept-source-agreements"),
)


@pytest.mark.parametrize(("platform", "program", "command"), [("darwin", "brew", BREW), ("win32", "winget", WINGET)])
def test_other_systems_install_by_their_package_manager(  # noqa: PLR0917 - fixtures
    tmp_path: Path,
    environment: dict[str, str],
    timing: Timing,
    news: RecordedNews,
    services: Services,
    platform: str,
    program: str,
    command: str,
) -> None:
    folder = tmp_path / "manager"
    folder.mkdir(mode=0o755)
    (folder / program).write_text(f'#!/bin/sh\necho "$0 $*"; exec cat > {tmp_path / "stdin"}\n')
    (folder / program).chmod(0o755)
    environment["PATH"] = f"{folder}{os.pathsep}/usr/bin:/bin"
    installer_of(environment, timing, platform).install(passwords_of(services), news, CancelToken())
    lines = [progress.message for progress in news.progresses if progress is not None]
    assert lines == [f"{folder}/{command}"] * 2
    assert (tmp_path / "stdin").read_bytes() == b""


@pytest.mark.parametrize(("script", "reason"), [("exit 4", "exit code 4"), ("echo no tap >&2; exit 1", "no tap")])
def test_a_package_manager_that_fails_is_told_with_its_reason(  # noqa: PLR0917 - fixtures
    tmp_path: Path, environment: dict[str, str], timing: Timing, services: Services, script: str, reason: str
) -> None:
    folder = tmp_path / "manager"
    folder.mkdir(mode=0o755)
    (folder / "brew").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "brew").chmod(0o755)
    environment["PATH"] = f"{folder}{os.pathsep}/usr/bin:/bin"
    with pytest.raises(TunnelError) as caught:
        installer_of(environment, timing, "darwin").install(passwords_of(services), RecordedNews(), CancelToken())
    assert caught.value.code is Code.INSTALL_FAILED
    assert reason in caught.value.problem.sentence


def test_without_a_package_manager_the_way_on_is_named(
    environment: dict[str, str], timing: Timing, services: Services
) -> None:
    environment["PATH"] = "/nowhere"
    with pytest.raises(TunnelError, match=r"winget was not found\. .*tailscale\.com/download"):
        installer_of(environment, timing, "win32").install(passwords_of(services), RecordedNews(), CancelToken())


def installer_of(environment: dict[str, str], timing: Timing, platform: str) -> Installer:
    def fetch(_cancel: CancelToken) -> Script:
        raise AssertionError(platform)

    return Installer(
        Privileges(environment, timing, Children(), ALICE, platform),
        fetch,
        environment,
        TailscaleTiming.of(timing),
        Children(),
        platform,
    )


def passwords_of(services: Services) -> Passwords:
    return Passwords(KnownSecrets({}), services.secrets, "tailscale")
