"""The secrets of one attempt or command: of the request, the keyring, the environment, or the `.env` file, in order."""

import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from portway.core.backend import Backend, keeper
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded
from portway.core.options import Option, declared
from portway.core.secret import Secret
from portway.system.secrets.store import KeyringUnreachableError
from portway.system.services import Services
from portway.system.storage.files import DamagedFileError, read_trusted

logger = logging.getLogger(__name__)

_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*?)\s*")
_QUOTED = re.compile(r"(?P<quote>['\"])(?P<text>.*?)(?P=quote)\s*(?:#.*)?")
_COMMENT = re.compile(r"(?:^|\s+)#.*")
LARGEST = 1 << 16


class LayeredSecrets:
    """Implements core.backend.SecretSource for one attempt of `backend`, or one command with these `options`.

    `given` holds the one-shot secrets of the request. `learn` is told each secret that is used, so that logs can hide
    it. Used on the worker's thread: `get` may wait for the keyring, up to its limit.
    """

    def __init__(
        self,
        services: Services,
        backend: Backend,
        options: type,
        given: Mapping[str, Secret],
        learn: Callable[[Secret], None],
    ) -> None:
        self._services = services
        self._backend = backend
        self._title = backend.title
        self._declared = declared(options)
        self._given = given
        self._learn = learn
        self._from_store: dict[str, Secret] = {}

    def get(self, name: str, cancel: CancelToken | None = None) -> Secret | None:
        """Return the secret, None if there is none. AuthNeeded(needs_token) where only a locked keyring has one."""
        found = self._given.get(name) or self._find(name, cancel)
        if found is not None:
            self._learn(found)
        return found

    def forget(self, name: str) -> None:
        rejected = self._from_store.pop(name, None)
        if rejected is not None:
            owner = keeper(self._backend, self._declared[name])
            self._services.secrets.forget(owner, name, rejected)

    def _find(self, name: str, cancel: CancelToken | None) -> Secret | None:
        declaration = self._declared[name]
        surrounding = environment_secret(self._services, declaration)
        if declaration.stored:
            stored = self._stored(name, declaration, surrounding, cancel)
            if stored is not None:
                self._from_store[name] = stored
                return stored
        return surrounding

    def _stored(
        self, name: str, declaration: Option, otherwise: Secret | None, cancel: CancelToken | None
    ) -> Secret | None:
        store, owner = self._services.secrets, keeper(self._backend, declaration)
        if store.known(owner, name) is False:
            return None
        try:
            if otherwise is None:
                return store.get(owner, name, cancel=cancel)
            # With another token at hand nobody is asked to unlock, or waited for.
            patience = self._services.timing.keyring_patience
            return store.get(owner, name, may_prompt=False, limit=patience, cancel=cancel)
        except KeyringUnreachableError:
            if otherwise is None and store.known(owner, name):
                raise AuthNeeded(
                    Code.NEEDS_TOKEN, "keyring", action_url=declaration.page, service=self._title
                ) from None
            return None


def secret_at_hand(services: Services, owner: str, name: str, declaration: Option) -> bool:
    """Whether an attempt would find this secret, as far as can be told without touching the keyring."""
    return bool(services.secrets.known(owner, name)) or environment_secret(services, declaration) is not None


def environment_secret(services: Services, declaration: Option) -> Secret | None:
    """Return what the environment, else the `.env` file in the config folder, holds for an option."""
    for variable in declaration.environment:
        text = services.environment.get(variable, "").strip()
        text = text or read_variable(services.folders.config / ".env", variable).strip()
        if text:
            return Secret(text)
    return None


def read_variable(path: Path, name: str) -> str:
    """Return the value of `name`, empty if there is none. The last line that sets it wins, as in a shell.

    `NAME=value`, with or without `export` and quotes; nothing is expanded. A file that cannot be trusted is logged
    and reads as empty.
    """
    try:
        content = read_trusted(path, LARGEST)
    except DamagedFileError as error:
        logger.warning("%s is not read: %s", path, error)
        return ""
    value = ""
    for line in (content or b"").decode("utf-8-sig", errors="replace").splitlines():
        match = _LINE.fullmatch(line)
        if match is not None and match["name"] == name:
            value = _unquoted(match["value"])
    return value


def _unquoted(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    return quoted["text"] if quoted is not None else _COMMENT.sub("", text)
