"""Reads a project's file without trust: every key and every value is one that is known, or nothing is used."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from portway.cli.project.lines import Lines
from portway.cli.project.tunnels import WORD, FileHook, ProjectError, ProjectTunnel
from portway.cli.vocabulary import no_such, no_such_way, way_of
from portway.core.errors import TunnelError
from portway.core.foreign_text import check_command, harmless_line
from portway.core.guard.deadline import read_ends
from portway.core.guard.rules import GUARD_KEYS, OPEN_TO_ALL, Guard, read_change
from portway.core.options import Option, check_value, declared
from portway.core.settings import TUNNEL_NAME, General
from portway.core.target import parse_target

Ways = Mapping[str, Mapping[str, Option]]
"""By the id of each way, what a request may name for it and a file may hold, by JSON key."""

_MOST = 20  # tunnels of one file, and lines that one tunnel writes
_LONGEST_REASON = 100
_WHERE = re.compile(r"(?P<reason>.*?) \(at (?:line (?P<line>[0-9]+), column [0-9]+|end of document)\)", re.DOTALL)
_SECRET = re.compile(r"pass|secret|token|auth|credential|key$", re.IGNORECASE)
_SAY_ELSEWHERE = (
    "a password does not belong here, where others read it. Write “guard = { password = true }”: “portway up” then "
    "makes one and shows it, or takes yours with --password-stdin."
)
_KEEP_ELSEWHERE = "no secret belongs here, where others read it. Portway keeps tokens in the keyring: “portway login”."
_KEYS = ("target", "via", "name", "guard", "for", "env", "command")
_HOOK_KEYS = ("file", "key", "value")
# What these letters make is harmless wherever such files are read, also by a shell.
_VALUE = re.compile(r"(?:\{url\}|(?:(?:https?|wss?)://)?\{host\})(?:/[A-Za-z0-9._~/-]*)?")
_FILE = re.compile(r"(?:[^/\\:]+/)*(?:\.env(?:\.[A-Za-z0-9._-]+)?|[A-Za-z0-9._-]+\.env)")
_GENERAL = declared(General)

_Value = TypeVar("_Value")


def read_project(content: bytes, ways: Ways, default: str) -> tuple[ProjectTunnel, ...]:
    """Return the tunnels that a file names. One that names no way takes `default`. Raises ProjectError."""
    table, lines = _parsed(content)
    whole = _Table(table, (), lines)
    whole.allow(("tunnel",), "A file has a section [tunnel.NAME] for each tunnel.")
    named = whole.table("tunnel") if "tunnel" in table else None
    if named is None or not named.values:
        raise ProjectError("it names no tunnel. Each has a section like [tunnel.web].")
    if len(named.values) > _MOST:
        raise ProjectError(f"it names more than {_MOST} tunnels.")
    return tuple(_tunnel(word, named, ways, default) for word in named.values)


def words_in(content: bytes) -> list[str]:
    """Return the names of the tunnels in a file, as well as they can be told. For completions; nothing is raised."""
    try:
        named = _parsed(content)[0].get("tunnel")
    except ProjectError:
        return []
    return [word for word in named if re.fullmatch(WORD, word)] if isinstance(named, dict) else []


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the file, which knows where it stands."""

    values: Mapping[str, Any]
    path: tuple[str | int, ...]
    lines: Lines

    def refused(self, key: str, sentence: str) -> ProjectError:
        """Return the error about what one key holds."""
        return ProjectError(sentence, self.lines.of(*self.path, key))

    def allow(self, known: Collection[str], more: str) -> None:
        """Raise ProjectError where there is any other key."""
        for key in self.values:
            if key not in known:
                if _SECRET.search(key):
                    raise self.refused(key, _SAY_ELSEWHERE if "pass" in key.lower() else _KEEP_ELSEWHERE)
                raise self.refused(key, _lowered(no_such("key", key, known, more)))

    def table(self, key: str) -> "_Table":
        """Return the table of this key."""
        value = self.values[key]
        if not isinstance(value, dict):
            raise self.refused(key, f"{key}: a table is expected, like [{'.'.join(map(str, (*self.path, key)))}…].")
        return _Table(value, (*self.path, key), self.lines)

    def text(self, key: str) -> str:
        """Return the text of this key, none of whose signs is hidden."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.refused(key, f"{key}: a text is expected, in quotation marks.")
        if harmless_line(value) != value:
            raise self.refused(key, f"{key}: there is a sign in it that cannot be seen.")
        return value.strip()

    def checked(self, key: str, read: Callable[[], _Value]) -> _Value:
        """Return what `read` makes of this key; what it refuses is told with the line."""
        try:
            return read()
        except TunnelError as error:
            raise self.refused(key, str(error)) from None


def _parsed(content: bytes) -> tuple[Mapping[str, Any], Lines]:
    try:
        text = content.decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ProjectError("it is not UTF-8.", content[: error.start].count(b"\n") + 1) from None
    lines = Lines(text)
    try:
        return tomllib.loads(text), lines
    except RecursionError:
        raise ProjectError("its values are nested too deep.") from None
    except ValueError as error:  # TOMLDecodeError, and a number of too many digits
        raise _of_syntax(str(error), text) from None


def _of_syntax(said: str, text: str) -> ProjectError:
    found = _WHERE.fullmatch(said)
    line, reason = None, said
    if found is not None:
        reason = found["reason"]
        line = int(found["line"]) if found["line"] else text.rstrip("\n").count("\n") + 1  # the last one
    if re.search("twice|overwrite|mutate", reason):
        return ProjectError("a name stands here for the second time.", line)
    return ProjectError(f"this is no TOML ({harmless_line(reason)[:_LONGEST_REASON]}).", line)


def _tunnel(word: str, named: _Table, ways: Ways, default: str) -> ProjectTunnel:
    if re.fullmatch(WORD, word) is None:
        raise named.refused(word, "a tunnel is named by small letters, digits and dashes, like [tunnel.web].")
    table = named.table(word)
    way = _way(table, ways, default)
    for key in table.values:
        if key not in ways[way] and any(key in options for options in ways.values()):
            raise table.refused(key, f"{key}: {way} has no such option.")
    table.allow((*_KEYS, *ways[way]), f"A tunnel by {way} has: {', '.join((*_KEYS, *ways[way]))}.")
    if "target" not in table.values:
        raise named.refused(word, "target is missing: the port or the address of the local server.")
    return ProjectTunnel(
        word=word,
        target=_target(table),
        way=way,
        name=_name(table),
        guard=_guard(table),
        lasts=_lasts(table),
        options=MappingProxyType(
            {key: _option(table, key, ways[way][key]) for key in table.values if key in ways[way]}
        ),
        files=tuple(_files(table)),
        command=_command(table),
    )


def _way(table: _Table, ways: Ways, default: str) -> str:
    if "via" not in table.values:
        return default
    way = way_of(table.text("via"))
    if way not in ways:
        raise table.refused("via", f"via: {_lowered(no_such_way(way, ways))}")
    return way


def _target(table: _Table) -> str:
    value = table.values["target"]
    text = str(value) if type(value) is int else table.text("target")
    table.checked("target", lambda: parse_target(text, field="target"))
    return text


def _name(table: _Table) -> str:
    text = table.text("name")
    return str(table.checked("name", lambda: check_value(TUNNEL_NAME, text, field="name")))


def _guard(table: _Table) -> Guard:
    if "guard" not in table.values:
        return OPEN_TO_ALL
    rules = table.table("guard")
    rules.allow(tuple(GUARD_KEYS), f"A guard has: {', '.join(GUARD_KEYS)}.")
    if "password" in rules.values and not isinstance(rules.values["password"], bool):
        raise rules.refused("password", _SAY_ELSEWHERE)
    for key in rules.values:  # one by one, for the line
        rules.checked(key, lambda key=key: read_change({key: rules.values[key]}))  # type: ignore[misc]  # of a lambda's default nothing is known
    return read_change(rules.values).of(OPEN_TO_ALL)


def _lasts(table: _Table) -> str:
    if "for" not in table.values:
        return ""
    value = table.values["for"]
    table.checked("for", lambda: read_ends(value, field="for"))
    return f"{value}s" if isinstance(value, int) else table.text("for")


def _option(table: _Table, key: str, option: Option) -> str | int | bool:
    value = table.text(key) if isinstance(table.values[key], str) else table.values[key]
    return table.checked(key, lambda: check_value(option, value, field=key))


def _files(table: _Table) -> Iterator[FileHook]:
    given = table.values.get("env", [])
    entries = given if isinstance(given, list) else [given]
    if len(entries) > _MOST:
        raise table.refused("env", f"env: at most {_MOST} lines can be written.")
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise table.refused("env", 'env: write it like { file = ".env", key = "BASE_URL" }.')
        path = (*table.path, "env", number) if isinstance(given, list) else (*table.path, "env")
        yield _file(_Table(entry, path, table.lines))


def _file(entry: _Table) -> FileHook:
    entry.allow(_HOOK_KEYS, f"env has: {', '.join(_HOOK_KEYS)}.")
    file, value = entry.text("file"), entry.text("value") or "{url}"
    if _FILE.fullmatch(file) is None or {"..", "."} & {*file.split("/")}:
        raise entry.refused("file", "file: a file below this folder is expected whose name is like .env or shop.env.")
    key = entry.checked("key", lambda: check_value(_GENERAL["hook_key"], entry.text("key"), field="key"))
    if not key:
        raise entry.refused("key", "key: it is missing; it is the name before the “=”.")
    if _VALUE.fullmatch(value) is None:
        raise entry.refused("value", "value: {url} or {host} is expected, with a path behind it at most.")
    return FileHook(file, str(key), value)


def _command(table: _Table) -> str:
    if "command" not in table.values:
        return ""
    text = table.text("command")
    table.checked("command", lambda: check_value(_GENERAL["hook_command"], text, field="command"))
    if not check_command(text):
        raise table.refused("command", "command: it must not be empty.")
    return text


def _lowered(sentence: str) -> str:
    """Return a sentence that goes on behind a colon."""
    return sentence[:1].lower() + sentence[1:]
