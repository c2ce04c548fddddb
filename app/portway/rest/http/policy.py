"""Who and what gets in: the checks of a request's head, in the order in which the API promises them. Pure."""

import re
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import parse_qsl

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.foreign_text import harmless_line
from portway.core.guard.callers import LONGEST_NAME, Caller

LARGEST_HEAD = 16 * 1024
LARGEST_BODY = 64 * 1024
MOST_HEADERS = 64
LONGEST_WAIT = 300
WRONG_TOKENS_ALLOWED = 30
WRONG_TOKEN_WINDOW = 60.0

_BAD_BYTES = re.compile(rb"[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n|\n[ \t]")
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([^\r]*?)[ \t]*(?=\r)", re.IGNORECASE)
_TARGET = re.compile(rb"/[!-~]*")
_WAIT = re.compile(r"wait=([0-9]{1,3})")
# The one segment of a path that stands for many: a route has NUMBER in its place.
NUMBER = "{number}"
_NUMBER = re.compile(r"(?<=/)[1-9][0-9]{0,9}(?=/|$)")
# What stands for the word of a tunnel: a route for all of them has TUNNEL there; one with a word itself comes first.
TUNNEL = "{id}"
_TUNNEL = re.compile(r"(/api/tunnels/)([a-z][a-z0-9-]{0,31})(?=/|$)")
_JSON = re.compile(rb"application/json[ \t]*(;[ \t]*(charset=(utf-8|\"utf-8\"))?[ \t]*)?", re.IGNORECASE)
# Headers that a tunnel or proxy adds: the caller is not on this computer.
_TUNNEL_NAMES = frozenset({b"forwarded", b"x-real-ip", b"via", b"cdn-loop", b"true-client-ip"})
_TUNNEL_PREFIXES = (b"x-forwarded-", b"cf-", b"ngrok-", b"tailscale-")
_SESSION = re.compile(rb"[0-9a-f]{32}")

RawHeaders = list[tuple[bytes, bytes]]


class Credential(StrEnum):
    """Which token let a call in."""

    RUN = "run"
    LASTING = "lasting"


class BodyRule(StrEnum):
    """Whether a call has a body."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One key that a query may have. `shape` is a regular expression for all of its value, `help` is for people."""

    name: str
    shape: str
    help: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What the head of a call to one route may ask. `waits`: it takes `?wait=`; else `query` says what it takes."""

    body: BodyRule = BodyRule.NONE
    waits: bool = False
    query: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """A request's head as it was sent; header names in lower case, repeated ones kept."""

    method: str
    target: bytes
    version: bytes
    headers: RawHeaders

    def values(self, name: bytes) -> list[bytes]:
        """Return the values of every header of that name."""
        return [value for key, value in self.headers if key == name]


@dataclass(frozen=True, slots=True)
class Call:
    """A request that got in. `method` is GET also for HEAD. `wait` is what `?wait=` says, in seconds.

    `path` is that of its route; `number` stands there in the place of NUMBER, `tunnel` in that of TUNNEL. `caller` is
    the program that it says it comes from; None: a person, or a script of one.
    """

    method: str
    path: str
    wait: int | None = None
    credential: Credential | None = None
    number: int | None = None
    tunnel: str | None = None
    query: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    caller: Caller | None = None

    @property
    def address(self) -> str:
        """The path as it was called."""
        return self.path.replace(NUMBER, str(self.number)).replace(TUNNEL, str(self.tunnel))


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """A request that does not get in. `delayed`: it is told so a little later, to slow guessing down."""

    def __init__(self, problem: Problem, headers: tuple[tuple[str, str], ...] = (), *, delayed: bool = False) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.headers = headers
        self.delayed = delayed


class FailedLogins:
    """Counts wrong tokens. A right token never asks it, so nobody can lock the owner out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=WRONG_TOKENS_ALLOWED)

    def count(self) -> float | None:
        """Count one more. Return the seconds until the next one is looked at, if there were too many already."""
        now = self._clock()
        if len(self._times) == WRONG_TOKENS_ALLOWED and now - self._times[0] < WRONG_TOKEN_WINDOW:
            return self._times[0] + WRONG_TOKEN_WINDOW - now
        self._times.append(now)
        return None


class Policy:
    """Checks heads. `rules` are the routes: path → method → rule; those in `open_paths` need no token.

    `tunnels` tells the words of all tunnels that there are. `port` is set once the server listens; before that nothing
    gets in.
    """

    def __init__(
        self,
        rules: Mapping[str, Mapping[str, Rule]],
        open_paths: frozenset[str],
        identify: Callable[[bytes], Credential | None],
        failed_logins: FailedLogins,
        tunnels: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self._rules = rules
        self._tunnels = tunnels
        self._open_paths = open_paths
        self._identify = identify
        self._failed_logins = failed_logins
        self._hosts: frozenset[bytes] = frozenset()
        self._origins: frozenset[bytes] = frozenset()

    def listen_on(self, port: int) -> None:
        """Say which port our own address has."""
        self._hosts = frozenset({b"127.0.0.1:%d" % port, b"localhost:%d" % port})
        self._origins = frozenset(b"http://" + host for host in self._hosts)

    def check_raw(self, raw: bytes) -> None:
        """Check what the HTTP parser lets through. `raw` is the whole head, with its empty line."""
        if len(raw) > LARGEST_HEAD:
            raise too_large_head()
        if _BAD_BYTES.search(raw):
            raise _syntax()
        lengths = _CONTENT_LENGTH.findall(raw)
        if lengths and (len(lengths) > 1 or not lengths[0].isdigit()):
            raise _syntax()

    def check_head(self, head: Head) -> Call:
        """Let a head in. Raises Refused with the first reason that stands against it."""
        self._check_form(head)
        self._check_host(head)
        self._check_sender(head)
        path, _, query = head.target.decode("ascii").partition("?")
        credential = None if path in self._open_paths else self._check_token(head)
        route, number = _route(path)
        method, route, tunnel, rule = self._find_rule(head.method, route)
        wait, values = (_check_wait(query), {}) if rule.waits else (None, _check_query(query, rule))
        _check_body(head, rule)
        return Call(method, route, wait, credential, number, tunnel, MappingProxyType(values), _caller(head))

    def _check_form(self, head: Head) -> None:
        odd = (
            head.version not in (b"1.0", b"1.1")
            or _TARGET.fullmatch(head.target) is None
            or len(head.headers) > MOST_HEADERS
            or head.values(b"upgrade")
        )
        if odd:
            raise _syntax()

    def _check_host(self, head: Head) -> None:
        hosts = head.values(b"host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            raise Refused(Problem(Code.WRONG_HOST))

    def _check_sender(self, head: Head) -> None:
        if any(name in _TUNNEL_NAMES or name.startswith(_TUNNEL_PREFIXES) for name, _ in head.headers):
            raise Refused(Problem(Code.FORBIDDEN, "tunnel"))
        for name, value in head.headers:
            match name:
                case b"origin":
                    own = value in self._origins
                case b"referer":
                    own = any(value == origin or value.startswith(origin + b"/") for origin in self._origins)
                case b"sec-fetch-site":
                    own = value in (b"same-origin", b"none")
                case _:
                    continue
            if not own:
                raise Refused(Problem(Code.FORBIDDEN))

    def _check_token(self, head: Head) -> Credential:
        token = _presented(head)
        if token is None:
            raise _unauthorized()
        credential = self._identify(token)
        if credential is not None:
            return credential
        wait = self._failed_logins.count()
        if wait is None:
            raise _unauthorized(delayed=True)
        raise Refused(Problem(Code.TOO_MANY_ATTEMPTS, retry_after=wait), delayed=True)

    def _find_rule(self, method: str, path: str) -> tuple[str, str, str | None, Rule]:
        """Return the method, the path of the route, the tunnel in it and its rule."""
        own = self._rules.get(path, {})
        general, tunnel = self._of_any_tunnel(path)
        rules = {**own, **self._rules.get(general, {})}
        if not rules:
            raise Refused(Problem(Code.NOT_FOUND))
        known = "GET" if method == "HEAD" else method
        if known in own:
            return known, path, None, own[known]
        if known not in rules:
            raise Refused(Problem(Code.METHOD_NOT_ALLOWED), (("Allow", ", ".join(_allowed(rules))),))
        return known, general, tunnel, rules[known]

    def _of_any_tunnel(self, path: str) -> tuple[str, str | None]:
        """Return the path with TUNNEL in the place of a tunnel's word, and that word."""
        found = _TUNNEL.match(path)
        if found is None or found[2] not in self._tunnels():
            return "", None
        return found[1] + TUNNEL + path[found.end() :], found[2]


def too_large_head() -> Refused:
    """Return the refusal of a head over the limit."""
    return Refused(Problem(Code.HEADERS_TOO_LARGE, parameters={"limit": str(LARGEST_HEAD)}))


def _presented(head: Head) -> bytes | None:
    """Return the token that a head carries; an ambiguous one is a wrong one."""
    authorizations = head.values(b"authorization")
    if authorizations:
        scheme, _, token = authorizations[0].partition(b" ")
        if len(authorizations) > 1:
            return b""
        return token.strip() if scheme.lower() == b"bearer" else None
    pairs = [pair.strip().partition(b"=") for value in head.values(b"cookie") for pair in value.split(b";")]
    tokens = [token for name, _, token in pairs if name == b"auth_token"]
    if not tokens:
        return None
    return tokens[0] if len(tokens) == 1 else b""


def _caller(head: Head) -> Caller | None:
    """Return who calls, where it is a program that says so; what it says twice or oddly is not believed."""
    kinds = head.values(b"portway-client")
    if not kinds:
        return None
    names, sessions = head.values(b"portway-program") or kinds, head.values(b"portway-session")
    name = harmless_line(names[0].decode("utf-8", "replace")).strip()[:LONGEST_NAME]
    known = len(sessions) == 1 and _SESSION.fullmatch(sessions[0])
    return Caller(name or "a program", sessions[0].decode() if known else "")


def _route(path: str) -> tuple[str, int | None]:
    """Return the path of the route that a path may be of, and the number in it."""
    if "{" in path:
        raise Refused(Problem(Code.NOT_FOUND))
    found = _NUMBER.search(path)
    if found is None:
        return path, None
    return path[: found.start()] + NUMBER + path[found.end() :], int(found[0])


def _check_query(query: str, rule: Rule) -> dict[str, str]:
    if not query:
        return {}
    if not rule.query:
        raise Refused(Problem(Code.BAD_REQUEST, "query", {"problem": "it takes none"}))
    shapes = {one.name: one.shape for one in rule.query}
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=len(shapes)
        )
    except ValueError:
        pairs = [(query, "")]
    values = dict(pairs)
    fits = all(name in shapes and re.fullmatch(shapes[name], value) for name, value in pairs)
    if len(values) < len(pairs) or not fits:
        problem = f"only {', '.join(shapes)}, each once, with a value that it can have"
        raise Refused(Problem(Code.BAD_REQUEST, "query", {"problem": problem}))
    return values


def _check_wait(query: str) -> int | None:
    if not query:
        return None
    match = _WAIT.fullmatch(query)
    if match is None or int(match[1]) > LONGEST_WAIT:
        problem = f"only wait=SECONDS, a whole number from 0 to {LONGEST_WAIT}"
        raise Refused(Problem(Code.BAD_REQUEST, "query", {"problem": problem}))
    return int(match[1])


def _check_body(head: Head, rule: Rule) -> None:
    if head.values(b"transfer-encoding"):
        raise Refused(Problem(Code.LENGTH_REQUIRED))
    length = b"".join(head.values(b"content-length")).lstrip(b"0")
    if not length:
        return
    if len(length) > len(str(LARGEST_BODY)) or int(length) > LARGEST_BODY:
        raise Refused(Problem(Code.TOO_LARGE, parameters={"limit": str(LARGEST_BODY)}))
    if rule.body is BodyRule.NONE:
        raise Refused(Problem(Code.BAD_REQUEST, "body_unwanted"))
    types = head.values(b"content-type")
    if len(types) != 1 or _JSON.fullmatch(types[0]) is None:
        raise Refused(Problem(Code.UNSUPPORTED_MEDIA_TYPE))


def _allowed(rules: Mapping[str, Rule]) -> list[str]:
    return [name for method in rules for name in ((method, "HEAD") if method == "GET" else (method,))]


def _syntax() -> Refused:
    return Refused(Problem(Code.BAD_REQUEST, "syntax"))


def _unauthorized(*, delayed: bool = False) -> Refused:
    return Refused(Problem(Code.UNAUTHORIZED), (("WWW-Authenticate", "Bearer"),), delayed=delayed)
