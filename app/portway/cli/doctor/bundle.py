"""`portway doctor --bundle FILE`: what helps to find a fault, in one file that a person has read before."""

import getpass
import json
import platform
import queue
import re
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click

from portway import __version__
from portway.cli.client.client import Record
from portway.cli.doctor.finding import Finding
from portway.cli.failure import Failed
from portway.cli.invocation import Invocation
from portway.system.diagnosis.bundle import Bundle, Entry, pack
from portway.system.diagnosis.log_texts import log_entries
from portway.system.diagnosis.masking import Mask
from portway.system.diagnosis.settings_lines import settings_lines
from portway.system.installed import installed_version
from portway.system.logs.crash_record import LAST_CRASH
from portway.system.logs.logs import PROGRAM
from portway.system.processes.environment import PROXIES
from portway.system.storage.files import DamagedFileError, read_trusted

FINDINGS_LIMIT = 3.0  # seconds: a keyring or a program may hang
_LIBRARIES = ("click", "h11", "httptools", "keyring", "msgspec", "ngrok", "psutil", "requests")
_OF_A_SECRET = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|AUTHKEY|API_?KEY|ACCESS_KEY|PRIVATE_KEY", re.IGNORECASE)
_NOBODY = {"", "localhost", "portway", "root"}  # names that tell of no person and no computer
_FILES = ("settings.toml", "app.json", "api.json", "wishes.json", f"{PROGRAM}.log")
_TOLD = (
    *("phase", "code", "wanted", "attempt", "since", "retryAt", "lastError", "supported", "installed", "version"),
    *("installSource", "managedInstall", "progress", "traffic", "inspect", "expiresAt"),
)


def collect(invocation: Invocation, statuses: Iterable[Record] | None, found: Iterable[Finding]) -> Bundle:
    """Return what there is to tell, without secrets, addresses, paths and names. Takes FINDINGS_LIMIT and a moment."""
    return pack(_entries(invocation, statuses, found, _mask(invocation)))


def save(bundle: Bundle, file: str, *, yes: bool) -> None:
    """Show what is in it, let the person read it and agree, and write it for this user alone."""
    for entry in bundle.entries:
        click.echo(f"{entry.size:>9,} bytes  {entry.name}", err=True)
    if not yes:
        if click.confirm("Read these texts first?", default=True, err=True):
            click.echo_via_pager(f"== {entry.name}\n\n{entry.text}\n" for entry in bundle.entries)
        click.confirm("Write them into the file?", abort=True, err=True)
    bundle.write(Path(file))
    click.echo("They are in the file. Nothing was sent anywhere.", err=True)


def _entries(
    invocation: Invocation, statuses: Iterable[Record] | None, found: Iterable[Finding], mask: Mask
) -> Iterator[Entry]:
    yield Entry("about.txt", _text(_about(invocation), mask))
    settings = invocation.settings_file(invocation.backends).load()
    yield Entry("settings.txt", _text(settings_lines(settings), mask))
    if statuses is not None:
        yield Entry("tunnels.txt", _text(map(_status, statuses), mask))
    yield Entry("doctor.txt", _text(_within_limit(found), mask))
    with suppress(DamagedFileError):
        crash = read_trusted(invocation.folders.state / LAST_CRASH)
        if crash is not None:
            yield Entry("crash.txt", _text(crash.decode(errors="replace").splitlines(), mask))
    yield from log_entries(invocation.folders.log, (PROGRAM, *invocation.ways), mask)


def _text(lines: Iterable[str], mask: Mask) -> str:
    return "".join(f"{mask.line(line)}\n" for line in lines)


def _about(invocation: Invocation) -> Iterator[str]:
    kind = "a package with everything inside" if getattr(sys, "frozen", False) else "run by an installed Python"
    yield f"Portway {__version__}, {kind}"
    yield f"Python {platform.python_version()}"
    yield f"{platform.system()} {platform.release()}, {platform.machine()}"
    libraries = {"Qt": installed_version("PySide6", "PySide6-Essentials")}
    libraries |= {name: installed_version(name) for name in _LIBRARIES}
    yield ", ".join(f"{name} {version or 'without a version'}" for name, version in libraries.items())
    environment = invocation.environment
    for name in ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "LANG"):
        yield f"{name}: {environment.get(name, 'not set')}"
    own = re.compile(rf"(?:PORTWAY|{'|'.join(way.upper() for way in invocation.ways)})[A-Z]?_\w+", re.ASCII)
    told = sorted(name for name in environment if name in PROXIES or own.fullmatch(name))
    yield f"Variables that are set, without their values: {', '.join(told) or 'none'}"


def _status(status: Record) -> str:
    facts = {name: status[name] for name in _TOLD if status.get(name) is not None}
    rules = {name: bool(value) for name, value in (status.get("guard") or {}).items() if value}
    return f"{status['id']} ({status['backend']}): {json.dumps({**facts, 'guard': rules}, ensure_ascii=False)}"


def _within_limit(found: Iterable[Finding]) -> Iterator[str]:
    """Yield the lines of what is found in time: looking may hang, and a bundle of the rest is worth having."""
    waiting: queue.SimpleQueue[Finding | None] = queue.SimpleQueue()

    def look() -> None:
        try:
            for finding in found:
                waiting.put(finding)
        except Failed:
            pass
        finally:
            waiting.put(None)

    threading.Thread(target=look, name="doctor", daemon=True).start()
    ends = time.monotonic() + FINDINGS_LIMIT
    with suppress(queue.Empty):
        while (finding := waiting.get(timeout=max(0.0, ends - time.monotonic()))) is not None:
            yield f"{finding.grade.ljust(4)}  {finding.subject}: {finding.text}"
            if finding.way_on:
                yield f"      → {finding.way_on}"
        return
    yield f"The rest took longer than {FINDINGS_LIMIT:g} seconds."


def _mask(invocation: Invocation) -> Mask:
    environment = invocation.environment
    home = Path.home()
    names = {environment.get(name, "") for name in ("USER", "LOGNAME", "USERNAME")} | {home.name, _user(), _full_name()}
    computer = {socket.gethostname(), platform.node()}
    keys = invocation.settings_file(invocation.backends).keys()
    return Mask(
        secrets=[*_secrets(environment), *_run_token(invocation)],
        people=names - _NOBODY,
        computers={part for name in computer for part in (name, name.partition(".")[0])} - _NOBODY,
        folders=[home, *invocation.folders.all],
        plain={*_FILES, *(key.name for key in keys), *(f"{way}.log" for way in invocation.ways)},
    )


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    return (value for name, value in environment.items() if _OF_A_SECRET.search(name))


def _run_token(invocation: Invocation) -> Iterator[str]:
    """Yield the token of the running program, which no log holds; it costs nothing to look for it all the same."""
    with suppress(DamagedFileError, ValueError, KeyError):
        content = read_trusted(invocation.folders.run / "api.json")
        if content is not None:
            yield str(json.loads(content)["token"])


def _user() -> str:
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""


def _full_name() -> str:
    try:
        import os  # late, both: Windows has no such list
        import pwd
    except ImportError:
        return ""
    with suppress(KeyError):
        return pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0]
    return ""
