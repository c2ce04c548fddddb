"""ngrok: a URL of the person's own account, through the official SDK inside this process."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from portway.backends.ngrok import causes, probe
from portway.backends.ngrok.declaration import (
    ABOUT,
    AUTH_TOKEN,
    ONE_ADDRESS,
    SAME_DOMAIN,
    SERVICE,
    TOKEN_PAGE,
    TOKEN_SHAPE,
    VISITOR,
    NgrokExtras,
    NgrokOptions,
    NgrokTiming,
    sdk_version,
)
from portway.backends.ngrok.refusals import silence
from portway.core.backend import BackendBase, Context
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError
from portway.core.options import declared
from portway.core.secret import Secret
from portway.core.status import BackendId, Installation, TunnelId
from portway.system.desktop.awake import Clock, seconds_with_sleep
from portway.system.secrets.source import secret_at_hand
from portway.system.services import Services

if TYPE_CHECKING:
    from portway.backends.ngrok.endpoint_supervisor import EndpointSupervisor, NgrokSession
    from portway.backends.ngrok.loop_thread import LoopThread
    from portway.backends.ngrok.session_pool import Service, SessionPool

__all__ = ["NgrokBackend", "NgrokExtras", "NgrokOptions"]

_TOKEN = declared(NgrokOptions)[AUTH_TOKEN]


class Shared:
    """What all tunnels of ngrok share: one loop, and one session for each account. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: LoopThread | None = None
        self._pool: SessionPool | None = None

    def thread(self) -> LoopThread:
        """Return the loop, made at the first open."""
        from portway.backends.ngrok.loop_thread import LoopThread

        with self._lock:
            self._thread = self._thread or LoopThread("portway-ngrok")
            return self._thread

    def pool(self, service: Service, timing: NgrokTiming) -> SessionPool:
        """Return the sessions, made at the first open."""
        from portway.backends.ngrok.session_pool import SessionPool

        with self._lock:
            self._pool = self._pool or SessionPool(service, timing)
            return self._pool

    def end(self, limit: float) -> None:
        """End the sessions, and the loop."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None and self._thread is not None:
            self._thread.run(pool.hang_up_all(), CancelToken(), limit)
            self._thread.stop(limit)


class NgrokBackend(BackendBase):
    """Implements Backend. One connection to the service, on a loop that is started at the first open.

    What runs a tunnel is imported then too: it needs asyncio and ssl, and an idle program neither of them.
    """

    kind = BackendId("ngrok")
    title = SERVICE
    about = ABOUT
    icon = "ngrok"
    trusted_client = VISITOR
    options: type = NgrokOptions
    no_extras = NgrokExtras()

    def __init__(
        self,
        services: Services,
        clock: Clock = seconds_with_sleep,
        tunnel: TunnelId | None = None,
        shared: Shared | None = None,
    ) -> None:
        super().__init__(tunnel)
        self._shared = shared or Shared()
        self._services = services
        self._timing = NgrokTiming.of(services.timing)
        self._clock = clock
        self._importable = True
        self._had_token = False  # when the last open was refused for want of a good one

    def caution(self, options: NgrokOptions, others: Sequence[NgrokOptions]) -> str:
        domains = [other.domain.lower() for other in others]
        if options.domain.lower() not in domains:
            return ""
        return SAME_DOMAIN if options.domain else ONE_ADDRESS

    def another(self, tunnel: TunnelId) -> NgrokBackend:
        return NgrokBackend(self._services, self._clock, tunnel, self._shared)

    def inspect(self) -> Installation:
        version = sdk_version() if self._importable else None
        if version is None:
            return Installation(supported=False, installed=False, extras=NgrokExtras())
        missing = None if self._token_at_hand() else _token_missing().problem
        return Installation(version=version, source="sdk", missing=missing, extras=NgrokExtras(sdk_version=version))

    def open(self, context: Context) -> NgrokSession:
        from portway.backends.ngrok.endpoint_supervisor import NgrokSession
        from portway.backends.ngrok.session_pool import find_service

        context.cancel.check()
        thread = self._shared.thread()
        service = find_service(self._services.environment)
        try:
            supervisor = self._opened(context, thread, service, self._token(context))
        except AuthNeeded as error:
            if error.code is Code.TOKEN_REJECTED:
                context.secrets.forget(AUTH_TOKEN)
            self._had_token = self._token_at_hand()
            raise
        except TunnelError as error:
            self._importable = error.code is not Code.UNSUPPORTED_PLATFORM
            raise
        version = sdk_version()
        session = NgrokSession(supervisor, thread, self._timing, NgrokExtras(sdk_version=version))
        try:
            context.listener.report(NgrokExtras(domain=supervisor.domain, sdk_version=version))
        except BaseException:
            session.close(context)
            raise
        return session

    def still_blocked(self, code: Code) -> bool:  # noqa: ARG002 - each has the same cause
        # A rejected token does not get better; one that was not there then may do.
        return self._had_token or not self._token_at_hand()

    def shut_down(self) -> None:
        """End the connection that was kept for the next tunnel, and the loop. The end of the process does the same."""
        self._shared.end(self._timing.close_limit)

    def _opened(self, context: Context, thread: LoopThread, service: Service, token: Secret) -> EndpointSupervisor:
        from portway.backends.ngrok.endpoint_supervisor import EndpointSupervisor
        from portway.backends.ngrok.session_pool import Plan

        options: NgrokOptions = context.options
        supervisor = EndpointSupervisor(
            self._shared.pool(service, self._timing),
            Plan(token=token, origin=context.origin, domain=options.domain.lower(), host_header=options.host_header),
            self._timing,
            partial(probe.is_offline, certificates=service.certificates, limit=self._timing.probe_limit),
            self._clock,
        )
        limit = self._timing.forgotten_after + 2 * self._timing.start_limit
        try:
            thread.run(
                supervisor.open(context.listener),
                context.cancel,
                limit,
            )
        except TimeoutError:
            thread.run(supervisor.close(), CancelToken(), self._timing.close_limit)  # it may have come up just then
            raise silence() from None
        finally:
            context.listener.progress(None)
        return supervisor

    def _token(self, context: Context) -> Secret:
        """Return a token in the right form. Raises AuthNeeded."""
        found = context.secrets.get(AUTH_TOKEN, context.cancel)
        text = "" if found is None else found.reveal().strip()
        if not text:
            raise _token_missing()
        if re.fullmatch(TOKEN_SHAPE, text) is None:
            raise AuthNeeded(causes.NO_TOKEN_SHAPE, action_url=TOKEN_PAGE, service=SERVICE)
        return Secret(text)

    def _token_at_hand(self) -> bool:
        return secret_at_hand(self._services, self.kind, AUTH_TOKEN, _TOKEN)


def _token_missing() -> AuthNeeded:
    return AuthNeeded(Code.NEEDS_TOKEN, action_url=TOKEN_PAGE, service=SERVICE)
