"""Fetch and run as the window asks for them: two jobs of a real hub, and one script between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from portway.backends.tailscale.backend import TailscaleBackend
from portway.core.backend import Backend, Fetched
from portway.core.codes import Code
from portway.core.hub import EnableRequest, Job, JobDone, JobEvent, JobFailed
from portway.core.secret import Secret
from portway.core.settings import General, Settings
from portway.core.target import Target
from portway.runtime.hub import TunnelHub
from portway.runtime.tunnel.wish import DesiredStateStore
from portway.system.processes.privileges import Account
from portway.system.secrets.redaction import Redactor
from portway.system.services import Services
from portway.system.storage.wishes_file import WishesFile
from tests.fakes.backends.news import KnownSecrets
from tests.fakes.rights.sudo import FakeSudo
from tests.fakes.runtime.hub import FakeVault
from tests.fakes.runtime.settings import KeptSettings
from tests.fakes.tailscale.computer import PASSWORD
from tests.fakes.tailscale.script_page import Page
from tests.limits import NEVER

pytestmark = pytest.mark.children


@pytest.fixture
def hub(services: Services, sudo: FakeSudo, origin: Target, qtbot: QtBot) -> Iterator[TunnelHub]:
    """Return that of somebody who is no administrator."""
    assert sudo.calls == []

    def secrets(_backend: Backend, _options: type, given: Mapping[str, Secret]) -> KnownSecrets:
        return KnownSecrets({name: secret.reveal() for name, secret in given.items()})

    hub = TunnelHub(
        (TailscaleBackend(services, Account(12345, "alice")),),
        services,
        secrets=secrets,
        vault=FakeVault(),
        settings=KeptSettings(Settings(general=General(target=origin.url))),
        wishes=DesiredStateStore(WishesFile(services.folders.state / "wishes.json", "this boot"), limit=NEVER),
        learn=Redactor().learn,
    )
    hub.start()
    yield hub
    hub.close()


def outcome(qtbot: QtBot, job: Job) -> Any:  # noqa: ANN401 - JobDone or JobFailed
    news: list[JobEvent] = []
    job.subscribe(news.append)
    qtbot.waitUntil(lambda: bool(news) and isinstance(news[-1], JobDone | JobFailed), timeout=10_000)
    return news[-1]


def test_what_one_fetches_the_other_runs_once_it_has_the_password(
    page: Page, hub: TunnelHub, qtbot: QtBot, services: Services, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    page.body = f"#!/bin/sh\necho as ${{FAKE_SUDO:-nobody}} >> {mark}\n".encode()
    backend = hub.backends[0].id
    fetched = outcome(qtbot, hub.fetch(backend, "install")).answer["fetched"]
    assert isinstance(fetched, Fetched)
    page.body = b"#!/bin/sh\nexit 9\n"
    options: dict[str, object] = {"fetched": fetched}
    failed = outcome(qtbot, hub.command(backend, "install", EnableRequest(options=options, by_person=True)))
    assert failed.problem.code is Code.NEEDS_PRIVILEGES
    assert fetched.text()
    with_password = {**options, "sudo_password": Secret(PASSWORD)}
    done = outcome(qtbot, hub.command(backend, "install", EnableRequest(options=with_password, by_person=True)))
    assert isinstance(done, JobDone)
    assert mark.read_text() == "as 1\n"
    assert list((services.folders.cache / "tailscale").iterdir()) == []
