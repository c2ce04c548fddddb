"""Starting Tailscale's daemon, by whatever starts services on this computer."""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portway.backends.tailscale import causes
from portway.backends.tailscale.causes import TAILSCALE
from portway.backends.tailscale.daemon.client import Client, daemon_down
from portway.backends.tailscale.daemon.rights import Passwords
from portway.backends.tailscale.parse.node import Node
from portway.backends.tailscale.parse.texts import shown_reason
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.timing import Timing
from portway.system.processes.privileges import Privileges, shown
from portway.system.processes.programs import named_program, program_on_path

VARIABLE = "TAILSCALED_BIN"
_SYSTEMD = Path("/run/systemd/system")  # exists exactly where systemd is in charge: sd_booted(3)
_STATE = "/var/lib/tailscale/tailscaled.state"
_SOCKET = "/run/tailscale/tailscaled.sock"
# Out of the reach of what started it: it has to outlive the command, and Portway.
_IN_BACKGROUND = ("/bin/sh", "-c", 'trap "" HUP; "$@" </dev/null >/dev/null 2>&1 &', "sh")
_LOOKS_APART = 0.2


@dataclass(frozen=True, slots=True)
class Daemon:
    """The service of one computer. Blocks, bounded."""

    privileges: Privileges
    environment: Mapping[str, str]
    timing: Timing
    platform: str = sys.platform

    def start(self, client: Client, passwords: Passwords, cancel: CancelToken) -> Node:
        """Start it, if it does not run, and return what it says then.

        Raises TunnelError(needs_privileges, wrong_sudo_password, daemon_not_running).
        """
        node = _answer(client, cancel)
        if node is not None:
            return node
        command = self.command()
        if command is None:
            raise daemon_down(self.platform)
        finished = self.privileges.run(command, passwords, limit=self.timing.command_limit, cancel=cancel, may_ask=True)
        if finished.code != 0:
            reason = shown_reason(finished.stderr or finished.stdout)
            raise TunnelError(causes.DAEMON_FAILED, reason=reason, command=shown(command))
        return self._wait(client, cancel, command)

    def command(self) -> Sequence[str] | None:
        """Return what starts it as administrator, None where nothing is known that would."""
        named = named_program(self.environment, VARIABLE, TAILSCALE)
        if named is not None:
            return _by_itself(named.path)
        match self.platform:
            case "linux":
                return self._on_linux()
            case "darwin":
                return ("/bin/launchctl", "kickstart", "system/com.tailscale.tailscaled")
            case "win32":
                system = self.environment.get("SYSTEMROOT", r"C:\Windows")
                return (rf"{system}\System32\sc.exe", "start", "Tailscale")
            case _:
                return None

    def _on_linux(self) -> Sequence[str] | None:
        systemctl = self._found("systemctl") if _SYSTEMD.is_dir() else None
        if systemctl is not None:
            snap = Path("/snap/bin/tailscale").exists() and not Path("/usr/sbin/tailscaled").exists()
            return (systemctl, "start", "snap.tailscale.tailscaled" if snap else "tailscaled")
        service = self._found("rc-service")
        if service is not None:
            return (service, "tailscale", "start")
        daemon = self._found("tailscaled")
        return None if daemon is None else _by_itself(Path(daemon))

    def _found(self, name: str) -> str | None:
        more = (Path(folder) / name for folder in ("/usr/sbin", "/sbin", "/usr/local/sbin"))
        found = program_on_path(self.environment, name, more)
        return None if found is None else str(found.path)

    def _wait(self, client: Client, cancel: CancelToken, command: Sequence[str]) -> Node:
        deadline = time.monotonic() + self.timing.start_limit
        while True:
            node = _answer(client, cancel)
            if node is not None:
                return node
            if time.monotonic() > deadline:
                raise TunnelError(causes.DAEMON_FAILED, reason="it does not answer", command=shown(command))
            cancel.wait(_LOOKS_APART)


def _by_itself(daemon: Path) -> Sequence[str]:
    return (*_IN_BACKGROUND, str(daemon), f"--state={_STATE}", f"--socket={_SOCKET}")


def _answer(client: Client, cancel: CancelToken) -> Node | None:
    try:
        return client.node(cancel)
    except TunnelError as error:
        if error.code is Code.DAEMON_NOT_RUNNING:
            return None
        raise
