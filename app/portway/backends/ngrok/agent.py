"""The agent session: this program's one connection to ngrok, on which endpoints are opened."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portway import __version__
from portway.backends.ngrok.pulse import News, Pulse
from portway.backends.ngrok.refusals import silence
from portway.backends.ngrok.sdk import Endpoint, Session, answered, session_builder
from portway.backends.ngrok.wire import Wire, wires_to
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.secret import Secret
from portway.core.target import Target
from portway.core.timing import Timing

logger = logging.getLogger(__name__)

_SERVER = "PORTWAY_NGROK_SERVER_ADDR"
_CERTIFICATES = "PORTWAY_NGROK_CA_FILE"
_ADDRESS = re.compile(r"[a-z0-9.-]+:(\d{1,5})")
_PORT = 443


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

    def __init__(self, session: Session, pulse: Pulse, token: Secret, timing: Timing, port: int) -> None:
        self.pulse = pulse
        self.token = token
        self._session = session
        self._timing = timing
        self._port = port
        self._others: frozenset[Wire] = frozenset()
        self._wire: Wire | None = None

    @property
    def alive(self) -> bool:
        """Whether it can be used, as far as is known."""
        return not self.pulse.over and self.pulse.beat_within(2.5 * self._timing.agent_heartbeat)

    async def bind(self, plan: Plan, domain: str) -> Endpoint:
        """Open an endpoint. Raises TunnelError; where the service's answer was not awaited, hang up."""
        builder = self._session.http_endpoint()
        builder.verify_upstream_tls(False)  # a local server's certificate is nobody's business but its owner's
        if domain:
            builder.domain(domain)
        if plan.policy:
            builder.traffic_policy(plan.policy)
        endpoint = await answered(
            lambda: builder.listen_and_forward(plan.origin.url), self._timing.agent_bind, self.unbind, domain
        )
        await self._beats()
        return endpoint

    async def unbind(self, endpoint: Endpoint) -> None:
        """Close an endpoint: no visitor gets in any more. Raises TunnelError where the service did not confirm."""
        await answered(endpoint.close, self._timing.agent_unbind, _nothing)

    async def hang_up(self) -> None:
        """End the session, so that the service sees it. Never fails; on Windows the connection itself stays."""
        self.pulse.end()
        self.pulse.tell = self._on_late_news
        with contextlib.suppress(TunnelError):
            await answered(self._session.close, self._timing.agent_hang_up, _nothing)
        self._cut()

    def before_connection(self, others: frozenset[Wire] | None = None) -> None:
        """Note what is connected elsewhere, so that the SDK's next connection can be told from it."""
        self._others = wires_to(self._port) if others is None else others
        self._wire = None

    def after_connection(self) -> None:
        """Find the SDK's own connection."""
        new = wires_to(self._port) - self._others
        if len(new) == 1:
            self._wire = next(iter(new))
        else:
            logger.debug("The connection to ngrok is not known among %s", len(new))

    def _on_late_news(self, news: News) -> None:
        """Cut what the SDK was about to connect when it was hung up."""
        if news is News.BEAT:
            self._cut()

    def _cut(self) -> None:
        if self._wire is None:
            self.after_connection()
        if self._wire is not None:
            self._wire.cut()

    async def _beats(self) -> None:
        try:
            async with asyncio.timeout(self._timing.agent_bind):
                await self.pulse.beaten.wait()
        except TimeoutError:
            raise silence() from None


class Agents:
    """Keeps the one session between two tunnels, and replaces it for another token, or when it is dead.

    Used on the loop only, by one coroutine at a time.
    """

    def __init__(self, service: Service, timing: Timing) -> None:
        self._service = service
        self._timing = timing
        self._agent: Agent | None = None

    async def connected(self, token: Secret) -> tuple[Agent, bool]:
        """Return a session for this token, and whether it is a kept one. Raises TunnelError."""
        kept = self._agent
        if kept is not None and kept.token == token and kept.alive:
            return kept, True
        await self.hang_up()
        self._agent = await self._connect(token)
        return self._agent, False

    async def hang_up(self) -> None:
        """End the session, if there is one."""
        agent, self._agent = self._agent, None
        if agent is not None:
            await agent.hang_up()

    async def _connect(self, token: Secret) -> Agent:
        others = wires_to(self._service.port)
        pulse = Pulse(asyncio.get_running_loop())
        builder = session_builder()
        beat = max(1, round(self._timing.agent_heartbeat))
        builder.authtoken(token.reveal())
        builder.client_info("portway", __version__)
        builder.heartbeat_interval(beat)
        builder.heartbeat_tolerance(beat + beat // 2)
        builder.handle_heartbeat(pulse.on_heartbeat)
        builder.handle_disconnection(pulse.on_disconnection)
        builder.handle_stop_command(pulse.on_stop)
        builder.handle_restart_command(pulse.on_restart)
        if self._service.address is not None:
            builder.server_addr(self._service.address)
        if self._service.certificates is not None:
            builder.ca_cert(bytearray(_read(self._service.certificates)))

        def agent_of(session: Session) -> Agent:
            agent = Agent(session, pulse, token, self._timing, self._service.port)
            agent.before_connection(others)
            agent.after_connection()
            return agent

        async def undo(session: Session) -> None:
            await agent_of(session).hang_up()

        return agent_of(await answered(builder.connect, self._timing.agent_connect, undo))


def _read(path: Path) -> bytes:
    try:
        ssl.create_default_context(cafile=path)  # the SDK would panic at what is no certificate
        return path.read_bytes()
    except OSError as error:
        raise TunnelError(Code.BAD_REQUEST, field=_CERTIFICATES, problem=error.strerror or "unreadable") from None


async def _nothing(_result: object) -> None:
    """Undo what leaves nothing behind."""
