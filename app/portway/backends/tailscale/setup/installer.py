"""Installing Tailscale: by its own script on Linux, by the package manager of the system elsewhere."""

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portway.backends.tailscale.causes import TAILSCALE
from portway.backends.tailscale.daemon.rights import Passwords
from portway.backends.tailscale.declaration import TailscaleTiming
from portway.backends.tailscale.parse.texts import shown_reason
from portway.backends.tailscale.setup.script import SOURCE, Script
from portway.core.backend import Listener
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.status import Progress
from portway.system.processes.child import Children
from portway.system.processes.command import CommandTimeoutError, EndPolicy, Finished, StreamName, run_command
from portway.system.processes.environment import child_environment
from portway.system.processes.privileges import Privileges
from portway.system.processes.programs import program_on_path

logger = logging.getLogger(__name__)

STEP = "install"
_GRACE = 2.0  # seconds until a person is told that the end takes a while
# sudo passes TERM to its command alone, which would leave what that one started running as root; and what pkexec
# started gets no signal of ours at all. So the script is run below one that passes TERM to all of its group, and that
# takes it for TERM when the file ($0) is gone.
_ENDS_WITH_ALL = """\
trap 'trap : TERM; kill -TERM 0; wait; exit 143' TERM
"$@" </dev/null &
script=$!
(while [ -e "$0" ]; do sleep 1; done; kill -TERM $$) >/dev/null 2>&1 &
wait "$script"
code=$?
kill $! 2>/dev/null
exit $code
"""
_WINGET = (
    "install",
    "--id",
    "Tailscale.Tailscale",
    "-e",
    "--accept-package-agreements",
    "--accept-source-agreements",
)
_BY_HAND = f"curl -fsSL {SOURCE} | sh"  # in a terminal the script asks for the password by itself
_PASSWORD_WANTED = (Code.NEEDS_PRIVILEGES, Code.WRONG_SUDO_PASSWORD)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a person has agreed to run: the script that was shown, or one with this SHA-256. Neither: any script."""

    script: Script | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Installer:
    """Blocks for up to `install_limit`; passes each line on that the installation prints."""

    privileges: Privileges
    fetch: Callable[[CancelToken], Script]
    environment: Mapping[str, str]
    timing: TailscaleTiming
    children: Children
    platform: str = sys.platform

    def install(self, passwords: Passwords, listener: Listener, cancel: CancelToken, agreed: Agreed = Agreed()) -> None:
        """Install it. Raises TunnelError(install_failed, checksum_mismatch, needs_privileges, …), Cancelled."""
        if self.platform == "linux":
            self._by_script(passwords, listener, cancel, agreed)
            return
        command = self._by_package_manager()
        listener.progress(Progress(step=STEP, message=" ".join(command)))
        try:
            finished = run_command(
                self.children,
                command,
                environment=child_environment(self.environment, LC_ALL="C"),
                limit=self.timing.install_limit,
                cancel=cancel,
                on_line=_Lines(listener),
            )
        except CommandTimeoutError as error:
            raise _failed(str(error)) from error
        _check(finished)

    def _by_script(self, passwords: Passwords, listener: Listener, cancel: CancelToken, agreed: Agreed) -> None:
        script = agreed.script
        if script is None:
            script = self.fetch(cancel)
            listener.progress(Progress(step=STEP, message=described(script)))
        kept = False
        try:
            script.check(agreed.sha256)
            _check(self._run(script, passwords, listener, cancel))
        except TunnelError as error:
            # Whoever has seen it gives a password and comes back: for this very file, not for another one.
            kept = agreed.script is not None and error.code in _PASSWORD_WANTED
            if error.code is Code.NEEDS_PRIVILEGES:
                raise TunnelError(Code.NEEDS_PRIVILEGES, command=_BY_HAND) from error
            if error.code is Code.START_TIMEOUT:
                raise _failed(f"it took longer than {self.timing.install_limit:.0f} seconds") from error
            raise
        finally:
            if not kept:
                script.remove()

    def _run(self, script: Script, passwords: Passwords, listener: Listener, cancel: CancelToken) -> Finished:
        ending = EndPolicy(grace=_GRACE, by_force=False, on_waiting=lambda: _pull_away(script, listener))
        return self.privileges.run(
            ["/bin/sh", "-c", _ENDS_WITH_ALL, str(script.path), "/bin/sh", str(script.path)],
            passwords,
            limit=self.timing.install_limit,
            cancel=cancel,
            may_ask=True,
            on_line=_Lines(listener),
            ending=ending,
        )

    def _by_package_manager(self) -> Sequence[str]:
        name, arguments = ("winget", _WINGET) if self.platform == "win32" else ("brew", ("install", "tailscale"))
        more = () if self.platform == "win32" else ("/opt/homebrew/bin/brew", "/usr/local/bin/brew")
        found = program_on_path(self.environment, name, map(Path, more))
        if found is None:
            raise _failed(f"{name} was not found. Tailscale can be downloaded from tailscale.com/download")
        return (str(found.path), *arguments)


def described(script: Script) -> str:
    """Return what a person may want to compare before it runs as administrator."""
    return f"{script.source} · {script.size} bytes · SHA-256 {script.sha256}"


def _pull_away(script: Script, listener: Listener) -> None:
    """End what none of our signals has reached, by removing its script, and say that this may take a while."""
    script.remove()
    listener.progress(Progress(step="ending", message="Waiting until it has ended"))


class _Lines:
    """Passes the lines of a program on as progress."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def __call__(self, _stream: StreamName, line: str) -> None:
        text = "".join(character if character.isprintable() else " " for character in line).strip()
        if text:
            logger.info("install: %s", text)
            self._listener.progress(Progress(step=STEP, message=text[:200]))


def _check(finished: Finished) -> None:
    if finished.code != 0:
        lines = [line for line in finished.stderr.splitlines() if line.strip() and not line.startswith("+")]
        reason = shown_reason(lines[-1]) if lines else "its script gave no reason"
        raise _failed(f"{reason} (exit code {finished.code})")


def _failed(reason: str) -> TunnelError:
    return TunnelError(Code.INSTALL_FAILED, program=TAILSCALE, reason=reason)
