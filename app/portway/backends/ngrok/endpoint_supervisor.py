"""Keeps one endpoint up: opens it, notices what becomes of it, and brings it back under the same URL."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from portway.backends.ngrok.declaration import SERVICE, NgrokExtras, NgrokTiming
from portway.backends.ngrok.heartbeat import EventListener, SessionEvent
from portway.backends.ngrok.loop_thread import LoopThread
from portway.backends.ngrok.refusals import stopped_by_service
from portway.backends.ngrok.sdk import Endpoint
from portway.backends.ngrok.session_pool import Agent, Plan, SessionPool
from portway.core.backend import Context, Listener, SessionBase
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.foreign_text import PublicUrl, checked_url
from portway.core.status import Progress
from portway.core.timing import Timing
from portway.system.desktop.awake import Clock, tell_sleep

logger = logging.getLogger(__name__)

IsOffline = Callable[[str], bool]
_RETRIED = frozenset({Code.NO_NETWORK, Code.TLS_INTERCEPTED})
_SHADOWED = frozenset({Code.URL_TAKEN, Code.TOO_MANY_SESSIONS})
_OUR_DOMAINS = re.compile(r"(?:[a-z0-9-]+\.)+ngrok(?:-free)?\.(?:app|dev|io|pizza)")  # where it gives random names
_LOST = Problem(Code.NO_NETWORK, "service", {"service": SERVICE})


class EndpointSupervisor:
    """One endpoint. All methods are coroutines of the loop, which also calls `listener`."""

    def __init__(self, pool: SessionPool, plan: Plan, timing: NgrokTiming, is_offline: IsOffline, clock: Clock) -> None:
        self._pool = pool
        self._plan = plan
        self._timing = timing
        self._is_offline = is_offline
        self._clock = clock
        self._queue: asyncio.Queue[SessionEvent] = asyncio.Queue()
        self._watchers: list[asyncio.Task[None]] = []
        self._looks = False  # at the public URL, from time to time
        self._settling: asyncio.TimerHandle | None = None
        self._agent: Agent | None = None
        self._kept = False  # the session is one that an earlier endpoint had
        self._endpoint: Endpoint | None = None
        self._end: BaseException | None = None  # how the endpoint ended
        self._down = False
        self._listener: EventListener | None = None
        self._running: asyncio.Task[None] | None = None
        self.public_url: PublicUrl | None = None

    @property
    def domain(self) -> str:
        """The host of the public URL."""
        return "" if self.public_url is None else self.public_url.host

    async def open(self, listener: Listener) -> PublicUrl:
        """Open the endpoint and keep it from then on; returns its URL. Raises TunnelError.

        Waits for up to `forgotten_after` where the service still counts a session of ours that has ended.
        """

        def waits(error: TunnelError) -> bool:
            if self._is_shadow(error):
                listener.progress(Progress(step="connect", message="Waiting for ngrok to let the last session go"))
                return True
            return False

        url = await self._accepted(self._bind_first, waits)
        self._running = asyncio.create_task(self._keep(listener))
        return url

    async def close(self) -> None:
        """Close the endpoint, keep the session for the next one. Never fails: what does not answer is hung up."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        self._unwatch()
        agent, endpoint = self._agent, self._endpoint
        self._agent = self._endpoint = None
        if agent is None or endpoint is None:
            return
        if agent.alive:
            await self._end_endpoint(agent, endpoint)
        else:
            await self._pool.hang_up(agent)

    async def _accepted(
        self, bind: Callable[[], Awaitable[PublicUrl]], waits: Callable[[TunnelError], bool]
    ) -> PublicUrl:
        """Bind until the service accepts, or refuses with what is not worth another try. Raises TunnelError."""
        delay = self._timing.retry_first
        while True:
            try:
                return await bind()
            except TunnelError as error:
                if not waits(error):
                    raise
            await asyncio.sleep(delay)
            delay = min(2 * delay, self._timing.reconnect_longest)

    def _is_shadow(self, error: TunnelError) -> bool:
        """Whether the service may take our own lost session for somebody else's."""
        return error.code in _SHADOWED and self._pool.let_go_within(self._plan.token, self._timing.forgotten_after)

    async def _bind_first(self) -> PublicUrl:
        try:
            return await self._bind(self._plan.domain)
        except TunnelError as error:
            if not (self._kept and error.code in _RETRIED):
                raise
            # The session that was kept was dead, and is hung up.
            return await self._bind(self._plan.domain)

    async def _bind(self, domain: str) -> PublicUrl:
        """Open the endpoint on a session, and watch it; where that fails, nothing of it is left."""
        agent, self._kept = await self._pool.connected(self._plan.token)
        try:
            endpoint = await agent.bind(self._plan, domain)
        except TunnelError as error:
            if error.code in _RETRIED:  # It was not answered, so it may be up.
                await self._pool.hang_up(agent)
            raise
        except asyncio.CancelledError:
            await self._pool.hang_up(agent)
            raise
        try:
            url = checked_url(endpoint.url(), SERVICE, partial(_fits, domain))
        except BaseException:  # a Rust panic is no Exception
            await self._end_endpoint(agent, endpoint)
            raise
        self._agent, self._endpoint, self._end = agent, endpoint, None
        self.public_url = url
        self._watch(agent, endpoint)
        return url

    async def _end_endpoint(self, agent: Agent, endpoint: Endpoint) -> None:
        """Close the endpoint; where the service does not confirm that, end the session with all that is on it."""
        try:
            await agent.unbind(endpoint)
        except TunnelError:
            await self._pool.hang_up(agent)
        except asyncio.CancelledError:
            await self._pool.hang_up(agent)
            raise

    def _watch(self, agent: Agent, endpoint: Endpoint) -> None:
        queue: asyncio.Queue[SessionEvent] = asyncio.Queue()
        self._queue = queue
        self._listener = queue.put_nowait
        agent.heartbeat.watch(self._listener)
        slept = partial(queue.put_nowait, SessionEvent.SLEPT)
        self._start(self._tell_end(endpoint, queue))
        self._start(tell_sleep(self._clock, self._timing.heartbeat, slept))

    async def _tell_end(self, endpoint: Endpoint, queue: asyncio.Queue[SessionEvent]) -> None:
        try:
            await endpoint.join()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - a Rust panic is no Exception
            self._end = error
        queue.put_nowait(SessionEvent.ENDED)

    def _start(self, watcher: Coroutine[Any, Any, None]) -> None:
        self._watchers.append(asyncio.create_task(watcher))

    def _unwatch(self) -> None:
        self._stop_settling()
        if self._agent is not None and self._listener is not None:
            self._agent.heartbeat.leave(self._listener)
        for watcher in self._watchers:
            watcher.cancel()
        self._watchers.clear()
        self._looks = False

    async def _keep(self, listener: Listener) -> None:
        try:
            while True:
                await self._take(await self._queue.get(), listener)
        except TunnelError as error:
            listener.lost(error.problem)
        except Exception as error:  # noqa: BLE001 - the border of the task; its text may hold the token
            logger.error("The ngrok endpoint ended by a fault of Portway: %s", type(error).__name__)  # noqa: TRY400 - no traceback, for the same reason
            listener.lost(Problem(Code.INTERNAL))

    async def _take(self, event: SessionEvent, listener: Listener) -> None:
        match event:
            case SessionEvent.BEAT if self._down and self._settling is None:
                # It comes before the service has accepted the session anew, so it proves nothing yet.
                loop = asyncio.get_running_loop()
                self._settling = loop.call_later(self._timing.settle, self._queue.put_nowait, SessionEvent.SETTLED)
            case SessionEvent.BEAT:
                pass
            case SessionEvent.DISCONNECTED:
                if self._agent is not None:
                    self._agent.before_connection()
                self._went_down(listener)
            case SessionEvent.SETTLED:
                await self._settled(listener)
            case SessionEvent.STOP_ASKED:
                await asyncio.sleep(self._timing.hang_up)  # the dashboard still gets its answer
                await self._pool.hang_up(self._agent)  # else the account's place stays taken by it
                raise stopped_by_service(None, self.domain)
            case SessionEvent.ENDED if self._agent is not None and not self._agent.heartbeat.over:
                raise stopped_by_service(self._end, self.domain)
            case SessionEvent.RESTART_ASKED:
                await asyncio.sleep(self._timing.hang_up)  # the dashboard still gets its answer
                await self._rebuild(listener)
            case SessionEvent.BEAT_MISSED | SessionEvent.GIVEN_UP | SessionEvent.ENDED | SessionEvent.SLEPT:
                logger.info("The connection to ngrok is made anew: %s", event.name.lower().replace("_", " "))
                await self._rebuild(listener)

    def _went_down(self, listener: Listener) -> None:
        self._stop_settling()
        if not self._down:
            self._down = True
            listener.recovering(_LOST)

    async def _settled(self, listener: Listener) -> None:
        """The SDK has reconnected by itself: make sure, as it says nothing and overlooks a later stop."""
        self._stop_settling()
        if self._agent is not None:
            self._agent.after_connection()
        if await asyncio.to_thread(self._is_offline, self.domain):
            await self._rebuild(listener)
            return
        self._came_up(listener)
        if not self._looks:  # each look counts as a visit, so one a while is enough however often the SDK comes back
            self._looks = True
            self._start(self._probe_at_intervals(self._queue))

    async def _probe_at_intervals(self, queue: asyncio.Queue[SessionEvent]) -> None:
        while True:
            await asyncio.sleep(self._timing.public_look)
            if await asyncio.to_thread(self._is_offline, self.domain) and not self._down:
                queue.put_nowait(SessionEvent.STOP_ASKED)

    async def _rebuild(self, listener: Listener) -> None:
        """Hang up and start over, until the service accepts or says no. Raises TunnelError for a no."""
        self._went_down(listener)
        self._unwatch()
        agent, self._agent = self._agent, None
        self._endpoint = None
        await self._pool.hang_up(agent)
        told = _LOST

        def waits(error: TunnelError) -> bool:
            nonlocal told
            if error.code in _RETRIED and error.problem != told:
                told = error.problem
                listener.recovering(told)
            return error.code in _RETRIED or self._is_shadow(error)

        await self._accepted(self._bind_again, waits)
        self._came_up(listener)

    async def _bind_again(self) -> PublicUrl:
        """Bind under the same URL; where the service gave it by chance and does not again, under another one."""
        try:
            return await self._bind(self._plan.domain or self.domain)
        except TunnelError as error:
            chance = not self._plan.domain and error.code in (Code.DOMAIN_NOT_YOURS, Code.REFUSED_BY_SERVICE)
            if not chance:
                raise
            return await self._bind("")

    def _came_up(self, listener: Listener) -> None:
        self._down = False
        if self.public_url is not None:
            listener.recovered(self.public_url)

    def _stop_settling(self) -> None:
        if self._settling is not None:
            self._settling.cancel()
            self._settling = None


def _fits(domain: str, url: PublicUrl) -> bool:
    """Whether it is what was asked for: the domain that was named, or one that the service gives at random."""
    return url.port is None and (url.host == domain if domain else _OUR_DOMAINS.fullmatch(url.host) is not None)


class NgrokSession(SessionBase):
    """Implements Session. The work is done on the loop."""

    def __init__(self, supervisor: EndpointSupervisor, thread: LoopThread, timing: Timing, rest: NgrokExtras) -> None:
        self._supervisor = supervisor
        self._thread = thread
        self._timing = timing
        self._rest = rest
        self._closed = False

    @property
    def public_url(self) -> PublicUrl:
        """As the service gave it, and checked."""
        url = self._supervisor.public_url
        assert url is not None  # noqa: S101 - for the type checker: an open endpoint has one
        return url

    def close(self, context: Context) -> None:
        """Take the URL off the service. The connection stays for the next tunnel, or is hung up if it is dead."""
        if self._closed:
            return
        self._closed = True
        self._thread.run(self._supervisor.close(), CancelToken(), self._timing.close_limit)
        context.listener.report(self._rest)
