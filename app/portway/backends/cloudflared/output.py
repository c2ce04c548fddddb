"""What cloudflared writes, read line by line into the log and into findings: its metrics address, edge, and faults.

Its output is a hint: what counts is asked of its metrics server. Wordings of 2024 to 2026.
"""

import contextlib
import json
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portway.backends.cloudflared import causes
from portway.backends.cloudflared.declaration import DASHBOARD, PROGRAM, SERVICE
from portway.core.codes import Code
from portway.core.errors import Problem, problem_of
from portway.system.logs.logs import program_logger
from portway.system.processes.output_file import OutputFile
from portway.system.processes.output_log import OutputLog, died

logger = logging.getLogger(__name__)
words = program_logger(__name__)

_METRICS = re.compile(r"Starting metrics server on (127\.0\.0\.1|\[::1\]):(\d{1,5})/metrics", re.ASCII)
_REGISTERED = re.compile(r"Registered tunnel connection")
_LOCATION = re.compile(r"\blocation\W{1,3}([a-z]{3}\d{2})\b", re.ASCII)
_PROTOCOL = re.compile(r"\bprotocol\W{1,3}(http2|quic)\b", re.ASCII)
_EDGE_MOVED = re.compile(
    r"Lost connection with the edge|Serve tunnel error|Connection terminated|Registered tunnel connection"
    r"|Updated to new configuration"
)
_UNAUTHORIZED = re.compile(r"Register tunnel error from server side.*\bUnauthorized\b")
_NO_SUCH_TUNNEL = re.compile(r"Unauthorized: Tunnel not found")
_ORIGIN = re.compile(r"Unable to reach the origin service|originService\W", re.ASCII)
_USAGE = re.compile(r"^\s*(?:USAGE:|Incorrect Usage)", re.MULTILINE)
_HOST = re.compile(r"(?!api\.)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.trycloudflare\.com")
_LEVELS = {
    "DBG": logging.DEBUG,
    "INF": logging.INFO,
    "WRN": logging.WARNING,
    "ERR": logging.ERROR,
    "FTL": logging.ERROR,
}
_RECORD = re.compile(rf"^\d{{4}}-\d\d-\d\dT\S+\s+({'|'.join(_LEVELS)})\s", re.ASCII)
_VALUE = r'(?:"(?:[^"\\]|\\.)*"|\S*)'
_FIELD = re.compile(rf"(?:^|\s)\w+={_VALUE}", re.ASCII)
_ERROR = re.compile(rf"\berror=({_VALUE})", re.ASCII)
REFUSALS_ALLOWED = 3  # of a token, one right after the other: it tries again after 1, 2 and 4 seconds
_LONGEST_REASON = 200


def _edge_reason(line: str) -> str:
    if "timeout" in line:
        return "port 7844 does not answer"
    return "the connection to port 7844 is refused or cut"


def _refused(line: str) -> Problem:
    return Problem(Code.REFUSED_BY_SERVICE, "", {"service": SERVICE, "reason": shown(line)})


def _problem(code: Code, variant: str = "", **parameters: str) -> Callable[[str], Problem]:
    return lambda _line: Problem(code, variant, parameters)


_Meaning = Callable[[str], Problem]
_CAUSES: tuple[tuple[re.Pattern[str], _Meaning | None], ...] = (
    # Before it ends with 255; what it says last is only where to read more.
    (
        re.compile(r"Provided Tunnel token is not valid|requires the ID or name of the tunnel"),
        lambda _line: problem_of(causes.NO_TOKEN_SHAPE, service=SERVICE, action_url=DASHBOARD),
    ),
    (re.compile(r"error code: 1015|429 Too Many Requests"), _problem(Code.RATE_LIMITED, service=SERVICE)),
    # Its edge sorts this out by itself, with another address.
    (re.compile(r"already connected to this server"), None),
    (
        # Over QUIC the certificate is refused by an alert of TLS, told by its number: 42 to 48 of RFC 8446.
        re.compile(
            r"(?:TLS handshake with edge error|failed to request quick Tunnel|dial to edge with quic|dial a quic).*"
            r"(?:failed to verify certificate|x509:|certificate signed by unknown|CRYPTO_ERROR 0x1(?:2[a-f]|30)\b)"
        ),
        _problem(Code.TLS_INTERCEPTED, service=SERVICE),
    ),
    (
        re.compile(r"Register tunnel error from server side.*context deadline exceeded"),
        _problem(Code.EDGE_UNREACHABLE, service=SERVICE, reason="its edge does not answer the registration"),
    ),
    (re.compile(r"Register tunnel error from server side"), _refused),
    (
        re.compile(r"failed to request quick Tunnel|DialContext error.*network is unreachable"),
        _problem(Code.NO_NETWORK, "service", service=SERVICE),
    ),
    (
        re.compile(
            r"Unable to establish connection with Cloudflare edge|TLS handshake with edge error"
            r"|failed to dial to edge with quic|Failed to dial a quic connection|DialContext error"
        ),
        lambda line: Problem(Code.EDGE_UNREACHABLE, "", {"service": SERVICE, "reason": _edge_reason(line)}),
    ),
    (
        re.compile(
            r"error code: \d+|failed to (?:un)?marshal quick Tunnel|failed to parse quick Tunnel"
            r"|Error unmarshaling QuickTunnel|invalid UUID length|illegal base64",
            re.ASCII,
        ),
        _refused,
    ),
)


@dataclass(slots=True)
class Findings:
    """What the lines so far told. Fed line by line, on one thread."""

    metrics_port: int | None = None
    protocol: str | None = None
    edge_location: str | None = None
    cause: Problem | None = None  # of the trouble that stands; None once the edge has taken the tunnel
    unauthorized: int = 0  # how often in a row the edge has refused the token
    deleted: bool = False  # the last time because there is no such tunnel
    origin_suspect: bool = False
    edge_moved: bool = False  # a reason to ask /ready
    usage: bool = False
    wrote: bool = False  # anything at all
    complaint: str = ""  # its last error, or words without a level: those with which it ends

    def take(self, line: str) -> None:
        """Look at one whole line."""
        self.wrote = True
        found = _METRICS.search(line)
        if found is not None:
            self.metrics_port = int(found[2])
            return
        if _EDGE_MOVED.search(line):
            self.edge_moved = True
        if _REGISTERED.search(line):
            self._take_registration(line)
            return
        if _ORIGIN.search(line):
            self.origin_suspect = True
            return
        if _UNAUTHORIZED.search(line):
            self.unauthorized += 1
            self.deleted = _NO_SUCH_TUNNEL.search(line) is not None
            self.edge_moved = True
        if _USAGE.search(line):
            self.usage = True
        if _is_complaint(line):
            self.complaint = line
        self._take_cause(line)

    def _take_registration(self, line: str) -> None:
        self.cause = None
        self.unauthorized = 0
        location, protocol = _LOCATION.search(line), _PROTOCOL.search(line)
        self.edge_location = location[1] if location else self.edge_location
        self.protocol = protocol[1] if protocol else self.protocol

    def _take_cause(self, line: str) -> None:
        for pattern, meaning in _CAUSES:
            if not pattern.search(line):
                continue
            # The line that names a rate limit is followed by one that only says that it could not be read.
            if meaning is not None and (self.cause is None or self.cause.code is not Code.RATE_LIMITED):
                self.cause = meaning(line)
            return

    def ended(self, code: int | None) -> Problem:
        """Return why the process ended by itself, with this exit code where it is known."""
        if code is not None and code < 0:
            return died(PROGRAM, code, "")
        if self.cause is not None:
            return self.cause
        if self.usage:
            return problem_of(causes.OPTIONS_UNKNOWN, program=PROGRAM)
        return died(PROGRAM, code, shown(self.complaint))


def token_refused(findings: Findings, *, at_least: int = REFUSALS_ALLOWED) -> Problem | None:
    """Return that the token of a named tunnel is no good, if the edge has said so often enough in a row."""
    if findings.unauthorized < at_least:
        return None
    cause = causes.TUNNEL_DELETED if findings.deleted else causes.TOKEN_REFUSED
    return problem_of(cause, service=SERVICE, action_url=DASHBOARD)


class Reader:
    """The output of one process. Its methods are for one thread at a time."""

    def __init__(self, output: OutputFile, clock: Callable[[], float] = time.monotonic) -> None:
        self.findings = Findings()
        self._output = output
        self._log = OutputLog(words, PROGRAM, clock, logger)

    @property
    def path(self) -> Path:
        """The file that is read."""
        return self._output.path

    def read(self, *, last: bool = False) -> None:
        """Take the lines that came; `last`: nobody writes any more."""
        lines = self._output.last_words() if last else self._output.new_lines()
        for line in lines:
            self._log.write(*_level_and_text(line))
            self.findings.take(line)


def _level_and_text(line: str) -> tuple[int, str]:
    """Return how much a line of its log matters, and the line without its stamp and its level: ours has both."""
    found = _RECORD.match(line)
    return (logging.INFO, line) if found is None else (_LEVELS[found[1]], line[found.end() :].strip())


def _is_complaint(line: str) -> bool:
    """Whether this tells of a fault: at the level of errors, or plain words, as the last ones of a failure are."""
    found = _RECORD.match(line)
    if found is not None:
        return found[1] in ("ERR", "FTL")
    return bool(line.strip()) and (not line.startswith("{") or '"level":"error"' in line)


def is_public_host(text: str) -> bool:
    """Whether this is a name that Cloudflare gives to a quick tunnel."""
    return _HOST.fullmatch(text) is not None


def shown(line: str) -> str:
    """Return a line for a sentence: its message and its error, without time, level and other fields, and bounded."""
    message, error = _message_and_error(_RECORD.sub("", line).strip())
    text = ": ".join(part for part in (message, error) if part).rstrip(".")
    text = "".join(character for character in text if character.isprintable())
    return text if len(text) <= _LONGEST_REASON else text[:_LONGEST_REASON] + "…"


def _message_and_error(text: str) -> tuple[str, str]:
    if text.startswith("{"):
        with contextlib.suppress(ValueError, RecursionError):  # lines can be torn
            record = json.loads(text)
            return str(record.get("message", "")).strip(), str(record.get("error", "")).strip()
    found = _ERROR.search(text)
    error = "" if found is None else found[1].strip('"').replace('\\"', '"')
    return _FIELD.sub("", text).strip(), error.strip()
