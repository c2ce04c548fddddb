"""The secrets of one run: from the request, the keyring, the environment, or the `.env` file, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from portway.core.backend import Backend
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded
from portway.core.options import Option, declared
from portway.core.secret import Secret
from portway.system.dotenv import read_variable
from portway.system.secret_store import KeyringUnreachableError
from portway.system.services import Services


class RunSecrets:
    """Implements core.backend.SecretSource for one run of `backend`, or of its command with these `options`.

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
        self._owner = backend.id
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
            self._services.secrets.forget(self._owner, name, rejected)

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
        store = self._services.secrets
        if store.known(self._owner, name) is False:
            return None
        try:
            if otherwise is None:
                return store.get(self._owner, name, cancel=cancel)
            # With another token at hand nobody is asked to unlock, or waited for.
            patience = self._services.timing.keyring_patience
            return store.get(self._owner, name, may_prompt=False, limit=patience, cancel=cancel)
        except KeyringUnreachableError:
            if otherwise is None and store.known(self._owner, name):
                raise AuthNeeded(
                    Code.NEEDS_TOKEN, "keyring", action_url=declaration.page, service=self._title
                ) from None
            return None


def secret_at_hand(services: Services, owner: str, name: str, declaration: Option) -> bool:
    """Whether a run would find this secret, as far as can be told without touching the keyring."""
    return bool(services.secrets.known(owner, name)) or environment_secret(services, declaration) is not None


def environment_secret(services: Services, declaration: Option) -> Secret | None:
    """Return what the environment, else the `.env` file in the config folder, holds for an option."""
    for variable in declaration.environment:
        text = services.environment.get(variable, "").strip()
        text = text or read_variable(services.folders.config / ".env", variable).strip()
        if text:
            return Secret(text)
    return None
