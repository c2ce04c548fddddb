"""The programs that are installed: `portway`, and `portway-tray`, which needs no terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portway.cli.invocation import Invocation

_STARTING = {"--headless": "headless", "--tied": "tied", "--autostart": "autostart"}


def main() -> int:
    """Do what the command line says; without a command start the tray."""
    arguments = sys.argv[1:]
    if _STARTING.keys() >= set(arguments):
        # What only starts Portway needs no command line: 60 ms sooner, and 2 MB less for as long as it runs.
        return start(**{name: flag in arguments for flag, name in _STARTING.items()})
    from portway import cli

    return cli.main(start, serve_agent=serve_agent)


def tray() -> int:
    """Start the tray."""
    return start(headless=False, tied=False, autostart="--autostart" in sys.argv[1:])


def serve_agent(invocation: Invocation) -> int:
    """Let an agent use Portway until it ends."""
    import gc

    gc.disable()  # it looks through all that the SDK builds while that is imported: a sixth of the time
    from portway.agents.serving import serve  # late: no other command needs the SDK

    gc.enable()
    return serve(invocation)


def start(*, headless: bool, tied: bool, autostart: bool) -> int:
    """Run Portway itself until it ends."""
    import gc

    gc.disable()  # until all is there: it looks through what is imported again and again, a thirtieth of the start
    from portway.main import run  # late: most commands need neither Qt nor anything else of it

    return run(headless=headless, tied=tied, autostart=autostart)


if __name__ == "__main__":
    sys.exit(main())
