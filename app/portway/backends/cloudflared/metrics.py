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
class Rule:
    """Where visitors of one host name are led. Empty `hostname`: all others; `path`: only those of it."""

    hostname: str
    path: str
    service: str

    def fits(self, host: str) -> bool:
        """Whether visitors of this host are meant, of some path at least."""
        if self.hostname.startswith("*."):
            return host.endswith(self.hostname[1:])
        return self.hostname in {host, "", "*"}


@dataclass(frozen=True, slots=True)
class Configuration:
    """Where it leads visitors. `pushed`: so Cloudflare's dashboard says, and not its command line."""

    pushed: bool
    rules: tuple[Rule, ...]

    @property
    def sole_service(self) -> str | None:
        """Where all of them are led, if there is one such place."""
        return self.rules[0].service if len(self.rules) == 1 else None

    def services_of(self, host: str) -> tuple[str, ...]:
        """Return each place to which visitors of a host may come."""
        found: list[str] = []
        for rule in self.rules:
            if rule.fits(host):
                found.append(rule.service)
                if not rule.path:
                    break
        return tuple(found)

    def names(self, host: str) -> bool:
        """Whether a host is meant by more than what is for all others."""
        return any(rule.hostname not in {"", "*"} and rule.fits(host) for rule in self.rules)


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

    def tunnel_id(self) -> str | None:
        """Return the id of the tunnel that it serves."""
        return _text(_record(self._get("/diag/tunnel")), "tunnelID")

    def service(self) -> str | None:
        """Return the local server to which it forwards."""
        configuration = self.configuration()
        return None if configuration is None else configuration.sole_service

    def configuration(self) -> Configuration | None:
        """Return where it leads visitors; None also where it says that in a way that is not understood."""
        record = _record(self._get("/config"))
        version, config = record.get("version"), record.get("config")
        rules = config.get("ingress") if isinstance(config, dict) else None
        if type(version) is not int or not isinstance(rules, list):
            return None
        read = [_rule(rule) for rule in rules]
        return None if None in read else Configuration(version >= 0, tuple(rule for rule in read if rule is not None))

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


def _rule(rule: object) -> Rule | None:
    if not isinstance(rule, dict):
        return None
    hostname, path, service = (rule.get(key) or "" for key in ("hostname", "path", "service"))
    if not (isinstance(hostname, str) and isinstance(service, str) and service):
        return None
    return Rule(hostname.lower(), str(path), service)


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
