"""The ssh of this computer: where it is, which one, and what it makes of the person's configuration."""

import re
import shlex
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portway.backends.ssh import causes
from portway.backends.ssh.declaration import PROGRAM, VARIABLE, SshOptions
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.status import Installation
from portway.system.processes.command import CommandTimeoutError, Finished, run_command
from portway.system.processes.environment import child_environment
from portway.system.processes.programs import Program, named_program, program_on_path
from portway.system.services import Services

MORE_ARGUMENTS = "PORTWAY_SSH_ARGS"  # for tests: shell words
_AGENT = "SSH_AUTH_SOCK"
_VERSION = re.compile(r"OpenSSH(?:_for_Windows)?_(\S+?),?\s", re.ASCII)
_FORWARDS = frozenset({"remoteforward", "localforward", "dynamicforward"})
_SYSTEM = (Path("/usr/bin/ssh"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server, as it was named and as the person's configuration has it.

    `known_hosts` are the person's files of servers that they know, `all_known_hosts` those of this computer: both as
    ssh writes them, one after the other.
    """

    name: str
    words: tuple[str, ...]  # that lead ssh there
    hostname: str
    port: str
    known_hosts: str
    all_known_hosts: str


class SshProgram:
    """Finds and asks the program. Safe on every thread; blocks, bounded."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._versions: dict[tuple[Path, int, int], str | None] = {}
        self._lock = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        """What ssh may know: the allow-list, and where the person's keys are held."""
        own = self._services.environment
        return child_environment(own, **({_AGENT: own[_AGENT]} if own.get(_AGENT) else {}))

    def find(self) -> Program | None:
        """Return the program, None if there is none. Raises TunnelError(binary_unusable)."""
        environment = self._services.environment
        named = named_program(environment, VARIABLE, PROGRAM)
        more = () if sys.platform == "win32" else _SYSTEM
        return named or program_on_path(environment, PROGRAM, more, title=PROGRAM)

    def command(self) -> list[str]:
        """Return how it is started. Raises TunnelError."""
        found = self.find()
        if found is None:
            raise TunnelError(causes.NOT_INSTALLED)
        return [str(found.path), *shlex.split(self._services.environment.get(MORE_ARGUMENTS, ""))]

    def installation(self) -> Installation:
        """Return what there is, measured."""
        try:
            found = self.find()
        except TunnelError:
            named = self._services.environment.get(VARIABLE) or None
            return Installation(installed=False, source="env" if named else None, binary_path=named)
        if found is None:
            return Installation(installed=False)
        return Installation(binary_path=str(found.path), version=self._version(found.path), source=found.source)

    def server(self, options: SshOptions, cancel: CancelToken) -> Server:
        """Ask ssh where an option leads. Raises TunnelError, Cancelled."""
        if not options.server:
            raise TunnelError(causes.NO_SERVER, field="server")
        user, _, name = options.server.rpartition("@")
        user = options.user or user
        words = (
            *(("-l", user) if user else ()),
            *(() if options.server_port is None else ("-p", str(options.server_port))),
            "--",
            name,
        )
        finished = self.run(["-G", *words], self._services.timing.probe_limit, cancel)
        if finished.code != 0:
            lines = finished.stderr.strip().splitlines()
            raise TunnelError(causes.CONFIGURATION, program=PROGRAM, reason=shown(lines[0] if lines else "no reason"))
        found = _settings(finished.stdout)
        if _FORWARDS & found.keys() or found.get("forkafterauthentication") == "yes":
            raise TunnelError(causes.OWN_FORWARDS, field="server")
        return Server(
            name=name,
            words=words,
            hostname=found.get("hostname", name),
            port=found.get("port", "22"),
            known_hosts=found.get("userknownhostsfile", ""),
            all_known_hosts=found.get("globalknownhostsfile", ""),
        )

    def run(self, arguments: list[str], limit: float, cancel: CancelToken | None = None) -> Finished:
        """Run it once. Raises TunnelError, Cancelled."""
        command = self.command()
        try:
            return run_command(
                self._services.children,
                [*command, *arguments],
                environment=self.environment,
                limit=limit,
                cancel=cancel,
            )
        except CommandTimeoutError as error:
            raise TunnelError(Code.START_TIMEOUT, "silent", program=PROGRAM, seconds=f"{error.limit:g}") from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise TunnelError(Code.BINARY_UNUSABLE, program=PROGRAM, path=command[0], reason=reason) from error

    def _version(self, path: Path) -> str | None:
        """Return the version that it tells; asked once for each file that stands there."""
        try:
            facts = path.stat()
            key = (path, facts.st_mtime_ns, facts.st_size)
            with self._lock:
                if key not in self._versions:
                    found = _VERSION.search(self.run(["-V"], self._services.timing.probe_limit).stderr + " ")
                    self._versions[key] = found[1] if found else None
                return self._versions[key]
        except (OSError, TunnelError):
            return None


def shown(line: str) -> str:
    """Return a line of ssh for a sentence: printable, bounded, without the dot at its end."""
    return "".join(character for character in line if character.isprintable()).strip().rstrip(".")[:200]


def _settings(text: str) -> Mapping[str, str]:
    pairs = (line.partition(" ") for line in text.splitlines())
    return {key.lower(): value for key, _, value in pairs}
