"""settings.toml: what Settings shows, as one file that a person can read and edit."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.option_values import check_value, read_value
from portway.core.options import Kind, Option, declared
from portway.core.settings import General, Settings
from portway.core.status import BackendId
from portway.system.files import DamagedFileError, move_aside, read_trusted, write_whole

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

logger = logging.getLogger(__name__)

FILE_NAME = "settings.toml"
GENERAL = "general"
_HEAD = (
    "# What is set here holds from the next start, or after “portway config set”, Settings or POST /api/reload.\n"
    "# “portway config list” shows every key with its value.\n"
)


class Configurable(Protocol):
    """What the settings need to know of a backend."""

    @property
    def id(self) -> BackendId:
        """Its stable word, the name of its section."""

    @property
    def options(self) -> type:
        """The dataclass of its options."""


@dataclass(frozen=True, slots=True)
class SettingKey:
    """One line of the file. `field` is the attribute in the options value, `default` what holds without the line."""

    section: str
    field: str
    option: Option
    default: Any

    @property
    def name(self) -> str:
        """As people write it: section, dot, and the option's JSON key: `lan.listenPort`."""
        return f"{self.section}.{self.option.body}"


class SettingsFile:
    """Reads and changes the file. Safe on every thread; nothing is kept in memory between calls."""

    def __init__(self, path: Path, environment: Mapping[str, str], backends: Iterable[Configurable]) -> None:
        self.path = path
        self._environment = environment
        self._backends = tuple(backends)
        self._lock = threading.RLock()

    def load(self) -> Settings:
        """Return what holds now. A bad value falls back alone, with one warning; a damaged file is moved aside."""
        record = self._read()
        locked: dict[str, str] = {}
        values = {
            section: options(**dict(self._values(section, options, record, locked)))
            for section, options in self._sections()
        }
        general = values.pop(GENERAL)
        backends = MappingProxyType({BackendId(section): value for section, value in values.items()})
        return Settings(general=general, backends=backends, locked=MappingProxyType(locked))

    def keys(self) -> tuple[SettingKey, ...]:
        """Return every setting, in the order in which people see them. Secrets are none: they live in the keyring."""
        return tuple(
            key
            for section, options in self._sections()
            for key in self._options(section, options)
            if key.option.in_settings
        )

    def key(self, name: str) -> SettingKey:
        """Find a setting by its name, however it spells its words. Raises TunnelError(bad_request)."""
        for key in self.keys():
            if _plain(name) in (_plain(key.name), _plain(f"{key.section}.{key.field}")):
                return key
        raise TunnelError(Code.BAD_REQUEST, "setting", key=name)

    def value(self, name: str) -> Any:  # noqa: ANN401 - each setting has its own type
        """Return what one setting holds now, and look at no other. Raises TunnelError(bad_request)."""
        key = self.key(name)
        given = self._from_environment(key)
        if given is not None:
            return given[1]
        table = self._read().get(key.section)
        held = table.get(key.option.body) if isinstance(table, dict) else None
        value = None if held is None else self._from_file(key, held)
        return key.default if value is None else value

    def set(self, name: str, value: object) -> None:
        """Write one value, keeping comments and everything else. Raises TunnelError(bad_request, storage_failed)."""
        key = self.key(name)
        checked = _checked(key, value)
        with self._editing() as document:
            section = document.get(key.section)
            if isinstance(section, MutableMapping):
                section[key.option.body] = checked
            else:
                document[key.section] = {key.option.body: checked}

    def unset(self, name: str) -> None:
        """Remove one value, so that its default holds. Raises TunnelError(bad_request, storage_failed)."""
        key = self.key(name)
        with self._editing() as document:
            section = document.get(key.section)
            if isinstance(section, MutableMapping):
                section.pop(key.option.body, None)

    def _sections(self) -> Iterator[tuple[str, type]]:
        yield GENERAL, General
        for backend in self._backends:
            yield backend.id, backend.options

    def _options(self, section: str, options: type) -> Iterator[SettingKey]:
        fields = {item.name: item for item in dataclasses.fields(options)}
        for name, option in declared(options).items():
            if option.kind is Kind.SECRET:
                continue
            if option.kind is Kind.CHOICE and not option.choices:  # what only the registry knows: a backend
                unset = () if fields[name].default else ("",)
                choices = (*unset, *(backend.id for backend in self._backends))
                yield SettingKey(section, name, dataclasses.replace(option, choices=choices), fields[name].default)
            else:
                yield SettingKey(section, name, option, fields[name].default)

    def _values(
        self, section: str, options: type, record: Mapping[str, Any], locked: dict[str, str]
    ) -> Iterator[tuple[str, Any]]:
        """Yield what differs from the defaults, by field, and note in `locked` what the environment decides."""
        table = record.get(section, {})
        if not isinstance(table, dict):
            logger.warning("%s: “%s” is not a section, so its defaults hold.", self.path, section)
            table = {}
        for key in self._options(section, options):
            given = self._from_environment(key)
            if given is not None:
                variable, value = given
                locked[key.name] = variable
                yield key.field, value
            elif key.option.in_settings and key.option.body in table:
                value = self._from_file(key, table[key.option.body])
                if value is not None:
                    yield key.field, value

    def _from_environment(self, key: SettingKey) -> tuple[str, Any] | None:
        for variable in key.option.environment:
            text = self._environment.get(variable, "")
            if not text:
                continue
            if key.option.kind is Kind.PATH:  # whoever runs it refuses an unusable one, naming the variable
                return variable, text
            try:
                return variable, read_value(key.option, text, field=variable)
            except TunnelError as error:
                logger.warning("The environment has a value that is not used. %s", error)
        return None

    def _from_file(self, key: SettingKey, value: object) -> object:
        if type(value) is type(key.default) and value == key.default:
            return value
        try:
            return _checked(key, value)
        except TunnelError as error:
            logger.warning("%s has a value that is not used. %s", self.path, error)
            return None

    def _read(self) -> dict[str, Any]:
        text = self._text()
        if text is None:
            return {}
        import tomllib  # late: many have no such file

        return tomllib.loads(text)

    def _text(self) -> str | None:
        """Return the content if it is sound TOML, None if there is none; damage is moved aside."""
        with self._lock:
            try:
                content = read_trusted(self.path)
                if content is None:
                    return None
                import tomllib

                text = content.decode()
                tomllib.loads(text)
            except (DamagedFileError, ValueError, RecursionError) as error:
                move_aside(self.path, str(error))
                return None
            return text

    @contextlib.contextmanager
    def _editing(self) -> Iterator[TOMLDocument]:
        import tomlkit  # late: only a change needs it, and it takes 20 ms

        with self._lock:
            document = tomlkit.parse(self._text() or _HEAD)
            yield document
            write_whole(self.path, tomlkit.dumps(document).encode())


def _checked(key: SettingKey, value: object) -> str | int | bool:
    checked = check_value(key.option, value, field=key.name)
    if checked and key.option.settings_grammar is not None:
        key.option.settings_grammar(checked, field=key.name)
    return checked


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
