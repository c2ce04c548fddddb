"""Whether the local server turns visitors away because they ask for the public name."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from portway.core.target import Target

if TYPE_CHECKING:
    import http.client

_REFUSALS = (400, 403)
_MOST_READ = 1 << 16


def host_is_refused(origin: Target, public_host: str, limit: float) -> bool:
    """Return whether `origin` refuses the public Host and takes its own. Blocks for up to two limits, in seconds.

    Many servers for development do so: Vite, webpack and Django with their lists of allowed hosts.
    """
    own = origin.url.partition("://")[2]
    refused = _status(origin, public_host, limit)
    return refused in _REFUSALS and _status(origin, own, limit) not in (None, *_REFUSALS)


def _status(origin: Target, host: str, limit: float) -> int | None:
    import http.client  # late: it loads email and ssl, which nothing needs while idle

    connection = _connection(origin, limit)
    try:
        connection.putrequest("GET", "/", skip_host=True)
        connection.putheader("Host", host)
        connection.putheader("Connection", "close")
        connection.endheaders()
        answer = connection.getresponse()
    except (OSError, http.client.HTTPException):
        connection.close()
        return None
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        answer.read(_MOST_READ)  # so that the server does not log that its visitor ran away
    return answer.status


def _connection(origin: Target, limit: float) -> http.client.HTTPConnection:
    import http.client
    import ssl

    if origin.scheme != "https":
        return http.client.HTTPConnection(origin.host, origin.port, timeout=limit)
    # A local server has a certificate of its own making, and nothing secret is sent.
    unverified = ssl._create_unverified_context()  # noqa: S323, SLF001 - see above
    return http.client.HTTPSConnection(origin.host, origin.port, timeout=limit, context=unverified)
