"""The front door of the stand-in for ngrok's service: where visitors of the public URLs come in.

A visitor comes as through a proxy: CONNECT, then TLS, then HTTP/1.1.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import struct
from collections.abc import Mapping

from tests.fakes.ngrok.muxado import MuxStream
from tests.fakes.ngrok.service import Endpoint, EventLog, Service

_PROXY = struct.Struct(">I")
_LENGTH = struct.Struct("<q")
_PART = 64 << 10


async def serve_visitor(
    service: Service,
    log: EventLog,
    context: ssl.SSLContext,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Serve one connection of a visitor."""
    try:
        first = await reader.readuntil(b"\r\n\r\n")
        assert first.startswith(b"CONNECT ")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.start_tls(context)
        await _serve(service, log, reader, writer)
    except (OSError, asyncio.IncompleteReadError):
        pass  # the visitor left
    finally:
        writer.transport.abort()


async def _serve(service: Service, log: EventLog, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    host = fields["host"]
    endpoint = service.endpoint(host)
    if endpoint is None:
        log.note("offline", host)
        await _page(writer, 404, "ERR_NGROK_3200")
        return
    if fields.get("user-agent", "").startswith("Mozilla/") and _SKIP not in fields:
        await _page(writer, 200, "ERR_NGROK_6024")
        return
    log.note("visit", host)
    stream = endpoint.agent.mux.open()
    await stream.write(_PROXY.pack(3) + _opening(endpoint) + _forwarded(lines, host, endpoint.policy))
    await _carry(stream, reader, writer)


_SKIP = "ngrok-skip-browser-warning"


async def _carry(stream: MuxStream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    up = asyncio.create_task(_up(stream, reader))
    try:
        first = await stream.read()
        if not first:
            await _page(writer, 502, "ERR_NGROK_3004")
        while first:
            writer.write(first)
            await writer.drain()
            first = await stream.read()
    finally:
        up.cancel()
        stream.finish()
        await asyncio.gather(up, return_exceptions=True)
        writer.close()


async def _up(stream: MuxStream, reader: asyncio.StreamReader) -> None:
    while part := await reader.read(_PART):
        await stream.write(part)


def _opening(endpoint: Endpoint) -> bytes:
    header = {
        "Id": endpoint.id,
        "ClientAddr": "203.0.113.7:40000",
        "Proto": "https",
        "EdgeType": "3",
        "PassthroughTLS": False,
    }
    content = json.dumps(header).encode()
    return _LENGTH.pack(len(content)) + content


def _forwarded(lines: list[str], host: str, policy: str) -> bytes:
    """Return the head of the request as the agent gets it."""
    host_sent = _host_of(policy) or host
    kept = [line for line in lines[1:] if line and not line.lower().startswith(("host:", "proxy-connection:"))]
    added = ["X-Forwarded-For: 203.0.113.7", f"X-Forwarded-Host: {host}", "X-Forwarded-Proto: https"]
    return "\r\n".join([lines[0], f"Host: {host_sent}", *kept, *added, "", ""]).encode("latin-1")


def _host_of(policy: str) -> str | None:
    """Return the Host that a traffic policy sets: its action `add-headers` replaces this one field."""
    if not policy:
        return None
    rules = json.loads(policy).get("on_http_request", [])
    headers: list[Mapping[str, str]] = [
        action["config"]["headers"] for rule in rules for action in rule["actions"] if action["type"] == "add-headers"
    ]
    return next((found["host"] for found in headers if "host" in found), None)


async def _page(writer: asyncio.StreamWriter, status: int, code: str) -> None:
    body = f"{code}\n".encode()
    head = f"HTTP/1.1 {status} ngrok\r\nngrok-error-code: {code}\r\nContent-Length: {len(body)}\r\nConnection: close"
    writer.write(head.encode() + b"\r\n\r\n" + body)
    await writer.drain()
    writer.close()
