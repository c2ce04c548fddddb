"""What real servers need: a folder outside the clone that `dev.py real-servers` fills, and programs of the system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from platformdirs import user_cache_path

from tests.real_servers.table import SERVERS, RealServer

PYTHON_PACKAGES = ("django", "flask", "fastapi", "uvicorn[standard]", "mcp")
NODE_PACKAGES = ("vite", "webpack", "webpack-cli", "webpack-dev-server", "next", "react", "react-dom")


def cache() -> Path:
    """Return where they are; `PORTWAY_REAL_SERVERS` names another folder."""
    return Path(os.environ.get("PORTWAY_REAL_SERVERS") or user_cache_path("portway-real-servers"))


def program_of(server: RealServer) -> str | None:
    """Return the program that starts it, from the folder or the system; None where there is none."""
    first = server.command[0].format(cache=cache(), port=0)
    return shutil.which(first, path=None if os.sep in first else os.pathsep.join((str(cache() / "bin"), *_paths())))


def missing(server: RealServer) -> str | None:
    """Return why it cannot be started here, in words."""
    files = [Path(word.format(cache=cache(), port=0)) for word in server.command if "{cache}" in word]
    if not all(file.exists() for file in files):
        return f"{server.name} is not in {cache()}: python installer/dev.py real-servers"
    if program_of(server) is None:
        return f"{server.name}: no {Path(server.command[0]).name} is installed"
    return None


def install() -> int:
    """Fill the folder, and say what the system lacks. Returns the exit code."""
    folder = cache()
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / "python" / "bin" / "python"
    _run([sys.executable, "-m", "venv", str(folder / "python")])
    _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PYTHON_PACKAGES])
    npm = shutil.which("npm")
    if npm is not None:
        (folder / "node").mkdir(exist_ok=True)
        _run([npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder / "node"), *NODE_PACKAGES])
    for sentence in filter(None, map(missing, SERVERS)):
        print(f"Left out: {sentence}")
    print(f"Installed in {folder}. Try them: python3 installer/dev.py test -- tests/real_servers")
    return 0


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True)


def _paths() -> list[str]:
    return os.environ.get("PATH", os.defpath).split(os.pathsep)
