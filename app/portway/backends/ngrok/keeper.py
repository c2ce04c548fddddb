"""Keeps one endpoint up: opens it, notices what becomes of it, and brings it back under the same URL."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from portway.backends.ngrok.agent import Agent, Agents, Plan
from portway.backends.ngrok.declaration import SERVICE
from portway.backends.ngrok.pulse import News
from portway.backends.ngrok.refusals import stopped_by_service
from portway.backends.ngrok.sdk import Endpoint
from portway.core.backend import Listener
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.timing import Timing
from portway.system.awake import Clock, tell_sleep

logger = logging.getLogger(__name__)

IsOffline = Callable[[str], bool]
_RETRIED = frozenset({Code.NO_NETWORK, Code.TLS_INTERCEPTED})
_SHADOW = 60.0  # seconds for which the service may take our own lost session for somebody else's
_LOST = Problem(Code.NO_NETWORK, "service", {"service": SERVICE})


class Keeper:
    """One endpoint. All methods are coroutines of the loop; news go to `listener` from there."""

    def __init__(self, agents: Agents, plan: Plan, timing: Timing, is_offline: IsOffline, clock: Clock) -> None:
        self._agents = agents
        self._plan = plan
        self._timing = timing
        self._is_offline = is_offline
        self._clock = clock
        self._queue: asyncio.Queue[News] = asyncio.Queue()
        self._watchers: list[asyncio.Task[None]] = []
        self._settling: asyncio.TimerHandle | None = None
        self._agent: Agent | None = None
        self._kept = False  # the session is one that an earlier endpoint had
        self._endpoint: Endpoint | None = None
        self._end: BaseException | None = None  # how the endpoint ended
        self._down = False
        self._running: asyncio.Task[None] | None = None
        self.public_url = ""

    @property
    def domain(self) -> str:
        """The host of the public URL."""
        return urlsplit(self.public_url).hostname or ""

    async def open(self, listener: Listener) -> str:
        """Open the endpoint and keep it from then on; returns its URL. Raises TunnelError."""
        try:
            await self._bind(self._plan.domain)
        except TunnelError as error:
            if not (self._kept and error.code in _RETRIED):
                raise
            await self._agents.hang_up()  # The session that was kept was dead.
            await self._bind(self._plan.domain)
        self._running = asyncio.create_task(self._keep(listener))
        return self.public_url

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
        agent.pulse.tell = None
        try:
            if not agent.alive:
                raise stopped_by_service(None, self.domain)
            await agent.unbind(endpoint)
        except TunnelError:
            await self._agents.hang_up()

    async def _bind(self, domain: str) -> None:
        """Open the endpoint on a session, and watch it."""
        agent, self._kept = await self._agents.connected(self._plan.token)
        try:
            endpoint = await agent.bind(self._plan, domain)
        except TunnelError as error:
            if error.code in _RETRIED:  # It was not answered, so it may be up.
                await self._agents.hang_up()
            raise
        except asyncio.CancelledError:
            await self._agents.hang_up()
            raise
        self._agent, self._endpoint, self._end = agent, endpoint, None
        self.public_url = endpoint.url().rstrip("/")
        self._watch(agent, endpoint)

    def _watch(self, agent: Agent, endpoint: Endpoint) -> None:
        queue: asyncio.Queue[News] = asyncio.Queue()
        self._queue = queue
        agent.pulse.tell = queue.put_nowait
        slept = partial(queue.put_nowait, News.SLEPT)
        self._start(self._tell_end(endpoint, queue))
        self._start(tell_sleep(self._clock, self._timing.agent_heartbeat, slept))

    async def _tell_end(self, endpoint: Endpoint, queue: asyncio.Queue[News]) -> None:
        try:
            await endpoint.join()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - a Rust panic is no Exception
            self._end = error
        queue.put_nowait(News.ENDED)

    def _start(self, watcher: Coroutine[Any, Any, None]) -> None:
        self._watchers.append(asyncio.create_task(watcher))

    def _unwatch(self) -> None:
        self._stop_settling()
        for watcher in self._watchers:
            watcher.cancel()
        self._watchers.clear()

    async def _keep(self, listener: Listener) -> None:
        try:
            while True:
                await self._take(await self._queue.get(), listener)
        except TunnelError as error:
            listener.lost(error.problem)
        except Exception as error:  # noqa: BLE001 - the border of the task; its text may hold the token
            logger.error("The ngrok endpoint ended in a way that nobody foresaw: %s", type(error).__name__)  # noqa: TRY400 - no traceback, for the same reason
            listener.lost(Problem(Code.INTERNAL))

    async def _take(self, news: News, listener: Listener) -> None:
        match news:
            case News.BEAT if self._down and self._settling is None:
                # It comes before the service has accepted the session anew, so it proves nothing yet.
                loop = asyncio.get_running_loop()
                self._settling = loop.call_later(self._timing.agent_settle, self._queue.put_nowait, News.SETTLED)
            case News.BEAT:
                pass
            case News.DISCONNECTED:
                if self._agent is not None:
                    self._agent.before_connection()
                self._went_down(listener)
            case News.SETTLED:
                await self._settled(listener)
            case News.STOP_ASKED:
                raise stopped_by_service(None, self.domain)
            case News.ENDED if self._agent is not None and not self._agent.pulse.over:
                raise stopped_by_service(self._end, self.domain)
            case News.RESTART_ASKED:
                await asyncio.sleep(self._timing.agent_hang_up)  # the dashboard still gets its answer
                await self._rebuild(listener)
            case News.BEAT_MISSED | News.GIVEN_UP | News.ENDED | News.SLEPT:
                logger.info("The connection to ngrok is made anew: %s", news.name.lower().replace("_", " "))
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
        if await asyncio.to_thread(self._is_offline, self.public_url):
            await self._rebuild(listener)
            return
        self._came_up(listener)
        self._start(self._look_now_and_then(self._queue))

    async def _look_now_and_then(self, queue: asyncio.Queue[News]) -> None:
        while True:
            await asyncio.sleep(self._timing.public_look)
            if await asyncio.to_thread(self._is_offline, self.public_url) and not self._down:
                queue.put_nowait(News.STOP_ASKED)

    async def _rebuild(self, listener: Listener) -> None:
        """Hang up and start over, until the service accepts or says no. Raises TunnelError for a no."""
        self._went_down(listener)
        self._unwatch()
        self._endpoint = self._agent = None
        await self._agents.hang_up()
        began = time.monotonic()
        delay, told = self._timing.retry_first, _LOST
        while True:
            try:
                await self._bind_again()
                break
            except TunnelError as error:
                shadow = error.code is Code.URL_TAKEN and time.monotonic() - began < _SHADOW
                if error.code not in _RETRIED and not shadow:
                    raise
                if error.code in _RETRIED and error.problem != told:
                    told = error.problem
                    listener.recovering(told)
            await asyncio.sleep(delay)
            delay = min(2 * delay, self._timing.agent_retry_longest)
        self._came_up(listener)

    async def _bind_again(self) -> None:
        """Bind under the same URL; where the service gave it by chance and does not again, under another one."""
        try:
            await self._bind(self._plan.domain or self.domain)
        except TunnelError as error:
            chance = not self._plan.domain and error.code in (Code.DOMAIN_NOT_YOURS, Code.REFUSED_BY_SERVICE)
            if not chance:
                raise
            await self._bind("")

    def _came_up(self, listener: Listener) -> None:
        self._down = False
        listener.recovered(self.public_url)

    def _stop_settling(self) -> None:
        if self._settling is not None:
            self._settling.cancel()
            self._settling = None
