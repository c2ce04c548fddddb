"""A loopback stand-in for ngrok's service: it speaks the agent's protocol over TLS, and can be made to misbehave.

Written from the wire format that the unmodified wheels 1.4 and 1.7 were seen to use.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import ssl
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import trustme

from tests.fakes.muxado import Mux, MuxStream
from tests.fakes.ngrok_front import serve_visitor
from tests.fakes.ngrok_service import Account, Agent, Endpoint, EventLog, Kind, Service

__all__ = ["Account", "Kind", "NgrokEdge", "ngrok_edge"]

T = TypeVar("T")

_HEARTBEAT = 0xFFFFFFFF
_U32 = struct.Struct(">I")


class NgrokEdge:
    """Runs on a thread of its own. Its public methods are for the test's thread."""

    def __init__(self, folder: Path, *, trusted: bool = True) -> None:
        authority, other = trustme.CA(), trustme.CA()
        self.ca_file = folder / "ngrok-ca.pem"
        (authority if trusted else other).cert_pem.write_to_path(self.ca_file)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost", "*.ngrok-free.app").configure_cert(self._context)
        self._log = EventLog()
        self._service = Service(self._log)
        self._held: dict[Kind, asyncio.Event] = {}
        self._mute = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ngrok edge", daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self._door: asyncio.Server | None = None
        self._front: asyncio.Server | None = None
        self._port = 0
        self._front_port = 0

    @property
    def address(self) -> str:
        """What PORTWAY_NGROK_SERVER_ADDR takes."""
        return f"localhost:{self._port}"

    @property
    def proxy(self) -> str:
        """The proxy through which a visitor reaches the public URLs."""
        return f"http://127.0.0.1:{self._front_port}"

    def start(self) -> None:
        self._thread.start()
        self._call(self._open())

    def stop(self) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def account(self, domains: frozenset[str] = frozenset(), sessions_allowed: int = 3) -> Account:
        """Make an account with a token that occurs nowhere else."""
        account = Account(self.unknown_token(), domains, sessions_allowed)
        self._service.accounts.append(account)
        return account

    def unknown_token(self) -> str:
        """Make a token that belongs to no account, in the right form."""
        return f"2{secrets.token_hex(14)}_{secrets.token_hex(11)}"

    # Trouble

    def refuse(self, kind: Kind, code: str) -> None:
        """Answer the next request of this kind with a refusal."""
        self._do(lambda: self._service.refusals.setdefault(kind, []).append(code))

    def hold(self, kind: Kind) -> None:
        """Leave requests of this kind unanswered until `release`."""
        self._do(lambda: self._held.setdefault(kind, asyncio.Event()))

    def release(self, kind: Kind) -> None:
        self._do(lambda: self._held.pop(kind).set())

    def cut(self) -> None:
        """Break every agent's connection."""
        self._each(Mux.cut)

    def go_away(self) -> None:
        """Tell every agent to connect anew."""
        self._each(Mux.go_away)

    def freeze(self) -> None:
        """Make every agent's path dead: connections stay, nothing moves."""
        self._each(Mux.freeze)

    def close_door(self) -> None:
        """Refuse new connections."""
        self._call(self._shut())

    def open_door(self) -> None:
        """Accept connections again, at the same port."""
        self._call(self._listen())

    def be_mute(self) -> None:
        """Accept connections and never answer."""
        self._mute = True

    def command(self, kind: Kind) -> dict[str, Any]:
        """Send Stop, Restart or Update to the agent; returns what it answers."""
        body = {"Version": "9.9.9", "PermitMajorVersion": False} if kind is Kind.UPDATE else {}
        return self._call(_asked(self._service.agents[-1].mux, kind, body))

    def stop_endpoint(self, code: str | None = None) -> None:
        """Close every endpoint from the dashboard."""
        self._call(self._stop_endpoints(code))

    # What happened

    def count(self, event: str) -> int:
        return self._log.count(event)

    def wait_for(self, event: str, times: int = 1, seconds: float = 10.0) -> None:
        """Return once that happened: connected, held, auth, beat, bind, bind refused, unbind, visit, offline, gone."""
        self._log.wait_for(event, times, seconds)

    @property
    def urls(self) -> list[str]:
        """Public URLs that are online."""
        return [endpoint.url for agent in tuple(self._service.agents) for endpoint in tuple(agent.endpoints.values())]

    @property
    def sessions(self) -> int:
        """Agents that are connected and authenticated."""
        return sum(agent.account is not None for agent in tuple(self._service.agents))

    @property
    def last_request(self) -> dict[str, Any]:
        """The Extra of the latest agent's Auth request."""
        extra: dict[str, Any] = self._service.agents[-1].request["Extra"]
        return extra

    # On the edge's own thread

    def note(self, event: str, detail: str = "") -> None:
        self._log.note(event, detail)

    def endpoint(self, host: str) -> Endpoint | None:
        """Return what serves this host."""
        return self._service.endpoint(host)

    async def _open(self) -> None:
        await self._listen()
        self._front = await asyncio.start_server(self._on_visitor, "127.0.0.1", 0)
        self._front_port = self._front.sockets[0].getsockname()[1]

    async def _listen(self) -> None:
        self._door = await asyncio.start_server(self._on_agent, "127.0.0.1", self._port)
        self._port = self._door.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self._door is not None:
            self._door.close()
            self._door = None

    async def _close(self) -> None:
        await self._shut()
        if self._front is not None:
            self._front.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for _ in range(3):
            await asyncio.sleep(0)  # transports close a turn later

    async def _on_visitor(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self._as_task():
            await serve_visitor(self, reader, writer, self._context)

    async def _on_agent(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self._as_task():
            await self._serve_agent(reader, writer)

    async def _serve_agent(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.note("connected")
        agent = Agent(Mux(reader, writer))
        try:
            if self._mute:
                await asyncio.Event().wait()
            await writer.start_tls(self._context)
            self._service.agents.append(agent)
            await agent.mux.serve(lambda stream: self._on_stream(agent, stream))
        finally:
            if agent in self._service.agents:
                self._service.agents.remove(agent)
            writer.transport.abort()
            self.note("gone", agent.client)

    async def _on_stream(self, agent: Agent, stream: MuxStream) -> None:
        received = b""
        while len(received) < _U32.size:
            received += await _more(stream)
        number = _U32.unpack(received[: _U32.size])[0]
        rest = received[_U32.size :]
        if number == _HEARTBEAT:
            await self._beat(stream, rest)
            return
        kind, request = Kind(number), await _read_json(stream, rest)
        if kind in self._held:
            self.note("held", kind.name)
            await self._held[kind].wait()
        await stream.write(json.dumps(self._service.answer(kind, agent, request)).encode())
        stream.finish()

    async def _beat(self, stream: MuxStream, beat: bytes) -> None:
        while beat or (beat := await stream.read()):
            self.note("beat")
            await stream.write(beat)
            beat = b""

    async def _stop_endpoints(self, code: str | None) -> None:
        for agent in self._service.agents:
            for endpoint in tuple(agent.endpoints.values()):
                del agent.endpoints[endpoint.id]
                stream = agent.mux.open()
                body = {"Id": endpoint.id, "Message": "stopped in the dashboard", "ErrorCode": code}
                await stream.write(_U32.pack(Kind.STOP_TUNNEL) + json.dumps(body).encode())
                stream.finish()

    @contextmanager
    def _as_task(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        except (asyncio.CancelledError, OSError):
            pass  # the edge stops, or the other side left
        finally:
            self._tasks.discard(task)

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _each(self, trouble: Callable[[Mux], None]) -> None:
        def make() -> None:
            for agent in tuple(self._service.agents):
                trouble(agent.mux)

        self._do(make)

    def _do(self, change: Callable[[], object]) -> None:
        async def changed() -> None:
            change()

        self._call(changed())


async def _asked(mux: Mux, kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    stream = mux.open()
    await stream.write(_U32.pack(kind) + json.dumps(body).encode())
    stream.finish()
    return await _read_json(stream, b"")


async def _read_json(stream: MuxStream, received: bytes) -> dict[str, Any]:
    """Return an object as soon as it is complete: the agent ends its half only after our answer."""
    while True:
        try:
            found = json.loads(received)
        except ValueError:
            received += await _more(stream)
        else:
            assert isinstance(found, dict)
            return found


async def _more(stream: MuxStream) -> bytes:
    more = await stream.read()
    if not more:
        raise ConnectionResetError
    return more


@contextmanager
def ngrok_edge(folder: Path, *, trusted: bool = True) -> Iterator[NgrokEdge]:
    """Run an edge. `trusted` False: its certificate is not from the authority that the agent is told to trust."""
    edge = NgrokEdge(folder, trusted=trusted)
    edge.start()
    try:
        yield edge
    finally:
        edge.stop()
