"""Which settings there are, and what holds for each: the environment, else the file, else the default. No files."""

import dataclasses
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.guard.rules import SHUT, Guard, read_guard
from portway.core.options import Kind, Option, check_value, declared, read_value, tunnel_options, without_own
from portway.core.settings import TUNNEL_ID, TUNNEL_NAME, TUNNEL_TARGET, General, SavedTunnel, Settings
from portway.core.status import BackendId, TunnelId
from portway.system.storage.saved_tunnels import SECTION as TUNNELS
from portway.system.storage.saved_tunnels import Configurable, SavedTunnels

logger = logging.getLogger(__name__)

GENERAL = "general"
GUARD = "guard"  # a section within that of its tunnel


@dataclass(frozen=True, slots=True)
class SettingKey:
    """One line of the file. `field` is the attribute in the options value, `default` what holds without the line.

    `tunnel`: it is in the section of this saved tunnel, in the group that `section` names.
    """

    section: str
    field: str
    option: Option
    default: Any
    tunnel: TunnelId | None = None

    @property
    def name(self) -> str:
        """As people write it: section, dot, and the option's JSON key: `lan.listenPort`, `tunnel.api.target`."""
        section = self.section if self.tunnel is None else f"{self.section}.{self.tunnel}"
        return f"{section}.{self.option.body}"

    @property
    def place(self) -> tuple[str, str]:
        """Its section and its key there; for that of a tunnel, the group and the tunnel's word."""
        return self.section, self.tunnel or self.option.body

    def held(self, record: Mapping[str, Any]) -> object:
        """Return what the content of the file has for it, None if nothing."""
        table = record.get(self.section)
        if self.tunnel is not None and isinstance(table, Mapping):
            table = table.get(self.tunnel)
        return table.get(self.option.body) if isinstance(table, Mapping) else None

    def checked(self, value: object) -> str | int | bool:
        """Return the value as it is stored. Raises TunnelError(bad_request)."""
        checked = check_value(self.option, value, field=self.name)
        if checked and self.option.settings_grammar is not None:
            self.option.settings_grammar(checked, field=self.name)
        return checked


class SettingKeys:
    """All settings of a program with these backends. Frozen after it is made; safe on every thread."""

    def __init__(self, environment: Mapping[str, str], backends: Iterable[Configurable]) -> None:
        self._environment = environment
        self._backends = tuple(backends)
        self.tunnels = SavedTunnels(self._backends)

    def all(self) -> tuple[SettingKey, ...]:
        """Return every setting, in the order in which people see them. Secrets are not here, but in the keyring."""
        return tuple(
            key
            for section, options in self._sections()
            for key in self._options(section, options)
            if key.option.in_settings
        )

    def of_tunnels(self, settings: Settings) -> tuple[SettingKey, ...]:
        """Return what can be set for each saved tunnel. Their defaults are what holds for it while nothing is set."""
        return tuple(key for tunnel in settings.tunnels.values() for key in self._of_tunnel(tunnel, settings))

    def with_tunnels(self, key: SettingKey, record: Mapping[str, Any]) -> SettingKey:
        """Return it with the saved tunnels among its choices, where it lists them."""
        if not key.option.tunnels:
            return key
        choices = (*key.option.choices, *self.tunnels.words(record))
        return dataclasses.replace(key, option=dataclasses.replace(key.option, choices=choices))

    def find(self, name: str, settings: Settings | None = None) -> SettingKey:
        """Find a setting by its name, however it spells its words. Raises TunnelError(bad_request).

        Those of saved tunnels are found in `settings`; the word of a tunnel is spelt in one way.
        """
        for key in self.all():
            if _plain(name) in (_plain(key.name), _plain(f"{key.section}.{key.field}")):
                return key
        group, tunnel, word = (*name.split(".", 2), "", "")[:3]
        for key in () if settings is None or group != TUNNELS else self.of_tunnels(settings):
            if tunnel == key.tunnel and _plain(word) in (_plain(key.option.body), _plain(key.field)):
                return key
        raise TunnelError(Code.BAD_REQUEST, "setting")

    def settings(self, record: Mapping[str, Any], source: str) -> Settings:
        """Return what holds with this content of the file. A bad value becomes its default, with one warning.

        `source` is the file's name for the warnings.
        """
        locked: dict[str, str] = {}
        values = {
            section: options(**dict(self._values(section, options, record, locked, source)))
            for section, options in self._sections()
        }
        general = values.pop(GENERAL)
        backends = MappingProxyType({BackendId(section): value for section, value in values.items()})
        tunnels = self.tunnels.read(record, source)
        guards = MappingProxyType(dict(self._guards(record, tunnels, source)))
        return Settings(
            general=general, backends=backends, guards=guards, tunnels=tunnels, locked=MappingProxyType(locked)
        )

    def value(self, key: SettingKey, record: Mapping[str, Any], source: str) -> Any:  # noqa: ANN401 - see SettingKey
        """Return what one setting holds with this content of the file."""
        given = self._from_environment(key)
        if given is not None:
            return given[1]
        held = key.held(record)
        value = None if held is None else _from_file(key, held, source)
        return key.default if value is None else value

    @property
    def backends(self) -> frozenset[str]:
        """The words of all backends."""
        return frozenset(backend.kind for backend in self._backends)

    def _guards(
        self, record: Mapping[str, Any], saved: Iterable[TunnelId], source: str
    ) -> Iterator[tuple[TunnelId, Guard]]:
        """Yield the guard of each tunnel that has one. A part of one may be wider than it: a damaged one shuts."""
        tables: dict[TunnelId, Any] = {backend.kind: record.get(backend.kind) for backend in self._backends}
        tables |= {tunnel: record[TUNNELS][tunnel] for tunnel in saved}
        for tunnel, table in tables.items():
            if not isinstance(table, dict) or GUARD not in table:
                continue
            try:
                yield tunnel, read_guard(table[GUARD], field=f"{tunnel}.{GUARD}")
            except TunnelError as error:
                logger.warning("%s: nobody may open this tunnel until its rules are right. %s", source, error)
                yield tunnel, SHUT

    def _sections(self) -> Iterator[tuple[str, type]]:
        yield GENERAL, General
        for backend in self._backends:
            yield backend.kind, backend.options

    def _options(self, section: str, options: type) -> Iterator[SettingKey]:
        fields = {item.name: item for item in dataclasses.fields(options)}
        for name, option in declared(options).items():
            if option.kind is Kind.SECRET:
                continue
            if option.kind is Kind.CHOICE and not option.choices:  # what only the registry knows: a backend
                unset = () if fields[name].default else ("",)
                choices = (*unset, *(backend.kind for backend in self._backends))
                yield SettingKey(section, name, dataclasses.replace(option, choices=choices), fields[name].default)
            else:
                yield SettingKey(section, name, option, fields[name].default)

    def _of_tunnel(self, tunnel: SavedTunnel, settings: Settings) -> Iterator[SettingKey]:
        yield SettingKey(TUNNELS, "name", TUNNEL_NAME, tunnel.id, tunnel.id)
        yield SettingKey(TUNNELS, "target", TUNNEL_TARGET, settings.general.target, tunnel.id)
        backend = next(one for one in self._backends if one.kind == tunnel.backend)
        of_backend = without_own(settings.backends[tunnel.backend])
        for field, option in tunnel_options(backend.options).items():
            default = getattr(of_backend, field)
            yield SettingKey(TUNNELS, field, option, default, tunnel.id)

    def _values(
        self, section: str, options: type, record: Mapping[str, Any], locked: dict[str, str], source: str
    ) -> Iterator[tuple[str, Any]]:
        """Yield what differs from the defaults, by field, and note in `locked` what the environment decides."""
        table = record.get(section, {})
        if not isinstance(table, dict):
            logger.warning("%s: “%s” is not a section, so its defaults hold.", source, section)
            table = {}
        for key in self._options(section, options):
            given = self._from_environment(key)
            if given is not None:
                variable, value = given
                locked[key.name] = variable
                yield key.field, value
            elif key.option.in_settings and key.option.body in table:
                value = _from_file(key, table[key.option.body], source)
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


def _from_file(key: SettingKey, value: object, source: str) -> object:
    if type(value) is type(key.default) and value == key.default:
        return value
    if key.option.tunnels and isinstance(value, str) and re.fullmatch(TUNNEL_ID, value):
        return value  # also one that is gone: what was meant for it alone is not for every other one
    try:
        return key.checked(value)
    except TunnelError as error:
        logger.warning("%s has a value that is not used. %s", source, error)
        return None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
