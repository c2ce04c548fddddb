"""The headers of a request, as those who judge it look at them."""

from collections.abc import Iterator
from functools import lru_cache

_BLANKS = b" \t"


class JudgedFields:
    """Headers as they came. Only those that matter are looked for: taking all apart costs more than all rules."""

    __slots__ = ("_in_small_letters", "fields")

    def __init__(self, fields: bytes) -> None:
        self.fields = fields
        self._in_small_letters = b""

    @property
    def _small(self) -> bytes:
        """Them in small letters, made for the first look."""
        if not self._in_small_letters:
            self._in_small_letters = self.fields.lower()
        return self._in_small_letters

    def values(self, name: bytes) -> list[bytes]:
        """Return all values of a header, by its name in small letters."""
        key = _key(name)
        if key not in self._small:
            return []
        return [self.fields[begin:end].lstrip(_BLANKS) for _, begin, end in _lines(self._small, key)]

    def value(self, name: bytes) -> bytes:
        """Return the first value of a header, by its name in small letters; empty if it is not there."""
        return next(iter(self.values(name)), b"")

    def has_any(self, keys: tuple[bytes, ...]) -> bool:
        """Whether there is any of the headers that begin so, the end of the line before included."""
        return any(map(self._small.__contains__, keys))

    def without_cookies(self, family: bytes, mine: bytes) -> tuple[bytes, list[str]]:
        """Return the fields without the cookies whose names begin so, and the values of the one that is called `mine`.

        Browsers tell no ports apart: those of other tunnels of the same name come along, and are as secret.
        """
        fields, done = self.fields, 0
        if family not in fields:
            return fields, []
        kept: list[bytes] = []
        values: list[str] = []
        for at, begin, end in _lines(self._small, _COOKIE_KEY):
            given = fields[begin:end]
            if family not in given:
                continue
            parts = [part.strip() for part in given.split(b";")]
            values += [part[len(mine) + 1 :].decode("latin-1") for part in parts if part.startswith(mine + b"=")]
            others = b"; ".join(part for part in parts if part and not _is_of(family, part))
            kept += [fields[done:at], fields[at:begin] + b" " + others if others else b""]
            done = end
        return b"".join([*kept, fields[done:]]), values


def without(fields: bytes, name: bytes) -> bytes:
    """Return the fields without all headers of this name, which is in small letters."""
    kept, done = [], 0
    for at, _, end in _lines(fields.lower(), _key(name)):
        kept.append(fields[done:at])
        done = end
    return b"".join([*kept, fields[done:]])


def _is_of(family: bytes, cookie: bytes) -> bool:
    return cookie.startswith(family) and b"=" in cookie


@lru_cache
def _key(name: bytes) -> bytes:
    """Return what a header of this name begins with, the end of the line before it included."""
    return b"\r\n%b:" % name


_COOKIE_KEY = _key(b"cookie")


def _lines(small: bytes, key: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield where each header begins that has this key, where its value does, and where that ends.

    `small` are fields in small letters.
    """
    at = small.find(key)
    while at >= 0:
        begin = at + len(key)
        end = small.index(b"\r\n", begin)
        yield at, begin, end
        at = small.find(key, end)
