"""The commands of backends (install, log in …): each run at most once at a time, whoever asks for it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from portway.core.backend import Command, Context
from portway.core.cancel import CancelToken
from portway.core.hub import EnableRequest, Job
from portway.core.status import TunnelId
from portway.runtime.jobs import CommandJob, fetching
from portway.runtime.roster import Roster
from portway.runtime.tunnel.probe_thread import ProbeThread
from portway.runtime.tunnel.services import SecretsFor
from portway.runtime.tunnel.tunnel import Tunnel
from portway.runtime.tunnel.wish import secrets_of, with_named


class CommandRuns(QObject):
    """Lives on the main thread. A command belongs to its backend, whichever of the tunnels it is asked of."""

    def __init__(self, tunnels: Roster, secrets: SecretsFor, probes: ProbeThread, parent: QObject) -> None:
        super().__init__(parent)
        self._tunnels = tunnels
        self._secrets = secrets
        self._probes = probes
        self._jobs: dict[tuple[TunnelId, str], CommandJob] = {}
        self._closed = False

    def run(self, tunnel: TunnelId, name: str, request: EnableRequest) -> Job:
        """Start the command, or join its running job. Raises KeyError for one that there is not."""
        running = self.running(tunnel, name)
        return running or self._start(tunnel, self._command(tunnel, name), request, self._on_job_finished)

    def fetch(self, tunnel: TunnelId, name: str) -> Job:
        """Fetch what the command would run."""
        return self._start(tunnel, fetching(self._command(tunnel, name)), EnableRequest(), self._on_fetch_finished)

    def running(self, tunnel: TunnelId, name: str) -> Job | None:
        """Return the running job of a command, if there is one."""
        return self._jobs.get((self._built_in(tunnel).backend.id, name))

    def close(self) -> None:
        """Cancel all of them."""
        self._closed = True
        for job in self._jobs.values():
            job.cancel()

    def _built_in(self, tunnel: TunnelId) -> Tunnel:
        return self._tunnels[self._tunnels[tunnel].backend.kind]

    def _command(self, tunnel: TunnelId, name: str) -> Command:
        commands = self._built_in(tunnel).backend.commands
        command = next((one for one in commands if one.name == name and one.run is not None), None)
        if command is None:
            raise KeyError(name)
        return command

    def _start(
        self, tunnel: TunnelId, command: Command, request: EnableRequest, finished: Callable[[CommandJob], None]
    ) -> CommandJob:
        built_in = self._built_in(tunnel)
        job = CommandJob(built_in.backend.id, command, self._context(built_in, command, request), self)
        job.finished.connect(finished)
        if command.method != "GET":
            self._jobs[(job.tunnel, command.name)] = job
        job.start(self._probes)
        return job

    def _context(self, tunnel: Tunnel, command: Command, request: EnableRequest) -> Context:
        target = request.target or tunnel.target
        return Context(
            target=target,
            origin=target.first,
            options=with_named(command.options(), request),
            cancel=CancelToken(),
            secrets=self._secrets(tunnel.backend, command.options, secrets_of(request)),
            listener=tunnel.listener,
        )

    @Slot(object)
    def _on_job_finished(self, job: CommandJob) -> None:
        if job.command.method == "GET" or self._closed:
            self._end(job)
        else:
            self._tunnels[job.tunnel].board.inspect(lambda: self._seen(job))

    def _seen(self, job: CommandJob) -> None:
        """What it did is seen at the built-in tunnel: whatever waited for it goes on, there and at its siblings."""
        first, *others = self._tunnels.of_kind(job.tunnel)
        first.command_ended(well=job.ended_well)
        for tunnel in others:
            self._look_again(tunnel, well=job.ended_well)
        self._end(job)

    @staticmethod
    def _look_again(tunnel: Tunnel, *, well: bool) -> None:
        tunnel.board.inspect(lambda: tunnel.command_ended(well=well))

    @Slot(object)
    def _on_fetch_finished(self, job: CommandJob) -> None:
        self._end(job)  # it changed nothing that a wish could wait for

    def _end(self, job: CommandJob) -> None:
        self._jobs.pop((job.tunnel, job.command.name), None)
        job.tell_end()
        job.deleteLater()
