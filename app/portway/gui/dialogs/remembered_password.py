"""The sudo password in the keyring: only where the person has set it so, and gone at its first rejection."""

import logging
from collections.abc import Callable

from portway.core.errors import Problem
from portway.core.secret import Secret
from portway.gui.dependencies import GuiDependencies
from portway.gui.setting_writer import SettingWriter

logger = logging.getLogger(__name__)

NAME = "sudo_password"
SETTING = "general.rememberSudoPassword"


class RememberedPassword:
    """For the steps of one backend that take administrator rights. Main thread; answers later."""

    def __init__(self, dependencies: GuiDependencies, owner: str) -> None:
        self._dependencies = dependencies
        self._owner = owner
        self._writer = SettingWriter(dependencies)

    @property
    def wanted(self) -> bool:
        """Whether the person has set it so."""
        return self._dependencies.hub.settings.general.remember_sudo_password

    @property
    def there(self) -> bool:
        """Whether one may be used, as far as is known without opening the keyring."""
        return self.wanted and bool(self._dependencies.services.secrets.known(self._owner, NAME))

    def fetch(self, done: Callable[[Secret | None], None]) -> None:
        """Give it to `done`, or None."""
        self._dependencies.vault.get(self._owner, NAME, done)

    def keep(self, password: Secret) -> None:
        """Remember one that has just worked, if that is wanted."""
        if self.wanted:
            self._dependencies.vault.put(self._owner, NAME, password, _note)

    def want(self, *, wanted: bool) -> None:
        """Set whether a password is remembered from now on; what was remembered goes with a no."""
        if wanted == self.wanted:
            return
        refused = self._writer.write(SETTING, wanted)
        if refused is not None:
            _note(refused.problem)
        elif not wanted:
            self.forget()

    def forget(self) -> None:
        """Remove it."""
        self._dependencies.vault.remove(self._owner, NAME, _note)


def _note(problem: Problem | None) -> None:
    if problem is not None:
        logger.info("The sudo password: %s", problem.sentence)
