"""Draws the window in its states into docs/pictures: `python3 installer/dev.py pictures [NAME …]`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

from PySide6.QtGui import QImageWriter
from PySide6.QtWidgets import QApplication

from tests.pictures.scenes import PICTURES
from tests.pictures.tour import tour

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
_AT_100 = {
    "tunnels-light-100",
    "card-states-light",
    "card-states-dark",
    "requests-dark",
    "requests-narrow",
    "protection-light",
    "protection-dark",
}  # per cent; all others are taken at 200
MOVING = {"tour-light": "light", "tour-dark": "dark"}  # the theme of each


def main() -> int:
    """Draw the pictures that are named, or all; each scale in a process of its own, as Qt takes it at its start."""
    parser = argparse.ArgumentParser(prog="pictures")
    parser.add_argument("names", nargs="*", help=f"which ones, all if none is named: {', '.join([*PICTURES, *MOVING])}")
    parser.add_argument("--into", type=Path, default=FOLDER, help="another folder")
    parser.add_argument("--drawing", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    names = chosen.names or [*PICTURES, *MOVING]
    unknown = [name for name in names if name not in {*PICTURES, *MOVING}]
    if unknown:
        parser.error(f"there is no picture called {unknown[0]}")
    if chosen.drawing:
        return _draw(names, chosen.into)
    failed = 0
    for scale, group in (
        (2, [one for one in names if one not in _AT_100]),
        (1, [one for one in names if one in _AT_100]),
    ):
        if group:
            environment = {**os.environ, "QT_SCALE_FACTOR": str(scale), "LC_ALL": "C.UTF-8"}
            command = [sys.executable, "-m", "tests.pictures", "--drawing", "--into", str(chosen.into), *group]
            failed |= subprocess.run(command, env=environment, check=False).returncode
    return failed


def _draw(names: list[str], folder: Path) -> int:
    application = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        if name in MOVING:
            path = folder / f"{name}.webp"
            path.write_bytes(tour(MOVING[name]))
            print(f"{path} {path.stat().st_size // 1024} KB")
            continue
        path = folder / f"{name}.png"
        writer = QImageWriter(str(path))
        writer.setCompression(100)
        if not writer.write(PICTURES[name]()):
            print(f"{path}: {writer.errorString()}", file=sys.stderr)
            return 1
        print(f"{path} {path.stat().st_size // 1024} KB")
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
