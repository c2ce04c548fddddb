"""Takes the one program out of a .tgz, whatever else that holds. Imported late: an idle Portway unpacks nothing."""

import gzip
import hashlib
import itertools
import os
import tarfile
import zlib
from pathlib import Path
from typing import IO

from portway.backends.cloudflared.declaration import PROGRAM
from portway.system.storage.files import PRIVATE_FILE

_MOST_MEMBERS = 100  # a release has one
_BLOCK = 1 << 20


class UnusableArchiveError(Exception):
    """There is no program in it, or it is broken."""


def extract(archive: Path, program: Path, largest: int) -> str:
    """Write the regular file called cloudflared, of at most `largest` bytes, and nothing else; return its SHA-256.

    Raises UnusableArchiveError, or OSError where the disk takes no more.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            return _write(_program(tar, largest), program)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnusableArchiveError(str(error)) from error


def _program(tar: tarfile.TarFile, largest: int) -> IO[bytes]:
    for member in itertools.islice(tar, _MOST_MEMBERS):
        if member.name.removeprefix("./") == PROGRAM and member.isreg() and member.size <= largest:
            content = tar.extractfile(member)
            if content is not None:
                return content
    message = "no program in it"
    raise UnusableArchiveError(message)


def _write(content: IO[bytes], program: Path) -> str:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    digest = hashlib.sha256()
    with content, os.fdopen(os.open(program, flags, PRIVATE_FILE), "wb") as file:
        while block := content.read(_BLOCK):
            file.write(block)
            digest.update(block)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()
