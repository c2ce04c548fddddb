"""Which cloudflared is used: the one that is named, the copy that Portway keeps, or one in PATH."""

import json
import logging
import platform
import re
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from portway.backends.cloudflared import causes
from portway.backends.cloudflared.declaration import BY_HAND, PROGRAM, VARIABLE
from portway.backends.cloudflared.release import asset_name
from portway.backends.cloudflared.starting import environment_of_child
from portway.core.errors import TunnelError
from portway.core.status import Installation
from portway.system.network.download import sha256_of
from portway.system.processes.command import CommandTimeoutError, run_command
from portway.system.processes.programs import Program, fault_of, named_program, program_on_path
from portway.system.services import Services
from portway.system.storage.files import DamagedFileError, read_trusted, remove, storage_failed, write_whole

logger = logging.getLogger(__name__)

_VERSION = re.compile(r"cloudflared version (\d+(?:\.\d+){1,3}\S*)", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}")
_RELEASE = re.compile(r"\d{4}\.\d{1,2}\.\d{1,3}", re.ASCII)
_SUFFIX = ".exe" if sys.platform == "win32" else ""
MANAGED = "managed"


@dataclass(frozen=True, slots=True)
class Managed:
    """A copy that Portway keeps. Each version has a file of its own, so that one that runs is never renamed."""

    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Its file in the folder of our copies."""
        return f"{PROGRAM}-{self.version}{_SUFFIX}"

    @property
    def as_record(self) -> dict[str, str]:
        """The same as JSON."""
        return {"version": self.version, "sha256": self.sha256}


class BinaryLocator:
    """Finds the program, tells its version, and refuses one that was changed. Safe on every thread."""

    def __init__(self, services: Services) -> None:
        self._environment = services.environment
        self._timing = services.timing
        self._children = services.children
        self.folder = services.folders.data / PROGRAM
        self._record = self.folder / "release.json"
        self._versions: dict[tuple[Path, int, int], str | None] = {}
        self._lock = threading.Lock()

    def find(self) -> Program | None:
        """Return the program, None if there is none. Raises TunnelError(binary_unusable) for a bad variable."""
        named = named_program(self._environment, VARIABLE, PROGRAM)
        if named is not None:
            return named
        managed = self.managed()
        if managed is not None and fault_of(self.path_of(managed)) is None:
            return Program(self.path_of(managed), MANAGED)
        return program_on_path(self._environment, PROGRAM, title=PROGRAM)

    def installation(self) -> Installation:
        """Return what there is, measured."""
        try:
            found = self.find()
        except TunnelError as error:
            return Installation(installed=False, source="env", missing=None, binary_path=self._named(error))
        if found is None:
            return Installation(supported=asset_name(sys.platform, platform.machine()) is not None, installed=False)
        managed = self.managed() if found.source == MANAGED else None
        # Our own copy is not asked: it may have been changed, and is verified only before a start.
        version = self.version(found.path) if managed is None else managed.version
        return Installation(
            binary_path=str(found.path), version=version, source=found.source, managed=found.source == MANAGED
        )

    def version(self, path: Path) -> str | None:
        """Return the version that the program tells; asked once for each file that stands there."""
        try:
            facts = path.stat()
        except OSError:
            return None
        key = (path, facts.st_mtime_ns, facts.st_size)
        with self._lock:
            if key not in self._versions:
                try:
                    self._versions[key] = self._asked_version(path)
                except (OSError, CommandTimeoutError) as error:
                    logger.warning("%s does not tell its version: %s", path, error)
                    return None
            return self._versions[key]

    def verify(self, found: Program) -> None:
        """Refuse the copy that Portway keeps if it is not what was installed. Raises TunnelError."""
        if found.source != MANAGED:
            return
        managed = self.managed()
        if managed is None or sha256_of(found.path) != managed.sha256:
            raise TunnelError(causes.REPLACED, program=PROGRAM, path=str(found.path))

    def managed(self) -> Managed | None:
        """Return what is known of our own copy; None if there is none."""
        return _managed(self._read())

    def path_of(self, managed: Managed) -> Path:
        """Return where that copy lies."""
        return self.folder / managed.file_name

    def put(self, new: Path, managed: Managed) -> None:
        """Let a verified new copy take the place of the old one, which is kept until this one has run once.

        Raises TunnelError(storage_failed).
        """
        older = self.managed()
        path = self.path_of(managed)
        try:
            new.replace(path)
        except OSError as error:
            raise storage_failed(path, error) from error
        self._write(managed, None if older == managed else older)

    def has_older(self) -> bool:
        """Whether an older copy is kept beside one that has not run yet."""
        return _managed(self._read().get("before")) is not None

    def put_back(self) -> bool:
        """Let the older copy take its place again; False if there is none, and then there is no copy any more."""
        record = self._read()
        failed, older = _managed(record), _managed(record.get("before"))
        if older is None:
            remove(self._record)
        else:
            self._write(older, None)
        if failed is not None and (older is None or failed.version != older.version):
            remove(self.path_of(failed))
        return older is not None

    def proved(self) -> None:
        """Our copy has just carried a tunnel: an older one is not needed any more."""
        managed = self.managed()
        if managed is None or "before" not in self._read():
            return
        self._write(managed, None)
        for path in self.folder.glob(f"{PROGRAM}-*"):
            if path.name != managed.file_name:
                remove(path)

    def _read(self) -> dict[str, object]:
        try:
            content = read_trusted(self._record)
            record = {} if content is None else json.loads(content)
        except (DamagedFileError, ValueError, RecursionError):
            return {}
        return record if isinstance(record, dict) else {}

    def _write(self, managed: Managed, before: Managed | None) -> None:
        record: dict[str, object] = {**managed.as_record}
        if before is not None:
            record["before"] = before.as_record
        write_whole(self._record, json.dumps(record).encode())

    def _asked_version(self, path: Path) -> str | None:
        environment = environment_of_child(self._environment)
        finished = run_command(
            self._children, [str(path), "--version"], environment=environment, limit=self._timing.probe_limit
        )
        found = _VERSION.search(finished.stdout) or _VERSION.search(finished.stderr)
        return found[1] if found else None

    def _named(self, error: TunnelError) -> str | None:
        logger.info("%s", error)
        return self._environment.get(VARIABLE)


def _managed(record: object) -> Managed | None:
    """Return what a record says, which is untrusted: its version becomes the name of a file."""
    if not isinstance(record, dict):
        return None
    version, sha256 = record.get("version"), record.get("sha256")
    if not isinstance(version, str) or not isinstance(sha256, str):
        return None
    if _RELEASE.fullmatch(version) is None or _HASH.fullmatch(sha256) is None:
        return None
    return Managed(version, sha256)


def install_failed(reason: str) -> TunnelError:
    """The release host was reached, and what it gave is of no use; there is a way by hand."""
    return TunnelError(causes.INSTALL_BY_HAND, action_url=BY_HAND, program=PROGRAM, variable=VARIABLE, reason=reason)
