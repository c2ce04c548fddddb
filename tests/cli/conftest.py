"""Runs the command line in this process, against a double of the REST API."""

from __future__ import annotations

import io
import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from portway.backends.lan.backend import LanBackend
from portway.cli import main
from portway.core.backend import Backend
from portway.core.timing import Timing
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import Folders, find_folders
from portway.system.storage.state_file import StateFile
from tests.fakes.backends.news import wait_until
from tests.fakes.backends.toy import ToyBackend
from tests.fakes.portway.rest_double import RestDouble, status_of
from tests.watched.documented import Documented


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.out)


class Portway(Protocol):
    def __call__(self, *words: str, stdin: str = "", environment: Mapping[str, str] | None = None) -> Said:
        """Run one command."""


@dataclass
class Starts:
    """What Portway itself was started with."""

    asked: list[dict[str, bool]]

    def __call__(self, *, headless: bool, tied: bool, autostart: bool) -> int:
        self.asked.append({"headless": headless, "tied": tied, "autostart": autostart})
        return 0


@pytest.fixture(scope="session")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Documented:
    """Return the document of a Portway that has these two backends, as the double of the API has."""
    environment = {"PORTWAY_HOME": str(tmp_path_factory.mktemp("home")), "PORTWAY_KEYRING": "memory"}
    folders, timing = find_folders(environment), Timing()
    state = StateFile(folders.state / "app.json")
    secrets = open_secret_store(folders, environment, timing, state, may_prompt=False)
    services = Services(folders=folders, environment=environment, timing=timing, app_state=state, secrets=secrets)
    return Documented.of(near_and_far(services), "0")


@pytest.fixture
def starts() -> Starts:
    return Starts([])


@pytest.fixture
def portway(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], starts: Starts
) -> Portway:
    def build(services: Services) -> tuple[Backend, ...]:
        return near_and_far(services)  # looked up at each call: a test may replace it

    return _runner(capsys, monkeypatch, environment, starts, build)


@pytest.fixture
def real_portway(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], starts: Starts
) -> Portway:
    """Run commands with the backends that Portway has."""
    return _runner(capsys, monkeypatch, environment, starts, None)


def _runner(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    own: dict[str, str],
    starts: Starts,
    build: Callable[[Services], tuple[Backend, ...]] | None,
) -> Portway:
    def run(*words: str, stdin: str = "", environment: Mapping[str, str] | None = None) -> Said:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = main(starts, words, {**own, **(environment or {})}, build)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@contextmanager
def once_read(double: RestDouble, *changes: Callable[[], None]) -> Iterator[None]:
    """Make the changes on another thread, once somebody reads the events."""

    def change() -> None:
        wait_until(lambda: double.readers > 0)
        for one in changes:
            one()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def near_and_far(services: Services) -> tuple[Backend, ...]:
    return LanBackend(services), ToyBackend(services)


@pytest.fixture
def double(folders: Folders) -> Iterator[RestDouble]:
    """Serve two backends, both off."""
    with RestDouble([status_of("lan", reach="network"), status_of("toy")]).running(folders.run) as double:
        yield double
