"""Starts cloudflared: its command line and environment, and the way to a tunnel that carries traffic, or to why not."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portway.backends.cloudflared.declaration import (
    PROGRAM,
    SERVICE,
    CloudflaredOptions,
    CloudflaredTiming,
    Managed,
)
from portway.backends.cloudflared.metrics import Metrics
from portway.backends.cloudflared.output import REFUSALS_ALLOWED, Findings, Reader, token_refused
from portway.backends.cloudflared.proof import Proof
from portway.backends.cloudflared.session import RunningTunnel
from portway.core.backend import Context
from portway.core.cancel import Deadline
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Problem, TunnelError
from portway.core.secret import Secret
from portway.core.status import Progress
from portway.core.target import Target
from portway.system.processes.child import Child, Children
from portway.system.processes.environment import child_environment
from portway.system.processes.output_file import OutputFile
from portway.system.processes.output_log import signal_name

MORE_ARGUMENTS = "PORTWAY_CLOUDFLARED_ARGS"  # for tests: shell words
GRACE_SECONDS = 4  # less than `stop_grace`, after which it is killed
_LOOK_EVERY = 0.02
_SECOND_TRY = 2.0  # seconds; cloudflared itself tries again after one
# What does not pass by itself within the time that a start may take.
_HOPELESS = frozenset({Code.TLS_INTERCEPTED, Code.RATE_LIMITED})


def arguments(
    program: Path, origin: Target, options: CloudflaredOptions, environment: Mapping[str, str], *, named: bool = False
) -> list[str]:
    """Return the command line. An empty --config keeps the person's own config.yml out, which would win.

    That of a named tunnel has no token: it is in the environment, which other people's programs do not see.
    """
    own = [
        str(program),
        "tunnel",
        "--config",
        "",
        "--no-autoupdate",
        "--metrics",
        "127.0.0.1:0",
        "--protocol",
        options.protocol,
        "--grace-period",
        f"{GRACE_SECONDS}s",
    ]
    if options.protocol == "auto":
        own += ["--max-edge-addr-retries", "1"]  # to fall back to http2 after 13 s instead of 3 minutes
    own += shlex.split(environment.get(MORE_ARGUMENTS, ""))
    if named:
        own += ["run"]  # before it stands what belongs to `tunnel`, behind it where visitors are led
    own += ["--url", origin.url]
    if options.host_header:
        own += ["--http-host-header", options.host_header]
    if origin.scheme == "https":
        own += ["--no-tls-verify"]  # a local server has a certificate of its own making
    return own


def environment_of_child(environment: Mapping[str, str], token: Secret | None = None) -> dict[str, str]:
    """Return what it may know: none of the person's TUNNEL_ variables, which the allow-list leaves out."""
    ours = {} if token is None else {"TUNNEL_TOKEN": token.reveal()}
    return child_environment(environment, TUNNEL_NO_PRECHECKS="true", NO_AUTOUPDATE="true", **ours)


@dataclass(frozen=True, slots=True)
class Launch:
    """One try to start cloudflared. `proof` says when it is up."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)  # may hold a token
    proof: Proof
    output: OutputFile
    timing: CloudflaredTiming
    children: Children
    mark: str

    def run(self, context: Context, started: Callable[[Child], None]) -> RunningTunnel:
        """Block until the edge carries traffic. `started` is called with the process at once.

        Raises TunnelError or Cancelled; the process is then gone.
        """
        process = self.output.start(self.children, self.command, self.environment, mark=self.mark, program=PROGRAM)
        try:
            started(process)
            return self._up(process, context)
        except BaseException:
            process.stop(self.timing.stop_grace)
            raise
        finally:
            context.listener.progress(None)

    def _up(self, process: Child, context: Context) -> RunningTunnel:
        reader = Reader(self.output)
        findings = reader.findings
        deadline = Deadline.after(self.timing.start_limit)
        if self.proof.managed is Managed.QUICK:
            context.listener.progress(Progress(step="request", message="Asking Cloudflare for an address"))
        connecting, doubt = False, None
        while not deadline.over:
            context.cancel.wait(_LOOK_EVERY)
            ended = process.ended.is_set()
            reader.read(last=ended)
            if ended:
                raise self._ended(process, findings)
            if findings.cause is not None and findings.cause.code in _HOPELESS:
                raise self._raised(findings.cause)
            doubt = self._doubt(findings, doubt)
            if findings.metrics_port is None:
                continue
            if not connecting:
                connecting = True
                context.listener.progress(Progress(step="connect", message="Connecting to Cloudflare"))
            metrics = Metrics(findings.metrics_port, context.cancel)
            public_url = self.proof.public_url(metrics)
            if public_url is not None:
                reader.read()
                return RunningTunnel(
                    process=process, metrics=metrics, reader=reader, proof=self.proof, public_url=public_url
                )
        raise self._too_late(findings)

    def _doubt(self, findings: Findings, before: Deadline | None) -> Deadline | None:
        """Give a refused registration some more tries: a new tunnel may not be known everywhere at once."""
        cause, named = findings.cause, self.proof.tunnel_id is not None
        if cause is None or cause.code is not Code.REFUSED_BY_SERVICE:
            return None
        doubt = before or Deadline.after(self.timing.token_doubt if named else _SECOND_TRY)
        refusal = token_refused(findings, at_least=1 if doubt.over else REFUSALS_ALLOWED) if named else None
        if refusal is not None or doubt.over:
            raise self._raised(refusal or cause)
        return doubt

    def _ended(self, process: Child, findings: Findings) -> TunnelError:
        if process.code is None or process.code >= 0 or findings.wrote:
            return self._raised(findings.ended(process.code))
        # Before its first line: that is how macOS treats a file in quarantine.
        reason = f"the system ended it at once ({signal_name(-process.code)})"
        return TunnelError(Code.BINARY_UNUSABLE, program=PROGRAM, path=self.command[0], reason=reason)

    def _too_late(self, findings: Findings) -> TunnelError:
        if findings.cause is not None:
            return self._raised(findings.cause)
        if findings.metrics_port is None:
            return TunnelError(Code.NO_NETWORK, "service", service=SERVICE)
        return TunnelError(Code.START_TIMEOUT, program=PROGRAM, seconds=f"{self.timing.start_limit:g}")

    def _raised(self, problem: Problem) -> TunnelError:
        wait = self.timing.intercepted_wait if problem.code is Code.TLS_INTERCEPTED else problem.retry_after
        kind = AuthNeeded if problem.code.needs_auth else TunnelError
        return kind(
            problem.declared or problem.code,
            problem.variant,
            action_url=problem.action_url,
            retry_after=wait,
            **dict(problem.parameters),
        )
