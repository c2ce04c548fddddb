"""settings.toml: what Settings shows, as one file that a person can read and edit."""

import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portway.core.errors import TunnelError
from portway.core.guard.rules import GUARD_KEYS, SHUT, Guard, guard_record
from portway.core.settings import SavedTunnel, Settings
from portway.core.status import TunnelId
from portway.system.storage.disk_writer import DiskWriter
from portway.system.storage.file_lock import changing
from portway.system.storage.files import DamagedFileError, move_aside, read_trusted, storage_failed, write_whole
from portway.system.storage.saved_tunnels import SECTION as TUNNELS
from portway.system.storage.saved_tunnels import Configurable, without_repeated
from portway.system.storage.settings_keys import GUARD, SettingKey, SettingKeys

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

logger = logging.getLogger(__name__)

FILE_NAME = "settings.toml"
_HEAD = (
    "# What is set here holds from the next start, or after “portway config set”, Settings or POST /api/reload.\n"
    "# “portway config list” shows every key with its value.\n"
)
# Of one line: reading a key takes time with the square of its parts, 15 s for 20,000 of them.
_MOST_DOTS = 200

Place = tuple[str, str]  # section and key; for a tunnel the group and its word, with its whole section as the value
Changes = Mapping[Place, object]  # None: its default holds again
Failed = Callable[[TunnelError], None]


class SettingsFile:
    """Reads and changes the file. Safe on every thread.

    Without a `writer` a change is on the disk when its call returns. With one it holds at once, and the writer's
    thread writes it. In both cases other processes that change the file meanwhile lose nothing.
    """

    def __init__(
        self,
        path: Path,
        environment: Mapping[str, str],
        backends: Iterable[Configurable],
        writer: DiskWriter | None = None,
    ) -> None:
        self.path = path
        self._keys = SettingKeys(environment, backends)
        self._writer = writer
        self._lock = threading.Lock()
        self._unwritten: dict[Place, object] = {}
        self._failed: list[Failed] = []

    def load(self) -> Settings:
        """Return what holds now. A bad value becomes its default, with one warning; a damaged file is moved aside."""
        return self._keys.settings(self._record(), str(self.path))

    def keys(self) -> tuple[SettingKey, ...]:
        """Return every setting, in the order in which people see them. Secrets are not here, but in the keyring."""
        record = self._record()
        return tuple(self._keys.with_tunnels(key, record) for key in self._keys.all())

    def tunnel_keys(self) -> tuple[SettingKey, ...]:
        """Return what can be set for each saved tunnel, after their order in the file."""
        return self._keys.of_tunnels(self.load())

    def key(self, name: str) -> SettingKey:
        """Find a setting by its name, however it spells its words. Raises TunnelError(bad_request)."""
        key = self._keys.find(name, self.load() if name.startswith(f"{TUNNELS}.") else None)
        return self._keys.with_tunnels(key, self._record()) if key.option.tunnels else key

    def value(self, name: str) -> Any:  # noqa: ANN401 - each setting has its own type
        """Return what one setting holds now, and look at no other. Raises TunnelError(bad_request)."""
        return self._keys.value(self.key(name), self._record(), str(self.path))

    def set(self, name: str, value: object) -> None:
        """Write one value, keeping comments and everything else. Raises TunnelError(bad_request, storage_failed)."""
        self.change({name: value})

    def unset(self, name: str) -> None:
        """Remove one value, so that its default holds. Raises TunnelError(bad_request, storage_failed)."""
        self.change({name: None})

    def set_guard(self, tunnel: str, guard: Guard) -> None:
        """Write who may open a tunnel. Raises TunnelError(storage_failed) without a writer.

        With one it holds even where the disk refuses it, and is tried again with the next change: a disk that is full
        is to let nobody in.
        """
        record = guard_record(guard) or None
        if tunnel not in self._keys.backends:
            self._submit({(TUNNELS, tunnel): {GUARD: record}}, None)
            return
        # Each rule by its name, as one that is not named stays in the file.
        rules = None if record is None else dict.fromkeys(GUARD_KEYS) | record
        self._submit({(tunnel, GUARD): rules}, None)

    def change(self, values: Mapping[str, object], failed: Failed | None = None) -> None:
        """Write several values in one step, or remove them where they are None; all or, where one is refused, none.

        Raises TunnelError(bad_request), and without a writer storage_failed. With a writer, `failed` gets that on the
        writer's thread; the values do not hold any more then.
        """
        keys = [(self.key(name), value) for name, value in values.items()]
        changes: dict[Place, object] = {}
        for key, value in keys:
            checked = None if value is None else key.checked(value)
            # An empty text for one tunnel means: nothing of its own.
            one = checked if key.tunnel is None else {key.option.body: None if checked == "" else checked}
            changes[key.place] = _joined(changes.get(key.place), one)
        self._submit(changes, failed)

    def _submit(self, changes: Changes, failed: Failed | None) -> None:
        if self._writer is None:
            self._write(changes)
            return
        with self._lock:
            for place, value in changes.items():
                self._unwritten[place] = _joined(self._unwritten.get(place), value)
            if failed is not None:
                self._failed.append(failed)
        self._writer.submit(self.path, self._write_changes)

    def save_tunnel(self, tunnel: SavedTunnel, failed: Failed | None = None, *, new: bool = False) -> None:
        """Write its section, keeping comments and keys that are unknown. Raises and fails as `change` does.

        A `new` one takes nothing over from a former one of the same word.
        """
        entry = {**self._keys.tunnels.entry(tunnel), **({GUARD: None} if new else {})}
        self._submit({(TUNNELS, tunnel.id): entry}, failed)

    def drop_tunnel(self, tunnel: TunnelId, failed: Failed | None = None) -> None:
        """Remove its section. Raises and fails as `change` does."""
        self._submit({(TUNNELS, tunnel): None}, failed)

    def _record(self) -> dict[str, Any]:
        _text, record = self._read()
        with self._lock:
            _apply(record, self._unwritten)
        return record

    def _write_changes(self) -> None:
        """Runs on the writer's thread."""
        with self._lock:
            changes, failed = dict(self._unwritten), self._failed
            self._failed = []
        error = None
        try:
            self._write(changes)
        except TunnelError as fault:
            error = fault
        with self._lock:
            for place, value in changes.items():
                if self._unwritten.get(place, _NOTHING) is value:
                    del self._unwritten[place]
                    rules = None if error is None else _rules_in(place, value)
                    if rules is not None:
                        self._unwritten[place] = rules
        if error is not None:
            logger.warning("%s", error)
            for tell in failed:
                tell(error)

    def _write(self, changes: Changes) -> None:
        import tomlkit  # late: only a change needs it, and it takes 20 ms
        from tomlkit.exceptions import TOMLKitError

        with changing(self.path):
            text, _record = self._read()
            try:
                document: TOMLDocument = tomlkit.parse(text or _HEAD)
                _apply(document, changes)
                content = tomlkit.dumps(document)
            except (ValueError, TOMLKitError, RecursionError) as error:  # valid, but tomlkit cannot write it
                raise storage_failed(self.path, f"its lines cannot be kept ({type(error).__name__})") from error
            write_whole(self.path, content.encode())

    def _read(self) -> tuple[str, dict[str, Any]]:
        """Return the text and its values: empty where there is no file, `_after_damage` where it cannot be read."""
        content = None
        try:
            content = read_trusted(self.path)
            if content is None:
                return "", {}
            import tomllib  # late: many have no such file

            text = content.decode("utf-8-sig")  # editors of Windows begin a file with a byte order mark
            text = without_repeated(text, str(self.path))
            _check_depth(text)
            return text, tomllib.loads(text)
        except (DamagedFileError, ValueError, RecursionError) as error:
            move_aside(self.path, str(error))
            return self._after_damage(content or b"")

    def _after_damage(self, content: bytes) -> tuple[str, dict[str, Any]]:
        """Return what holds instead of a damaged file: the defaults. With rules in it, nobody may open a tunnel.

        That stands in a new file, so that it holds until a person decides anew, also after a restart.
        """
        if GUARD.encode() not in content:
            return "", {}
        logger.warning("%s: nobody may open a tunnel until you say again who may.", self.path)
        shut = guard_record(SHUT)
        sections = (f"\n[{kind}.{GUARD}]\ndeny = {json.dumps(shut['deny'])}\n" for kind in sorted(self._keys.backends))
        text = _HEAD + "".join(sections)
        try:
            write_whole(self.path, text.encode())
        except TunnelError as error:
            logger.warning("%s", error)
        return text, {kind: {GUARD: shut} for kind in self._keys.backends}


_NOTHING = object()


def _rules_in(place: Place, value: object) -> object:
    """Return what of a change says who may open a tunnel, None where nothing does."""
    if place[1] == GUARD:
        return value
    rules = value.get(GUARD) if place[0] == TUNNELS and isinstance(value, Mapping) else None
    return None if rules is None else {GUARD: rules}


def _apply(document: MutableMapping[str, Any], changes: Changes) -> None:
    for (name, key), value in changes.items():
        section = document.get(name)
        if not isinstance(section, MutableMapping):
            if value is not None:
                document[name] = {key: _named(value)}
        elif value is None:
            section.pop(key, None)
        elif isinstance(value, Mapping):
            _apply_section(section, key, value)
        else:
            section[key] = value


def _apply_section(group: MutableMapping[str, Any], name: str, values: Mapping[str, object]) -> None:
    """Change one section of a group. What is None goes; what else was there stays."""
    section = group.get(name)
    if not isinstance(section, MutableMapping):
        group[name] = _named(values)
        return
    for key, value in values.items():
        if value is None:
            section.pop(key, None)
        else:
            section[key] = value


def _joined(before: object, value: object) -> object:
    """Return what a change comes to that follows one of the same place: of a section only what is named changes."""
    return {**before, **value} if isinstance(before, Mapping) and isinstance(value, Mapping) else value


def _named(value: object) -> object:
    return {key: one for key, one in value.items() if one is not None} if isinstance(value, Mapping) else value


def _check_depth(text: str) -> None:
    if any(line.count(".") > _MOST_DOTS and not line.lstrip().startswith("#") for line in text.splitlines()):
        message = "a line has too many dots"
        raise DamagedFileError(message)
