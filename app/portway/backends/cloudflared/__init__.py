"""Cloudflare Quick Tunnel: a public URL without an account, by a cloudflared that this backend finds or fetches."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from portway.backends.cloudflared.after_sleep import AfterSleep, Visit, visit
from portway.backends.cloudflared.declaration import (
    PROGRAM,
    SERVICE,
    CloudflaredExtras,
    CloudflaredOptions,
    InstallAnswer,
    InstallOptions,
)
from portway.backends.cloudflared.installer import Installer
from portway.backends.cloudflared.launch import arguments, environment_of_child
from portway.backends.cloudflared.metrics import Metrics
from portway.backends.cloudflared.reading import Reader
from portway.backends.cloudflared.record import TunnelRecord, TunnelRecordFile
from portway.backends.cloudflared.session import CloudflaredSession, Tunnel
from portway.backends.cloudflared.starting import Start
from portway.backends.cloudflared.whereabouts import MANAGED, Whereabouts
from portway.backends.host_check import host_is_refused
from portway.core.backend import Answer, Command, Context, StillUpError
from portway.core.codes import Code
from portway.core.errors import Cancelled, Problem, TunnelError
from portway.core.status import BackendId, Installation, Reach, TunnelStatus
from portway.system.awake import Clock, seconds_with_sleep
from portway.system.process import AdoptedProcess, OutputFile, Process
from portway.system.programs import Program
from portway.system.services import Services
from portway.system.state_file import StateFile

__all__ = ["CloudflaredBackend", "CloudflaredExtras", "CloudflaredOptions"]

logger = logging.getLogger(__name__)

INSTALL = "install"
_LOOK_EVERY = 0.1
_UNFIT = (Code.BINARY_UNUSABLE, Code.VERSION_TOO_OLD)


class CloudflaredBackend:
    """Implements Backend. One process for each tunnel, which can outlive us and is then found again."""

    id = BackendId("cloudflared")
    title = SERVICE
    reach = Reach.INTERNET
    options: type = CloudflaredOptions
    no_extras: object = CloudflaredExtras()
    can_stay = True
    refusals_allowed = 3  # its service refuses now and then, and takes the next request

    def __init__(self, services: Services, clock: Clock = seconds_with_sleep, visit: Visit = visit) -> None:
        self._services = services
        self._clock = clock
        self._visit = visit
        self._timing = services.timing
        self._whereabouts = Whereabouts(services)
        self._installer = Installer(services, self._whereabouts)
        self._record = TunnelRecordFile(StateFile(services.folders.state / "cloudflared-state.json"))
        self._output = OutputFile(services.folders.state / "cloudflared-output.log")

    @property
    def commands(self) -> tuple[Command, ...]:
        return (
            Command(
                name=INSTALL, method="POST", path=INSTALL, label="Install…", options=InstallOptions,
                help="Fetch cloudflared, verified, or update the copy that Portway keeps.", answer=InstallAnswer,
                streams=True, run=self._install, offered=_can_be_installed,
            ),
        )  # fmt: skip

    def inspect(self) -> Installation:
        return self._whereabouts.installation()

    def reclaim(self, context: Context) -> CloudflaredSession | None:
        record = self._record.read()
        if record is None:
            return None
        if not record.identity.is_alive():
            self._record.clear()
            return None
        process = AdoptedProcess(record.identity)
        tunnel = self._still_good(record, process, context) if context.wanted else None
        if tunnel is None:
            self._end(process, record)
            return None
        logger.info("found the tunnel of an earlier run: %s", tunnel.public_url)
        return self._begun(tunnel, context)

    def open(self, context: Context) -> CloudflaredSession:
        context.cancel.check()
        program = self._program(context)
        try:
            tunnel = self._start(program, context)
        except TunnelError as error:
            if program.source != MANAGED or error.code not in _UNFIT or not self._whereabouts.has_older():
                raise
            logger.warning("the new %s cannot be used, so the older one comes back: %s", PROGRAM, error)
            self._whereabouts.put_back()
            return self.open(context)
        if program.source == MANAGED:
            self._whereabouts.proved()
        return self._begun(tunnel, context)

    def still_blocked(self, code: Code) -> bool:  # noqa: ARG002 - it needs no log-in
        return False

    def _start(self, program: Program, context: Context) -> Tunnel:
        """Return the tunnel once it carries traffic, and remember it. Raises TunnelError; then nothing is left."""
        environment = self._services.environment
        command = arguments(program.path, context.origin, context.options, environment)
        start = Start(command, environment_of_child(environment), self._output, self._timing)
        try:
            tunnel = start.run(context, partial(self._remember, context))
        except BaseException:
            self._record.clear()
            raise
        self._remember(context, tunnel.process, tunnel)
        return tunnel

    def _begun(self, tunnel: Tunnel, context: Context) -> CloudflaredSession:
        after_sleep = AfterSleep(tunnel.public_url, tunnel.metrics, self._timing, self._clock, self._visit)
        session = CloudflaredSession(tunnel, context.listener, self._timing, self._record, after_sleep)
        session.begin(self._host_check(context, tunnel))
        return session

    def _host_check(self, context: Context, tunnel: Tunnel) -> Callable[[], bool] | None:
        if context.options.host_header:
            return None
        host = tunnel.public_url.removeprefix("https://")
        return partial(host_is_refused, context.origin, host, self._timing.origin_look)

    def _program(self, context: Context) -> Program:
        """Return a program that may be started, fetched if there is none. Raises TunnelError."""
        found = self._whereabouts.find()
        if found is None:
            self._installer.install(context, update=False)
            found = self._whereabouts.find()
        if found is None:
            raise TunnelError(Code.NOT_INSTALLED, program=PROGRAM)
        self._whereabouts.verify(found)
        return found

    def _install(self, context: Context) -> Answer:
        options: InstallOptions = context.options
        return {"version": self._installer.install(context, update=options.update)}

    def _remember(self, context: Context, process: Process, tunnel: Tunnel | None = None) -> None:
        self._record.write(
            TunnelRecord(
                identity=process.identity,
                target_url=context.target.url,
                options=context.options,
                public_url=None if tunnel is None else tunnel.public_url,
                metrics_port=None if tunnel is None else tunnel.metrics.port,
                started_at=None if tunnel is None else datetime.now(UTC),
            )
        )

    def _still_good(self, record: TunnelRecord, process: AdoptedProcess, context: Context) -> Tunnel | None:
        """Return the tunnel of an earlier run if it does just what is wanted now. Raises Cancelled."""
        if record.metrics_port is None or record.public_url is None:
            return None
        if record.target_url != context.target.url or record.options != context.options:
            return None
        metrics = Metrics(record.metrics_port)
        if metrics.service() != context.origin.url or f"https://{metrics.public_host()}" != record.public_url:
            return None
        try:
            if not self._is_up(metrics, process, context):
                return None
        except Cancelled:
            process.leave()
            raise
        reader = Reader(self._output)
        reader.read()
        reader.findings.origin_suspect = False
        return Tunnel(
            process=process, metrics=metrics, reader=reader, public_url=record.public_url, since=record.started_at
        )

    def _is_up(self, metrics: Metrics, process: AdoptedProcess, context: Context) -> bool:
        """Give an edge that is lost just now the time of a start to come back under the same URL."""
        deadline = time.monotonic() + self._timing.start_limit
        while not metrics.ready():
            if process.ended.is_set() or time.monotonic() > deadline:
                return False
            context.cancel.wait(_LOOK_EVERY)
        return True

    def _end(self, process: AdoptedProcess, record: TunnelRecord) -> None:
        """End what is provably ours but of no use any more. Raises StillUpError."""
        if process.stop(self._timing.stop_grace):
            self._record.clear()
            return
        reason = f"process {record.identity.pid} of an earlier run cannot be ended"
        problem = Problem(Code.PROCESS_DIED, "", {"program": PROGRAM, "reason": reason})
        raise StillUpError(problem, record.public_url or "", record.started_at)


def _can_be_installed(status: TunnelStatus) -> bool:
    installation = status.installation
    return installation.supported and (not installation.installed or installation.managed)
