"""What one request tells those who judge it."""

import base64
import binascii
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import parse_qsl

from portway.relay.guard import pages
from portway.relay.guard.paths import plain_path
from portway.relay.guard.policy import Address, Facts, Rules
from portway.relay.http.heads import RequestHead

_BLANKS = b" \t"
_MOST_FIELDS = 8
_HIDDEN_METHOD = (b"\r\nx-http-method-override:", b"\r\nx-http-method:", b"\r\nx-method-override:")
_HIDDEN_PATH = (b"\r\nx-original-url:", b"\r\nx-rewrite-url:")
_OURS = b"/.portway/"
_OWN = (pages.LOG_IN.encode(), pages.LINK.encode())


class JudgedRequest:
    """A request as it came. Only the headers that matter are looked for: taking all apart costs more than all rules."""

    __slots__ = ("_small", "fields", "head")

    def __init__(self, head: RequestHead) -> None:
        self.head = head
        self.fields = head.fields
        self._small = self.fields.lower()

    def values(self, name: bytes) -> list[bytes]:
        """Return all values of a header, by its name in small letters."""
        key = _key(name)
        if key not in self._small:
            return []
        return [self.fields[begin:end].lstrip(_BLANKS) for _, begin, end in _lines(self._small, key)]

    def value(self, name: bytes) -> bytes:
        """Return the first value of a header, by its name in small letters; empty if it is not there."""
        return next(iter(self.values(name)), b"")

    def facts(self, rules: Rules, client: Address | None) -> Facts:
        """Return what the rules need to know."""
        head, about_paths = self.head, rules.about_paths
        return Facts(
            client,
            head.method.decode("ascii"),
            plain_path(head.target) if about_paths else None,
            "" if head.upgrade is None else head.upgrade.decode("latin-1").strip().lower(),
            (about_paths or rules.guard.read_only) and self._has_any(_HIDDEN_METHOD),
            about_paths and self._has_any(_HIDDEN_PATH),
            rules.guard.password and head.target.startswith(_OURS) and head.target.partition(b"?")[0] in _OWN,
        )

    def _has_any(self, keys: tuple[bytes, ...]) -> bool:
        return any(map(self._small.__contains__, keys))

    def asker(self, address: Address | None) -> pages.Asker:
        """Return what a page for the visitor depends on."""
        head = self.head
        return pages.Asker(
            method=head.method.decode("ascii"),
            accepts=self.value(b"accept").decode("latin-1"),
            languages=self.value(b"accept-language").decode("latin-1"),
            keeps=head.keeps and (head.length == 0 or head.target.startswith(pages.LOG_IN.encode())),
            address=None if address is None else str(address),
        )

    @property
    def place(self) -> str:
        """Where the visitor wanted to go, for after the log-in."""
        reading = self.head.method in {b"GET", b"HEAD"}
        return pages.safe_place(self.head.target.decode("latin-1")) if reading else "/"

    @property
    def is_opened_by_a_person(self) -> bool:
        """Whether a browser says that somebody opened this link: what looks at links in messages does not say so."""
        return (
            self.head.method == b"GET"
            and self.value(b"sec-fetch-user") == b"?1"
            and self.value(b"sec-fetch-mode") == b"navigate"
            and not (self.value(b"purpose") or self.value(b"sec-purpose"))
        )

    @property
    def basic_password(self) -> str | None:
        """The password of Basic credentials, None without any, or two. The user's name does not matter."""
        given = self.values(b"authorization")
        scheme, _, encoded = given[0].partition(b" ") if len(given) == 1 else (b"", b"", b"")
        if scheme.lower() != b"basic":
            return None
        try:
            return base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""

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


def form_of(body: bytes) -> dict[str, str]:
    """Return the fields of a form, the last one of each name; none where there are more than any of ours has."""
    if body.count(b"&") >= _MOST_FIELDS:
        return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
