"""ngrok: a URL of the person's own account, through the official SDK inside this process."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from portway.backends.host_check import host_is_refused
from portway.backends.ngrok import probe
from portway.backends.ngrok.declaration import (
    AUTH_TOKEN,
    SERVICE,
    TOKEN_PAGE,
    TOKEN_SHAPE,
    NgrokExtras,
    NgrokOptions,
)
from portway.backends.ngrok.installed import sdk_version
from portway.backends.ngrok.refusals import silence
from portway.core.backend import Command, Context
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError
from portway.core.options import declared
from portway.core.secret import Secret
from portway.core.status import BackendId, Installation, Reach
from portway.system.awake import Clock, seconds_with_sleep
from portway.system.secret_source import secret_at_hand
from portway.system.services import Services

if TYPE_CHECKING:
    from portway.backends.ngrok.agent import Agents, Service
    from portway.backends.ngrok.keeper import Keeper
    from portway.backends.ngrok.loop_thread import LoopThread
    from portway.backends.ngrok.session import NgrokSession

__all__ = ["NgrokBackend", "NgrokExtras", "NgrokOptions"]

_TOKEN = declared(NgrokOptions)[AUTH_TOKEN]


class NgrokBackend:
    """Implements Backend. One connection to the service, on a loop that is started at the first open.

    What runs a tunnel is imported then too: it needs asyncio and ssl, and an idle program neither of them.
    """

    id = BackendId("ngrok")
    title = SERVICE
    reach = Reach.INTERNET
    options: type = NgrokOptions
    no_extras: object = NgrokExtras()
    commands: tuple[Command, ...] = ()
    can_stay = False
    refusals_allowed = 0

    def __init__(self, services: Services, clock: Clock = seconds_with_sleep) -> None:
        self._services = services
        self._timing = services.timing
        self._clock = clock
        self._thread: LoopThread | None = None
        self._agents: Agents | None = None
        self._importable = True
        self._had_token = False  # when the last open was refused for want of a good one

    def inspect(self) -> Installation:
        version = sdk_version() if self._importable else None
        if version is None:
            return Installation(supported=False, installed=False, extras=NgrokExtras())
        missing = None if self._token_at_hand() else _token_missing().problem
        return Installation(version=version, source="sdk", missing=missing, extras=NgrokExtras(sdk_version=version))

    def reclaim(self, context: Context) -> NgrokSession | None:  # noqa: ARG002 - of the Protocol
        return None  # the service ends what belonged to a process that ended

    def open(self, context: Context) -> NgrokSession:
        from portway.backends.ngrok.agent import find_service
        from portway.backends.ngrok.loop_thread import LoopThread
        from portway.backends.ngrok.session import NgrokSession

        context.cancel.check()
        self._thread = thread = self._thread or LoopThread("portway-ngrok")
        service = find_service(self._services.environment)
        try:
            keeper = self._opened(context, thread, service, self._token(context))
        except AuthNeeded as error:
            if error.code is Code.TOKEN_REJECTED:
                context.secrets.forget(AUTH_TOKEN)
            self._had_token = self._token_at_hand()
            raise
        except TunnelError as error:
            self._importable = error.code is not Code.UNSUPPORTED_PLATFORM
            raise
        version = sdk_version()
        refused = not context.options.host_header and host_is_refused(
            context.origin, keeper.domain, self._timing.origin_look
        )
        context.listener.report(NgrokExtras(domain=keeper.domain, sdk_version=version, host_refused=refused))
        return NgrokSession(keeper, thread, self._timing, NgrokExtras(sdk_version=version))

    def still_blocked(self, code: Code) -> bool:  # noqa: ARG002 - each has the same cause
        # A rejected token does not get better; one that was not there then may do.
        return self._had_token or not self._token_at_hand()

    def shut_down(self) -> None:
        """End the connection that was kept for the next tunnel, and the loop. The end of the process does the same."""
        if self._agents is not None and self._thread is not None:
            self._thread.run(self._agents.hang_up(), CancelToken(), self._timing.close_limit)
            self._thread.stop(self._timing.close_limit)

    def _opened(self, context: Context, thread: LoopThread, service: Service, token: Secret) -> Keeper:
        from portway.backends.ngrok.agent import Agents, Plan
        from portway.backends.ngrok.keeper import Keeper

        if self._agents is None:
            self._agents = Agents(service, self._timing)
        options: NgrokOptions = context.options
        keeper = Keeper(
            self._agents,
            Plan(token=token, origin=context.origin, domain=options.domain.lower(), host_header=options.host_header),
            self._timing,
            partial(probe.is_offline, certificates=service.certificates, limit=self._timing.probe_limit),
            self._clock,
        )
        try:
            thread.run(keeper.open(context.listener), context.cancel, 2 * self._timing.start_limit)
        except TimeoutError:
            raise silence() from None
        return keeper

    def _token(self, context: Context) -> Secret:
        """Return a token in the right form. Raises AuthNeeded."""
        found = context.secrets.get(AUTH_TOKEN, context.cancel)
        text = "" if found is None else found.reveal().strip()
        if not text:
            raise _token_missing()
        if re.fullmatch(TOKEN_SHAPE, text) is None:
            raise AuthNeeded(Code.TOKEN_REJECTED, "shape", action_url=TOKEN_PAGE, service=SERVICE)
        return Secret(text)

    def _token_at_hand(self) -> bool:
        return secret_at_hand(self._services, self.id, AUTH_TOKEN, _TOKEN)


def _token_missing() -> AuthNeeded:
    return AuthNeeded(Code.NEEDS_TOKEN, action_url=TOKEN_PAGE, service=SERVICE)
