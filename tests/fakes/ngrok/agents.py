"""How the stand-in for ngrok's service talks with agents: TLS, then streams, each with one request and its answer.

Written from the wire format that the unmodified wheels 1.4 and 1.7 were seen to use.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import struct
from typing import Any

from tests.fakes.ngrok.muxado import Mux, MuxStream
from tests.fakes.ngrok.service import Agent, EventLog, Kind, Service

_HEARTBEAT = 0xFFFFFFFF
_U32 = struct.Struct(">I")


class AgentTalk:
    """Carries requests of agents to the service, and what the service wants to agents. On the edge's loop."""

    def __init__(self, service: Service, log: EventLog, context: ssl.SSLContext) -> None:
        self.is_mute = False  # then it never answers anybody who comes
        self.held: dict[Kind, asyncio.Event] = {}  # kinds of requests that wait until their event is set
        self._service = service
        self._log = log
        self._context = context

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it ends."""
        self._log.note("connected")
        agent = Agent(Mux(reader, writer))
        try:
            if self.is_mute:
                await asyncio.Event().wait()
            await writer.start_tls(self._context)
            self._service.agents.append(agent)
            await agent.mux.serve(lambda stream: self._on_stream(agent, stream))
        finally:
            if agent in self._service.agents:
                self._service.agents.remove(agent)
            writer.transport.abort()
            self._log.note("gone", agent.client)

    async def command(self, kind: Kind) -> dict[str, Any]:
        """Send a command to the latest agent; returns its answer."""
        body = {"Version": "9.9.9", "PermitMajorVersion": False} if kind is Kind.UPDATE else {}
        stream = await _sent(self._service.agents[-1].mux, kind, body)
        return await _read_json(stream, b"")

    async def stop_endpoints(self, code: str | None) -> None:
        """Close every endpoint, as the dashboard does."""
        for agent in self._service.agents:
            for endpoint in tuple(agent.endpoints.values()):
                del agent.endpoints[endpoint.id]
                body = {"Id": endpoint.id, "Message": "stopped in the dashboard", "ErrorCode": code}
                await _sent(agent.mux, Kind.STOP_TUNNEL, body)

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
        if kind in self.held:
            self._log.note("held", kind.name)
            await self.held[kind].wait()
        await stream.write(json.dumps(self._service.answer(kind, agent, request)).encode())
        stream.finish()

    async def _beat(self, stream: MuxStream, beat: bytes) -> None:
        while beat or (beat := await stream.read()):
            self._log.note("beat")
            await stream.write(beat)
            beat = b""


async def _sent(mux: Mux, kind: Kind, body: dict[str, Any]) -> MuxStream:
    stream = mux.open()
    await stream.write(_U32.pack(kind) + json.dumps(body).encode())
    stream.finish()
    return stream


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
