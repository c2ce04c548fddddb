from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.settings import General, Settings
from portway.core.status import Phase
from portway.runtime.url_hooks import Hook, HookResult, UrlHooks
from portway.system.services import Services
from tests.fakes.hub import FakeHub
from tests.fakes.window_backends import window_backends

FIRST, SECOND = "https://one.example", "https://two.example"
LOST = Problem(Code.NO_NETWORK)


class Hooked:
    """Hooks over a hub that a test moves; what the command saw is kept line by line."""

    def __init__(self, qtbot: QtBot, services: Services, folder: Path, **general: object) -> None:
        self._qtbot = qtbot
        self.file, self._seen = folder / ".env", folder / "seen"
        command = f"""sh -c 'echo "$PORTWAY_BACKEND $PORTWAY_EVENT $PORTWAY_OLD_URL>$PORTWAY_URL" >> {self._seen}'"""
        values = {"hook_file": str(self.file), "hook_key": "BASE_URL", "hook_command": command, **general}
        settings = Settings(general=General(**values))  # type: ignore[arg-type]
        self.hub = FakeHub(window_backends(), lambda: settings)
        self.hooks = UrlHooks(self.hub, services)
        self.results: list[HookResult] = []
        self.hooks.ran.connect(self.results.append)

    def wait_for(self, count: int) -> None:
        self._qtbot.waitUntil(lambda: len(self.results) >= count, timeout=10_000)

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
    assert hooked.seen == [f"ngrok up >{FIRST}", f"ngrok changed {FIRST}>{SECOND}", f"ngrok down {SECOND}>"]
    assert hooked.file.read_text() == f"BASE_URL={SECOND}\n"  # left at the end


def test_one_that_comes_back_with_the_same_url_is_no_news(qtbot: QtBot, services: Services, tmp_path: Path) -> None:
    hooked = Hooked(qtbot, services, tmp_path)
    for _ in range(2):
        hooked.hub.show("lan", phase=Phase.RUNNING, wanted=True, public_url=FIRST, problem=None)
        hooked.hub.show("lan", phase=Phase.STARTING, problem=LOST)
    hooked.hub.disable(hooked.hub.backends[0].id)
    hooked.wait_for(3)
    assert hooked.seen == [f"lan up >{FIRST}", f"lan down {FIRST}>"]


def test_only_the_chosen_backend_is_handed_on(qtbot: QtBot, services: Services, tmp_path: Path) -> None:
    hooked = Hooked(qtbot, services, tmp_path, hook_backend="ngrok")
    hooked.hub.show("lan", phase=Phase.RUNNING, wanted=True, public_url=FIRST)
    hooked.hub.show("ngrok", phase=Phase.RUNNING, wanted=True, public_url=SECOND)
    hooked.wait_for(2)
    assert hooked.seen == [f"ngrok up >{SECOND}"]


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
