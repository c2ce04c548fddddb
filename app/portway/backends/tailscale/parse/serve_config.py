"""What is published by this computer's Tailscale now, by us and by others. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portway.backends.tailscale.parse.node import parse_object
from portway.core.foreign_text import PublicUrl

MOUNT = "/"
_HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """One Funnel of ours: `proxy` is the local address behind it, `target` the same as the person wrote it."""

    host: str
    port: int
    proxy: str
    target: str

    @property
    def url(self) -> PublicUrl:
        """What a visitor opens. Raises ValueError for a host that is none: it comes from outside."""
        return PublicUrl(public_url(self.host, self.port))


def public_url(host: str, port: int) -> str:
    """Return the address of a public port."""
    return f"https://{host}" if port == _HTTPS else f"https://{host}:{port}"


@dataclass(frozen=True, slots=True)
class ServeConfig:
    """The record that `serve status --json` prints. Its values are untrusted."""

    record: Mapping[str, Any]

    def carries(self, funnel: Funnel) -> bool:
        """Whether `funnel` is public now, exactly as described."""
        host_port = f"{funnel.host}:{funnel.port}"
        return (
            _part(self.record, "AllowFunnel").get(host_port) is True
            and _part(_part(self.record, "TCP"), str(funnel.port)).get("HTTPS") is True
            and self.holds(funnel)
        )

    def holds(self, funnel: Funnel) -> bool:
        """Whether its mount leads to its local address, public or not."""
        handlers = self._handlers(f"{funnel.host}:{funnel.port}")
        return _part(handlers, MOUNT).get("Proxy") == funnel.proxy

    def others(self, port: int, ours: Iterable[Funnel] = ()) -> list[str]:
        """Return what else occupies the public port, as short texts; `ours` do not count."""
        return list(self._others(port, ours))

    def _others(self, port: int, ours: Iterable[Funnel]) -> Iterator[str]:
        own_mounts = {(f"{one.host}:{one.port}", MOUNT, one.proxy) for one in ours}
        tcp = _part(_part(self.record, "TCP"), str(port))
        for host_port, mount, handler in self._mounts(port):
            if (host_port, mount, handler.get("Proxy")) not in own_mounts:
                yield f"{mount} → {_holder(handler)}"
        if tcp and tcp.get("HTTPS") is not True:
            yield str(tcp.get("TCPForward") or "a TCP forwarder")
        for session in _part(self.record, "Foreground").values():
            foreground = ServeConfig(session if isinstance(session, dict) else {})
            if _part(foreground.record, "TCP").get(str(port)) is not None or any(foreground._mounts(port)):
                yield "a Funnel in a terminal"

    def _mounts(self, port: int) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        # Under every name: a rename leaves the entries of the old one behind.
        for host_port in _part(self.record, "Web"):
            if host_port.rpartition(":")[2] == str(port):
                handlers = self._handlers(host_port)
                for mount in handlers:
                    yield host_port, mount, _part(handlers, mount)

    def _handlers(self, host_port: str) -> Mapping[str, Any]:
        return _part(_part(_part(self.record, "Web"), host_port), "Handlers")


def parse_config(text: str) -> ServeConfig:
    """Read the output of `serve status --json`. Raises UnreadableError."""
    return ServeConfig({} if text.strip() == "null" else parse_object(text))


def without(config: ServeConfig, funnel: Funnel) -> dict[str, Any]:
    """Return the record without the mount of `funnel`; all else stays."""
    host_port = f"{funnel.host}:{funnel.port}"
    record = dict(config.record)
    handlers = {mount: value for mount, value in config._handlers(host_port).items() if mount != MOUNT}  # noqa: SLF001 - of this module
    if handlers:
        record["Web"] = {
            **_part(record, "Web"),
            host_port: {**_part(_part(record, "Web"), host_port), "Handlers": handlers},
        }
        return record
    _drop(record, "Web", host_port)
    _drop(record, "AllowFunnel", host_port)
    if not any(config_host.rpartition(":")[2] == str(funnel.port) for config_host in _part(record, "Web")):
        _drop(record, "TCP", str(funnel.port))
    return record


def _drop(record: dict[str, Any], part: str, key: str) -> None:
    kept = {name: value for name, value in _part(record, part).items() if name != key}
    if kept:
        record[part] = kept
    else:
        record.pop(part, None)


def _part(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = record.get(key)
    return value if isinstance(value, dict) else {}


def _holder(handler: Mapping[str, Any]) -> str:
    return str(handler.get("Proxy") or handler.get("Path") or "a text")
