"""state/wishes.json: what is wanted, and whether it is to come back at the next start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from portway.core.errors import TunnelError
from portway.core.guard.rules import OPEN_TO_ALL, Guard, guard_record, read_guard
from portway.core.status import BackendId, TunnelId
from portway.system.storage.disk_writer import DiskWriter
from portway.system.storage.state_file import StateFile

Option = str | int | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One tunnel that is wanted. `target` and `options` are what was named; the rest follows from the settings.

    `facts` are the surroundings in which it was made. `stays` marks a tunnel that was left up on purpose at quit.
    `inspect`: its requests are recorded; None: as is set. `guard` is what held, of which `own_rules` were named in the
    wish itself; `own_password`: the password belongs to it.
    `expires_at` is in UTC; `expires_due` the same by the clock that counts sleep, None after a start of the computer.
    """

    tunnel: TunnelId
    backend: BackendId
    target: str | None = None
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stays: bool = False
    inspect: bool | None = False
    guard: Guard = OPEN_TO_ALL
    own_password: bool = False
    own_rules: tuple[str, ...] = ()
    expires_at: datetime | None = None
    expires_due: float | None = None


class WishesFile:
    """Reads and writes the wishes. A bad entry is dropped, and the others stay; a damaged file is moved aside."""

    def __init__(self, path: Path, boot: str, writer: DiskWriter | None = None) -> None:
        self._file = StateFile(path, writer)
        self._boot = boot

    def restored(self, *, always: bool) -> tuple[Wish, ...]:
        """Return those of an earlier Portway that still hold: all after an unclean end in this boot, or if `always`.

        Else only those whose tunnels were left up on purpose. One that `stays` holds only if its tunnel is still up.
        """
        record = self._file.read()
        unclean = record.get("clean") is not True and record.get("bootId") == self._boot
        wishes = [wish for wish in _wishes(record.get("wishes")) if unclean or always or wish.stays]
        if record.get("bootId") != self._boot:
            wishes = [replace(wish, expires_due=None) for wish in wishes]
        return tuple(wishes)

    def write(self, wishes: Iterable[Wish], *, clean: bool = False) -> None:
        """Replace what is wanted. `clean` says that the program ends on purpose. A full disk is only logged.

        With a writer it is on the disk only after `flush`.
        """
        entries = {wish.tunnel: _entry(wish) for wish in wishes}
        self._file.write({"bootId": self._boot, "clean": clean, "wishes": entries})

    def flush(self, limit: float) -> bool:
        """Wait until what was written is on the disk; False if that takes longer than `limit` seconds."""
        return self._file.flush(limit)


def _entry(wish: Wish) -> dict[str, Any]:
    return {
        "backend": wish.backend,
        "target": wish.target,
        "options": dict(wish.options),
        "facts": dict(wish.facts),
        "stays": wish.stays,
        "inspect": wish.inspect,
        "guard": guard_record(wish.guard),
        "ownPassword": wish.own_password,
        "ownRules": list(wish.own_rules),
        "expiresAt": None if wish.expires_at is None else wish.expires_at.isoformat(),
        "expiresDue": wish.expires_due,
    }


def _wishes(entries: object) -> tuple[Wish, ...]:
    if not isinstance(entries, dict):
        return ()
    return tuple(_wish(name, entry) for name, entry in entries.items() if _is_sound(entry))


def _is_sound(entry: object) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("target"), str | None):
        return False
    if not isinstance(entry.get("backend", ""), str):
        return False
    options, facts = entry.get("options", {}), entry.get("facts", {})
    return (
        _is_sound_guard(entry)
        and isinstance(options, dict)
        and all(isinstance(value, Option) for value in options.values())
        and isinstance(facts, dict)
        and all(isinstance(value, str) for value in facts.values())
    )


def _is_sound_guard(entry: dict[str, Any]) -> bool:
    """Whether it is known who was to get in, and until when: else it must not come back."""
    expires_at, due = entry.get("expiresAt"), entry.get("expiresDue")
    if not isinstance(due, int | float | None) or isinstance(due, bool):
        return False
    rules = entry.get("ownRules", [])
    if not (isinstance(rules, list) and all(isinstance(rule, str) for rule in rules)):
        return False
    try:
        read_guard(entry.get("guard", {}))
        return expires_at is None or datetime.fromisoformat(expires_at).tzinfo is not None
    except (TunnelError, TypeError, ValueError):
        return False


def _wish(tunnel: str, entry: dict[str, Any]) -> Wish:
    return Wish(
        tunnel=tunnel,
        backend=BackendId(entry.get("backend", tunnel)),  # older files know built-in tunnels alone, and name none
        target=entry.get("target"),
        options=MappingProxyType(entry.get("options", {})),
        facts=MappingProxyType(entry.get("facts", {})),
        stays=entry.get("stays") is True,
        inspect=None if entry.get("inspect", False) is None else entry.get("inspect") is True,
        guard=read_guard(entry.get("guard", {})),
        own_password=entry.get("ownPassword") is True,
        own_rules=tuple(entry.get("ownRules", ())),
        expires_at=datetime.fromisoformat(entry["expiresAt"]) if entry.get("expiresAt") else None,
        expires_due=entry.get("expiresDue"),
    )
