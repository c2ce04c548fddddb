"""The virtual environment: made when it is missing, repaired when it is not whole, else left alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from development.places import Places, say
from development.stamp import Extent, Stamp, Work, read_stamp, wanted_stamp, work_left, write_stamp

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class SetUpError(Exception):
    """Set-up cannot go on; the text says what helps."""


def ensure_environment(places: Places, extent: Extent) -> None:
    """Return once the environment holds at least `extent`."""
    wanted = wanted_stamp(places, extent)
    if work_left(_found(places), wanted) is Work.NOTHING:
        return
    with _alone(places.venv.with_name(places.venv.name + ".lock")):
        found = _found(places)  # another dev.py may have done the work while this one waited
        _do(places, work_left(found, wanted), found, wanted)


def ensure_packaging_tools(places: Places) -> Path:
    """Return the folder of the programs that make packages, in an environment of their own.

    What lies beside Portway in its own environment may get into a bundle: libraries take what they find.
    """
    apart = replace(places, venv=places.venv.with_name(".venv-package"))
    lock = apart.package_lock.read_text(encoding="utf-8")
    done = apart.venv / "installed.txt"
    if not done.exists() or done.read_text(encoding="utf-8") != lock:
        _make_venv(apart)
        say(f"Installing what {apart.package_lock.name} lists.")
        _pip(apart, ["--require-hashes", "-r", str(apart.package_lock)])
        done.write_text(lock, encoding="utf-8")
    return apart.scripts


def _found(places: Places) -> Stamp | None:
    """Return the stamp, None where the Python it belongs to has been removed since."""
    return read_stamp(places.stamp) if places.python.exists() else None


def _do(places: Places, work: Work, found: Stamp | None, wanted: Stamp) -> None:
    if work is Work.NOTHING:
        return
    if work is Work.PROJECT and found:
        wanted = replace(wanted, extent=found.extent, dev_lock=found.dev_lock)
    # An environment without a stamp is made anew: so an interrupted set-up repairs itself.
    places.stamp.unlink(missing_ok=True)
    if work is Work.EVERYTHING:
        _make_venv(places)
    if work is not Work.PROJECT:
        _install_packages(places, Extent(wanted.extent))
    _install_project(places)
    write_stamp(places.stamp, wanted)


def _make_venv(places: Places) -> None:
    _refuse_foreign_folder(places.venv)
    say(f"Making {_short(places.venv, places.root)} with Python {sys.version.split()[0]}.")
    _run([sys.executable, "-m", "venv", "--clear", str(places.venv)], "The virtual environment was not made.")


def _refuse_foreign_folder(venv: Path) -> None:
    """Protect a folder that PORTWAY_VENV names by mistake: making an environment empties it."""
    if venv.exists() and not (venv / "pyvenv.cfg").exists() and any(venv.iterdir()):
        sentence = f"{venv} holds other things than a virtual environment. Choose another PORTWAY_VENV."
        raise SetUpError(sentence)


def _install_packages(places: Places, extent: Extent) -> None:
    lock = places.dev_lock if extent is Extent.DEV else places.runtime_lock
    say(f"Installing what {lock.name} lists. The first time this takes a minute or two.")
    _pip(places, ["--require-hashes", "-r", str(lock)])


def _install_project(places: Places) -> None:
    _pip(places, ["--no-deps", "--no-build-isolation", "--force-reinstall", "-e", str(places.root)])


def _pip(places: Places, arguments: list[str]) -> None:
    options = ["--disable-pip-version-check", "--no-input", "--no-warn-script-location"]
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    _run(
        [str(places.python), "-m", "pip", "install", *options, *quiet, *arguments],
        "The packages were not installed. The next start tries again.",
    )


def _run(command: list[str], sentence: str) -> None:
    # Standard output belongs to the program that is started afterwards: `dev.py run -- url` may be captured.
    if subprocess.run(command, stdout=sys.stderr.fileno(), check=False).returncode:
        raise SetUpError(sentence)


def _short(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one dev.py at a time work on the environment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
