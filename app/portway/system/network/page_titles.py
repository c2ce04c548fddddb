"""What local web servers call themselves: the titles of their first pages, all asked at once."""

import errno
import re
import selectors
import socket
import time
from collections.abc import Mapping, Sequence

from portway.core.foreign_text import harmless_line

_WITHIN = 0.2  # seconds, for all of them
_MOST_SERVERS = 32
_MOST, _BLOCK = 64 << 10, 16 << 10  # bytes of a page; of one read
_LONGEST = 60  # characters
_ADDRESSES = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_UNDER_WAY = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)})
_TITLE = re.compile(rb"\AHTTP/1\.[01] 200\b.*?<title(?:\s[^>]*)?>([^<]+)</title", re.DOTALL | re.IGNORECASE)


def page_titles(ports: Sequence[int], within: float = _WITHIN) -> Mapping[int, str]:
    """Return the titles that servers on these ports of this computer tell `within` seconds, by port. Any thread.

    A server that is silent, slow or no web server is left out, and keeps none of the others waiting. Each title is one
    line that can steer no terminal.
    """
    until = time.monotonic() + within
    pages = [_Page(port) for port in ports[:_MOST_SERVERS]]
    with selectors.DefaultSelector() as selector:
        for page in pages:
            _wait(selector, page, page.begin())
        while selector.get_map() and (left := until - time.monotonic()) > 0:
            for key, _events in selector.select(left):
                selector.unregister(key.fileobj)
                _wait(selector, key.data, key.data.step())
    for page in pages:
        page.close()
    return {page.port: title for page in pages if (title := page.title) is not None}


def _wait(selector: selectors.BaseSelector, page: "_Page", events: int) -> None:
    if events and page.connection is not None:
        selector.register(page.connection, events, page)


class _Page:
    """One server that is asked. `begin` and `step` return the events to wait for next, 0 at the end."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection: socket.socket | None = None
        self._addresses = iter(_ADDRESSES)
        self._is_asked = False
        self._received = bytearray()

    @property
    def title(self) -> str | None:
        found = _TITLE.match(self._received)
        if found is None:
            return None
        import html  # late: only a page with a title needs it

        words = " ".join(html.unescape(found[1].decode(errors="replace")).split())
        shown = harmless_line(words)
        return f"{shown[: _LONGEST - 1]}…" if len(shown) > _LONGEST else shown or None

    def begin(self) -> int:
        """Connect to the next address."""
        for family, host in self._addresses:
            self.close()
            try:
                self.connection = socket.socket(family, socket.SOCK_STREAM)
            except OSError:  # this computer has no IPv6
                continue
            self.connection.setblocking(False)
            if self.connection.connect_ex((host, self.port)) in _UNDER_WAY:
                return selectors.EVENT_WRITE
        return 0

    def step(self) -> int:
        """Go on, as the connection is ready for it."""
        assert self.connection is not None  # noqa: S101 - for the type checker: it was waited for
        try:
            if not self._is_asked:
                return self._ask(self.connection)
            block = self.connection.recv(_BLOCK)
        except OSError:
            return 0
        self._received += block
        is_over = not block or len(self._received) >= _MOST or self.title is not None
        return 0 if is_over else selectors.EVENT_READ

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _ask(self, connection: socket.socket) -> int:
        if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            return self.begin()  # nobody listens there: at the next address
        # HTTP/1.0: the answer comes neither in chunks nor after an interim one.
        connection.send(f"GET / HTTP/1.0\r\nHost: localhost:{self.port}\r\nAccept: text/html\r\n\r\n".encode("ascii"))
        self._is_asked = True
        return selectors.EVENT_READ
