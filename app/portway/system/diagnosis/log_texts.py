"""The ends of the logs for the diagnostics, masked."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from portway.system.diagnosis.bundle import Entry
from portway.system.diagnosis.masking import Mask
from portway.system.logs.log_reader import read_tail
from portway.system.logs.logs import log_path

_LINES = 400
_LIMIT = 0.7  # seconds for one log; lines that were made to take long are left out


def log_entries(folder: Path, names: Sequence[str], mask: Mask) -> Iterator[Entry]:
    """Yield the last lines of each log that there is."""
    for name in names:
        lines = read_tail(log_path(folder, name), _LINES)
        if lines:
            yield Entry(f"log/{name}.txt", "\n".join(_masked(lines, mask)) + "\n")


def _masked(lines: Sequence[str], mask: Mask) -> list[str]:
    """Mask them from the last one on, for as long as there is time."""
    ends = time.monotonic() + _LIMIT
    kept: list[str] = []
    for line in reversed(lines):
        if time.monotonic() > ends:
            kept.append("…")
            break
        kept.append(mask.line(line))
    return kept[::-1]
