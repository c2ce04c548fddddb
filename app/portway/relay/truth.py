"""What a local server really says: whether it speaks HTTP, in which scheme, and whether it serves the public name.

A connection alone proves nothing: what takes it may speak TLS where http was named, or something else, or nothing. All
questions are HEAD requests with a deadline for the whole, so that nothing is changed by them and nobody can drag them
out. They block: for a thread that may wait.
"""

import socket
import time
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.target import Target
from portway.relay.host_watch import is_odd
from portway.relay.http.heads import END_OF_HEAD, AnswerHead, MalformedHeadError, parse_answer
from portway.system.network.encrypted import connect_encrypted

_MOST_READ = 16 * 1024
_PART = 4096
# How web servers that expect TLS tell those who come without: nginx and Apache, Go, Node's proxies.
_WANTS_TLS = (
    b"plain HTTP request was sent to HTTPS",
    b"speaking plain HTTP to an SSL",
    b"HTTP request to an HTTPS server",
)
_TLS_ALERT = b"\x15\x03"
_NO_SUCH_METHOD = frozenset({405, 501})
_ERRORS_FROM = 400
_MISDIRECTED = frozenset({400, 403, 444})
_WRONG_HOST = 421  # RFC 9110, 15.5.20


class Language(StrEnum):
    """What answers at an address."""

    HTTP = "http"
    HTTPS = "https"
    OTHER = "other"
    SILENT = "silent"  # it took the connection and said nothing in time
    GONE = "gone"  # nobody took the connection, or whoever did ended it without a word


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be found out about a target. `host` is the public name; None: its own is sent anyway."""

    target: Target
    origin: Target
    host: str | None
    path: str = "/"


def problem_of(question: Question, limit: float) -> tuple[Problem | None, bool]:
    """Return what visitors of the target meet, None if all is well; and whether that is certain after this time."""
    language = language_of(question.origin, limit)
    target = question.target
    if language is Language.OTHER:
        return Problem(Code.ORIGIN_SCHEME, parameters={"target": target.url}), True
    if language in {Language.SILENT, Language.GONE}:
        return Problem(Code.ORIGIN_DOWN, parameters={"target": target.url}), language is Language.GONE
    if language != target.scheme:
        better = Target(language, target.host, target.port).url
        told = {"target": target.url, "scheme": target.scheme, "better": better}
        return Problem(Code.ORIGIN_SCHEME, "other", told), True
    if question.host is not None and host_is_refused(question.origin, question.host, limit, question.path):
        return Problem(Code.HOST_REFUSED, parameters={"target": target.url, "host": question.host}), True
    return None, True


def language_of(origin: Target, limit: float) -> Language:
    """Ask in the scheme that was named, then in the other one. Takes at most `limit` seconds for each."""
    first, second = (False, True) if origin.scheme == "http" else (True, False)
    found = _asked(origin, limit, encrypted=first)
    if found in {Language.HTTP, Language.HTTPS}:
        return found
    other = _asked(origin, min(limit, 2.0), encrypted=second)
    return other if other in {Language.HTTP, Language.HTTPS} else found


def host_is_refused(origin: Target, public_host: str, limit: float, path: str = "/") -> bool:
    """Return whether `origin` turns those away who ask for the public name, and takes those who use its own.

    Many servers for development do so, each in its own way: 400, 403, 404, 421, no answer, a redirect to their own
    name, an empty page. Blocks for up to four limits, in seconds.
    """
    own = origin.url.partition("://")[2]
    refused = _head(origin, public_host, path, limit)
    if refused is not None and not is_odd(refused, origin.port):
        return False
    fine = _head(origin, own, path, limit)
    return fine is not None and _cures(refused, fine, origin.port)


def _cures(refused: AnswerHead | None, fine: AnswerHead, port: int) -> bool:
    """Whether the target's own name makes the difference. An answer to that which is no refusal proves it."""
    if refused is not None and refused.status == _WRONG_HOST:
        return fine.status != _WRONG_HOST  # it says so itself
    if is_odd(fine, port):
        return False
    if refused is not None and refused.status in _MISDIRECTED:
        return True  # also 405 and 406: they say that it would listen
    return fine.status < _ERRORS_FROM


def _head(origin: Target, host: str, path: str, limit: float) -> AnswerHead | None:
    answer = _answer(origin, _request("HEAD", path, host), limit)
    if answer is not None and answer.status in _NO_SUCH_METHOD:
        return _answer(origin, _request("GET", path, host), limit)
    return answer


def _answer(origin: Target, request: bytes, limit: float) -> AnswerHead | None:
    try:
        with closing(_opened(origin, limit, encrypted=origin.scheme == "https")) as connection:
            raw = _say(connection, request, time.monotonic() + limit)
        return parse_answer(raw[: raw.index(END_OF_HEAD) + len(END_OF_HEAD)])
    except (OSError, ValueError, MalformedHeadError):
        return None


def _asked(origin: Target, limit: float, *, encrypted: bool) -> Language:
    spoken = Language.HTTPS if encrypted else Language.HTTP
    end = time.monotonic() + limit
    try:
        with closing(_opened(origin, limit, encrypted=encrypted)) as connection:
            said = _say(connection, _request("HEAD", "/", origin.url.partition("://")[2]), end)
    except TimeoutError:
        return Language.SILENT
    except OSError as error:
        return Language.OTHER if encrypted and _is_no_tls(error) else Language.GONE
    if said.startswith(b"HTTP/"):
        return Language.HTTPS if any(words in said for words in _WANTS_TLS) else spoken
    if said.startswith(_TLS_ALERT) or not said:
        return Language.GONE if not said else Language.HTTPS
    return Language.OTHER


def _opened(origin: Target, limit: float, *, encrypted: bool) -> socket.socket:
    if not encrypted:
        return socket.create_connection((origin.host, origin.port), timeout=limit)
    import ssl  # late: only for targets that are not plain

    # A local server has a certificate of its own making, and nothing secret is sent.
    context = ssl._create_unverified_context()  # noqa: S323, SLF001 - see above
    return connect_encrypted(origin.host, origin.port, limit, context, origin.host)


def _is_no_tls(error: OSError) -> bool:
    """Whether something else than TLS was met."""
    import ssl

    return isinstance(error, ssl.SSLError)


def _request(method: str, path: str, host: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nConnection: close\r\n\r\n".encode("latin-1")


def _say(connection: socket.socket, request: bytes, end: float) -> bytes:
    """Send a request and return what comes back: the head, and of a refusal a part of its body. Raises OSError."""
    connection.sendall(request)
    said = b""
    while len(said) < _MOST_READ:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        try:
            part = connection.recv(_PART)
        except ConnectionError:
            break
        said += part
        if not part or (END_OF_HEAD in said and not said.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))):
            break
        if not said.startswith(b"HTTP/"[: len(said)]):
            break
    return said
