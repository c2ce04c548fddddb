"""What all tunnels share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portway.core.backend import Backend, SecretSource
from portway.core.errors import TunnelError
from portway.core.secret import Secret
from portway.core.settings import DEFAULT_TARGET, Settings
from portway.core.target import Target, parse_target
from portway.runtime.lane import Lane
from portway.runtime.origin_watch import OriginWatch
from portway.runtime.wish_book import WishBook
from portway.system.services import Services

SecretsFor = Callable[[Backend, type, Mapping[str, Secret]], SecretSource]
"""Makes the secrets of one run or command: whose, the type of its options, and what the request gave."""


class CurrentSettings:
    """The settings as of now, and what follows from them for a tunnel of which nothing is named."""

    def __init__(self, settings: Settings) -> None:
        self.now = settings

    @property
    def target(self) -> Target:
        """What is exposed where nothing else is named."""
        try:
            return parse_target(self.now.general.target)
        except TunnelError:  # The file's reader warned of it.
            return parse_target(DEFAULT_TARGET)

    def options(self, backend: Backend) -> Any:  # noqa: ANN401 - of the type `backend.options`
        """Return the options of a backend as they are set."""
        return self.now.backends.get(backend.id) or backend.options()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Given to each tunnel."""

    services: Services
    settings: CurrentSettings
    secrets: SecretsFor
    lane: Lane
    origins: OriginWatch
    wishes: WishBook
