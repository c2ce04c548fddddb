"""A process of ours in a record on the disk, so that a later Portway finds it again. What is read is untrusted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portway.system.processes.identity import ProcessIdentity


def as_record(identity: ProcessIdentity) -> dict[str, object]:
    """Return the keys by which it is found again."""
    return {"pid": identity.pid, "startTicks": identity.started, "bootId": identity.boot, "exe": identity.exe}


def identity_in(record: Mapping[str, Any]) -> ProcessIdentity:
    """Return whom a record names. Raises KeyError, TypeError or ValueError for anything odd."""
    return ProcessIdentity(
        pid=whole(record["pid"]),
        started=text(record["startTicks"]),
        boot=text(record["bootId"]),
        exe=text(record["exe"]),
    )


def whole(value: object) -> int:
    """Return a number that may be that of a process or a port. Raises TypeError."""
    if type(value) is not int or not 1 < value < 1 << 31:
        raise TypeError
    return value


def text(value: object) -> str:
    """Return a text that is not empty. Raises TypeError."""
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


def moment(value: object) -> datetime:
    """Return a time with its zone. Raises TypeError or ValueError."""
    found = datetime.fromisoformat(text(value))
    if found.tzinfo is None:
        raise ValueError
    return found
