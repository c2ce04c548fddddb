"""A look at our own public URL from outside: the service says on it whether the endpoint is online."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from http.client import HTTPSConnection

logger = logging.getLogger(__name__)

_OFFLINE = "ERR_NGROK_3200"
_AGAIN = 0.05


def is_offline(host: str, certificates: Path | None, limit: float) -> bool:
    """Return whether the service itself says that nothing serves this host. Blocks up to about `limit` seconds.

    False where it cannot be told, as behind a firewall that lets only the agent through. Any thread.
    """
    from http.client import HTTPException  # late, all of it: only a tunnel that lost its connection needs it

    connection = _connection(host, certificates, limit)
    try:
        with _over_after(connection, limit):
            connection.request("HEAD", "/", headers={"ngrok-skip-browser-warning": "1", "User-Agent": "portway"})
            answer = connection.getresponse()
    except (OSError, HTTPException) as error:
        logger.debug("The public URL could not be looked at: %s", type(error).__name__)
        return False
    finally:
        connection.close()
    return answer.getheader("ngrok-error-code") == _OFFLINE


def _connection(host: str, certificates: Path | None, limit: float) -> HTTPSConnection:
    """Return what connects to that host, through the proxy of the environment where there is one."""
    import ssl
    from base64 import b64encode
    from http.client import HTTPSConnection
    from urllib.parse import unquote, urlsplit
    from urllib.request import getproxies, proxy_bypass

    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    trusted = ssl.create_default_context(cafile=str(certificates or DEFAULT_CA_BUNDLE_PATH))
    proxy = urlsplit("" if proxy_bypass(host) else getproxies().get("https", ""))
    if not proxy.hostname:
        return HTTPSConnection(host, timeout=limit, context=trusted)
    connection = HTTPSConnection(proxy.hostname, proxy.port or 80, timeout=limit, context=trusted)
    user = "" if proxy.username is None else f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    headers = {"Proxy-Authorization": f"Basic {b64encode(user.encode()).decode()}"} if user else {}
    connection.set_tunnel(host, headers=headers)
    return connection


@contextlib.contextmanager
def _over_after(connection: HTTPSConnection, limit: float) -> Iterator[None]:
    """End the exchange after `limit` seconds in all: its timeout is one for each read, and a peer may trickle."""
    done = threading.Event()

    def hang_up() -> None:
        done.wait(limit)
        while not done.wait(_AGAIN):  # more than once: it may just be connecting
            with contextlib.suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Thread(target=hang_up, name="portway-ngrok-probe", daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()
