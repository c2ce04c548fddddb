"""The REST API of one run, as the rest of the program sees it: the server and its `api.json` together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from portway.core.errors import Problem, TunnelError
from portway.core.hub import Hub, Vault
from portway.core.timing import Timing
from portway.rest.api_file import ApiFile
from portway.rest.server import RestServer
from portway.rest.tokens import Tokens

logger = logging.getLogger(__name__)


class RestService:
    """Main thread. `window` raises the window; None where there is none."""

    def __init__(  # noqa: PLR0913 - each is a dependency of its own
        self,
        hub: Hub,
        vault: Vault,
        tokens: Tokens,
        *,
        version: str,
        timing: Timing,
        run_folder: Path,
        window: Callable[[], None] | None = None,
    ) -> None:
        self._server = RestServer(hub, vault, tokens, version, timing, window)
        self._file = ApiFile(run_folder, version, tokens.run)
        self._problem: Problem | None = None

    @property
    def port(self) -> int | None:
        """Where it listens; None while it does not."""
        return self._server.port

    @property
    def problem(self) -> Problem | None:
        """Why it does not listen."""
        return self._problem

    def start(self, port: int) -> int | None:
        """Listen there, or at any free port for 0; return the port, None where it is taken: `problem` says so."""
        try:
            self._server.listen(port)
        except TunnelError as error:
            self._problem = error.problem
        return self.port

    def tell(self) -> None:
        """Write `api.json`. A disk that takes nothing is only logged: calls that know the port still get in."""
        try:
            self._file.write(self.port)
        except TunnelError as error:
            logger.warning("The command line will not find this Portway. %s", error)

    def close(self) -> None:
        """Answer nobody any more, and remove `api.json`. Idempotent."""
        self._server.close()
        self._file.remove()
