"""Whom the person trusts: keys of servers that ssh was told of through Portway, in a file of our own."""

import base64
import binascii
import contextlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from portway.backends.ssh.command_line import key_question
from portway.backends.ssh.declaration import SshTiming
from portway.backends.ssh.program import Server, SshProgram
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.storage.files import DamagedFileError, private_folder, read_trusted, remove, write_whole

_FIELDS = 3  # of a line: names, type, key


@dataclass(frozen=True, slots=True)
class HostKey:
    """A key that a server showed: the line for a file of known hosts, and its fingerprint."""

    line: str
    fingerprint: str


class HostKeys:
    """The file `known_hosts` in our data folder. Safe on every thread."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "known_hosts"
        self._lock = threading.Lock()

    def ask(self, program: SshProgram, server: Server, timing: SshTiming, cancel: CancelToken) -> HostKey | None:
        """Let the server show its key, on the person's own way there; None where it shows none. Logs in nowhere.

        Raises TunnelError, Cancelled.
        """
        private_folder(self.path.parent)
        file = self.path.with_name(f"asked-{os.urandom(6).hex()}")
        try:
            with contextlib.suppress(_TimeOver):
                _run(program, key_question(server, file, timing), timing, cancel)
            return _key_in(read_trusted(file))
        except DamagedFileError:
            return None
        finally:
            remove(file)

    def trust(self, key: HostKey) -> None:
        """Know that server from now on. Raises TunnelError(storage_failed)."""
        with self._lock:
            try:
                known = read_trusted(self.path) or b""
            except DamagedFileError:
                known = b""
            lines = [*known.decode(errors="replace").splitlines(), key.line]
            write_whole(self.path, "".join(f"{line}\n" for line in lines if line).encode())


class _TimeOver(Exception):  # noqa: N818 - the key was shown before, or not
    """The server let somebody in without any key, so that ssh stayed."""


def _run(program: SshProgram, words: list[str], timing: SshTiming, cancel: CancelToken) -> None:
    try:
        program.run(words, timing.connect_limit + timing.visit_limit, cancel)
    except TunnelError as error:
        if error.code is Code.START_TIMEOUT:
            raise _TimeOver from error
        raise


def _key_in(content: bytes | None) -> HostKey | None:
    """Return the one key of a file that ssh has written."""
    import hashlib  # late: an idle program does without OpenSSL

    for line in (content or b"").decode(errors="replace").splitlines():
        parts = line.split()
        if len(parts) != _FIELDS:
            continue
        with contextlib.suppress(binascii.Error, ValueError):
            digest = hashlib.sha256(base64.b64decode(parts[2], validate=True)).digest()
            return HostKey(line, f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}")
    return None
