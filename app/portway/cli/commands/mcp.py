"""`portway mcp`: lets an agent or an editor use Portway, over the Model Context Protocol."""

import importlib.util
import sys

import click

from portway.cli.failure import Failed
from portway.cli.invocation import Invocation

_OF_A_PACKAGE = (
    "This Portway comes without what agents need. Install it beside this one, from the Python Package Index: "
    "pipx install 'portway[mcp]'"
)
_NOT_INSTALLED = "What agents need is not installed. Install it: pipx install --force 'portway[mcp]'"


@click.command("mcp")
@click.pass_obj
def mcp_command(invocation: Invocation) -> int:
    """Serve the Model Context Protocol on standard input and output, for an agent or an editor that starts this.

    It gets tools to open a tunnel, to stop it, to look at the requests of visitors and to send one again. What it may
    open, the setting general.programs says; what it has opened ends with it. Portway is started if it does not run, and
    ends with this command then.

    \b
      portway mcp     goes into the configuration of the agent; docs/agents.md has it for several
    """
    if invocation.serve_agent is None or importlib.util.find_spec("mcp") is None:
        raise Failed(_OF_A_PACKAGE if getattr(sys, "frozen", False) else _NOT_INSTALLED)
    return invocation.serve_agent(invocation)
