from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.settings import General, Settings
from portway.core.status import Phase
from portway.runtime.url_hooks import Hook, HookResult, UrlHooks
from portway.system.services import Services
from tests.fakes.backends.window import window_backends
from tests.fakes.runtime.hub import FakeHub
from tests.limits import AT_ONCE

pytestmark = pytest.mark.children

FIRST, SECOND = "https://one.example", "https://two.example"
_FACTS = "$PORTWAY_BACKEND $PORTWAY_TUNNEL $PORTWAY_EVENT $PORTWAY_OLD_URL>$PORTWAY_URL"
LOST = Problem(Code.NO_NETWORK)


class Hooked:
    """Hooks over a hub that a test moves; what the command saw is kept line by line."""

    def __init__(self, qtbot: QtBot, services: Services, folder: Path, **general: object) -> None:
        self._qtbot = qtbot
        self.file, self._seen = folder / ".env", folder / "seen"
        command = f"""sh -c 'echo "{_FACTS}" >> {self._seen}'"""
        values = {"hook_file": str(self.file), "hook_key": "BASE_URL", "hook_command": command, **general}
        settings = Settings(general=General(**values))  # type: ignore[arg-type]
        self.hub = FakeHub(window_backends(), lambda: settings)
        self.hooks = UrlHooks(self.hub, services)
        self.results: list[HookResult] = []
        self.hooks.ran.connect(self.results.append)

    def wait_for(self, count: int) -> None:
        self._qtbot.waitUntil(lambda: len(self.results) >= count)

    @property
    def seen(self) -> list[str]:
        return self._seen.read_text().splitlines() if self._seen.exists() else []


def test_each_url_that_comes_changes_and_goes_reaches_file_and_command(
    qtbot: QtBot, services: Services, tmp_path: Path
) -> None:
    hooked = Hooked(qtbot, services, tmp_path)
    hooked.hub.show("ngrok", phase=Phase.STARTING, wanted=True)
    hooked.hub.show("ngrok", phase=Phase.RUNNING, public_url=FIRST)
    hooked.hub.show("ngrok", phase=Phase.STARTING, public_url=None, problem=LOST)
    hooked.hub.show("ngrok", phase=Phase.RUNNING, public_url=SECOND, problem=None)
    hooked.hub.disable(hooked.hub.backends[2].id)
    hooked.wait_for(5)
    events = (f"up >{FIRST}", f"changed {FIRST}>{SECOND}", f"down {SECOND}>")
    assert hooked.seen == [f"ngrok ngrok {event}" for event in events]
    assert hooked.file.read_text() == f"BASE_URL={SECOND}\n"  # left at the end


def test_one_that_comes_back_with_the_same_url_is_no_news(qtbot: QtBot, services: Services, tmp_path: Path) -> None:
    hooked = Hooked(qtbot, services, tmp_path)
    for _ in range(2):
        hooked.hub.show("lan", phase=Phase.RUNNING, wanted=True, public_url=FIRST, problem=None)
        hooked.hub.show("lan", phase=Phase.STARTING, problem=LOST)
    hooked.hub.disable(hooked.hub.backends[0].id)
    hooked.wait_for(3)
    assert hooked.seen == [f"lan lan up >{FIRST}", f"lan lan down {FIRST}>"]


def test_only_the_chosen_backend_is_handed_on(qtbot: QtBot, services: Services, tmp_path: Path) -> None:
    hooked = Hooked(qtbot, services, tmp_path, hook_backend="ngrok")
    hooked.hub.show("lan", phase=Phase.RUNNING, wanted=True, public_url=FIRST)
    hooked.hub.show("ngrok", phase=Phase.RUNNING, wanted=True, public_url=SECOND)
    hooked.wait_for(2)
    assert hooked.seen == [f"ngrok ngrok up >{SECOND}"]


def test_a_chosen_tunnel_that_is_gone_leaves_the_others_alone(qtbot: QtBot, services: Services, tmp_path: Path) -> None:
    hooked = Hooked(qtbot, services, tmp_path, hook_backend="api")
    hooked.hub.show("lan", phase=Phase.RUNNING, wanted=True, public_url=FIRST)
    hooked.hooks.try_out()
    hooked.wait_for(2)
    assert [line.rpartition(">")[2] for line in hooked.seen] == ["http://127.0.0.1:20128"]


@pytest.mark.usefixtures("expected_logs")
def test_a_failure_is_shown_and_does_not_stop_the_next_one(qtbot: QtBot, services: Services, tmp_path: Path) -> None:
    hooked = Hooked(qtbot, services, tmp_path, hook_file=str(tmp_path / "no" / ".env"))
    hooked.hub.show("lan", phase=Phase.RUNNING, wanted=True, public_url=FIRST)
    hooked.wait_for(2)
    file, command = hooked.hooks.last_result(Hook.FILE), hooked.hooks.last_result(Hook.COMMAND)
    assert file is not None
    assert file.problem is not None
    assert file.problem.code is Code.STORAGE_FAILED
    assert command is not None
    assert command.problem is None


def test_they_can_be_tried_out_while_nothing_is_up_without_harm(
    qtbot: QtBot, services: Services, tmp_path: Path
) -> None:
    hooked = Hooked(qtbot, services, tmp_path)
    hooked.hooks.try_out()
    hooked.wait_for(2)
    assert hooked.file.read_text() == "BASE_URL=http://127.0.0.1:20128\n"


@pytest.mark.expected_logs
def test_one_that_leaves_a_child_holding_its_output_does_not_hold_up_the_next(
    qtbot: QtBot, services: Services, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    command = f"sh -c 'sleep 77 & echo $! >> {pids}; exit 3'"
    hooked = Hooked(qtbot, services, tmp_path, hook_file="", hook_command=command)
    began = time.monotonic()
    for _ in range(3):
        hooked.hooks.try_out()
    hooked.wait_for(3)
    assert time.monotonic() - began < AT_ONCE
    problems = [result.problem for result in hooked.results]
    assert [problem and problem.code for problem in problems] == [Code.PROCESS_DIED] * 3
    for pid in pids.read_text().split():
        psutil.Process(int(pid)).kill()


@pytest.mark.expected_logs
def test_the_thread_outlives_what_it_did_not_expect(
    qtbot: QtBot, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked = Hooked(qtbot, services, tmp_path, hook_command="")
    with monkeypatch.context() as patch:
        patch.setattr("portway.runtime.url_hooks.write_line", lambda *_: 1 / 0)
        hooked.hooks.try_out()
        hooked.wait_for(1)
    hooked.hooks.try_out()
    hooked.wait_for(2)
    problems = [result.problem for result in hooked.results]
    assert [problem and problem.code for problem in problems] == [Code.INTERNAL, None]
