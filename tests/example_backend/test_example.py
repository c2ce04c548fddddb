"""The steps of ARCHITECTURE lead to a backend that works, and that every part of Portway knows by its declarations."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from urllib.request import urlopen

import pytest

from portway.backends import registry
from portway.core.backend import Backend, Session
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.status import TunnelStatus
from portway.core.target import Target, parse_target
from portway.gui.model.card_rules import Surrounding, card_of
from portway.gui.model.card_view import CardState
from portway.rest.api.openapi import document
from portway.system.services import Services
from tests.contract import BackendContract, Stage, make_context
from tests.example_backend.backend import ExampleBackend
from tests.fakes.backends.news import RecordedNews
from tests.limits import SEEN

ROOT = Path(__file__).parents[2]
STEPS = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## To add a backend")[2].partition("\n## ")[0]


class ExampleStage:
    """What can be staged of it: there is no service that could keep it waiting, or break."""

    def __init__(self, services: Services, origin: Target) -> None:
        self.backend: Backend = ExampleBackend(services)
        self.options: object = self.backend.options()
        self.secrets: Mapping[str, str] = {}
        self._origin = origin

    def fetch(self, public_url: str) -> bytes:
        with urlopen(public_url, timeout=SEEN) as answer:
            page: bytes = answer.read()
            return page

    def visit(self, public_url: str, path: str, body: bytes | None = None) -> bytes:
        pytest.skip("it hands on no more than what comes with one read")

    def hold_start(self) -> None:
        pytest.skip("it waits for nobody")

    def fail_start(self) -> Code:
        pytest.skip("it fails only where the local server is down")

    def cut(self, session: Session) -> None:
        pytest.skip("there is nothing in between that could break")


class TestExample(BackendContract):
    @pytest.fixture
    def stage(self, services: Services, origin: Target) -> Stage:
        return ExampleStage(services, origin)


def test_every_step_names_a_file_that_is_there() -> None:
    named = re.findall(r"`((?:app|tests|resources)/[\w./-]+)`", STEPS)
    assert "tests/example_backend" in {str(Path(name)) for name in named}
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_code_of_the_steps_is_that_of_the_example() -> None:
    shown = [dedent(block).strip() for block in re.findall(r"```python\n(.*?)```", STEPS, re.DOTALL)]
    source = (ROOT / "tests" / "example_backend" / "backend.py").read_text(encoding="utf-8")
    assert shown
    assert [block for block in shown if block not in source] == []


def test_a_line_in_the_registry_makes_it_known_everywhere(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "FACTORIES", (*registry.FACTORIES, ExampleBackend))
    backends = registry.build_backends(services)
    example = backends[-1]
    assert example.id == "example"
    assert b'"/api/tunnels/example"' in document(backends, "1")
    status = TunnelStatus(backend=example.kind, reach=example.reach, target_url="http://127.0.0.1:3000")
    card = card_of(example, status, CardState(), Surrounding(datetime.now(UTC), status.target_url))
    assert card.detail == example.about.purpose


def test_a_local_server_that_is_down_is_told(stage_without_server: Target, services: Services) -> None:
    stage = ExampleStage(services, stage_without_server)
    with pytest.raises(TunnelError) as caught:
        stage.backend.open(make_context(stage, stage_without_server, RecordedNews()))
    assert caught.value.code is Code.ORIGIN_DOWN


@pytest.fixture
def stage_without_server() -> Target:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return parse_target(f"http://127.0.0.1:{port}")
