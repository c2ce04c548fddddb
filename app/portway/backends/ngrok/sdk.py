"""The official SDK, imported when it is first needed, and awaited with limits, of which it has none."""

import asyncio
import importlib
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar, cast

from portway.backends.ngrok.declaration import SERVICE
from portway.backends.ngrok.refusals import refusal, silence
from portway.core.codes import Code
from portway.core.errors import TunnelError

T = TypeVar("T")

# At DEBUG the first prints the token, at TRACE the second does. Set before the import: the SDK caches levels.
_LOGGERS = ("ngrok", "muxado", "rustls", "tracing")


class Endpoint(Protocol):
    """The SDK's Listener: one public URL."""

    def url(self) -> str: ...
    def close(self) -> Awaitable[None]: ...
    def join(self) -> Awaitable[None]: ...


class EndpointBuilder(Protocol):
    """The SDK's HttpListenerBuilder. Its setters change it in place."""

    def domain(self, domain: str) -> object: ...
    def traffic_policy(self, policy: str) -> object: ...
    def verify_upstream_tls(self, verify_upstream_tls: bool, /) -> object: ...  # noqa: FBT001 - the SDK's own
    def listen_and_forward(self, url: str) -> Awaitable[Endpoint]: ...


class Session(Protocol):
    """The SDK's Session: one connection to the service."""

    def http_endpoint(self) -> EndpointBuilder: ...
    def close(self) -> Awaitable[None]: ...


class SessionBuilder(Protocol):
    """The SDK's SessionBuilder. Its setters change it in place."""

    def authtoken(self, authtoken: str) -> object: ...
    def server_addr(self, server_addr: str) -> object: ...
    def ca_cert(self, cert_bytes: bytearray) -> object: ...
    def client_info(self, client_type: str, version: str) -> object: ...
    def heartbeat_interval(self, heartbeat_interval: int) -> object: ...
    def heartbeat_tolerance(self, heartbeat_tolerance: int) -> object: ...
    def handle_disconnection(self, handler: Callable[[str, str], None]) -> object: ...
    def handle_heartbeat(self, handler: Callable[..., None]) -> object: ...
    def handle_stop_command(self, handler: Callable[[], None]) -> object: ...
    def handle_restart_command(self, handler: Callable[[], None]) -> object: ...
    def connect(self) -> Awaitable[Session]: ...


def session_builder() -> SessionBuilder:
    """Import the SDK and return a builder: never its module-level functions, which share one token and session.

    Raises TunnelError(unsupported_platform).
    """
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if logger.level < logging.INFO:
            logger.setLevel(logging.WARNING)
    # Else one thread for each core of the processor; read at the first use.
    os.environ.setdefault("TOKIO_WORKER_THREADS", "2")
    try:
        # Imported late: it takes 20 ms and 3 MiB, and on some systems there is none.
        sdk = importlib.import_module("ngrok")
    except ImportError:
        raise TunnelError(Code.UNSUPPORTED_PLATFORM, program=SERVICE) from None
    sdk.log_level("INFO")
    return cast("SessionBuilder", sdk.SessionBuilder())


async def answered(
    call: Callable[[], Awaitable[T]], limit: float, undo: Callable[[T | None], Awaitable[None]], domain: str = ""
) -> T:
    """Await a call of the SDK for up to `limit` seconds. Raises TunnelError, which holds nothing of the SDK's error.

    Where nobody waits for it any more, `undo` gets what the SDK has made, or None where that cannot be told: the SDK
    may have finished just then, and drops what it made if its future is cancelled.
    """
    failure: TunnelError
    future: asyncio.Future[T] | None = None
    try:
        async with asyncio.timeout(limit):
            future = asyncio.ensure_future(call())
            return await asyncio.shield(future)
    except (TimeoutError, asyncio.CancelledError) as stopped:
        if future is not None:
            made: T | None = await _taken_back(future)
            await undo(made)
        if isinstance(stopped, asyncio.CancelledError):
            raise
        failure = silence()
    except BaseException as error:  # noqa: BLE001 - a Rust panic is no Exception
        failure = refusal(error, domain)
    raise failure  # Here, not above: the SDK's error would travel along as its context.


async def _taken_back(future: asyncio.Future[T]) -> T | None:
    """Cancel it, and return what it has made all the same."""
    await asyncio.sleep(0)  # an answer that the SDK has handed over comes with the loop's next turn
    future.cancel()
    await asyncio.sleep(0)
    if not future.done() or future.cancelled() or future.exception() is not None:
        return None
    return future.result()
