"""The programs that are installed: `portway`, and `portway-tray`, which needs no terminal."""

from __future__ import annotations

import sys


def main() -> int:
    """Do what the command line says; without a command start the tray."""
    from portway import cli  # late: `portway-tray` needs no command line

    return cli.main(start)


def tray() -> int:
    """Start the tray."""
    return start(headless=False, tied=False, autostart="--autostart" in sys.argv[1:])


def start(*, headless: bool, tied: bool, autostart: bool) -> int:
    """Run Portway itself until it ends."""
    from portway.main import run  # late: most commands need neither Qt nor anything else of it

    return run(headless=headless, tied=tied, autostart=autostart)


if __name__ == "__main__":
    sys.exit(main())
