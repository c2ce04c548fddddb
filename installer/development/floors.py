"""Holds the coverage of each package against its floor. Started as a program, with a report of `coverage json`."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Percent of the statements of a package that tests inside the test process have to reach.
FLOORS: Mapping[str, float] = {
    "core": 95,
    "relay": 95,
    "rest": 95,
    "backends": 95,
    "runtime": 95,
    "system": 95,
    "cli": 85,
    "agents": 85,
    "gui": 85,
}


def percentages(report: Mapping[str, Any]) -> dict[str, float]:
    """Return the share of covered statements, for each package directly below portway, in percent."""
    counts: dict[str, list[int]] = {}
    for name, file in report["files"].items():
        parts = Path(name.replace("\\", "/")).parts
        package = parts[parts.index("portway") + 1]
        covered = counts.setdefault(package, [0, 0])
        covered[0] += file["summary"]["covered_lines"]
        covered[1] += file["summary"]["num_statements"]
    return {package: 100 * covered / whole for package, (covered, whole) in counts.items() if whole}


def below(reached: Mapping[str, float]) -> list[str]:
    """Return a sentence for each package that is below its floor; one that is not there yet has none."""
    return [
        f"{package}: {reached[package]:.1f} % of its statements are reached by tests, {floor:g} % are wanted"
        for package, floor in FLOORS.items()
        if package in reached and reached[package] < floor
    ]


def main(report: Path) -> int:
    """Print the share of each package, and fail where one is below its floor."""
    reached = percentages(json.loads(report.read_text(encoding="utf-8")))
    for package, floor in FLOORS.items():
        if package in reached:
            print(f"{package:<10}{reached[package]:6.1f} %, floor {floor:g} %")
    complaints = below(reached)
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
