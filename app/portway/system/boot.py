"""Telling one boot of the computer from another, and one process from a later one with the same number."""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")  # Linux only
_BOOT_ID = "sys/kernel/random/boot_id"
_START_TICKS = 19  # field 22 of /proc/PID/stat, counted from the one behind the name: proc(5)
_CLOCK_STEP = 120.0  # seconds by which a corrected wall clock may move the computed boot time


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
