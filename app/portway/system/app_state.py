"""state/app.json with types: small facts that outlive a run. Each bad value falls back alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portway.system.state_file import StateFile

RECENT_TARGETS_KEPT = 8
_HIGHEST_PORT = 65535


class AppState:
    """Typed access to one StateFile. Safe on every thread."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    @property
    def window_place(self) -> str | None:
        """Where the window was, as Qt's `saveGeometry` in base64."""
        return _text(self._file.read().get("windowPlace"))

    def remember_window_place(self, place: str) -> None:
        """Keep it for the next start."""
        self._file.update(windowPlace=place)

    @property
    def recent_targets(self) -> tuple[str, ...]:
        """Targets used lately, the latest first."""
        return _texts(self._file.read().get("recentTargets"))[:RECENT_TARGETS_KEPT]

    def remember_target(self, url: str) -> None:
        """Put `url` first among the recent targets."""
        others = [one for one in self.recent_targets if one != url]
        self._file.update(recentTargets=[url, *others][:RECENT_TARGETS_KEPT])

    def answered(self, question: str) -> bool:
        """Whether a question that is asked once was answered."""
        return question in _texts(self._file.read().get("answered"))

    def remember_answer(self, question: str) -> None:
        """Never ask it again."""
        answered = {*_texts(self._file.read().get("answered")), question}
        self._file.update(answered=sorted(answered))

    def listen_port(self, target_url: str) -> int | None:
        """Return the port under which `lan` published this target last."""
        port = _mapping(self._file.read().get("lanPorts")).get(target_url)
        return port if type(port) is int and 0 < port <= _HIGHEST_PORT else None

    def remember_listen_port(self, target_url: str, port: int) -> None:
        """Keep it, so that the public URL stays the same."""
        self._file.update(lanPorts={**_mapping(self._file.read().get("lanPorts")), target_url: port})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
