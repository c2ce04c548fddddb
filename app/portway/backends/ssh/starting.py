"""Starts ssh: the way to an address that a visit has come through, or to why not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portway.backends.ssh import causes
from portway.backends.ssh.command_line import Opening
from portway.backends.ssh.declaration import PROGRAM, SshTiming
from portway.backends.ssh.output import Findings, Reader, needs_person
from portway.backends.ssh.program import Server
from portway.backends.ssh.proof import Visited, visit
from portway.backends.ssh.session import Forward
from portway.core.backend import Context
from portway.core.cancel import Deadline
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Problem, TunnelError, problem_of
from portway.core.foreign_text import PublicUrl
from portway.core.status import Progress
from portway.system.processes.child import Child, Children, Process
from portway.system.processes.output_file import OutputFile

_LOOK_EVERY = 0.02


class UnknownHostError(Exception):
    """Nobody has said yet whether this server's key is the right one."""


class PortRefusedError(Exception):
    """The server does not open what it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One try to connect."""

    server: Server
    opening: Opening
    command: Sequence[str]
    environment: Mapping[str, str]
    output: OutputFile
    timing: SshTiming
    children: Children
    mark: str

    def run(self, context: Context, started: Callable[[Child], None]) -> Forward:
        """Block until a visit came through. `started` is called with the process at once.

        Raises TunnelError, Cancelled, UnknownHostError or PortRefusedError; the process is then gone.
        """
        process = self.output.start(self.children, self.command, self.environment, mark=self.mark, program=PROGRAM)
        try:
            started(process)
            reader = Reader(self.output, self.server)
            self._await_forward(process, reader, context)
            return proven(process, reader, self.opening, self.timing, context)
        except BaseException:
            process.stop(self.timing.stop_grace)
            raise
        finally:
            context.listener.progress(None)

    def _await_forward(self, process: Process, reader: Reader, context: Context) -> None:
        """Return once the server listens."""
        findings = reader.findings
        deadline = Deadline.after(self.timing.start_limit)
        context.listener.progress(Progress(step="connect", message="Connecting to your server"))
        while not deadline.over:
            context.cancel.wait(_LOOK_EVERY)
            ended = process.ended.is_set()
            reader.read(last=ended)
            if ended:
                raise _failure(findings, process.code)
            if findings.forwarded and (findings.port is not None or not self.opening.chooses):
                return
        raise TunnelError(Code.START_TIMEOUT, program=PROGRAM, seconds=f"{self.timing.start_limit:g}")


def proven(process: Process, reader: Reader, opening: Opening, timing: SshTiming, context: Context) -> Forward:
    """Visit the address of a forward until a visit comes through. Blocks. Raises TunnelError, Cancelled."""
    findings = reader.findings
    url = opening.public_url(findings.server, findings.port)
    assert context.expects is not None  # noqa: S101 - it cannot stay, so there is a relay
    context.listener.progress(Progress(step="visit", message="Visiting the public address"))
    deadline = Deadline.after(timing.proof_limit)
    met = Visited()
    while not met.ours:
        met = visit(url, context.expects, timing.visit_limit)
        if process.ended.is_set():
            reader.read(last=True)
            raise _failure(findings, process.code)
        if not met.ours:
            if deadline.over:
                raise _raised(_unproven(met, url, opening, findings))
            context.cancel.wait(timing.visit_again)
        context.cancel.check()
    findings.came_up()
    return Forward(
        process=process, reader=reader, public_url=url, remote=opening.remote(findings.port), port=findings.port
    )


def _unproven(met: Visited, url: PublicUrl, opening: Opening, findings: Findings) -> Problem:
    """Return why the address is not shown: nobody, or somebody else, answers there."""
    remote, server = opening.remote(findings.port), findings.server.name
    if not met.trusted:
        return problem_of(causes.NOT_TRUSTED, url=url)
    if met.status is not None:
        return problem_of(causes.ELSEWHERE, url=url, status=met.status, remote=remote, server=server)
    cause = causes.INSIDE_ONLY if opening.url is None else causes.SILENT
    return problem_of(cause, url=url, remote=remote, server=server)


def _failure(findings: Findings, code: int | None) -> Exception:
    """Return what the end of the process means."""
    if findings.unknown:
        return UnknownHostError()
    if findings.refused:
        return PortRefusedError()
    return _raised(findings.ended(code))


def _raised(problem: Problem) -> TunnelError:
    kind = AuthNeeded if needs_person(problem) else TunnelError
    known = dict(problem.parameters)
    return kind(problem.declared or problem.code, problem.variant, action_url=None, retry_after=None, **known)
