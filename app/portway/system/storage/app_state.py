"""state/app.json with types: small facts that outlive a run. A bad value becomes its default."""

from collections.abc import Mapping, Sequence
from typing import Any

from portway.system.storage.state_file import Record, StateFile

RECENT_TARGETS_KEPT = 8
_HIGHEST_PORT = 65535
_WIDEST = 4000  # px of a column: more is damage


class AppState:
    """Typed access to one StateFile. Safe on every thread."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    @property
    def profile(self) -> str:
        """What tells this profile from another user's, or another one of the same user."""
        return str(self._file.path)

    @property
    def window_place(self) -> str | None:
        """Where the window was, as Qt's `saveGeometry` in base64."""
        return _text(self._file.read().get("windowPlace"))

    def remember_window_place(self, place: str) -> None:
        """Keep it for the next start."""
        self._file.update(windowPlace=place)

    def column_widths(self, table: str) -> Mapping[str, int]:
        """Return the widths that a person gave the columns of a table, in px by name."""
        kept = _mapping(_mapping(self._file.read().get("columnWidths")).get(table))
        return {name: width for name, width in kept.items() if type(width) is int and 0 < width <= _WIDEST}

    def remember_column_widths(self, table: str, widths: Mapping[str, int]) -> None:
        """Keep them for the next start."""

        def remember(record: Record) -> None:
            record["columnWidths"] = {**_mapping(record.get("columnWidths")), table: dict(widths)}

        self._file.edit(remember)

    @property
    def recent_targets(self) -> tuple[str, ...]:
        """Targets used lately, the latest first."""
        return _texts(self._file.read().get("recentTargets"))[:RECENT_TARGETS_KEPT]

    def remember_target(self, url: str) -> None:
        """Put `url` first among the recent targets."""

        def remember(record: Record) -> None:
            others = [one for one in _texts(record.get("recentTargets")) if one != url]
            record["recentTargets"] = [url, *others][:RECENT_TARGETS_KEPT]

        self._file.edit(remember)

    def answered(self, question: str) -> bool:
        """Whether a question that is asked once was answered."""
        return question in _texts(self._file.read().get("answered"))

    def remember_answer(self, question: str) -> None:
        """Never ask it again."""

        def remember(record: Record) -> None:
            record["answered"] = sorted({*_texts(record.get("answered")), question})

        self._file.edit(remember)

    def listen_port(self, target_url: str, tunnel: str = "") -> int | None:
        """Return the port under which `lan`, or a `tunnel` of the person's own, published this target last."""
        port = _mapping(self._file.read().get("lanPorts")).get(_port_key(target_url, tunnel))
        return port if type(port) is int and 0 < port <= _HIGHEST_PORT else None

    def remember_listen_port(self, target_url: str, port: int, tunnel: str = "") -> None:
        """Keep it, so that the public URL stays the same."""

        def remember(record: Record) -> None:
            record["lanPorts"] = {**_mapping(record.get("lanPorts")), _port_key(target_url, tunnel): port}

        self._file.edit(remember)

    def relay_port(self, tunnel: str) -> int | None:
        """Return the port at which the relay of this tunnel listened last."""
        port = _mapping(self._file.read().get("relayPorts")).get(tunnel)
        return port if type(port) is int and 0 < port <= _HIGHEST_PORT else None

    def remember_relay_port(self, tunnel: str, port: int) -> None:
        """Keep it: a program that outlives this one still leads there."""

        def remember(record: Record) -> None:
            record["relayPorts"] = {**_mapping(record.get("relayPorts")), tunnel: port}

        self._file.edit(remember)

    @property
    def tunnel_order(self) -> tuple[str, ...]:
        """The saved tunnels as a person has put them, from top to bottom; some may be gone, and newer ones missing."""
        return tuple(dict.fromkeys(_texts(self._file.read().get("tunnelOrder"))))

    def remember_tunnel_order(self, tunnels: Sequence[str]) -> None:
        """Keep it for every list of tunnels, also of the next start."""
        self._file.update(tunnelOrder=list(tunnels))

    def forget_tunnel(self, tunnel: str) -> None:
        """Forget the ports and the place of a tunnel that is gone."""

        def forget(record: Record) -> None:
            for kept in ("relayPorts", "funnelPorts"):
                if kept in record:
                    record[kept] = {name: value for name, value in _mapping(record[kept]).items() if name != tunnel}
            if "lanPorts" in record:
                ports = _mapping(record["lanPorts"])
                record["lanPorts"] = {key: port for key, port in ports.items() if not key.startswith(f"{tunnel} ")}
            if "tunnelOrder" in record:
                record["tunnelOrder"] = [name for name in _texts(record["tunnelOrder"]) if name != tunnel]

        self._file.edit(forget)

    def funnel_port(self, tunnel: str, asked: int) -> int | None:
        """Return the public port that this tunnel got last, where this one was asked for."""
        kept = _mapping(_mapping(self._file.read().get("funnelPorts")).get(tunnel))
        port = kept.get("port")
        return port if kept.get("asked") == asked and type(port) is int and 0 < port <= _HIGHEST_PORT else None

    def remember_funnel_port(self, tunnel: str, asked: int, port: int) -> None:
        """Keep it, so that the public URL stays the same."""

        def remember(record: Record) -> None:
            record["funnelPorts"] = {
                **_mapping(record.get("funnelPorts")),
                tunnel: {"asked": asked, "port": port},
            }

        self._file.edit(remember)


def _port_key(target_url: str, tunnel: str) -> str:
    return f"{tunnel} {target_url}" if tunnel else target_url


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
