"""The tailscale command: found, and called with a limit, the right user, plain texts and nothing to read from."""

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from portway.backends.tailscale import causes
from portway.backends.tailscale.causes import TAILSCALE
from portway.backends.tailscale.parse.node import Node, UnreadableError, parse_node, parse_version
from portway.backends.tailscale.parse.serve_config import ServeConfig, parse_config
from portway.backends.tailscale.parse.texts import is_daemon_down, refusal_of
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.timing import Timing
from portway.system.processes.child import Children
from portway.system.processes.command import CommandTimeoutError, Finished, LineListener, run_command
from portway.system.processes.environment import child_environment
from portway.system.processes.privileges import Account
from portway.system.processes.programs import Program, named_program, program_on_path

logger = logging.getLogger(__name__)

Read = TypeVar("Read", Node, ServeConfig)
VARIABLE = "TAILSCALE_BIN"
_DISTURBED = 2  # calls of a state that take longer than a probe where the daemon is down
_PLACES = {
    "linux": (
        "/usr/bin/tailscale",
        "/usr/local/bin/tailscale",
        "/usr/sbin/tailscale",
        "/snap/bin/tailscale",
        "/home/linuxbrew/.linuxbrew/bin/tailscale",
    ),
    "darwin": (
        "/usr/local/bin/tailscale",
        "/opt/homebrew/bin/tailscale",
        "/Applications/Tailscale.app/Contents/MacOS/Tailscale",
    ),
    "win32": (r"C:\Program Files\Tailscale\tailscale.exe", r"C:\Program Files (x86)\Tailscale\tailscale.exe"),
}


def find_program(environment: Mapping[str, str], platform: str = sys.platform) -> Program | None:
    """Return the command, None where there is none. Raises TunnelError(binary_unusable) for a bad TAILSCALE_BIN."""
    named = named_program(environment, VARIABLE, TAILSCALE)
    found = named or program_on_path(environment, "tailscale", map(Path, _PLACES.get(platform, ())), TAILSCALE)
    # The app of macOS crashes when called through a link: tailscale/tailscale#11510.
    return replace(found, path=found.path.resolve()) if found is not None and platform == "darwin" else found


@dataclass(frozen=True)
class Client:
    """One tailscale command. Its methods block, each with a limit; safe on every thread."""

    program: Program
    environment: Mapping[str, str]
    timing: Timing
    account: Account
    children: Children

    @cached_property
    def version(self) -> tuple[int, int, int]:
        """The version of the command, which needs no daemon."""
        finished = self.run(["version", "--json"], limit=self.timing.probe_limit)
        try:
            return parse_version(finished.stdout)
        except UnreadableError as error:
            raise self._unusable(str(error)) from error

    @property
    def version_text(self) -> str:
        """As people write it."""
        return ".".join(map(str, self.version))

    def require(self, needed: str, target: str = "") -> None:
        """Raise TunnelError(version_too_old) where it is older than `needed`, which it takes to forward to `target`."""
        if self.version < tuple(int(part) for part in needed.split(".")):
            cause = causes.FORWARDS_TO_IPV4_ONLY if target else Code.VERSION_TOO_OLD
            version = self.version_text
            raise TunnelError(cause, program=TAILSCALE, version=version, needed=needed, target=target)

    def node(self, cancel: CancelToken | None = None) -> Node:
        """Ask for the state. Raises TunnelError(daemon_not_running, …)."""
        return self._read(["status", "--json", "--peers=false"], parse_node, cancel)

    def config(self, cancel: CancelToken | None = None) -> ServeConfig:
        """Ask what is published. Raises TunnelError(daemon_not_running, …)."""
        return self._read(["serve", "status", "--json"], parse_config, cancel)

    def run(
        self,
        arguments: Sequence[str],
        *,
        limit: float,
        cancel: CancelToken | None = None,
        on_line: LineListener | None = None,
    ) -> Finished:
        """Call it, whatever comes of it. Raises TunnelError(start_timeout, binary_unusable), Cancelled."""
        try:
            return run_command(
                self.children,
                self.command(*arguments),
                environment=self._environment,
                limit=limit,
                cancel=cancel,
                on_line=on_line,
            )
        except CommandTimeoutError as error:
            seconds = f"{error.limit:g}"
            raise TunnelError(Code.START_TIMEOUT, "silent", program=TAILSCALE, seconds=seconds) from error
        except OSError as error:
            raise self._unusable(error.strerror or type(error).__name__) from error

    def failure_of(self, finished: Finished) -> TunnelError:
        """Return what a call means that ended badly."""
        text = finished.stderr if finished.stderr.strip() else finished.stdout
        return daemon_down() if is_daemon_down(text) else refusal_of(text)

    def command(self, *arguments: str) -> list[str]:
        """Return the whole command line."""
        return [str(self.program.path), *arguments]

    def _read(self, arguments: Sequence[str], parse: Callable[[str], Read], cancel: CancelToken | None) -> Read:
        finished = self.run(arguments, limit=_DISTURBED * self.timing.probe_limit, cancel=cancel)
        if finished.code != 0:
            raise self.failure_of(finished)
        try:
            return parse(finished.stdout)
        except UnreadableError as error:  # the app of macOS says so when it failed to start, and ends with 0
            raise self._unusable(str(error)) from error

    @cached_property
    def _environment(self) -> Mapping[str, str]:
        # USER decides whether the operator survives an `up`. The other two tell the app of macOS that it is a command.
        name = self.account.name
        return child_environment(
            self.environment, LC_ALL="C", USER=name, LOGNAME=name, TERM="dumb", TAILSCALE_BE_CLI="1"
        )

    def _unusable(self, reason: str) -> TunnelError:
        return TunnelError(Code.BINARY_UNUSABLE, program=TAILSCALE, path=self.program.path, reason=reason)


def daemon_down(platform: str = sys.platform) -> TunnelError:
    """No daemon answered; the sentence says how it is started."""
    return TunnelError(causes.DAEMON_DOWN, command=_START_BY_HAND.get(platform, _START_BY_HAND["linux"]))


_START_BY_HAND = {
    "linux": "sudo systemctl start tailscaled",
    "darwin": "open -a Tailscale",
    "win32": "sc start Tailscale",
}
