"""Commands that change something: as the person, and as administrator only where Tailscale refuses that."""

from collections.abc import Sequence
from dataclasses import dataclass

from portway.backends.tailscale.daemon.client import Client
from portway.backends.tailscale.parse.texts import is_denied
from portway.core.backend import SecretSource
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.secret import Secret
from portway.system.processes.command import Finished, LineListener
from portway.system.processes.privileges import Privileges, shown
from portway.system.secrets.store import KeyringUnreachableError, SecretStore


@dataclass(frozen=True, slots=True)
class Passwords:
    """The password of one call: as given with it, else the one that the person chose to keep in the keyring."""

    given: SecretSource
    kept: SecretStore
    owner: str

    def get(self, name: str) -> Secret | None:
        found = self.given.get(name)
        if found or not self.kept.known(self.owner, name):
            return found
        try:
            return self.kept.get(self.owner, name)
        except KeyringUnreachableError:
            return None

    def forget(self, name: str) -> None:
        self.given.forget(name)
        if not self.given.get(name) and self.kept.known(self.owner, name):
            self.kept.remove(self.owner, name)  # each further try would count as a failed log-in of the person


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may change this computer's Tailscale. Blocks; one call at a time by construction of its callers."""

    privileges: Privileges
    account: str
    limit: float

    def change(
        self,
        client: Client,
        arguments: Sequence[str],
        passwords: Passwords,
        cancel: CancelToken,
        on_line: LineListener | None = None,
    ) -> Finished:
        """Call the command and return how it ended. Raises TunnelError(needs_privileges, wrong_sudo_password, …)."""
        finished = client.run(arguments, limit=self.limit, cancel=cancel, on_line=on_line)
        if finished.code != 0 and is_denied(finished.stderr):
            return self._as_administrator(client, arguments, passwords, cancel, on_line)
        return finished

    def become_operator(self, client: Client, passwords: Passwords, cancel: CancelToken, *, may_ask: bool) -> None:
        """Let this account control Tailscale from now on. Raises TunnelError(needs_privileges, …)."""
        finished = self.privileges.run(
            self._operator_command(client), passwords, limit=self.limit, cancel=cancel, may_ask=may_ask
        )
        if finished.code != 0:
            raise client.failure_of(finished)

    def _as_administrator(
        self,
        client: Client,
        arguments: Sequence[str],
        passwords: Passwords,
        cancel: CancelToken,
        on_line: LineListener | None,
    ) -> Finished:
        command = client.command(*arguments)
        try:
            return self.privileges.run(command, passwords, limit=self.limit, cancel=cancel, on_line=on_line)
        except TunnelError as error:
            if error.code is not Code.NEEDS_PRIVILEGES:
                raise
            # Once this was done no step needs a password again.
            raise TunnelError(Code.NEEDS_PRIVILEGES, command=shown(self._operator_command(client))) from error

    def _operator_command(self, client: Client) -> list[str]:
        return client.command("set", f"--operator={self.account}")
