"""The `[tunnel.ID]` sections of the settings file: what a person saved as a tunnel. No files."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from portway.core.errors import TunnelError
from portway.core.options import check_value, tunnel_options
from portway.core.settings import TUNNEL_NAME, TUNNEL_TARGET, SavedTunnel, check_tunnel_id
from portway.core.status import BackendId, TunnelId

logger = logging.getLogger(__name__)

SECTION = "tunnel"
_BACKEND = "backend"
_COMMON = {"name": TUNNEL_NAME, "target": TUNNEL_TARGET}
_HEADER = re.compile(r"\s*\[\s*(?P<key>[^\[\]]+?)\s*\]\s*(?:#.*)?")


class Configurable(Protocol):
    """What the settings need to know of a backend."""

    @property
    def kind(self) -> BackendId:
        """Its stable word, the name of its section."""

    @property
    def options(self) -> type:
        """The dataclass of its options."""


class SavedTunnels:
    """Reads and writes the sections for programs with these backends. Frozen after it is made."""

    def __init__(self, backends: Iterable[Configurable]) -> None:
        self._options = {backend.kind: tunnel_options(backend.options) for backend in backends}

    def read(self, record: Mapping[str, Any], source: str) -> Mapping[TunnelId, SavedTunnel]:
        """Return what the file holds. A bad section, or a bad value of a good one, is left out alone, with a warning.

        `source` is the file's name for the warnings.
        """
        sections = record.get(SECTION, {})
        if not isinstance(sections, dict):
            logger.warning("%s: “%s” is no group of sections, so it is left out.", source, SECTION)
            return MappingProxyType({})
        found = (self._tunnel(name, table, source) for name, table in sections.items())
        return MappingProxyType({one.id: one for one in found if one is not None})

    def words(self, record: Mapping[str, Any]) -> tuple[TunnelId, ...]:
        """Return the words of what `read` returns, without its warnings."""
        sections = record.get(SECTION, {})
        if not isinstance(sections, dict):
            return ()
        return tuple(name for name, table in sections.items() if self._problem(name, table) is None)

    def entry(self, tunnel: SavedTunnel) -> Mapping[str, object]:
        """Return its section: every key that Portway knows; None where nothing is named. Raises TunnelError."""
        options = self._options[tunnel.backend]
        named = {option.body: tunnel.options.get(name) for name, option in options.items()}
        checked = {
            option.body: check_value(option, named[option.body])
            for option in options.values()
            if named[option.body] is not None
        }
        return {
            _BACKEND: str(tunnel.backend),
            "name": tunnel.name or None,
            "target": tunnel.target or None,
            **named,
            **checked,
        }

    def _problem(self, name: str, table: object) -> str | None:
        """Say why this section can be no tunnel."""
        try:
            check_tunnel_id(name, self._options)
        except TunnelError as error:
            return str(error)
        backend = table.get(_BACKEND) if isinstance(table, dict) else None
        if not isinstance(backend, str) or backend not in self._options:
            return f"Its backend has to be one of {', '.join(self._options)}."
        return None

    def _tunnel(self, name: str, table: object, source: str) -> SavedTunnel | None:
        problem = self._problem(name, table)
        if problem is not None or not isinstance(table, dict):
            logger.warning("%s: the tunnel “%s” is left out. %s", source, name, problem)
            return None
        backend = BackendId(table[_BACKEND])
        where = f"{source}: {SECTION}.{name}"
        common = dict(_values({key: (key, option) for key, option in _COMMON.items()}, table, where))
        known = {option.body: (field, option) for field, option in self._options[backend].items()}
        return SavedTunnel(
            id=name,
            backend=backend,
            name=str(common.get("name", "")),
            target=str(common.get("target", "")),
            options=MappingProxyType(dict(_values(known, table, where))),
        )


def without_repeated(text: str, source: str) -> str:
    """Return the text of a settings file without sections of tunnels that are there a second time: TOML allows none."""
    seen: set[str] = set()
    kept: list[str] = []
    repeated = False
    for line in text.splitlines(keepends=True):
        header = _HEADER.fullmatch(line.rstrip("\r\n"))
        if header is not None:
            key = re.sub(r"[\s\"']", "", header["key"])
            repeated = key in seen and key.startswith(f"{SECTION}.")
            seen.add(key)
            if repeated:
                logger.warning("%s: the section “%s” is there twice; the first one holds.", source, key)
        if not repeated:
            kept.append(line)
    return "".join(kept)


def _values(known: Mapping[str, tuple[str, Any]], table: Mapping[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    """Yield what is named, by field."""
    for key, (field, option) in known.items():
        if key not in table:
            continue
        try:
            value = check_value(option, table[key])
            if value and option.settings_grammar is not None:
                option.settings_grammar(value, field=key)
        except TunnelError as error:
            logger.warning("%s has a value that is not used. %s", where, error)
            continue
        yield field, value
