"""A look at our own public URL from outside: the service says on it whether the endpoint is online."""

from __future__ import annotations

import logging
from pathlib import Path

logger = logging.getLogger(__name__)

_OFFLINE = "ERR_NGROK_3200"


def is_offline(public_url: str, certificates: Path | None, limit: float) -> bool:
    """Return whether the service itself says that nothing serves this URL. Blocks up to about `limit` seconds.

    False where it cannot be told, as behind a firewall that lets only the agent through.
    """
    # Imported late: 10 MiB that only a tunnel which lost its connection needs.
    import requests

    try:
        answer = requests.head(
            public_url,
            headers={"ngrok-skip-browser-warning": "1", "User-Agent": "portway"},
            timeout=limit,
            allow_redirects=False,
            verify=True if certificates is None else str(certificates),
        )
    except requests.RequestException as error:
        logger.debug("The public URL could not be looked at: %s", type(error).__name__)
        return False
    return answer.headers.get("ngrok-error-code") == _OFFLINE
