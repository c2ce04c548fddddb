"""The agent session: this program's one connection to ngrok, on which endpoints are opened."""

import asyncio
import contextlib
import json
import logging
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portway import __version__
from portway.backends.ngrok.declaration import NgrokTiming
from portway.backends.ngrok.heartbeat import Heartbeat, SessionEvent
from portway.backends.ngrok.refusals import silence
from portway.backends.ngrok.sdk import Endpoint, Session, answered, session_builder
from portway.backends.ngrok.tcp_connection import TcpConnection, connections_to
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.secret import Secret
from portway.core.target import Target

logger = logging.getLogger(__name__)

_SERVER = "PORTWAY_NGROK_SERVER_ADDR"
_CERTIFICATES = "PORTWAY_NGROK_CA_FILE"
_ADDRESS = re.compile(r"[a-z0-9.-]+:(\d{1,5})", re.ASCII)
_PORT = 443
_CUTS = 3  # looks for what the SDK has connected although it was cancelled


@dataclass(frozen=True, slots=True)
class Service:
    """Where ngrok is; other than the real one only for tests. `certificates` is a PEM file."""

    address: str | None = None
    certificates: Path | None = None

    @property
    def port(self) -> int:
        """The port to which the SDK connects."""
        return _PORT if self.address is None else int(self.address.rpartition(":")[2])


def find_service(environment: Mapping[str, str]) -> Service:
    """Return the service that this environment means. Raises TunnelError: the SDK would panic."""
    address = environment.get(_SERVER) or None
    if address is not None and _ADDRESS.fullmatch(address) is None:
        raise TunnelError(Code.BAD_REQUEST, field=_SERVER, problem="it is not host:port")
    certificates = environment.get(_CERTIFICATES) or None
    return Service(address, None if certificates is None else Path(certificates))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an endpoint is to be. `domain` and `host_header` may be empty."""

    token: Secret
    origin: Target
    domain: str
    host_header: str

    @property
    def policy(self) -> str:
        """The traffic policy that the service applies: its `add-headers` replaces the Host. Empty where not needed."""
        if not self.host_header:
            return ""
        action = {"type": "add-headers", "config": {"headers": {"host": self.host_header}}}
        return json.dumps({"on_http_request": [{"actions": [action]}]})


class Agent:
    """One session. Used on the loop only."""

    def __init__(self, session: Session, heartbeat: Heartbeat, token: Secret, timing: NgrokTiming, port: int) -> None:
        self.heartbeat = heartbeat
        self.token = token
        self._session = session
        self._timing = timing
        self._port = port
        self._others: frozenset[TcpConnection] = frozenset()
        self._connection: TcpConnection | None = None

    @property
    def alive(self) -> bool:
        """Whether it can be used, as far as is known."""
        return not self.heartbeat.over and self.heartbeat.beat_within(2.5 * self._timing.heartbeat)

    async def bind(self, plan: Plan, domain: str) -> Endpoint:
        """Open an endpoint. Raises TunnelError; where the service's answer was not awaited, hang up."""
        builder = self._session.http_endpoint()
        builder.verify_upstream_tls(False)  # a local server's certificate is nobody's business but its owner's
        if domain:
            builder.domain(domain)
        if plan.policy:
            builder.traffic_policy(plan.policy)
        endpoint = await answered(
            lambda: builder.listen_and_forward(plan.origin.url), self._timing.bind, self._undo_bind, domain
        )
        await self._beats()
        return endpoint

    async def unbind(self, endpoint: Endpoint) -> None:
        """Close an endpoint: no visitor gets in any more. Raises TunnelError where the service did not confirm."""
        await answered(endpoint.close, self._timing.unbind, _nothing)

    async def _undo_bind(self, endpoint: Endpoint | None) -> None:
        if endpoint is not None:  # else whoever asked hangs up
            await self.unbind(endpoint)

    async def hang_up(self) -> None:
        """End the session, so that the service sees it. Never fails; on Windows the connection itself stays."""
        self.heartbeat.end()
        self.heartbeat.left_to(self._on_late_event)
        with contextlib.suppress(TunnelError):
            await answered(self._session.close, self._timing.hang_up, _nothing)
        self._cut()

    def before_connection(self, others: frozenset[TcpConnection] | None = None) -> None:
        """Note what is connected elsewhere, so that the SDK's next connection can be told from it."""
        self._others = connections_to(self._port) if others is None else others
        self._connection = None

    def after_connection(self) -> None:
        """Find the SDK's own connection."""
        new = connections_to(self._port) - self._others
        if len(new) == 1:
            self._connection = next(iter(new))
        else:
            logger.debug("The connection to ngrok is not known among %s", len(new))

    def _on_late_event(self, event: SessionEvent) -> None:
        """Cut what the SDK was about to connect when it was hung up."""
        if event is SessionEvent.BEAT:
            self._cut()

    def _cut(self) -> None:
        if self._connection is None:
            self.after_connection()
        if self._connection is not None:
            self._connection.cut()

    async def _beats(self) -> None:
        try:
            async with asyncio.timeout(self._timing.bind):
                await self.heartbeat.beaten.wait()
        except TimeoutError:
            raise silence() from None


class SessionPool:
    """Keeps the one session of an account for all tunnels, also between two of them, and replaces it when it is dead.

    One of another account ends with its last tunnel. Used on the loop only.
    """

    def __init__(self, service: Service, timing: NgrokTiming) -> None:
        self._service = service
        self._timing = timing
        self._agents: list[Agent] = []  # one for each account
        self._lock = asyncio.Lock()  # so that no session is begun while another one is being ended
        self._let_go: list[tuple[Secret, float]] = []  # whose session was ended last, and when

    async def connected(self, token: Secret) -> tuple[Agent, bool]:
        """Return a session for this token, and whether it is a kept one. Raises TunnelError."""
        async with self._lock:
            kept = next((agent for agent in self._agents if agent.token == token and agent.alive), None)
            for agent in [one for one in self._agents if one.token == token or not one.heartbeat.watched]:
                if agent is not kept:
                    await self._hang_up(agent)
            if kept is not None:
                return kept, True
            agent = await self._connect(token)
            self._agents.append(agent)
            return agent, False

    async def hang_up(self, agent: Agent | None) -> None:
        """End this session, unless that was done already: another tunnel may have noticed its loss first."""
        async with self._lock:
            if agent in self._agents:
                await self._hang_up(agent)

    async def hang_up_all(self) -> None:
        """End every session."""
        async with self._lock:
            for agent in tuple(self._agents):
                await self._hang_up(agent)

    def let_go_within(self, token: Secret, seconds: float) -> bool:
        """Whether a session of this account was ended so lately that the service may still count it."""
        now = time.monotonic()
        return any(one == token and now - ended < seconds for one, ended in self._let_go)

    async def _hang_up(self, agent: Agent) -> None:
        self._agents.remove(agent)
        self._has_let_go(agent.token)
        await agent.hang_up()

    def _has_let_go(self, token: Secret) -> None:
        self._let_go = [*(kept for kept in self._let_go if kept[0] != token), (token, time.monotonic())]

    async def _connect(self, token: Secret) -> Agent:
        others = connections_to(self._service.port)
        heartbeat = Heartbeat(asyncio.get_running_loop())
        builder = session_builder()
        interval = max(1, round(self._timing.heartbeat))
        builder.authtoken(token.reveal())
        builder.client_info("portway", __version__)
        builder.heartbeat_interval(interval)
        builder.heartbeat_tolerance(interval + interval // 2)
        builder.handle_heartbeat(heartbeat.on_heartbeat)
        builder.handle_disconnection(heartbeat.on_disconnection)
        builder.handle_stop_command(heartbeat.on_stop)
        builder.handle_restart_command(heartbeat.on_restart)
        if self._service.address is not None:
            builder.server_addr(self._service.address)
        if self._service.certificates is not None:
            builder.ca_cert(bytearray(_read(self._service.certificates)))

        def agent_of(session: Session) -> Agent:
            agent = Agent(session, heartbeat, token, self._timing, self._service.port)
            agent.before_connection(others)
            agent.after_connection()
            return agent

        async def undo(session: Session | None) -> None:
            self._has_let_go(token)
            if session is not None:
                await agent_of(session).hang_up()
                return
            heartbeat.end()  # so that the SDK does not connect again
            for _ in range(_CUTS):
                for connection in connections_to(self._service.port) - others:
                    connection.cut()
                await asyncio.sleep(self._timing.hang_up / _CUTS)

        return agent_of(await answered(builder.connect, self._timing.connect, undo))


def _read(path: Path) -> bytes:
    try:
        ssl.create_default_context(cafile=path)  # the SDK would panic at what is no certificate
        return path.read_bytes()
    except OSError as error:
        raise TunnelError(Code.BAD_REQUEST, field=_CERTIFICATES, problem=error.strerror or "unreadable") from None


async def _nothing(_result: object) -> None:
    """Undo what leaves nothing behind."""
