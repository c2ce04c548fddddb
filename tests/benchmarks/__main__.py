"""Measures Portway against floors measured in the same run: `python installer/dev.py bench [-- NAME ...]`.

Each module beside this one is a group of figures and runs in a process of its own, so that none warms another one up.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).parent
_NO_GROUP = {"__main__", "__init__", "measure", "driven", "desktop_window"}  # the last two are parts of others
_LIMIT_SECONDS = 900


def main(arguments: list[str]) -> int:
    """Run the groups that are named, or all; return 1 if one of them could not be measured."""
    groups = sorted(path.stem for path in _HERE.glob("*.py") if path.stem not in _NO_GROUP)
    parser = argparse.ArgumentParser(prog="dev.py bench --", description="Measure Portway.")
    parser.add_argument("group", nargs="*", choices=[*groups, []], metavar="GROUP", help=", ".join(groups))
    failed = [group for group in parser.parse_args(arguments).group or groups if not _measured(group)]
    if failed:
        print(f"\nNot measured: {', '.join(failed)}.")
    return 1 if failed else 0


def _measured(group: str) -> bool:
    print(f"\n== {group}", flush=True)
    command = [sys.executable, "-c", f"from tests.benchmarks import {group}; {group}.run()"]
    try:
        return subprocess.run(command, cwd=_HERE.parent.parent, timeout=_LIMIT_SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        print(f"{group} was ended after {_LIMIT_SECONDS} s.")
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
