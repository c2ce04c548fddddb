"""Cloudflare: a quick tunnel without an account, or a named one under a host name of the person's own domain.

By a cloudflared that this backend finds or fetches.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from portway.backends.cloudflared import causes
from portway.backends.cloudflared.binary_locator import MANAGED, BinaryLocator
from portway.backends.cloudflared.declaration import (
    ABOUT,
    DASHBOARD,
    PROGRAM,
    SAME_HOSTNAME,
    SERVICE,
    TUNNEL_TOKEN,
    VISITOR,
    CloudflaredExtras,
    CloudflaredOptions,
    CloudflaredTiming,
    InstallAnswer,
    InstallOptions,
    Managed,
)
from portway.backends.cloudflared.installer import Installer
from portway.backends.cloudflared.metrics import Metrics
from portway.backends.cloudflared.name_look import NameKnown, name_is_known, name_look
from portway.backends.cloudflared.named import NamedTunnel, tunnel_id_of
from portway.backends.cloudflared.output import Reader
from portway.backends.cloudflared.proof import NamedProof, Proof, QuickProof
from portway.backends.cloudflared.record import Before, BeforeFile, TunnelRecord, TunnelRecordFile
from portway.backends.cloudflared.resume_probe import ResumeProbe, Visit, visit
from portway.backends.cloudflared.session import CloudflaredSession, RunningTunnel
from portway.backends.cloudflared.starting import Launch, arguments, environment_of_child
from portway.core.backend import Answer, BackendBase, Command, Context, Role, StillUpError, keeper
from portway.core.cancel import CancelToken, Deadline
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Cancelled, TunnelError
from portway.core.foreign_text import PublicUrl
from portway.core.options import declared
from portway.core.secret import Secret
from portway.core.status import BackendId, Installation, TunnelId, TunnelStatus
from portway.system.desktop.awake import Clock, seconds_with_sleep
from portway.system.processes.child import AdoptedProcess, Child, Process
from portway.system.processes.leftover import cannot_be_ended, end_unrecorded
from portway.system.processes.output_file import OutputFile
from portway.system.processes.programs import Program
from portway.system.secrets.source import secret_at_hand
from portway.system.services import Services
from portway.system.storage.state_file import StateFile

__all__ = ["CloudflaredBackend", "CloudflaredExtras", "CloudflaredOptions"]

logger = logging.getLogger(__name__)

INSTALL = "install"
_LOOK_EVERY = 0.1
_TOKEN = declared(CloudflaredOptions)[TUNNEL_TOKEN]
_UNFIT = (Code.BINARY_UNUSABLE, Code.VERSION_TOO_OLD)


class Shared:
    """What all tunnels of Cloudflare share: the program, and who asks the service next. Any thread."""

    def __init__(self, services: Services, name_known: NameKnown = name_is_known) -> None:
        self.name_known = name_known
        self.locator = BinaryLocator(services)
        self.installer = Installer(services, self.locator)
        self._lock = threading.Lock()
        self._next = 0.0  # on the monotonic clock
        self._last: TunnelId | None = None

    def await_turn(self, tunnel: TunnelId, seconds: float, cancel: CancelToken) -> None:
        """Wait until the last start of another tunnel is so long ago. Raises Cancelled."""
        with self._lock:
            now = time.monotonic()
            turn = now if self._last in (None, tunnel) else max(now, self._next)
            self._next, self._last = turn + seconds, tunnel
        cancel.wait(max(0.0, turn - time.monotonic()))


class CloudflaredBackend(BackendBase):
    """Implements Backend. One process for each tunnel, which can outlive us and is then found again."""

    kind = BackendId("cloudflared")
    title = SERVICE
    about = ABOUT
    icon = "cloudflared"
    trusted_client = VISITOR
    options: type = CloudflaredOptions
    no_extras = CloudflaredExtras()
    can_stay = True
    name_settles = 15.0  # 12 to 30 s until all know the name of a quick tunnel (read)
    refusals_allowed = 3  # its service refuses now and then, and takes the next request

    def __init__(
        self,
        services: Services,
        clock: Clock = seconds_with_sleep,
        visit: Visit = visit,
        tunnel: TunnelId | None = None,
        shared: Shared | None = None,
    ) -> None:
        super().__init__(tunnel)
        folder = services.folders.state_of(self.kind, self.id)
        self._services = services
        self._clock = clock
        self._visit = visit
        self._timing = CloudflaredTiming.of(services.timing)
        self._shared = shared or Shared(services)
        self._locator, self._installer = self._shared.locator, self._shared.installer
        self._record = TunnelRecordFile(StateFile(folder / "cloudflared-state.json"))
        self._before = BeforeFile(StateFile(folder / "cloudflared-named.json"))
        self._denied: set[str] = set()  # names that were told to be unknown: whoever insists is not asked again
        self._had_token = False  # when the last open was refused for want of a good one
        self._output = OutputFile(folder / "cloudflared-output.log")
        self._mark = f"{self.id}:{services.folders.state}"  # no other profile has it

        self.commands = (
            Command(
                name=INSTALL,
                role=Role.INSTALL,
                method="POST",
                path=INSTALL,
                label="Install…",
                options=InstallOptions,
                help="Fetch cloudflared, verified, or update the copy that Portway keeps.",
                answer=InstallAnswer,
                streams=True,
                run=self._install,
                offered=_can_be_installed,
            ),
        )

    def another(self, tunnel: TunnelId) -> "CloudflaredBackend":
        return CloudflaredBackend(self._services, self._clock, self._visit, tunnel, self._shared)

    def caution(self, options: CloudflaredOptions, others: Sequence[CloudflaredOptions]) -> str:
        taken = {other.hostname.lower() for other in others}
        return SAME_HOSTNAME if options.hostname and options.hostname.lower() in taken else ""

    def inspect(self) -> Installation:
        return self._locator.installation()

    def reclaim(self, context: Context) -> CloudflaredSession | None:
        self._installer.sweep()
        record = self._record.read()
        recorded = None if record is None else record.identity
        end_unrecorded(self._services.children, self._mark, recorded, self._timing.stop_grace, PROGRAM)
        if record is None:
            return None
        if not record.identity.is_alive():
            self._record.clear()
            return None
        process = self._services.children.adopt(record.identity)
        tunnel = self._still_good(record, process, context) if context.wanted else None
        if tunnel is None:
            self._end(process, record)
            return None
        logger.info("Found the tunnel of an earlier Portway: %s", tunnel.public_url)
        return self._begun(tunnel, context)

    def open(self, context: Context) -> CloudflaredSession:
        context.cancel.check()
        try:
            named = self._named(context)
            return self._opened(context, named)
        except AuthNeeded as error:
            if error.code is Code.TOKEN_REJECTED:
                context.secrets.forget(TUNNEL_TOKEN)
            self._had_token = self._token_at_hand()
            raise
        except TunnelError as error:
            if error.problem.declared is causes.NO_RECORD:
                self._denied.add(context.options.hostname.lower())
            raise

    def still_blocked(self, code: Code) -> bool:  # noqa: ARG002 - each has the same cause
        # A rejected token does not get better; one that was not there then may do.
        return self._had_token or not self._token_at_hand()

    def _opened(self, context: Context, named: NamedTunnel | None) -> CloudflaredSession:
        program = self._program(context)
        try:
            tunnel = self._start(program, context, named)
        except TunnelError as error:
            if program.source != MANAGED or error.code not in _UNFIT or not self._locator.has_older():
                raise
            logger.warning("The new %s cannot be used, so the older one comes back: %s", PROGRAM, error)
            self._locator.put_back()
            return self._opened(context, named)
        if program.source == MANAGED:
            self._locator.proved()
        return self._begun(tunnel, context)

    def _named(self, context: Context) -> NamedTunnel | None:
        """Return the named tunnel that is asked for, None for a quick one. Raises AuthNeeded."""
        hostname = context.options.hostname.lower()
        if not hostname:
            return None
        found = context.secrets.get(TUNNEL_TOKEN, context.cancel)
        text = "" if found is None else found.reveal().strip()
        if not text:
            raise AuthNeeded(causes.NO_TOKEN, action_url=DASHBOARD, service=SERVICE, host=hostname)
        try:
            return NamedTunnel(hostname, tunnel_id_of(text), Secret(text))
        except ValueError:
            raise AuthNeeded(causes.NO_TOKEN_SHAPE, action_url=DASHBOARD, service=SERVICE) from None

    def _token_at_hand(self) -> bool:
        return secret_at_hand(self._services, keeper(self, _TOKEN), TUNNEL_TOKEN, _TOKEN)

    def _start(self, program: Program, context: Context, named: NamedTunnel | None) -> RunningTunnel:
        """Return the tunnel once it carries traffic, and remember it. Raises TunnelError; then nothing is left."""
        if named is None:
            self._shared.await_turn(self.id, self._timing.between_starts, context.cancel)
        environment = self._services.environment
        command = arguments(program.path, context.origin, context.options, environment, named=named is not None)
        launch = Launch(
            command,
            environment_of_child(environment, None if named is None else named.token),
            self._proof(context, named),
            self._output,
            self._timing,
            self._services.children,
            self._mark,
        )
        try:
            tunnel = launch.run(context, partial(self._on_started, context, named))
        except BaseException:
            self._record.clear()
            context.listener.report(CloudflaredExtras())
            raise
        if named is not None:
            self._note(named, tunnel.proof)
        self._remember(context, tunnel.process, named, tunnel)
        return tunnel

    def _proof(self, context: Context, named: NamedTunnel | None) -> Proof:
        if named is None:
            return QuickProof(context.origin)
        before, look = self._before.read(named.tunnel_id), None
        if named.hostname not in {before.known_name, *self._denied}:
            environment, limit = self._services.environment, self._timing.probe_limit
            look = name_look(named.public_url, environment, self._shared.name_known, limit)
        return NamedProof(named.public_url, named.tunnel_id, context.origin, self._timing, before.managed, look)

    def _note(self, named: NamedTunnel, proof: Proof) -> None:
        """Remember for the next start what this one has shown."""
        known = named.hostname if proof.found_name else self._before.read(named.tunnel_id).known_name
        self._before.note(named.tunnel_id, Before(proof.managed, known))

    def _begun(self, tunnel: RunningTunnel, context: Context) -> CloudflaredSession:
        resume_probe = ResumeProbe(tunnel.public_url, tunnel.metrics.port, self._timing, self._clock, self._visit)
        session = CloudflaredSession(tunnel, context.listener, self._timing, self._record, resume_probe)
        try:
            session.begin()
        except BaseException:
            session.close(context)
            raise
        return session

    def _program(self, context: Context) -> Program:
        """Return a program that may be started, fetched if there is none. Raises TunnelError."""
        found = self._locator.find()
        if found is None:
            self._installer.install(context, update=False)
            found = self._locator.find()
        if found is None:
            raise TunnelError(Code.NOT_INSTALLED, program=PROGRAM)
        self._locator.verify(found)
        return found

    def _install(self, context: Context) -> Answer:
        options: InstallOptions = context.options
        return {"version": self._installer.install(context, update=options.update)}

    def _on_started(self, context: Context, named: NamedTunnel | None, process: Child) -> None:
        self._remember(context, process, named)
        context.listener.report(CloudflaredExtras(), process.identity.pid)

    def _remember(
        self, context: Context, process: Process, named: NamedTunnel | None, tunnel: RunningTunnel | None = None
    ) -> None:
        self._record.write(
            TunnelRecord(
                identity=process.identity,
                target_url=context.target.url,
                options=context.options,
                tunnel_id=None if named is None else named.tunnel_id,
                public_url=None if tunnel is None else tunnel.public_url,
                metrics_port=None if tunnel is None else tunnel.metrics.port,
                started_at=None if tunnel is None else datetime.now(UTC),
            )
        )

    def _still_good(self, record: TunnelRecord, process: AdoptedProcess, context: Context) -> RunningTunnel | None:
        """Return the tunnel of an earlier Portway if it does just what is wanted now. Raises Cancelled."""
        if record.metrics_port is None or record.public_url is None:
            return None
        if record.options != replace(context.options, tunnel_token=None):
            return None
        metrics = Metrics(record.metrics_port, context.cancel)
        proof = self._proof_of(record, record.public_url, context)
        try:
            configuration = metrics.configuration()
            if configuration is None or not (configuration.pushed or configuration.sole_service == context.origin.url):
                return None  # which needs no edge to be known
            if not self._is_up(metrics, process, context) or proof.public_url(metrics) != record.public_url:
                return None
        except Cancelled:
            process.leave()
            raise
        except TunnelError as error:
            logger.info("The tunnel of an earlier Portway is of no use any more: %s", error)
            return None
        reader = Reader(self._output)
        reader.read()
        reader.findings.origin_suspect = False
        return RunningTunnel(
            process=process,
            metrics=metrics,
            reader=reader,
            proof=proof,
            public_url=record.public_url,
            since=record.started_at,
        )

    def _proof_of(self, record: TunnelRecord, public_url: PublicUrl, context: Context) -> Proof:
        if record.tunnel_id is None:
            return QuickProof(context.origin)
        # It has run for long enough: what Cloudflare sends it has come.
        return NamedProof(public_url, record.tunnel_id, context.origin, self._timing, Managed.LOCAL)

    def _is_up(self, metrics: Metrics, process: AdoptedProcess, context: Context) -> bool:
        """Give an edge that is lost just now the time of a start to come back under the same URL."""
        deadline = Deadline.after(self._timing.start_limit)
        while not metrics.ready():
            if process.ended.is_set() or deadline.over:
                return False
            context.cancel.wait(_LOOK_EVERY)
        return True

    def _end(self, process: AdoptedProcess, record: TunnelRecord) -> None:
        """End what is provably ours but of no use any more. Raises StillUpError."""
        if process.stop(self._timing.stop_grace):
            self._record.clear()
            return
        raise StillUpError(cannot_be_ended(record.identity, PROGRAM), record.public_url or "", record.started_at)


def _can_be_installed(status: TunnelStatus) -> bool:
    installation = status.installation
    return installation.supported and (not installation.installed or installation.managed)
