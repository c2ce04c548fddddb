"""Logging this computer in: the page for a person, or an auth key."""

import json
import logging
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from portway.backends.tailscale import causes
from portway.backends.tailscale.causes import TAILSCALE
from portway.backends.tailscale.daemon.client import Client
from portway.backends.tailscale.daemon.rights import Passwords, Rights
from portway.backends.tailscale.declaration import AUTH_KEY
from portway.backends.tailscale.parse.node import NEEDS_LOGIN, Node
from portway.backends.tailscale.parse.texts import is_denied, trusted_link, waiting_for_login
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError
from portway.core.secret import Secret
from portway.system.processes.command import Finished, LineListener, StreamName
from portway.system.storage.files import remove, write_whole

logger = logging.getLogger(__name__)

_REPEAT_ALL = re.compile(r"requires mentioning all")
_WHOLE_COMMAND = re.compile(r"^\s*(tailscale up [^\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Login:
    """Uses `tailscale up`, never `tailscale login`, which would leave the present profile. Waits for no person."""

    client: Client
    rights: Rights
    folder: Path  # for the moment in which a key has to stand in a file
    limit: float

    def begin(self, node: Node, hostname: str, passwords: Passwords, cancel: CancelToken, *, may_ask: bool) -> None:
        """Return if the computer is logged in afterwards, else raise AuthNeeded with the page for a person.

        Raises TunnelError(needs_privileges, …) where this account may not.
        """
        if node.state != NEEDS_LOGIN:
            return
        key = passwords.given.get(AUTH_KEY)
        if key:
            self._with_key(key, hostname, passwords, cancel, may_ask=may_ask)
            return
        if node.auth_url or node.expired:
            raise waiting_for_login(node)
        self._with_page(hostname, passwords, cancel, may_ask=may_ask)

    def _with_page(self, hostname: str, passwords: Passwords, cancel: CancelToken, *, may_ask: bool) -> None:
        said: list[str] = []

        def listen(stream: StreamName, line: str) -> None:
            if stream == "stdout":
                said.append(line)
                link = login_link("\n".join(said))
                if link is not None:  # the daemon waits for the person from here on: the command is not needed for it
                    raise _page(link)

        finished = self._up([f"--timeout={self.limit:.0f}s"], hostname, passwords, cancel, listen, may_ask=may_ask)
        if finished.code != 0:
            raise self._failure(finished)

    def _with_key(
        self, key: Secret, hostname: str, passwords: Passwords, cancel: CancelToken, *, may_ask: bool
    ) -> None:
        file = self.folder / f"auth-key-{os.urandom(6).hex()}"
        write_whole(file, key.reveal().encode())  # a command line can be read by every user
        try:
            flags = [f"--auth-key=file:{file}", f"--timeout={self.limit:.0f}s"]
            finished = self._up(flags, hostname, passwords, cancel, None, may_ask=may_ask)
        finally:
            remove(file)
        if finished.code != 0:
            failure = self._failure(finished)
            if failure.code is not Code.REFUSED_BY_SERVICE:
                raise failure
            logger.info("The auth key did not work: %s", failure)
            raise AuthNeeded(causes.KEY_REJECTED, service=TAILSCALE)

    def _up(  # noqa: PLR0913 - one call of this module
        self,
        flags: list[str],
        hostname: str,
        passwords: Passwords,
        cancel: CancelToken,
        listen: LineListener | None,
        *,
        may_ask: bool,
    ) -> Finished:
        arguments = ["up", "--json", *flags, *self._lasting_flags(hostname)]
        limit = self.limit + self.client.timing.probe_limit
        finished = self.client.run(arguments, limit=limit, cancel=cancel, on_line=listen)
        if finished.code == 0 or not is_denied(finished.stderr):
            return finished
        self.rights.become_operator(self.client, passwords, cancel, may_ask=may_ask)
        return self.client.run(arguments, limit=limit, cancel=cancel, on_line=listen)

    def _lasting_flags(self, hostname: str) -> list[str]:
        flags = [f"--hostname={hostname}"] if hostname else []
        # Each flag that is not named goes back to its default, so the operator would lose their own rights half way.
        if sys.platform != "win32" and self.client.account.uid != 0:
            flags.append(f"--operator={self.client.account.name}")
        return flags

    def _failure(self, finished: Finished) -> TunnelError:
        if _REPEAT_ALL.search(finished.stderr):
            whole = _WHOLE_COMMAND.search(finished.stderr)
            command = "tailscale up" if whole is None else whole[1].strip()
            return AuthNeeded(causes.LOGIN_BY_COMMAND, service=TAILSCALE, command=command)
        return self.client.failure_of(finished)


def _page(link: str) -> TunnelError:
    page = trusted_link(link)
    if page is None:
        return AuthNeeded(causes.LOGIN_BY_COMMAND, service=TAILSCALE, command="tailscale up")
    return AuthNeeded(Code.NEEDS_LOGIN, action_url=page, service=TAILSCALE)


def login_link(text: str) -> str | None:
    """Return the log-in page, if what `tailscale up --json` has printed so far names it: a series of JSON documents."""
    decoder = json.JSONDecoder()
    position = text.find("{")
    while position >= 0:
        try:
            document, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return None  # not whole yet
        link = document.get("AuthURL") if isinstance(document, dict) else None
        if isinstance(link, str) and link:
            return link
        position = text.find("{", end)
    return None
