"""Asks cloudflared itself: its metrics server on loopback tells what is true now."""

import json
import re
from dataclasses import dataclass

from portway.backends.cloudflared.output import is_public_host
from portway.core.cancel import CancelToken, Deadline
from portway.system.network.loopback_http import HttpAnswer, ask_loopback

_OK = 200
_VISITS = re.compile(rb"^cloudflared_tunnel_total_requests (\d\S*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics server of one process, which any local user can read, and which may be anything by now.

    Its calls block for up to `limit` seconds, answer None where it gives no whole answer within that, and raise
    Cancelled as soon as `cancel` says so. Any thread.
    """

    port: int
    cancel: CancelToken
    limit: float = 1.0

    def ready(self) -> bool | None:
        """Return whether its edge carries traffic."""
        answer = self._get("/ready")
        return None if answer is None else answer.status == _OK

    def public_host(self) -> str | None:
        """Return the name of its quick tunnel; None while it has none, or where it is no name of Cloudflare's."""
        answer = self._get("/quicktunnel")
        host = _text(_record(answer), "hostname")
        return host if host is not None and is_public_host(host) else None

    def service(self) -> str | None:
        """Return the local server to which it forwards."""
        config = _record(self._get("/config")).get("config")
        rules = config.get("ingress") if isinstance(config, dict) else None
        if not isinstance(rules, list) or len(rules) != 1 or not isinstance(rules[0], dict):
            return None
        return _text(rules[0], "service")

    def visits(self) -> int | None:
        """Return how many requests have come through the tunnel."""
        answer = self._get("/metrics")
        found = None if answer is None else _VISITS.search(answer.body)
        try:
            return None if found is None else int(float(found[1]))  # large ones are written like 1e+06
        except (ValueError, OverflowError):
            return None

    def _get(self, path: str) -> HttpAnswer | None:
        try:
            return ask_loopback(self.port, path, Deadline.after(self.limit), self.cancel)
        except OSError:
            return None


def _record(answer: HttpAnswer | None) -> dict[str, object]:
    if answer is None or answer.status != _OK:
        return {}
    try:
        record = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _text(record: dict[str, object], key: str) -> str | None:
    value = record.get(key)
    return value if isinstance(value, str) else None
