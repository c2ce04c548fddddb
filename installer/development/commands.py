"""The commands of dev.py: what each needs, and what it then starts."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from development import shape
from development.checks import FAST, fast_steps, lint_steps, run_steps, test_steps
from development.environment import SetUpError, ensure_environment
from development.locks import write_locks
from development.places import Places, find_places, say
from development.stamp import Extent
from development.system_packages import (
    QT_LIBRARIES,
    SCREEN_LIBRARIES,
    ensure_desktop_programs,
    ensure_system,
)
from development.translations import update_translations
from shipping.origin import write_origin
from shipping.steps import build_pages, package_bundle, try_bundle

DESCRIPTION = "Set Portway up in this clone and run, test or build it."
EPILOG = """\
examples:
  python3 installer/dev.py run                      the tray application
  python3 installer/dev.py run -- expose 3000       hand a command to portway
  python3 installer/dev.py test                     every check, then every test
  python3 installer/dev.py test -- --fast           the tests that answer within half a minute
  python3 installer/dev.py test -- tests/core -k lan

Everything is installed into .venv inside the clone, from lock files with hashes. It is made again when the
Python that starts this or a lock file changes. PORTWAY_VENV names another folder for it.
"""
INTERRUPTED = 130


@dataclass(frozen=True)
class Command:
    """One word of the command line."""

    run: Callable[[Places, list[str]], int]
    summary: str
    passes_arguments_to: str = ""


def main(arguments: list[str]) -> int:
    """Carry one command out and return the exit code."""
    name, rest = parse(arguments)
    try:
        return COMMANDS[name].run(find_places(), rest)
    except SetUpError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted. What is unfinished is made again at the next start.")
        return INTERRUPTED


def parse(arguments: list[str]) -> tuple[str, list[str]]:
    """Return the command and what it hands on."""
    own, _, rest = _split(arguments)
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        target = command.passes_arguments_to
        usage = f"dev.py {name} [-h]" + (" [-- ARGS]" if target else "")
        more = f" What follows -- is handed to {target}." if target else ""
        entry = subparsers.add_parser(name, help=command.summary, description=f"{command.summary}.{more}", usage=usage)
        if name == "lock":
            entry.add_argument("--upgrade", action="store_true", help="take the newest versions")
    chosen = parser.parse_args(own)
    if rest and not COMMANDS[chosen.command].passes_arguments_to:
        parser.error(f"{chosen.command} takes nothing after --")
    return chosen.command, ["--upgrade"] if getattr(chosen, "upgrade", False) else rest


def _split(arguments: list[str]) -> tuple[list[str], str, list[str]]:
    """Split at the first --, by hand: argparse would take what follows apart."""
    if "--" not in arguments:
        return arguments, "", []
    place = arguments.index("--")
    return arguments[:place], "--", arguments[place + 1 :]


def _run(places: Places, arguments: list[str]) -> int:
    on_screen = {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    ensure_system({**QT_LIBRARIES, **SCREEN_LIBRARIES} if on_screen else QT_LIBRARIES)
    ensure_environment(places, Extent.RUNTIME)
    # -P: a file in the folder where the person stands must not take the place of a library.
    _become([str(places.python), "-P", "-m", "portway", *arguments])


def _test(places: Places, arguments: list[str]) -> int:
    _prepare_checks(places)
    if FAST in arguments:
        return run_steps(places, fast_steps(places, [one for one in arguments if one != FAST]))
    ensure_desktop_programs()
    return run_steps(places, [*lint_steps(places), *test_steps(places, arguments, sys.version_info[:2])])


def _lint(places: Places, _: list[str]) -> int:
    ensure_environment(places, Extent.DEV)
    return run_steps(places, lint_steps(places))


def _shape(places: Places, _: list[str]) -> int:
    package, trips = shape.read_package(places.root / "app" / "portway"), shape.read_trips()
    say("\n\n".join((shape.report(package, trips), shape.by_folder(package), "\n".join(shape.ANCHORS))), sys.stdout)
    found = [sentence for sentences in shape.misses(package, trips).values() for sentence in sentences]
    say("\nNot as it should be:\n  " + "\n  ".join(found) if found else "\nAll goals are met.", sys.stdout)
    return 1 if found else 0


def _bench(places: Places, arguments: list[str]) -> int:
    return _start_module(places, "tests.benchmarks", arguments)


def _pictures(places: Places, arguments: list[str]) -> int:
    return _start_module(places, "tests.pictures", arguments)


def _real_servers(places: Places, arguments: list[str]) -> int:
    return _start_module(places, "tests.real_servers", arguments)


def _build(places: Places, arguments: list[str]) -> int:
    _prepare_checks(places)
    command = [str(places.python), "-m", "PyInstaller", "--noconfirm", "build.spec", *arguments]
    return subprocess.run(command, cwd=places.root, check=False).returncode


def _trial(places: Places, arguments: list[str]) -> int:
    _prepare_checks(places)
    return try_bundle(places, arguments)


def _package(places: Places, arguments: list[str]) -> int:
    _prepare_checks(places)
    return package_bundle(places, arguments)


def _origin(places: Places, _: list[str]) -> int:
    return write_origin(places)


def _lock(places: Places, arguments: list[str]) -> int:
    write_locks(places, upgrade="--upgrade" in arguments)
    return 0


def _translations(places: Places, _: list[str]) -> int:
    _prepare_checks(places)
    return update_translations(places)


def _prepare_checks(places: Places) -> None:
    as_root = sys.platform == "linux" and os.geteuid() == 0
    ensure_system({**QT_LIBRARIES, **SCREEN_LIBRARIES} if as_root else QT_LIBRARIES)
    ensure_environment(places, Extent.DEV)


def _start_module(places: Places, module: str, arguments: list[str]) -> int:
    _prepare_checks(places)
    if not Path(places.root, *module.split("."), "__main__.py").exists():
        sentence = f"{module} is not in this clone."
        raise SetUpError(sentence)
    os.chdir(places.root)
    _become([str(places.python), "-m", module, *arguments])


def _become(command: list[str]) -> NoReturn:
    """Let the program take the place of this one, so that signals and exit codes are its own."""
    if sys.platform == "win32":
        # There, exec returns to the shell at once and leaves the program in the background.
        sys.exit(subprocess.run(command, check=False).returncode)
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


COMMANDS = {
    "run": Command(_run, "Start Portway from this clone", "portway"),
    "test": Command(_test, "Run every check and every test", "pytest"),
    "lint": Command(_lint, "Run the checks that only read the source: ruff, mypy, import-linter"),
    "shape": Command(_shape, "Measure the source: sizes, imports, circles, and what a reader has to open"),
    "bench": Command(_bench, "Measure Portway against floors measured in the same run", "the benchmarks"),
    "pictures": Command(_pictures, "Take the pictures of the guides", "the picture maker"),
    "real-servers": Command(_real_servers, "Install real web servers outside the clone, for tests/real_servers"),
    "translations": Command(_translations, "Collect the texts that people see and compile the translations"),
    "build": Command(_build, "Build the application that needs no Python", "PyInstaller"),
    "trial": Command(_trial, "Try the built application from outside, as a person would", "pytest"),
    "package": Command(_package, "Make the .deb, .rpm and Arch packages of the built application", "the packagers"),
    "origin": Command(_origin, "Write where this copy comes from; the release does so before it builds"),
    "docs": Command(build_pages, "Make a site of the pages in docs, into dist/docs", "mkdocs"),
    "lock": Command(_lock, "Write the lock files anew from pyproject.toml (needs uv)"),
}
