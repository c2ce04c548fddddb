"""What a long-lived child writes: a private file of bounded size, to which it appends even after Portway has ended."""

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.processes.child import Child, Children, ChildRules
from portway.system.storage.files import PRIVATE_FILE, private_folder

_MOST_OUTPUT = 1 << 20


class OutputFile:
    """The private file of one child, which is cut when it grows too large."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._place = 0
        self._rest = b""

    def open_empty(self) -> int:
        """Return a descriptor to append to; what an earlier child wrote is gone."""
        private_folder(self.path.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        self._place, self._rest = 0, b""
        return os.open(self.path, flags, PRIVATE_FILE)

    def start(
        self, children: Children, command: Sequence[str], environment: Mapping[str, str], *, mark: str, program: str
    ) -> Child:
        """Start the child that writes both its streams here, and may outlive us. Raises TunnelError, Cancelled."""
        descriptor = self.open_empty()
        try:
            return children.start(command, environment, ChildRules(mark=mark), stdout=descriptor, stderr=descriptor)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            path = str(Path(command[0]))
            raise TunnelError(Code.BINARY_UNUSABLE, program=program, path=path, reason=reason) from error
        finally:
            os.close(descriptor)

    def new_lines(self) -> list[str]:
        """Return the whole lines that came since the last call. A flood is skipped, and the file cut."""
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                start = self._place if self._place <= size else 0
                file.seek(max(start, size - _MOST_OUTPUT))
                content = self._rest + file.read(_MOST_OUTPUT)
                self._place = file.tell()
        except OSError:
            return []
        if self._place >= _MOST_OUTPUT:
            self._cut()
        *lines, rest = content.split(b"\n")
        self._rest = rest[-_MOST_OUTPUT:]
        return [line.decode(errors="replace").rstrip("\r") for line in lines]

    def last_words(self) -> list[str]:
        """Return what is left once nobody writes any more, its last line whole or not."""
        lines = self.new_lines()
        rest, self._rest = self._rest.decode(errors="replace").strip(), b""
        return [*lines, rest] if rest else lines

    def _cut(self) -> None:
        # The writer appends, so it goes on at the new end.
        with contextlib.suppress(OSError):
            os.truncate(self.path, 0)
            self._place = 0
