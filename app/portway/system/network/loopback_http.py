"""One question to an HTTP server on this computer, bounded as a whole: in time, in size, and by a cancel token."""

import io
import socket
from dataclasses import dataclass

from portway.core.cancel import CancelToken, Deadline

_LARGEST = 1 << 20
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a server said."""

    status: int
    body: bytes


def ask_loopback(port: int, path: str, deadline: Deadline, cancel: CancelToken | None = None) -> HttpAnswer:
    """GET `path` from 127.0.0.1. Blocks until the server has closed the connection. Any thread.

    Raises Cancelled, and OSError for all that is no whole answer: TimeoutError at the deadline however it trickles,
    ConnectionError for more than 1 MiB or for what is no HTTP.
    """
    # HTTP/1.0: the server closes after its answer, and sends it neither in chunks nor after an interim one.
    request = f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    deadline.check()
    cancel = cancel or CancelToken()
    with socket.create_connection(("127.0.0.1", port), timeout=deadline.left) as connection:
        try:
            with cancel.calling(lambda: _hang_up(connection)):
                raw = _exchanged(connection, request.encode("ascii"), deadline)
        except OSError:
            cancel.check()  # we hung up ourselves
            raise
        cancel.check()
    return _parsed(raw)


def _exchanged(connection: socket.socket, request: bytes, deadline: Deadline) -> bytes:
    raw = bytearray()
    connection.sendall(request)
    while len(raw) <= _LARGEST:
        deadline.check()
        connection.settimeout(max(deadline.left, 0.001))  # 0 would mean: do not block
        block = connection.recv(_BLOCK)
        if not block:
            return bytes(raw)
        raw += block
    message = "the answer is too large"
    raise ConnectionError(message)


def _hang_up(connection: socket.socket) -> None:
    """End a read that another thread waits in."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already


def _parsed(raw: bytes) -> HttpAnswer:
    from http.client import HTTPException, HTTPResponse  # late: it loads email, which nothing needs while idle

    answer = HTTPResponse(_Received(raw))  # type: ignore[arg-type]  # only its `makefile` is used
    try:
        answer.begin()
        return HttpAnswer(answer.status, answer.read())
    except (HTTPException, ValueError) as error:
        message = f"no HTTP answer: {type(error).__name__}"
        raise ConnectionError(message) from error


class _Received:
    """What has come already, as the socket that HTTPResponse reads from."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._raw)
