"""What both a plain socket and an encrypted one can do, so that nothing else has to tell them apart."""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
from typing import TYPE_CHECKING, Protocol

from portway.relay.engine.loop import READ, WRITE, Loop

if TYPE_CHECKING:
    import ssl

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_UNDER_WAY = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)})


class Wire(Protocol):
    """A connection that does not block: what would is a BlockingIOError."""

    def fileno(self) -> int:
        """For the selector."""

    def recv_into(self, buffer: memoryview) -> int:
        """Return how many bytes came, 0 at the end."""

    def send(self, data: memoryview | bytes) -> int:
        """Return how many bytes were taken."""

    def shutdown(self, how: int) -> None:
        """Say that nothing more comes."""

    def close(self) -> None:
        """Free it."""


def dialled(host: str, port: int) -> socket.socket:
    """Return a socket that is connecting to a literal address. Raises OSError."""
    waiting = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        waiting.setblocking(False)
        waiting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        start_connecting(waiting, host, port)
    except BaseException:
        waiting.close()
        raise
    return waiting


def start_connecting(waiting: socket.socket, host: str, port: int) -> None:
    """Begin to connect a socket that does not block. Raises OSError."""
    error = waiting.connect_ex((host, port))
    if error not in _UNDER_WAY:
        raise OSError(error, "the target cannot be dialled")


def connecting_waits_for(wire: Wire) -> int:
    """Go on with a connection that is being made: return what it waits for, 0 once it is there. Raises OSError."""
    if isinstance(wire, TlsWire):
        return wire.go_on()
    assert isinstance(wire, socket.socket)  # noqa: S101 - for the type checker: there is no third kind
    return _tcp_waits_for(wire)


def cut(wire: Wire) -> None:
    """Close with a reset: an answer that was cut short must not look whole."""
    plain = wire.plain if isinstance(wire, TlsWire) else wire
    if isinstance(plain, socket.socket):
        with contextlib.suppress(OSError):
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    wire.close()


class TlsWire:
    """An encrypted connection to a local server, whose certificate is not looked at: it is one of its own making.

    Nobody can stand between two programs of one computer who could not read both of them anyway.
    """

    def __init__(self, loop: Loop, plain: socket.socket, server_name: str) -> None:
        self._loop = loop
        self._server_name = server_name
        self.plain = plain
        self._tls: ssl.SSLSocket | None = None

    def fileno(self) -> int:
        return self.plain.fileno() if self._tls is None else self._tls.fileno()

    def go_on(self) -> int:
        """Return what the connection waits for, 0 once it is there. Raises OSError."""
        import ssl  # late: only for targets that need it

        if self._tls is None:
            context = _unverified()
            waits_for = _tcp_waits_for(self.plain)  # just before: one that is not there any more is not to be wrapped
            if waits_for:
                return waits_for
            self.plain = self._tls = context.wrap_socket(
                self.plain, server_hostname=self._server_name, do_handshake_on_connect=False
            )
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return READ
        except ssl.SSLWantWriteError:
            return WRITE
        return 0

    def recv_into(self, buffer: memoryview) -> int:
        import ssl

        assert self._tls is not None  # noqa: S101 - for the type checker: asked once it is there
        try:
            size = self._tls.recv_into(buffer)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
            raise BlockingIOError from error
        if self._tls.pending():
            self._loop.read_again(self)  # the selector sees only what has not been decrypted
        return size

    def send(self, data: memoryview | bytes) -> int:
        import ssl

        assert self._tls is not None  # noqa: S101 - for the type checker: asked once it is there
        try:
            return self._tls.send(data)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
            raise BlockingIOError from error

    def shutdown(self, how: int) -> None:
        """Nothing: many servers take the end of one direction for that of both."""

    def close(self) -> None:
        self.plain.close()


def _tcp_waits_for(plain: socket.socket) -> int:
    error = plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, "the target did not take the connection")
    try:
        plain.getpeername()
    except OSError:
        return WRITE
    return 0  # over loopback it is there when the call that connects returns


def _unverified() -> ssl.SSLContext:
    import ssl

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.options |= ssl.OP_IGNORE_UNEXPECTED_EOF  # many end without a word; the framing tells whether all came
    context.set_alpn_protocols(["http/1.1"])
    return context
