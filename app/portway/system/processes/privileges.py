"""Runs one command with administrator rights, by the least intrusive way that works, and never leaks the password."""

from __future__ import annotations

import getpass
import logging
import os
import re
import shlex
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.secret import Secret
from portway.core.timing import Timing
from portway.system.processes.child import Children
from portway.system.processes.command import (
    CommandTimeoutError,
    EndPolicy,
    Finished,
    LineListener,
    StreamName,
    run_command,
)
from portway.system.processes.environment import child_environment
from portway.system.processes.programs import program_on_path

logger = logging.getLogger(__name__)

PASSWORD = "sudo_password"  # noqa: S105 - the name of the option

# Whatever follows the password line on standard input must not reach the command: where sudo does not ask (a ticket,
# NOPASSWD) that would be the password itself.
_WITHOUT_STDIN = ("/bin/sh", "-c", 'exec "$@" </dev/null', "sh")
# The command did not run. Every other exit code is the command's own. Texts of sudo and sudo-rs under LC_ALL=C.
_ASKS = re.compile(
    r"^(?:sudo(?:-rs)?: .*(?:password|authentication|terminal) is required|Sorry, user .* may not run sudo)",
    re.MULTILINE,
)
_NOT_ALLOWED = re.compile(
    r"not in the sudoers file|may not run sudo|is not allowed to (?:execute|run)|I'm afraid I can't do that"
)
# What runs as root is asked to end, and waited for: to kill sudo would leave it running on its own.
_GENTLE = EndPolicy(by_force=False)
_DIALOG_REFUSED = (126, 127)  # pkexec: dismissed; not authorised, or nobody there to ask


@dataclass(frozen=True, slots=True)
class Account:
    """Whose program this is. `uid` is None on Windows, which has none."""

    uid: int | None
    name: str


def current_account() -> Account:
    """Return the account of this process. Its name is never taken from the environment where it can be measured."""
    if sys.platform == "win32":
        return Account(None, getpass.getuser())
    import pwd  # not on Windows

    uid = os.getuid()
    try:
        return Account(uid, pwd.getpwuid(uid).pw_name)
    except KeyError:  # a container with a number and no name
        return Account(uid, str(uid))


class PasswordSource(Protocol):
    """Gives the password, and drops a stored one that was rejected. May block, with a limit."""

    def get(self, name: str) -> Secret | None:
        """Return it if there is one."""

    def forget(self, name: str) -> None:
        """Drop the stored copy."""


class Privileges:
    """The way to administrator rights of one account. Safe on every thread; the password has one user at a time."""

    def __init__(
        self,
        environment: Mapping[str, str],
        timing: Timing,
        children: Children,
        account: Account | None = None,
        platform: str = sys.platform,
    ) -> None:
        self._account = account or current_account()
        self._timing = timing
        self._children = children
        self._platform = platform
        self._lookup = environment
        self._environment = child_environment(
            environment, LC_ALL="C", USER=self._account.name, LOGNAME=self._account.name
        )
        self._lock = threading.Lock()

    @property
    def are_ours(self) -> bool:
        """Whether this process has administrator rights already."""
        return self._account.uid == 0

    def run(  # noqa: PLR0913 - one call, all of it named
        self,
        arguments: Sequence[str],
        passwords: PasswordSource,
        *,
        limit: float,
        cancel: CancelToken | None = None,
        may_ask: bool = False,
        on_line: LineListener | None = None,
        ending: EndPolicy = _GENTLE,
    ) -> Finished:
        """Run `arguments` (an absolute path first) as administrator and return how it ended.

        In this order: as we are, sudo without a password, sudo with the password, and if `may_ask` the system's own
        dialog. `limit` is in seconds. Raises TunnelError(needs_privileges, wrong_sudo_password, start_timeout).
        """
        call = _Call(self._children, self._environment, limit, cancel, on_line, ending)
        if self.are_ours:
            return call.run(arguments)
        sudo = program_on_path(self._lookup, "sudo") if self._platform != "win32" else None
        if sudo is not None:
            finished = self._by_sudo(str(sudo.path), arguments, passwords, call)
            if finished is not None:
                return finished
        if may_ask:
            finished = self._by_dialog(arguments, call)
            if finished is not None:
                return finished
        raise TunnelError(Code.NEEDS_PRIVILEGES, command=shown(arguments))

    def _by_sudo(self, sudo: str, arguments: Sequence[str], passwords: PasswordSource, call: _Call) -> Finished | None:
        # With the very command: the right to run it without a password may be for it alone.
        finished = replace(call, on_line=_unless_asking(call.on_line)).run([sudo, "-n", "--", *arguments])
        if finished.code != 1 or not _ASKS.search(finished.stderr):
            return finished
        password = passwords.get(PASSWORD)
        if password is None or not password:
            return None
        line = password.reveal().encode() + b"\n"
        # -k: a ticket of somebody else's is neither used nor made.
        with_password = [sudo, "-S", "-k", "-p", "", "--"]
        with self._lock:
            # Exit code 1 means both a wrong password and a command that failed, so the password is tried alone first.
            trial = replace(call, limit=self._timing.password_limit, on_line=None)
            tried = trial.run([*with_password, "true"], line)
            if tried.code == 0:
                return call.run([*with_password, *_WITHOUT_STDIN, *arguments], line)
        if _NOT_ALLOWED.search(tried.stderr):
            return None
        passwords.forget(PASSWORD)
        raise TunnelError(Code.WRONG_SUDO_PASSWORD)

    def _by_dialog(self, arguments: Sequence[str], call: _Call) -> Finished | None:
        command = dialog_command(arguments, self._platform, self._lookup)
        if command is None:
            return None
        finished = replace(call, limit=call.limit + self._timing.dialog_limit).run(command)
        refused = finished.code in _DIALOG_REFUSED if self._platform == "linux" else finished.code != 0
        if refused:
            logger.info("The dialog for administrator rights ended with exit code %s", finished.code)
            return None
        return finished


@dataclass(frozen=True, slots=True)
class _Call:
    children: Children
    environment: Mapping[str, str]
    limit: float
    cancel: CancelToken | None
    on_line: LineListener | None
    ending: EndPolicy

    def run(self, arguments: Sequence[str], stdin: bytes = b"") -> Finished:
        try:
            return run_command(
                self.children,
                arguments,
                environment=self.environment,
                limit=self.limit,
                cancel=self.cancel,
                stdin=stdin,
                on_line=self.on_line,
                ending=self.ending,
            )
        except CommandTimeoutError as error:
            raise TunnelError(
                Code.START_TIMEOUT,
                program=Path(arguments[0]).name,
                seconds=f"{error.limit:g}",
            ) from error


def _unless_asking(on_line: LineListener | None) -> LineListener | None:
    """Hide what sudo itself says when it wants a password from those who listen to the command."""
    if on_line is None:
        return None

    def pass_on(stream: StreamName, line: str) -> None:
        if not _ASKS.match(line):
            on_line(stream, line)

    return pass_on


def shown(arguments: Sequence[str]) -> str:
    """Return the command that a person can type instead."""
    return f"sudo {shlex.join(arguments)}"


def dialog_command(arguments: Sequence[str], platform: str, environment: Mapping[str, str]) -> Sequence[str] | None:
    """Return the command that lets the desktop ask for administrator rights, None where nobody could be asked."""
    if platform == "darwin":
        script = shlex.join(arguments).replace("\\", "\\\\").replace('"', '\\"')
        return ("/usr/bin/osascript", "-e", f'do shell script "{script}" with administrator privileges')
    if platform == "win32":
        system = environment.get("SYSTEMROOT", r"C:\Windows")
        shell = rf"{system}\System32\WindowsPowerShell\v1.0\powershell.exe"
        return (shell, "-NoProfile", "-NonInteractive", "-Command", _elevated(arguments))
    if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        return None
    pkexec = program_on_path(environment, "pkexec")
    return None if pkexec is None else (str(pkexec.path), *arguments)


def _elevated(arguments: Sequence[str]) -> str:
    program, *rest = arguments
    start = f"Start-Process -FilePath {_powershell(program)} -Verb RunAs -Wait -PassThru -WindowStyle Hidden"
    if rest:
        words = (f'"{word}"' if " " in word else word for word in rest)
        start += f" -ArgumentList {','.join(_powershell(word) for word in words)}"
    return f"exit ({start}).ExitCode"


def _powershell(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
