"""The diagnostics as one file: texts that a person can read before they leave this computer, packed into a zip."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from portway.system.storage.files import write_whole

FILE_NAME = "portway-diagnostics.zip"
LARGEST = 5 << 20  # bytes of all texts together, and so of the file
_LARGEST_TEXT = 400_000  # characters of one text: its end is what counts


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of the bundle."""

    name: str
    text: str

    @property
    def size(self) -> int:
        """How large it is, in bytes."""
        return len(self.text.encode())


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was found, and the file that is made of it."""

    entries: tuple[Entry, ...]
    content: bytes

    def write(self, path: Path) -> None:
        """Write the file, for this user alone. Raises TunnelError(storage_failed)."""
        write_whole(path, self.content, own_folder=False)


def pack(entries: Iterable[Entry]) -> Bundle:
    """Make the bundle of these texts; of a text that is too long its end is kept, and nothing beyond LARGEST."""
    import zipfile  # late: few ask for it

    kept: list[Entry] = []
    room = LARGEST
    for entry in entries:
        one = Entry(entry.name, entry.text[-_LARGEST_TEXT:])
        if one.size <= room:
            room -= one.size
            kept.append(one)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for entry in kept:
            file.writestr(entry.name, entry.text)
    return Bundle(tuple(kept), packed.getvalue())


def unpack(content: bytes) -> Bundle:
    """Return the bundle of which this is the file. Raises ValueError for anything else, and for what is too large."""
    import zipfile  # late: few ask for it

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            if sum(one.file_size for one in file.infolist()) > LARGEST:
                raise ValueError("it is too large")
            entries = tuple(Entry(one.filename, file.read(one).decode()) for one in file.infolist())
    except zipfile.BadZipFile:
        raise ValueError("it is no zip file") from None
    return Bundle(entries, content)
