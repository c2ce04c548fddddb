"""Telling one process from a later one with the same number: nobody else's process is ever signalled."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from portway.system import boot
from portway.system.boot import boot_id, start_ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessIdentity:
    """A process of one boot: number, start, and the file that it runs."""

    pid: int
    started: str
    boot: str
    exe: str

    def is_alive(self) -> bool:
        """Whether that very process still runs. A zombie does not."""
        return self.boot == boot_id() and identity_of(self.pid) == self


def identity_of(pid: int) -> ProcessIdentity | None:
    """Return who has this number now; None for nobody, or for one that has ended and was not yet reaped."""
    started, exe = start_ticks(pid), _exe(pid)
    if started is None or exe is None:
        return None
    return ProcessIdentity(pid=pid, started=started, boot=boot_id(), exe=exe)


def _exe(pid: int) -> str | None:
    if (boot.PROC / "self").exists():
        with contextlib.suppress(OSError):
            return str((boot.PROC / str(pid) / "exe").readlink()).removesuffix(" (deleted)")
        return None
    import psutil  # late: only where there is no /proc

    try:
        return psutil.Process(pid).exe()
    except psutil.Error:
        return None
