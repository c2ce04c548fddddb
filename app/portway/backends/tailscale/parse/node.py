"""What `tailscale status --json` says about this computer. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

RUNNING = "Running"
NEEDS_LOGIN = "NeedsLogin"
NEEDS_APPROVAL = "NeedsMachineAuth"
STOPPED = "Stopped"
NOT_YET = ("NoState", "Starting")
HTTPS = "https"
FUNNEL = "funnel"
_FUNNEL_PORTS = "https://tailscale.com/cap/funnel-ports?ports="
_OLDER_HTTPS = "CertDomains"  # before 1.64 the list of capabilities need not name it


class UnreadableError(Exception):
    """The program answered with something else than the JSON object that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """This computer as its daemon sees it. `state` is the BackendState, `id` its lasting one in the tailnet.

    Names are without their final dot.
    """

    state: str
    id: str = ""
    has_key: bool = False
    auth_url: str = ""
    dns_name: str = ""
    host_name: str = ""
    online: bool = False
    key_expiry: datetime | None = None
    capabilities: frozenset[str] = frozenset()
    certificates: bool = False
    health: tuple[str, ...] = ()
    daemon_version: str = ""

    @property
    def logged_in(self) -> bool:
        """Whether it belongs to a tailnet, switched on or not."""
        return self.state not in (NEEDS_LOGIN, "NoState", "InUseOtherUser") or (
            self.state == "NoState" and self.has_key
        )

    @property
    def ready(self) -> bool:
        """Whether it carries traffic."""
        return self.state == RUNNING and self.online and bool(self.dns_name)

    @property
    def expired(self) -> bool:
        """Whether its log-in was good once."""
        return self.state == NEEDS_LOGIN and self.has_key

    @property
    def short_name(self) -> str:
        """The first part of its public address, which is the machine's name in the tailnet."""
        return self.dns_name.partition(".")[0] or self.host_name

    @property
    def has_https(self) -> bool:
        """Whether it may get certificates."""
        return HTTPS in self.capabilities or self.certificates

    @property
    def has_funnel(self) -> bool:
        """Whether its tailnet lets it use Funnel."""
        return FUNNEL in self.capabilities

    def may_funnel(self, port: int) -> bool:
        """Whether the relays serve this public port; true where the tailnet does not say which."""
        ranges = tuple(self.funnel_ports)
        return not ranges or any(first <= port <= last for first, last in ranges)

    @property
    def funnel_ports(self) -> Iterable[tuple[int, int]]:
        """The public ports that the relays serve, as first and last of each range."""
        for capability in self.capabilities:
            if capability.startswith(_FUNNEL_PORTS):
                for part in capability.removeprefix(_FUNNEL_PORTS).split(","):
                    match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part, re.ASCII)
                    if match:
                        yield int(match[1]), int(match[2] or match[1])


def parse_node(text: str) -> Node:
    """Read the output of `status --json`. Raises UnreadableError."""
    record = parse_object(text)
    state = record.get("BackendState")
    if not isinstance(state, str):
        message = "there is no BackendState in it"
        raise UnreadableError(message)
    self_ = _object(record.get("Self"))
    return Node(
        state=state,
        id=_text(self_.get("ID")),
        has_key=record.get("HaveNodeKey") is True or _has_older_key(record, self_),
        auth_url=_text(record.get("AuthURL")),
        dns_name=_text(self_.get("DNSName")).rstrip("."),
        host_name=_text(self_.get("HostName")),
        online=self_.get("Online") is True,
        key_expiry=_time(self_.get("KeyExpiry")),
        capabilities=_capabilities(self_),
        certificates=bool(record.get(_OLDER_HTTPS)),
        health=tuple(one for one in record.get("Health") or () if isinstance(one, str)),
        daemon_version=_text(record.get("Version")).partition("-")[0],
    )


def parse_object(text: str) -> Mapping[str, Any]:
    """Return the first JSON object in `text`, whatever warnings stand before it. Raises UnreadableError."""
    for match in re.finditer(r"^\s*\{", text, re.MULTILINE):
        try:
            found, _ = json.JSONDecoder().raw_decode(text, match.end() - 1)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    message = "it did not answer with JSON"
    raise UnreadableError(message)


def parse_version(text: str) -> tuple[int, int, int]:
    """Read the output of `version --json`. Raises UnreadableError."""
    match = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", _text(parse_object(text).get("majorMinorPatch")), re.ASCII)
    if match is None:
        message = "it did not tell its version"
        raise UnreadableError(message)
    return int(match[1]), int(match[2]), int(match[3] or 0)


def _has_older_key(record: Mapping[str, Any], self_: Mapping[str, Any]) -> bool:
    """Before 1.66 nothing says whether there is a key; a node with a name has one."""
    return "HaveNodeKey" not in record and bool(self_.get("DNSName"))


def _capabilities(self_: Mapping[str, Any]) -> frozenset[str]:
    named = self_.get("CapMap")
    if isinstance(named, dict):
        return frozenset(named)
    listed = self_.get("Capabilities")  # before 1.64
    return frozenset(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else frozenset()


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _time(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(_text(value))
    except ValueError:
        return None
