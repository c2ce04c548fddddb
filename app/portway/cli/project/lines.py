"""In which line of a TOML text each key stands: the standard library tells that of broken syntax alone."""

import re

from portway.cli.project.tunnels import ProjectError

Keys = tuple[str | int, ...]

_LONGEST_KEY = 120  # signs: the standard library takes time with the square of the dots in a key
# Each of these takes every text, to its end where nothing closes it: so one pass is enough, whatever comes.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"{3,5}|\Z)'
    r"|'''.*?(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*"?'
    r"|'[^'\n]*'?"
    r"|\#[^\n]*|[\[\]{}]|\n",
    re.DOTALL,
)
_KEY = re.compile(r"\s*(?P<table>\[\[?)?\s*(?P<key>[A-Za-z0-9_-]+(?:[ \t]*\.[ \t]*[A-Za-z0-9_-]+)*)?[ \t]*(?P<next>.?)")


class Lines:
    """The lines of the keys of one text. An entry of an array of tables has its number in the path, from 0 on.

    Raises ProjectError for a key that is quoted or too long; what else may be wrong is left to who reads the values.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Keys, int] = {}
        self._entries: dict[Keys, int] = {}
        self._table: Keys = ()
        for number, statement in _statements(text):
            self._take(number, statement)

    def of(self, *path: str | int) -> int:
        """Return the line of a key, else of what it is in; 1 where nothing is known of it."""
        known = (self._lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in self._lines)
        return next(known, 1)

    def _take(self, number: int, statement: str) -> None:
        begin = number + len(statement) - len(statement.lstrip("\n"))
        match = _KEY.match(statement)
        if match is None or statement.lstrip().startswith("#"):
            return
        if match["next"] in {'"', "'"} and (match["key"] is None or match["key"] == ""):
            raise ProjectError(
                "write names without quotation marks, of letters, digits, dashes and underscores.", begin
            )
        if match["key"] is None:
            return
        if len(match["key"]) > _LONGEST_KEY:
            raise ProjectError("this name is too long.", begin)
        path: Keys = tuple(part.strip() for part in match["key"].split("."))
        if match["table"] == "[[":
            self._entries[path] = self._entries.get(path, -1) + 1
            self._lines.setdefault(path, begin)
            path = (*path, self._entries[path])
        if match["table"]:
            self._table = path
        else:
            path = (*self._table, *path)
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], begin)


def _statements(text: str) -> list[tuple[int, str]]:
    """Return each line with its number, and as one what goes on over several of them."""
    found: list[tuple[int, str]] = []
    depth, line, begin, begins_at = 0, 1, 0, 1
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in {"[", "{"}:
            depth += 1
        elif sign in {"]", "}"}:
            depth = max(0, depth - 1)
        line += sign.count("\n")
        if sign == "\n" and depth == 0:
            found.append((begins_at, text[begin : token.start()]))
            begin, begins_at = token.end(), line
    return [*found, (begins_at, text[begin:])]
