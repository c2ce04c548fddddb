"""Reading one variable from the `.env` file in the config folder."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from portway.system.files import DamagedFileError, read_trusted

logger = logging.getLogger(__name__)

_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*?)\s*")
_QUOTED = re.compile(r"(?P<quote>['\"])(?P<text>.*?)(?P=quote)\s*(?:#.*)?")
_COMMENT = re.compile(r"(?:^|\s+)#.*")
LARGEST = 1 << 16


def read_variable(path: Path, name: str) -> str:
    """Return the value of `name`, empty if there is none. The last line that sets it wins, as in a shell.

    `NAME=value`, with or without `export` and quotes; nothing is expanded. A file that cannot be trusted is logged
    and reads as empty.
    """
    try:
        content = read_trusted(path, LARGEST)
    except DamagedFileError as error:
        logger.warning("%s is not read: %s", path, error)
        return ""
    value = ""
    for line in (content or b"").decode("utf-8-sig", errors="replace").splitlines():
        match = _LINE.fullmatch(line)
        if match is not None and match["name"] == name:
            value = _unquoted(match["value"])
    return value


def _unquoted(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    return quoted["text"] if quoted is not None else _COMMENT.sub("", text)
