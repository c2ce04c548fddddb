"""Measures Portway against floors measured in the same run: `python installer/dev.py bench [-- NAME ...]`.

Each module beside this one is a group of figures and runs in a process of its own, so that none warms another one up.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer

from tests.benchmarks.measure import not_whole
from tests.benchmarks.written.page import Watch, write_page

_HERE = Path(__file__).parent
_NO_GROUP = {"__main__", "__init__", "measure", "peers"}
# Those of each line one after the other, the lines side by side: they mostly wait, and so disturb each other little.
_SIDE_BY_SIDE = (("several_tunnels",), ("runtime",), ("cloudflared", "ngrok", "tailscale"))
_LIMIT_SECONDS = 900


def main(arguments: list[str]) -> int:
    """Run the groups that are named, or all; return 1 if one of them could not be measured."""
    groups = sorted(path.stem for path in _HERE.glob("*.py") if path.stem not in _NO_GROUP)
    chosen = _parse(arguments, groups)
    named = chosen.group or ([] if chosen.peers and not chosen.write else groups)
    watch = Watch()
    printed: dict[str, list[str]] = {group: [] for group in (*named, *(["peers"] if chosen.peers else []))}
    failed = _not_measured(printed)
    if failed:
        print(f"\nNot measured to the end: {', '.join(failed)}.")
    if chosen.write:
        print(f"\nWrote {write_page(printed, {group: _about(group) for group in groups}, watch.circumstances())}.")
    return 1 if failed else 0


def _parse(arguments: list[str], groups: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench --", description="Measure Portway.")
    parser.add_argument("group", nargs="*", choices=[*groups, []], metavar="GROUP", help=", ".join(groups))
    parser.add_argument("--write", action="store_true", help="measure all, and write it into docs/benchmarks.md, too")
    parser.add_argument(
        "--peers",
        action="store_true",
        help="measure other programs on this machine, as far as they are there; with --write beside all of Portway",
    )
    chosen = parser.parse_args(arguments)
    if chosen.write and chosen.group:
        parser.error("--write takes all groups: the page is from one run")
    return chosen


def _not_measured(printed: dict[str, list[str]]) -> list[str]:
    """Run all groups, first those that wait, and keep what each prints; return those that did not end well."""
    ended: dict[str, bool] = {}

    def run(groups: tuple[str, ...]) -> None:
        ended.update({group: _measured(group, printed[group]) for group in groups if group in printed})

    if len(printed) > 1:
        with ThreadPoolExecutor() as side_by_side:
            list(side_by_side.map(run, _SIDE_BY_SIDE))
    for group in printed:
        if group not in ended:
            run((group,))
    return [group for group in printed if not ended[group]]


def _measured(group: str, lines: list[str]) -> bool:
    """Run one group, show what it prints and keep it in `lines`; whether it came to its end."""
    print(f"\n== {group}", flush=True)
    began = time.monotonic()
    command = [sys.executable, "-c", f"from tests.benchmarks import {group}; {group}.run()"]
    with subprocess.Popen(command, cwd=_HERE.parent.parent, stdout=subprocess.PIPE, text=True) as process:
        limit = Timer(_LIMIT_SECONDS, process.kill)
        limit.start()
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line.rstrip("\n"))
        expired = not limit.is_alive()
        limit.cancel()
    print(f"        {group} took {time.monotonic() - began:.0f} s", flush=True)
    whole = process.returncode == 0 and not expired
    if not whole:
        lines.append(not_whole(group))
        print(lines[-1], flush=True)
    return whole


def _about(group: str) -> str:
    """Return what a group says of itself."""
    return ast.get_docstring(ast.parse((_HERE / f"{group}.py").read_text(encoding="utf-8"))) or ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
