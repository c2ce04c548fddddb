"""The daemon's own interface, for the one thing the command refuses: taking a Funnel out while Tailscale is asleep.

Its makers call it unstable, so it is an extra: whatever goes wrong, the caller goes on without it. It edits with an
ETag, so that nothing of others is lost. Linux, and macOS with the open-source daemon; elsewhere there is no socket.
"""

from __future__ import annotations

import json
import logging
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from portway.backends.tailscale.node import UnreadableError
from portway.backends.tailscale.serve_config import Funnel, parse_config, without

logger = logging.getLogger(__name__)

SOCKET = Path("/var/run/tailscaled.socket" if sys.platform == "darwin" else "/var/run/tailscale/tailscaled.sock")
_PATH = "/localapi/v0/serve-config"
_HOST = "local-tailscaled.sock"  # any other is refused
_OK, _CHANGED_MEANWHILE = 200, 412
_LARGEST = 1 << 20
_TRIES = 3


@dataclass(frozen=True, slots=True)
class LocalApi:
    """Blocks for at most `limit` seconds per call."""

    socket_path: Path
    limit: float

    def remove(self, funnel: Funnel) -> bool:
        """Take the mount of `funnel` out of the configuration, if it is still ours; return whether it is gone."""
        if not hasattr(socket, "AF_UNIX"):
            return False
        try:
            return any(self._removed(funnel) for _ in range(_TRIES))
        except (OSError, UnreadableError) as error:
            logger.info("The Funnel could not be taken out beside the command: %s", error)
            return False

    def _removed(self, funnel: Funnel) -> bool:
        """Try once; false where somebody else changed something at the same moment."""
        text, etag = self._call("GET")
        config = parse_config(text)
        if not config.holds(funnel):
            return True
        if not etag:  # without one the edit could overwrite somebody else's
            return False
        self._call("POST", json.dumps(without(config, funnel)), etag)
        return not parse_config(self._call("GET")[0]).holds(funnel)

    def _call(self, method: str, body: str | None = None, etag: str = "") -> tuple[str, str]:
        """Return body and ETag of an answer."""
        import http.client  # late: it loads all of email

        connection = http.client.HTTPConnection(_HOST)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(self.limit)
            link.connect(str(self.socket_path))
            connection.sock = link
            connection.request(method, _PATH, body, {"If-Match": etag} if etag else {})
            answer = connection.getresponse()
            text = answer.read(_LARGEST).decode(errors="replace")
            if answer.status not in (_OK, _CHANGED_MEANWHILE):
                message = f"tailscaled answered {answer.status}"
                raise OSError(message)
            return text, answer.headers.get("Etag", "")
