"""The REST API of one run, as the rest of the program sees it: where it listens, its tokens and `api.json`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from portway.core.errors import Problem, TunnelError
from portway.core.guard.callers import Consents
from portway.core.hub import Hub, Vault
from portway.core.timing import Timing
from portway.rest.auth.tokens import ApiFile, Issued, Tokens

if TYPE_CHECKING:
    from portway.rest.server.http_server import HttpServer
    from portway.rest.server.serving import Serving

logger = logging.getLogger(__name__)


class RestServer:
    """Main thread. Implements gui.dependencies.Api, before it listens too: the tray is there first.

    In order: `listen`, `announce` once the tunnels are started, `close` at the end.
    """

    def __init__(  # noqa: PLR0913 - each is a dependency of its own
        self, hub: Hub, vault: Vault, tokens: Tokens, *, version: str, timing: Timing, run_folder: Path
    ) -> None:
        self._hub = hub
        self._vault = vault
        self._tokens = tokens
        self._version = version
        self._timing = timing
        self._file = ApiFile(run_folder, version, tokens.run)
        self._server: HttpServer | None = None
        self._problem: Problem | None = None

    @property
    def port(self) -> int | None:
        """Where it listens; None while it does not."""
        return None if self._server is None else self._server.port

    @property
    def problem(self) -> Problem | None:
        """Why it does not listen, once it was to."""
        return self._problem

    def listen(
        self, port: int, window: Callable[[], None] | None = None, consents: Consents | None = None
    ) -> int | None:
        """Listen there, or at any free port for 0; return the port, None where it is taken: `problem` says so.

        Another port is never taken instead. `window` raises the window, `consents` asks the person in front of it;
        None, both, where there is no screen.
        """
        if self._server is None:
            self._server = self._build(window, consents)
        try:
            return self._server.listen(port)
        except TunnelError as error:
            self._problem = error.problem
            return None

    def announce(self) -> None:
        """Write `api.json`. A disk that takes nothing is only logged: calls that know the port still get in."""
        try:
            self._file.write(self.port)
        except TunnelError as error:
            logger.warning("The command line will not find this Portway. %s", error)

    def lasting_token(self, done: Callable[[Issued | Problem], None], *, renew: bool = False) -> None:
        """Give `done` the lasting token later, made if there is none or `renew` asks for it."""
        self._tokens.lasting(self._vault, done, renew=renew)

    def close(self) -> None:
        """Answer nobody any more, end waiting answers and streams, and remove `api.json`. Idempotent."""
        if self._server is not None:
            self._server.close()
        self._file.remove()

    def _build(self, window: Callable[[], None] | None, consents: Consents | None) -> HttpServer:
        from portway.rest.server.http_server import HttpServer  # late: the tray does not wait for QtHttpServer

        def make() -> Serving:
            from portway.rest.api.router import Api  # late, all of them: only a call needs them
            from portway.rest.http.policy import FailedLogins, Policy
            from portway.rest.server.serving import Serving

            api = Api(self._hub, self._vault, self._tokens, self._version, self._timing, window, consents)
            policy = Policy(api.rules, api.open_paths, self._tokens.check, FailedLogins(), api.tunnels)
            return Serving(policy, api, self._timing)

        return HttpServer(make)
