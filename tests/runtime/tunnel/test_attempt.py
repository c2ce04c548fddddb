"""The events of one attempt, on their way to the main thread."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.runtime.tunnel.attempt import AttemptListener, EventBridge


@pytest.mark.usefixtures("qtbot")
def test_what_outlives_the_program_tells_nobody_and_does_not_fail() -> None:
    bridge = EventBridge()
    listener = AttemptListener(bridge, 1)
    delete(bridge)
    listener.progress(None)
    listener.origin_suspect()
    listener.lost(Problem(Code.INTERNAL))


def test_events_reach_whoever_listens(qtbot: QtBot) -> None:
    bridge = EventBridge()
    with qtbot.waitSignal(bridge.happened) as caught:
        AttemptListener(bridge, 7).lost(Problem(Code.INTERNAL))
    assert caught.args is not None
    assert caught.args[0] == 7
