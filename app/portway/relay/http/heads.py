"""Heads of requests and answers: judged by llhttp with rules of our own on top, and what they mean for the connection.

llhttp alone takes what other parsers read differently: HTTP/0.9, no Host or two, heads without end. Where two programs
disagree about where a message ends, one visitor's bytes become another one's request.

Each head passes both judges whole. Only then it is looked at, and only for what matters here: calling Python for each
header would cost more than all the rest of a small request.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser, HttpResponseParser

MOST_HEAD = 64 * 1024
END_OF_HEAD = b"\r\n\r\n"

Header = tuple[bytes, bytes]


def _one_of(letters: Iterable[bytes]) -> bytes:
    """Return a pattern for one of these letters, small or capital."""
    return b"[%b]" % b"".join(letter + letter.upper() for letter in sorted(letters))


def _in_any_size(word: bytes) -> bytes:
    """Return a pattern for this word, in small letters or capitals."""
    letters = (word[at : at + 1] for at in range(len(word)))
    return b"".join(_one_of([letter]) if letter.isalpha() else letter for letter in letters)


_REQUEST_LINE = re.compile(rb"([A-Z][A-Z\-]*) (/[^ \r\n]*|\*) HTTP/1\.([01])\r\n")
_PLAIN_TARGET = re.compile(rb"/[!-~]*")  # llhttp takes every one, whatever stands around it
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) (\d{3})")
_HOST = re.compile(rb"[A-Za-z0-9.:_\-\[\]]+")
_LENGTH = re.compile(rb"[0-9]{1,18}")
_UNDERSCORE_IN_NAME = re.compile(rb"\n[^:\r_]*_[^:\r]*:")
_METHOD = re.compile(rb"(?!PRI)[A-Z][A-Z\-]{0,23}")
_FIRST_LINE = re.compile(rb"(?!PRI )[A-Z][A-Z\-]{0,23} (?:\Z|[/*][^\n]*(?:\r\n|\Z))")
# Of one hop alone. Connection and Upgrade are written anew, TE only where it says that trailers are welcome.
_HOP_BY_HOP = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"te", b"upgrade"})
# Naming these in Connection would take from the message what tells its receiver where it ends or for whom it is.
_NEVER_DROPPED = frozenset(
    b"authorization close connection content-length content-type cookie host keep-alive transfer-encoding".split()
)
_OF_ONE_HOP = re.compile(rb"\n(?:connection|keep-alive|proxy-connection|upgrade):[^\n]*(?=\n)", re.IGNORECASE)
_USUAL_TOKENS = frozenset({b"close", b"keep-alive", b"upgrade"})
_THAT_MATTER = (*sorted(_HOP_BY_HOP), b"content-length", b"host", b"transfer-encoding")
# Read after llhttp: there a line feed ends a line, and a colon the first word of it. Each letter is looked for in both
# sizes, as a copy of the head in small letters costs more; the first ones ahead of all, as most lines do not matter.
_MATTERING = re.compile(
    b"\n(?=%b)(%b):([^\r]*)"
    % (_one_of({name[:1] for name in _THAT_MATTER}), b"|".join(map(_in_any_size, _THAT_MATTER)))
)
_AS_IT_CAME, _WITHOUT_LINES, _ANEW = range(3)
_WITHOUT_BODY = frozenset({204, 304})
_SWITCHING = 101
_BLANKS = b" \t"
_KNOWN, _MOST_KNOWN = 256, 2048  # meanings, and bytes of a head whose one is kept
_BLANK = ord(" ")


class MalformedHeadError(Exception):
    """What came is no head of HTTP/1 as all programs understand it. Its text tells why, without the bytes."""


class Meaning(NamedTuple):
    """What the lines of a head that matter here say, which is often the same for many heads."""

    host: bytes | None  # None unless there is exactly one, and it is one
    length: int | None  # of the body in bytes; None where nothing says it
    chunked: bool
    connection: frozenset[bytes]
    keeps: bool  # whether the connection is to stay
    upgrade: bytes | None
    writing: int  # how it goes on


class Head:
    """What requests and answers have alike. `raw` is what came, with the empty line at its end."""

    __slots__ = ("chunked", "connection", "keeps", "length", "meaning", "raw", "upgrade", "version", "writing")

    def __init__(self, raw: bytes, version: str, meaning: Meaning) -> None:
        self.raw = raw
        self.version = version
        self.meaning = meaning
        _, self.length, self.chunked, self.connection, self.keeps, self.upgrade, self.writing = meaning

    @property
    def headers(self) -> tuple[Header, ...]:
        """Names and values as they came. Made for each caller: many heads are never looked into, and some are kept."""
        lines = self.raw.split(b"\r\n")[1:-2]
        return tuple((name, value.lstrip(_BLANKS)) for name, _, value in (line.partition(b":") for line in lines))

    @property
    def fields(self) -> bytes:
        """Its headers as they came: from the end of the first line on, with the empty line."""
        return self.raw[self.raw.index(b"\r\n") :]

    @property
    def first_line(self) -> bytes:
        """It, without its end."""
        return self.raw[: self.raw.index(b"\r\n")]


class RequestHead(Head):
    """A request that keeps all rules. `length` is None where the body comes in chunks."""

    __slots__ = ("host", "method", "target")

    def __init__(self, raw: bytes, version: str, meaning: Meaning, method: bytes, target: bytes) -> None:
        Head.__init__(self, raw, version, meaning)
        self.method = method
        self.target = target
        self.host = meaning.host or b""
        if self.length is None and not self.chunked:
            self.length = 0

    def changed(self, fields: bytes, target: bytes) -> "RequestHead":
        """Return the same request with these fields, of which those that say how it goes on are the same."""
        raw = b"%b %b HTTP/%b%b" % (self.method, target, self.version.encode(), fields)
        return RequestHead(raw, self.version, self.meaning, self.method, target)


class AnswerHead(Head):
    """An answer. `length` is None where the body comes in chunks, or ends with the connection."""

    __slots__ = ("status",)

    def __init__(self, raw: bytes, version: str, meaning: Meaning, status: int) -> None:
        Head.__init__(self, raw, version, meaning)
        self.status = status

    @property
    def interim(self) -> bool:
        """Whether the answer proper is still to come."""
        return self.status < 200 and self.status != _SWITCHING  # noqa: PLR2004 - RFC 9110, 15.2

    @property
    def switches(self) -> bool:
        """Whether another protocol follows."""
        return self.status == _SWITCHING

    def has_body(self, method: bytes) -> bool:
        """Whether a body follows, which the answer alone does not tell."""
        return method != b"HEAD" and self.status not in _WITHOUT_BODY


class _Judged:
    """Tells that a head came to its end. Calling nobody costs less, and where nothing is wrong it did."""

    __slots__ = ("complete",)

    def __init__(self) -> None:
        self.complete = False

    def on_headers_complete(self) -> None:
        self.complete = True


def may_become_request(begun: bytes) -> bool:
    """Whether these first bytes, in which no head has ended yet, can be those of a request."""
    line, space, _ = begun.partition(b" ")
    if not space:
        return b"PRI".startswith(line) or _METHOD.fullmatch(line) is not None
    return _FIRST_LINE.match(begun) is not None


def parse_request(raw: bytes) -> RequestHead:
    """Read one head, up to and with its empty line. Raises MalformedHeadError."""
    line = _REQUEST_LINE.match(raw)
    if line is None or not raw.endswith(END_OF_HEAD) or len(raw) > MOST_HEAD:
        raise MalformedHeadError("it is no method, path and version of HTTP/1 with two blanks between them, and a head")
    try:
        HttpRequestParser(None).feed_data(raw)
    except HttpParserUpgrade:
        pass  # it always says so where there is an Upgrade; what the answer says about it counts
    except HttpParserError as error:
        raise MalformedHeadError(str(error)) from None
    method, target, minor = line.groups()
    if target == b"*" and method != b"OPTIONS":
        raise MalformedHeadError("the target is no path")
    version = "1.1" if minor == b"1" else "1.0"
    meaning = _meaning_of(raw, version)
    if meaning.host is None:
        raise MalformedHeadError("there is not exactly one Host")
    return RequestHead(raw, version, meaning, method, target)


def parse_answer(raw: bytes) -> AnswerHead:
    """Read one head, up to and with its empty line. Raises MalformedHeadError."""
    line = _STATUS_LINE.match(raw)
    if line is None or not raw.endswith(END_OF_HEAD) or len(raw) > MOST_HEAD:
        raise MalformedHeadError("it is no HTTP/1 answer")
    judged = _Judged() if line[2] == b"101" else None
    try:
        HttpResponseParser(judged).feed_data(raw)
    except HttpParserUpgrade:
        pass
    except HttpParserError as error:
        if judged is None or not judged.complete:  # 101 without Upgrade is an error after its end
            raise MalformedHeadError(str(error)) from None
    version = "1.1" if line[1] == b"1" else "1.0"
    return AnswerHead(raw, version, _meaning_of(raw, version), int(line[2]))


def _meaning_of(raw: bytes, version: str) -> Meaning:
    """Read the lines that matter. Raises MalformedHeadError."""
    found = tuple(_MATTERING.findall(raw))
    meaning = _known_meaning(found, version) if len(raw) <= _MOST_KNOWN else _meaning(found, version)
    if b"_" in raw and _UNDERSCORE_IN_NAME.search(raw):
        return meaning._replace(writing=_ANEW)
    return meaning


def _meaning(found: tuple[Header, ...], version: str) -> Meaning:
    writing, values = _AS_IT_CAME, dict[bytes, list[bytes]]()
    for name, value in found:
        bare = value.lstrip(_BLANKS)
        if len(bare) + 1 != len(value) or value[0] != _BLANK:
            writing = _ANEW  # not every program knows the same blanks
        values.setdefault(name.lower(), []).append(bare)
    hosts = values.get(b"host", [])
    length = _length(values[b"content-length"]) if b"content-length" in values else None
    chunked = b"transfer-encoding" in values and _chunked(values[b"transfer-encoding"], version)
    _require(length is None or not chunked, "it has both a length and chunks")
    named = (token for value in values.get(b"connection", []) for token in value.lower().split(b","))
    connection = frozenset(token.strip() for token in named)
    if b"te" in values or not connection <= _USUAL_TOKENS:
        writing = _ANEW
    elif writing == _AS_IT_CAME and not _HOP_BY_HOP.isdisjoint(values):
        writing = _WITHOUT_LINES
    return Meaning(
        host=hosts[0] if len(hosts) == 1 and _HOST.fullmatch(hosts[0]) else None,
        length=length,
        chunked=chunked,
        connection=connection,
        keeps=b"close" not in connection if version == "1.1" else b"keep-alive" in connection,
        upgrade=b", ".join(values.get(b"upgrade", [])) or None if b"upgrade" in connection else None,
        writing=writing,
    )


_known_meaning = lru_cache(_KNOWN)(_meaning)  # of no head that is long: what is kept has its bound


class Heads:
    """Parses heads, and knows the last one each way again, for as long as it lives. For one thread.

    Where many requests come within a short time, they and their answers are often the same to the last byte: a page
    that asks again and again, a test of how much a server can take. Or they ask for something else, and the rest is the
    same, as of one browser: then the rest is judged already.
    """

    __slots__ = ("_answer", "_behind_target", "_request")

    def __init__(self) -> None:
        self._request: RequestHead | None = None
        self._behind_target = b""  # of the last request: from its version on
        self._answer: AnswerHead | None = None

    def request(self, raw: bytes) -> RequestHead:
        """Do as `parse_request`."""
        last = self._request
        if last is not None and last.raw == raw:
            return last
        alike = None if last is None else self._with_other_target(last, raw)
        if alike is None:
            alike = parse_request(raw)
            self._behind_target = raw[len(alike.method) + 1 + len(alike.target) :]
        self._request = alike
        return alike

    def _with_other_target(self, last: RequestHead, raw: bytes) -> RequestHead | None:
        """Return the last request with another target, if that is all by which this one differs."""
        method, rest = last.method, self._behind_target
        if not raw.endswith(rest) or not raw.startswith(method) or len(raw) > MOST_HEAD:
            return None
        target = raw[len(method) + 1 : -len(rest)]
        if _PLAIN_TARGET.fullmatch(target) is None or raw[len(method)] != _BLANK:
            return None
        return RequestHead(raw, last.version, last.meaning, method, target)

    def answer(self, raw: bytes) -> AnswerHead:
        """Do as `parse_answer`."""
        last = self._answer
        if last is None or last.raw != raw:
            last = self._answer = parse_answer(raw)
        return last


def values_of(name: bytes) -> Callable[[RequestHead], list[bytes]]:
    """Return what finds all values of a header, by its name in small letters, without a look at the other ones."""
    line = re.compile(b"\n%b:[ \t]*([^\r]*)" % _in_any_size(name))
    return lambda head: line.findall(head.raw)


def request_bytes(head: RequestHead, headers: Iterable[Header] | None = None) -> bytes:
    """Write a request for the next hop, with `headers` in place of its own."""
    return head.raw if headers is None and head.writing == _AS_IT_CAME else _written(head, headers)


def answer_bytes(head: AnswerHead, headers: Iterable[Header] | None = None) -> bytes:
    """Write an answer for the visitor, with `headers` in place of its own."""
    return head.raw if headers is None and head.writing == _AS_IT_CAME else _written(head, headers)


def _written(head: Head, headers: Iterable[Header] | None) -> bytes:
    if headers is None and head.writing == _WITHOUT_LINES:
        kept = _OF_ONE_HOP.sub(b"", head.raw)[:-2]
    else:
        pairs = _kept(head.headers if headers is None else headers, head.connection)
        kept = b"\r\n".join([head.first_line, *map(b": ".join, pairs), b""])
    return kept + _connection(head) + b"\r\n"


def _kept(headers: Iterable[Header], connection: frozenset[bytes]) -> Iterator[Header]:
    """Yield the headers that go further than one hop."""
    dropped = _HOP_BY_HOP | (connection - _NEVER_DROPPED)
    for name, value in headers:
        plain = name.lower()
        if plain in dropped:
            if plain == b"te" and value.lower() == b"trailers":
                yield b"TE", b"trailers"
        elif b"_" not in name:  # a program behind may take it for the same name with a hyphen
            yield name, value


def _connection(head: Head) -> bytes:
    """Return the line of Connection: only where it says something else than the version means anyway."""
    if head.upgrade is not None:
        return b"Connection: Upgrade\r\nUpgrade: %b\r\n" % head.upgrade
    if head.keeps == (head.version == "1.1"):
        return b""
    return b"Connection: keep-alive\r\n" if head.keeps else b"Connection: close\r\n"


def _chunked(codings: list[bytes], version: str) -> bool:
    _require([coding.lower() for coding in codings] == [b"chunked"], "its transfer coding is other than chunked")
    _require(version == "1.1", "HTTP/1.0 has no transfer coding")
    return True


def _length(lengths: list[bytes]) -> int:
    _require(len(lengths) == 1 and _LENGTH.fullmatch(lengths[0]) is not None, "its length is not one number")
    return int(lengths[0])


def _require(claim: bool, reason: str) -> None:  # noqa: FBT001 - reads as a claim
    if not claim:
        raise MalformedHeadError(reason)
