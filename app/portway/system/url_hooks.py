"""Handing a public URL to other programs: a line in a file of theirs, or a command."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from portway.core.codes import Code
from portway.core.command_line import check_command
from portway.core.errors import Problem, TunnelError
from portway.system.environment import child_environment
from portway.system.files import write_whole

_LARGEST = 1 << 20
_QUOTES = ("'", '"')
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
            raise TunnelError(Code.STORAGE_FAILED, path=path, reason="it is no small text file")
        before = b"" if found is None else place.read_bytes()
        if found is None and not place.parent.is_dir():
            raise TunnelError(Code.STORAGE_FAILED, path=path, reason="its folder does not exist")
        after = with_line(before.decode("utf-8", "surrogateescape"), key, url).encode("utf-8", "surrogateescape")
    except OSError as error:
        raise TunnelError(Code.STORAGE_FAILED, path=path, reason=error.strerror or type(error).__name__) from error
    if after != before:
        _replace(place, after, found)


def with_line(text: str, key: str, url: str) -> str:
    """Return `text` with the value of `key`: only that line changes, and what ends it stays."""
    lines = text.splitlines(keepends=True)
    pattern = re.compile(rf"(?P<head>\s*(?:export\s+)?{re.escape(key)}\s*=\s*)(?P<value>[^\r\n]*)(?P<end>\r?\n?)")
    for index in reversed(range(len(lines))):  # the last one is the one that counts
        match = pattern.fullmatch(lines[index])
        if match is not None:
            lines[index] = f"{match['head']}{_valued(match['value'], url)}{match['end']}"
            return "".join(lines)
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = newline if text and not text.endswith(("\n", "\r")) else ""
    return f"{text}{gap}{key}={url}{newline}"


def run_command(command: str, facts: Mapping[str, str], environment: Mapping[str, str], limit: float) -> Problem | None:
    """Run it with `facts` in its environment, without a shell; return why it failed, None if it did not.

    Blocks for up to `limit` seconds; then the command, and what it started, is ended.
    """
    words = check_command(command)
    if not words:
        return None
    try:
        child = subprocess.Popen(
            words,
            env=child_environment(environment, **facts),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            return Problem(Code.NOT_INSTALLED, "hook", {"program": words[0]})
        return Problem(Code.PROCESS_DIED, "hook", {"reason": error.strerror or type(error).__name__})
    return _outcome(child, limit)


def _outcome(child: subprocess.Popen[bytes], limit: float) -> Problem | None:
    with child:
        try:
            _out, said = child.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            _end(child)
            return Problem(Code.START_TIMEOUT, "hook", {"seconds": f"{limit:g}"})
    if child.returncode == 0:
        return None
    words = said.decode("utf-8", "replace").strip().splitlines()
    reason = words[-1][:_LAST_WORDS] if words else f"it ended with {child.returncode}"
    return Problem(Code.PROCESS_DIED, "hook", {"reason": reason.rstrip(".")})


def _end(child: subprocess.Popen[bytes]) -> None:
    """End it with all that it started: one of them may hold the pipe open."""
    if hasattr(os, "killpg"):
        import signal

        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.communicate()


def _replace(place: Path, content: bytes, found: os.stat_result | None) -> None:
    """Write it whole, with the mode and the owner of the file that was there."""
    if found is None:
        write_whole(place, content, own_folder=False)
        return
    write_whole(place, content, stat.S_IMODE(found.st_mode), own_folder=False)
    place.chmod(stat.S_IMODE(found.st_mode))  # the umask has taken bits away
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):  # only root may give a file away
            os.chown(place, found.st_uid, found.st_gid)


def _valued(old: str, url: str) -> str:
    """Return the URL in the quotes that the old value had; a comment behind it stays."""
    match = re.fullmatch(r"(?P<quote>['\"])(?:.*?)(?P=quote)(?P<rest>\s*(?:#.*)?)", old)
    if match is not None:
        return f"{match['quote']}{url}{match['quote']}{match['rest']}"
    comment = re.search(r"\s+#.*$", old)
    return f"{url}{'' if comment is None else comment[0]}"
