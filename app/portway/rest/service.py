"""The REST API of one run, as the rest of the program sees it: server, tokens and `api.json` together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from portway.core.errors import Problem, TunnelError
from portway.core.hub import Hub, Vault
from portway.core.timing import Timing
from portway.rest.api_file import ApiFile
from portway.rest.tokens import Issued, Tokens

if TYPE_CHECKING:
    from portway.rest.server import RestServer

logger = logging.getLogger(__name__)


class RestService:
    """Main thread. Implements gui.parts.Api, before it listens too: the tray is there first."""

    def __init__(  # noqa: PLR0913 - each is a dependency of its own
        self, hub: Hub, vault: Vault, tokens: Tokens, *, version: str, timing: Timing, run_folder: Path
    ) -> None:
        self._hub = hub
        self._vault = vault
        self._tokens = tokens
        self._version = version
        self._timing = timing
        self._file = ApiFile(run_folder, version, tokens.run)
        self._server: RestServer | None = None
        self._problem: Problem | None = None

    @property
    def port(self) -> int | None:
        """Where it listens; None while it does not."""
        return None if self._server is None else self._server.port

    @property
    def problem(self) -> Problem | None:
        """Why it does not listen, once it was to."""
        return self._problem

    def start(self, port: int, window: Callable[[], None] | None) -> int | None:
        """Listen there, or at any free port for 0; return the port, None where it is taken: `problem` says so.

        `window` raises the window; None where there is none.
        """
        from portway.rest.server import RestServer  # late: the tray does not wait for QtHttpServer

        self._server = RestServer(self._hub, self._vault, self._tokens, self._version, self._timing, window)
        try:
            return self._server.listen(port)
        except TunnelError as error:
            self._problem = error.problem
            return None

    def tell(self) -> None:
        """Write `api.json`. A disk that takes nothing is only logged: calls that know the port still get in."""
        try:
            self._file.write(self.port)
        except TunnelError as error:
            logger.warning("The command line will not find this Portway. %s", error)

    def lasting_token(self, done: Callable[[Issued | Problem], None], *, renew: bool = False) -> None:
        """Give `done` the lasting token later, made if there is none or `renew` asks for it."""
        self._tokens.lasting(self._vault, done, renew=renew)

    def close(self) -> None:
        """Answer nobody any more, and remove `api.json`. Idempotent."""
        if self._server is not None:
            self._server.close()
        self._file.remove()
