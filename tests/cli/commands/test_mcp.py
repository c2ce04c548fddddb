"""`portway mcp` before the SDK is touched: what it says where that is not there, and to whom it hands over."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

from portway.cli import main
from portway.cli.invocation import Invocation
from tests.cli.conftest import Portway, Starts


def test_where_no_agent_can_be_served_it_says_how_that_comes(portway: Portway) -> None:
    said = portway("mcp")
    assert (said.code, said.out) == (1, "")
    assert said.err == "What agents need is not installed. Install it: pipx install --force 'portway[mcp]'\n"


def test_the_application_that_needs_no_python_says_that_it_comes_beside_it(
    portway: Portway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    said = portway("mcp")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("This Portway comes without what agents need. Install it beside this one")
    assert said.err.count("\n") == 1


def test_it_hands_over_with_the_environment_of_the_call(environment: Mapping[str, str]) -> None:
    served: list[Invocation] = []

    def serve(invocation: Invocation) -> int:
        served.append(invocation)
        return 0

    assert main(Starts([]), ["mcp"], environment, serve_agent=serve) == 0
    assert [invocation.environment for invocation in served] == [environment]
