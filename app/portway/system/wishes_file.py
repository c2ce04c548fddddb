"""state/wishes.json: what is wanted, and whether it is to come back at the next start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from portway.core.status import BackendId
from portway.system.state_file import StateFile

Option = str | int | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One tunnel that is wanted. `target` and `options` are what was named; the rest follows from the settings.

    `facts` are the surroundings in which it was made. `stays` marks a tunnel that was left up on purpose at quit.
    """

    backend: BackendId
    target: str | None = None
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stays: bool = False


class WishesFile:
    """Reads and writes the wishes. Each bad entry is dropped alone; a damaged file is moved aside."""

    def __init__(self, path: Path, boot: str) -> None:
        self._file = StateFile(path)
        self._boot = boot

    def restored(self, *, always: bool) -> tuple[Wish, ...]:
        """Return the wishes of the earlier run that hold: all after an unclean end within this boot, or if `always`.

        Else only those whose tunnels were left up on purpose. One that `stays` holds only if its tunnel is still up.
        """
        record = self._file.read()
        unclean = record.get("clean") is not True and record.get("bootId") == self._boot
        return tuple(wish for wish in _wishes(record.get("wishes")) if unclean or always or wish.stays)

    def write(self, wishes: Iterable[Wish], *, clean: bool = False) -> None:
        """Replace what is wanted. `clean` says that the program ends on purpose. A full disk is only logged."""
        entries = {wish.backend: _entry(wish) for wish in wishes}
        self._file.write({"bootId": self._boot, "clean": clean, "wishes": entries})


def _entry(wish: Wish) -> dict[str, Any]:
    return {
        "target": wish.target,
        "options": dict(wish.options),
        "facts": dict(wish.facts),
        "stays": wish.stays,
    }


def _wishes(entries: object) -> tuple[Wish, ...]:
    if not isinstance(entries, dict):
        return ()
    return tuple(_wish(BackendId(name), entry) for name, entry in entries.items() if _is_sound(entry))


def _is_sound(entry: object) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("target"), str | None):
        return False
    options, facts = entry.get("options", {}), entry.get("facts", {})
    return (
        isinstance(options, dict)
        and all(isinstance(value, Option) for value in options.values())
        and isinstance(facts, dict)
        and all(isinstance(value, str) for value in facts.values())
    )


def _wish(backend: BackendId, entry: dict[str, Any]) -> Wish:
    return Wish(
        backend=backend,
        target=entry.get("target"),
        options=MappingProxyType(entry.get("options", {})),
        facts=MappingProxyType(entry.get("facts", {})),
        stays=entry.get("stays") is True,
    )
