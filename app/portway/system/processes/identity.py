"""Telling a process from a later one with the same number, and finding children that a killed Portway left behind."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")  # Linux only
_BOOT_ID = "sys/kernel/random/boot_id"
_START_TICKS = 19  # field 22 of /proc/PID/stat, counted from the one behind the name: proc(5)
_CLOCK_STEP = 120.0  # seconds by which a corrected wall clock may move the computed boot time
MARK = "PORTWAY_CHILD"  # the variable in a child's environment by which a later run knows it


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


def command_line_of(pid: int) -> list[str] | None:
    """Return the words with which a process was started; None where it is gone, or not ours to look at."""
    import psutil  # late: only what an earlier Portway left is asked for

    try:
        return psutil.Process(pid).cmdline()
    except psutil.Error:
        return None


def marked_processes(mark: str) -> list[ProcessIdentity]:
    """Return the processes of this user that were started with this `mark` as leaders of a group of their own.

    What such a process started in turn has inherited the mark, but leads no group. Blocks for some milliseconds.
    """
    return [identity for pid in _started_with(mark) if _leads_a_group(pid) and (identity := identity_of(pid))]


def boot_id() -> str:
    """Return a text that stays the same until the computer starts anew."""
    try:
        return (PROC / _BOOT_ID).read_text("ascii").strip()
    except OSError:
        import psutil  # late: only where there is no /proc

        return f"about {round(psutil.boot_time() / _CLOCK_STEP)}"


def start_ticks(pid: int) -> str | None:
    """Return when the process `pid` started, as a text to compare with an earlier one; None if there is none.

    On Linux in ticks since boot: psutil's `create_time` follows the wall clock there, which may be set back.
    """
    try:
        line = (PROC / str(pid) / "stat").read_text("ascii", errors="replace")
    except FileNotFoundError:
        return None if (PROC / _BOOT_ID).exists() else _portable_start(pid)
    except OSError:
        return None
    return line.rpartition(")")[2].split()[_START_TICKS]


def _portable_start(pid: int) -> str | None:
    import psutil  # late: only where there is no /proc

    try:
        return str(psutil.Process(pid).create_time())
    except (psutil.Error, ValueError):
        return None


def _exe(pid: int) -> str | None:
    if (PROC / "self").exists():
        with contextlib.suppress(OSError):
            return str((PROC / str(pid) / "exe").readlink()).removesuffix(" (deleted)")
        return None
    import psutil  # late: only where there is no /proc

    try:
        return psutil.Process(pid).exe()
    except psutil.Error:
        return None


def _started_with(mark: str) -> Iterator[int]:
    if not (PROC / "self").exists():
        yield from _portable_started_with(mark)
        return
    wanted = os.fsencode(f"{MARK}={mark}")
    for folder in PROC.iterdir():
        if not folder.name.isdecimal():
            continue
        with contextlib.suppress(OSError):  # of another user, or gone meanwhile
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)


def _portable_started_with(mark: str) -> Iterator[int]:
    import psutil  # late: only where there is no /proc

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                yield process.pid


def _leads_a_group(pid: int) -> bool:
    if not hasattr(os, "getpgid"):
        return True  # Windows knows no such groups
    try:
        return os.getpgid(pid) == pid
    except OSError:
        return False
