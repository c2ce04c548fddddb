"""docs/agents.md says what is so."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from portway.agents.tools import build_tools
from portway.cli.invocation import Invocation
from portway.core.codes import Code
from portway.core.options import declared
from portway.core.settings import General

TEXT = (Path(__file__).parents[2] / "docs" / "agents.md").read_text(encoding="utf-8")
RECIPES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]


@pytest.mark.parametrize("recipe", [one for one in RECIPES if "tasks" not in one], ids=lambda one: next(iter(one)))
def test_each_recipe_starts_the_command(recipe: dict[str, dict[str, dict[str, object]]]) -> None:
    (servers,) = recipe.values()
    assert servers["portway"] | {"type": "stdio"} == {"type": "stdio", "command": "portway", "args": ["mcp"]}


def test_the_recipe_in_toml_starts_it_too() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    server = tomllib.loads(block)["mcp_servers"]["portway"]
    assert (server["command"], server["args"]) == ("portway", ["mcp"])


def test_every_tool_value_and_code_is_named(invocation: Invocation) -> None:
    (tools,) = re.findall(r"\| tool \| does \|\n(.*?)\n\n", TEXT, re.DOTALL)
    named = {word for row in tools.splitlines()[1:] for word in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == set(build_tools(invocation))
    (values,) = re.findall(r"\| value \| a program \|\n(.*?)\n\n", TEXT, re.DOTALL)
    assert tuple(re.findall(r"^\| `(\w+)`", values, re.MULTILINE)) == declared(General)["programs"].choices
    (told,) = re.findall(r"\| what the agent is told.*?\n(.*)", TEXT, re.DOTALL)
    assert set(re.findall(r"`([a-z]+_[a-z_]+)`", told)) <= set(Code)
