"""The two tokens that let calls in: that of this run, and the lasting one, of which only the hash is kept."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Vault
from portway.core.secret import Secret
from portway.rest.http.policy import Credential
from portway.system.storage.files import DamagedFileError, move_aside, read_trusted, remove, write_whole

VARIABLE = "PORTWAY_API_TOKEN"
SHORTEST_TOKEN = 20
_FILE = "api-token.sha256"
_OWNER, _NAME = "api", "token"
_LARGEST_FILE = 1024
_HASH = re.compile(rb"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Issued:
    """The lasting token. `warning`: there is no keyring to keep it in, so this is the only time it is shown."""

    token: Secret
    warning: Problem | None = None


class Tokens:
    """Both tokens. `run` is made anew with each object. On the main thread."""

    def __init__(self, path: Path, lasting_hash: bytes | None, *, from_environment: bool = False) -> None:
        self.run = Secret(_new_token())
        self._path = path
        self._lasting_hash = lasting_hash
        self._from_environment = from_environment

    @classmethod
    def load(cls, data_folder: Path, environment: Mapping[str, str]) -> Tokens:
        """Read what lasts; no keyring is touched. Raises TunnelError(bad_request) for a PORTWAY_API_TOKEN too short."""
        path = data_folder / _FILE
        given = environment.get(VARIABLE, "")
        if given and len(given) < SHORTEST_TOKEN:
            raise TunnelError(Code.BAD_REQUEST, "token_short", shortest=SHORTEST_TOKEN)
        if given:
            return cls(path, _hash(given.encode(errors="surrogateescape")), from_environment=True)
        return cls(path, _read_hash(path))

    def check(self, token: bytes) -> Credential | None:
        """Return which token this is, in constant time; None for a wrong one."""
        import hmac  # late: it loads OpenSSL, 3.5 MB that nothing else needs while idle

        digest = _hash(token)
        is_run = hmac.compare_digest(digest, _hash(self.run.reveal().encode()))
        is_lasting = self._lasting_hash is not None and hmac.compare_digest(digest, self._lasting_hash)
        if is_run:
            return Credential.RUN
        return Credential.LASTING if is_lasting else None

    def lasting(self, vault: Vault, done: Callable[[Issued | Problem], None], *, renew: bool = False) -> None:
        """Give `done` the lasting token, made if there is none yet or `renew` asks for it; the old one is then void."""
        if self._from_environment:
            done(Problem(Code.BAD_REQUEST, "token_environment"))
        elif self._lasting_hash is None or renew:
            self._make(vault, done)
        else:
            vault.get(_OWNER, _NAME, lambda found: done(self._shown(found)))

    def _make(self, vault: Vault, done: Callable[[Issued | Problem], None]) -> None:
        token = Secret(_new_token())
        digest = _hash(token.reveal().encode())
        try:
            write_whole(self._path, digest.hex().encode() + b"\n")
        except TunnelError as error:
            done(error.problem)
            return
        self._lasting_hash = digest
        vault.put(_OWNER, _NAME, token, lambda problem: done(Issued(token, problem)))

    def _shown(self, found: Secret | None) -> Issued | Problem:
        if found is not None and self.check(found.reveal().encode()) is Credential.LASTING:
            return Issued(found)
        return Problem(Code.NO_SECURE_STORAGE, "api_token")


class ApiFile:
    """run/api.json: how the command line of the same user, and nobody else, finds this run and gets in."""

    def __init__(self, run_folder: Path, version: str, token: Secret) -> None:
        self.path = run_folder / "api.json"
        self._version = version
        self._token = token

    def write(self, port: int | None) -> None:
        """Say where the API is; None: its port was taken. Raises TunnelError(storage_failed)."""
        record = {
            "pid": os.getpid(),
            "port": port,
            "url": None if port is None else f"http://127.0.0.1:{port}",
            "version": self._version,
            "token": self._token.reveal(),
        }
        write_whole(self.path, json.dumps(record).encode())

    def remove(self) -> None:
        """Take it away, at exit."""
        remove(self.path)


def _new_token() -> str:
    # As secrets.token_urlsafe(32) makes it, without the OpenSSL that is loaded with that.
    return base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


def _hash(token: bytes) -> bytes:
    import hashlib  # late: see `check`

    return hashlib.sha256(token).digest()


def _read_hash(path: Path) -> bytes | None:
    try:
        content = read_trusted(path, _LARGEST_FILE)
    except DamagedFileError as error:
        move_aside(path, str(error))
        return None
    if content is None:
        return None
    if _HASH.fullmatch(content.strip()) is None:
        move_aside(path, "it is no hash")
        return None
    return bytes.fromhex(content.strip().decode())
