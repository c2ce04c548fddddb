"""What came of a wish, by the status that it led to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.status import Phase
from portway.rest.api.messages import Action
from portway.rest.api.switching import Outcome, outcome
from tests.fakes.backends.api import NEEDS_TOKEN, NO_NETWORK
from tests.fakes.runtime.hub import DOWN, FakeHub, blocked, up

STUCK = Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "sudo tailscale funnel off"})
FAILED = {"phase": Phase.ERROR, "public_url": None}
DUE = datetime(2026, 1, 1, tzinfo=UTC)
ORIGIN_DOWN = Problem(Code.ORIGIN_DOWN, parameters={"target": "http://localhost:3000"})
STARTING = {"phase": Phase.STARTING, "wanted": True}


@pytest.mark.parametrize(
    ("action", "changes", "expected"),
    [
        ("enable", STARTING, None),
        ("enable", STARTING | {"problem": NO_NETWORK}, None),  # its edge is coming back
        ("enable", STARTING | {"retry_at": DUE, "problem": NO_NETWORK}, Outcome(NO_NETWORK)),
        ("enable", up("lan") | {"wanted": True}, Outcome()),
        ("enable", up("lan") | {"wanted": True, "problem": ORIGIN_DOWN}, Outcome()),
        ("enable", blocked(NEEDS_TOKEN) | {"wanted": True}, Outcome(NEEDS_TOKEN)),
        ("enable", FAILED | {"wanted": True, "problem": STUCK}, Outcome(STUCK)),
        ("enable", DOWN, Outcome(Problem(Code.CANCELLED))),
        ("enable", up("lan") | {"wanted": False}, Outcome(Problem(Code.CANCELLED))),
        ("enable", DOWN | {"problem": Problem(Code.NETWORK_CHANGED)}, Outcome(Problem(Code.NETWORK_CHANGED))),
        ("disable", DOWN, Outcome()),
        ("disable", blocked(NEEDS_TOKEN) | {"wanted": False}, Outcome()),
        ("disable", {"phase": Phase.STARTING, "wanted": False}, None),
        ("disable", up("lan") | {"wanted": False}, None),
        ("disable", up("lan") | {"wanted": False, "problem": STUCK}, Outcome(STUCK)),
        ("disable", up("lan") | {"wanted": True}, Outcome(Problem(Code.CANCELLED))),
    ],
)
def test_what_came_of_a_wish(hub: FakeHub, action: Action, changes: dict[str, Any], expected: Outcome | None) -> None:
    assert outcome(action, hub.show("lan", **changes)) == expected
