"""What ssh writes, read line by line into the log and into findings. Wordings of OpenSSH 7.6 to 10."""

import logging
import re
from collections.abc import Callable
from pathlib import Path

from portway.backends.ssh import causes
from portway.backends.ssh.declaration import PROGRAM
from portway.backends.ssh.program import Server, shown
from portway.core.codes import Code
from portway.core.errors import Problem, problem_of
from portway.core.sentences import Cause
from portway.system.logs.logs import program_logger
from portway.system.processes.output_file import OutputFile
from portway.system.processes.output_log import OutputLog, died

logger = logging.getLogger(__name__)
words = program_logger(__name__)

_DETAIL = "debug1: "
_FORWARDED = re.compile(r"remote forward success for: listen ")
_ALLOCATED = re.compile(r"Allocated port ([0-9]{1,5}) for remote forward to ")
_OFFERED = re.compile(r"Offering public key: ")
_ACCEPTED = re.compile(r"Server accepts key: ")
_UNKNOWN = re.compile(r"No \S+ host key is known for .* and you have requested strict checking")
_CHANGED = re.compile(r"Host key for .* has changed|WARNING: REVOKED HOST KEY DETECTED")
_OFFENDING = re.compile(r"Offending \S+ key in (.+):[0-9]+")
_REASON = re.compile(r".*: (.+?)\r?$")

_Meaning = Callable[["Findings", str], Problem]


def _told(cause: Cause) -> _Meaning:
    return lambda findings, line: problem_of(
        cause, server=findings.server.name, reason=_reason(line), program=PROGRAM, command=f"ssh {findings.server.name}"
    )


def _reason(line: str) -> str:
    found = _REASON.match(line)
    return shown(found[1] if found else line)


def _refused_key(findings: "Findings", _line: str) -> Problem:
    server = findings.server.name
    if findings.accepted:
        return problem_of(causes.KEY_LOCKED, server=server, command="ssh-add")
    if findings.offered:
        return problem_of(causes.KEY_REFUSED, server=server, command=f"ssh-copy-id {server}")
    return problem_of(causes.NO_KEY, server=server, command="ssh-keygen -t ed25519")


_CAUSES: tuple[tuple[re.Pattern[str], _Meaning], ...] = (
    (re.compile(r"Could not resolve hostname "), _told(causes.NAME_UNKNOWN)),
    (re.compile(r"connect to host .* port [0-9]+: "), _told(causes.UNREACHABLE)),
    (re.compile(r"Too many authentication failures"), _told(causes.TOO_MANY_KEYS)),
    (re.compile(r"^\S+: Permission denied \("), _refused_key),
    (re.compile(r"Unable to negotiate with .*: no matching "), _told(causes.NOTHING_IN_COMMON)),
    (
        re.compile(r"Bad configuration option|Bad owner or permissions on|terminating, [0-9]+ bad conf"),
        _told(causes.CONFIGURATION),
    ),
    (re.compile(r"^(?:\S*ssh: )?(?:unknown|illegal) option|^usage: ssh"), _told(causes.OPTIONS_UNKNOWN)),
    (re.compile(r"Timeout, server .* not responding"), _told(causes.LOST)),
    (re.compile(r"client_loop: send disconnect|Connection to .* closed by remote host"), _told(causes.LOST)),
    (
        re.compile(
            r"^Connection (?:closed|reset|to .* timed out)|^Read from remote host|^kex_exchange_identification: "
            r"|banner exchange|^Connection timed out|^Received disconnect"
        ),
        _told(causes.UNREACHABLE),
    ),
)


class Findings:
    """What the lines so far told of one connection to a server. Fed line by line, on one thread."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.forwarded = False  # the server listens
        self.port: int | None = None  # that it chose
        self.offered = False  # a key was
        self.accepted = False  # a key was, and then needs a passphrase unless it gets in
        self.unknown = False  # the server's key is
        self.refused = False  # what it was to open
        self.cause: Problem | None = None
        self.complaint = ""  # the last words that are no details
        self._file = ""

    def take(self, line: str) -> None:
        """Look at one whole line."""
        if line.startswith(_DETAIL):
            self.forwarded = self.forwarded or _FORWARDED.search(line) is not None
            self.offered = self.offered or _OFFERED.search(line) is not None
            self.accepted = self.accepted or _ACCEPTED.search(line) is not None
            return
        allocated = _ALLOCATED.search(line)
        if allocated is not None:
            self.port = int(allocated[1])
            return
        if line.strip():
            self.complaint = line
        self._take_cause(line)

    def came_up(self) -> None:
        """What follows is of a connection that was up."""
        self.cause, self.complaint = None, ""

    def ended(self, code: int | None) -> Problem:
        """Return why the process ended by itself, with this exit code where it is known."""
        if code is not None and code < 0:
            return died(PROGRAM, code, "")
        if self.cause is not None:
            return self.cause
        return died(PROGRAM, code, shown(self.complaint))

    def _take_cause(self, line: str) -> None:
        offending = _OFFENDING.search(line)
        if offending is not None:
            self._file = shown(offending[1])
        if _CHANGED.search(line):
            file = self._file or "known_hosts"
            self.cause = problem_of(causes.HOST_CHANGED, server=self.server.name, file=file)
        elif _UNKNOWN.search(line):
            self.unknown = True
        elif "remote port forwarding failed for listen" in line:
            self.refused = True
        elif "Host key verification failed" in line and self.cause is None and not self.unknown:
            command = f"ssh {self.server.name}"
            self.cause = problem_of(causes.UNKNOWN_ON_THE_WAY, server=self.server.name, command=command)
        elif self.cause is None:
            self.cause = next((meaning(self, line) for pattern, meaning in _CAUSES if pattern.search(line)), None)


class Reader:
    """The output of one process. Its methods are for one thread at a time."""

    def __init__(self, output: OutputFile, server: Server) -> None:
        self.findings = Findings(server)
        self._output = output
        self._log = OutputLog(words, PROGRAM, notes=logger)

    @property
    def path(self) -> Path:
        """The file that is read."""
        return self._output.path

    def read(self, *, last: bool = False) -> None:
        """Take the lines that came; `last`: nobody writes any more."""
        for line in self._output.last_words() if last else self._output.new_lines():
            if not line.startswith(_DETAIL):  # these are many for each visitor
                self._log.write(logging.INFO, line)
            self.findings.take(line)


def needs_person(problem: Problem) -> bool:
    """Whether somebody has to do something elsewhere first."""
    return problem.code in (Code.NEEDS_LOGIN, Code.UNKNOWN_HOST)
