"""Handing a public URL to other programs: a line in a file of theirs, or a command."""

import contextlib
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.foreign_text import check_command
from portway.system.processes.child import Children
from portway.system.processes.command import CommandTimeoutError, EndPolicy, run_command
from portway.system.processes.environment import child_environment
from portway.system.storage.files import storage_failed, write_whole

_LARGEST = 1 << 20
_QUOTES = ("'", '"')
_WORDS_KEPT = 4096  # bytes
_LAST_WORDS = 200  # of a failed command, in the sentence that shows it


def write_line(path: Path, key: str, url: str) -> None:
    """Make the last line of `key` in the file say `KEY=url`; its `export` and quotes are kept, and all else.

    An absent key is appended, an absent file is made for this user alone. A link is followed: the file it leads to
    keeps being the one. Raises TunnelError(storage_failed).
    """
    place = Path(os.path.realpath(path))
    try:
        found = place.stat() if place.exists() else None
        if found is not None and (not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST):
            raise storage_failed(path, "it is no small text file")
        before = b"" if found is None else place.read_bytes()
        if found is None and not place.parent.is_dir():
            raise storage_failed(path, "its folder does not exist")
        after = with_line(before.decode("utf-8", "surrogateescape"), key, url).encode("utf-8", "surrogateescape")
    except OSError as error:
        raise storage_failed(path, error) from error
    if after != before:
        _replace(place, after, found)


def with_line(text: str, key: str, url: str) -> str:
    """Return `text` with the value of `key`: only that line changes, and what ends it stays."""
    lines = text.splitlines(keepends=True)
    # Editors of Windows begin a file with a byte order mark.
    head = rf"\ufeff?\s*(?:export\s+)?{re.escape(key)}\s*=\s*"
    pattern = re.compile(rf"(?P<head>{head})(?P<value>[^\r\n]*)(?P<end>\r?\n?)")
    for index in reversed(range(len(lines))):  # the last one is the one that counts
        match = pattern.fullmatch(lines[index])
        if match is not None:
            lines[index] = f"{match['head']}{_valued(match['value'], url)}{match['end']}"
            return "".join(lines)
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = newline if text and not text.endswith(("\n", "\r")) else ""
    return f"{text}{gap}{key}={url}{newline}"


def run_hook(  # noqa: PLR0913 - the command, and what it finds
    children: Children,
    command: str,
    facts: Mapping[str, str],
    environment: Mapping[str, str],
    limit: float,
    *,
    folder: Path | None = None,
) -> Problem | None:
    """Run it with `facts` in its environment, without a shell; return why it failed, None if it did not.

    It runs in `folder`, else where we do.

    Blocks for up to `limit` seconds; then the command, and what it started, is ended. What it leaves behind at its own
    end, such as a server, runs on.
    """
    words = check_command(command)
    if not words:
        return None
    variables = child_environment(environment, **facts)
    ending = EndPolicy(alone=True)
    try:
        finished = run_command(
            children, words, environment=variables, limit=limit, ending=ending, kept=_WORDS_KEPT, folder=folder
        )
    except CommandTimeoutError:
        return Problem(Code.START_TIMEOUT, "hook", {"seconds": f"{limit:g}"})
    except FileNotFoundError:
        return Problem(Code.NOT_INSTALLED, "hook", {"program": words[0]})
    except OSError as error:
        return Problem(Code.PROCESS_DIED, "hook", {"reason": error.strerror or type(error).__name__})
    if finished.code == 0:
        return None
    said = finished.stderr.strip().splitlines()
    reason = said[-1][:_LAST_WORDS] if said else f"it ended with {finished.code}"
    return Problem(Code.PROCESS_DIED, "hook", {"reason": reason.rstrip(".")})


def _replace(place: Path, content: bytes, found: os.stat_result | None) -> None:
    """Write it whole, with the mode and the owner of the file that was there."""
    if found is None:
        write_whole(place, content, own_folder=False)
        return
    write_whole(place, content, stat.S_IMODE(found.st_mode), own_folder=False)
    place.chmod(stat.S_IMODE(found.st_mode))  # the umask has taken bits away
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):  # only root may give a file away, and none that has no number here
            os.chown(place, found.st_uid, found.st_gid)


def _valued(old: str, url: str) -> str:
    """Return the URL in the quotes that the old value had; a comment behind it stays."""
    match = re.fullmatch(r"(?P<quote>['\"])(?:.*?)(?P=quote)(?P<rest>\s*(?:#.*)?)", old)
    if match is not None:
        return f"{match['quote']}{url}{match['quote']}{match['rest']}"
    comment = re.search(r"\s+#.*$", old)
    return f"{url}{'' if comment is None else comment[0]}"
