"""A server of one's own as a way out: ssh -R, by the ssh of this computer and the keys that the person has."""

import dataclasses
import logging
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from portway.backends.ssh import causes
from portway.backends.ssh.command_line import Opening, arguments, opening_of
from portway.backends.ssh.declaration import ABOUT, PROGRAM, SERVICE, SshExtras, SshOptions, SshTiming
from portway.backends.ssh.host_keys import HostKeys
from portway.backends.ssh.output import Reader
from portway.backends.ssh.program import Server, SshProgram
from portway.backends.ssh.record import TunnelRecord, TunnelRecordFile
from portway.backends.ssh.session import Forward, SshSession
from portway.backends.ssh.starting import Launch, PortRefusedError, UnknownHostError, proven
from portway.core.backend import UNNAMED, BackendBase, Context, StillUpError
from portway.core.cancel import Deadline
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Cancelled, TunnelError
from portway.core.status import BackendId, Installation, TunnelId
from portway.system.processes.child import AdoptedProcess, Child
from portway.system.processes.identity import command_line_of
from portway.system.processes.leftover import cannot_be_ended, end_unrecorded
from portway.system.processes.output_file import OutputFile
from portway.system.services import Services
from portway.system.storage.state_file import StateFile

__all__ = ["SshBackend", "SshExtras", "SshOptions"]

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class _Held:
    """What a connection of ours had open. `what` names server and wish; `until`, monotonic: it may be held there.

    `port` is the one that the server chose.
    """

    what: str
    port: int | None
    until: float


class Shared:
    """What all tunnels over SSH share: the program, and which servers are trusted. Any thread."""

    def __init__(self, services: Services) -> None:
        self.program = SshProgram(services)
        self.host_keys = HostKeys(services.folders.data / PROGRAM)


class SshBackend(BackendBase):
    """Implements Backend. One process for each tunnel, which outlives a Portway that is killed and is found again."""

    kind = BackendId("ssh")
    title = SERVICE
    about = ABOUT
    icon = "ssh"
    trusted_client = UNNAMED  # what a web server there writes, a visitor of the bare port could write as well
    options: type = SshOptions
    no_extras = SshExtras()

    def __init__(self, services: Services, tunnel: TunnelId | None = None, shared: Shared | None = None) -> None:
        super().__init__(tunnel)
        folder = services.folders.state_of(self.kind, self.id)
        self._services = services
        self._timing = SshTiming.of(services.timing)
        self._shared = shared or Shared(services)
        self._program, self._host_keys = self._shared.program, self._shared.host_keys
        self._record = TunnelRecordFile(StateFile(folder / "ssh-state.json"))
        self._output = OutputFile(folder / "ssh-output.log")
        self._mark = f"{self.id}:{services.folders.state}"  # no other profile has it
        self._held: _Held | None = None
        self._files: tuple[Path, ...] = ()  # of known servers
        self._known: tuple[float, ...] = ()  # when these were changed, at the last try

    def another(self, tunnel: TunnelId) -> "SshBackend":
        return SshBackend(self._services, tunnel, self._shared)

    def inspect(self) -> Installation:
        return self._program.installation()

    def still_blocked(self, code: Code) -> bool:
        """Whether nothing has become known of servers since the last try; keys and agents cannot be looked at."""
        return code is not Code.UNKNOWN_HOST or self._stamps() == self._known

    def reclaim(self, context: Context) -> SshSession | None:
        record = self._record.read()
        recorded = None if record is None else record.identity
        end_unrecorded(self._services.children, self._mark, recorded, self._timing.stop_grace, PROGRAM)
        if record is None:
            return None
        if record.public_url is not None:
            self._held = _Held(record.what, record.port, time.monotonic() + self._timing.ghost_limit)
        if not record.identity.is_alive() or command_line_of(record.identity.pid) != list(record.command):
            self._record.clear()
            return None
        process = self._services.children.adopt(record.identity)
        forward = self._still_good(record, process, context) if context.wanted else None
        if forward is None:
            self._end(process, record)
            return None
        logger.info("Found the tunnel of an earlier Portway: %s", forward.public_url)
        return self._begun(forward, context)

    def open(self, context: Context) -> SshSession:
        context.cancel.check()
        options: SshOptions = context.options
        opening = opening_of(options, context.origin)
        server = self._program.server(options, context.cancel)
        self._files = (self._host_keys.path, *map(Path, (server.known_hosts, *server.known_hosts.split())))
        self._known = self._stamps()
        try:
            return self._open(server, opening, context)
        except UnknownHostError:
            self._trust(server, context)
        try:
            return self._open(server, opening, context)
        except UnknownHostError:  # it shows another key each time
            raise TunnelError(causes.OTHER_KEY, field="hostKey") from None

    def _open(self, server: Server, fresh: Opening, context: Context) -> SshSession:
        """Raises TunnelError, Cancelled, UnknownHostError; then nothing is left."""
        patience = Deadline.after(self._timing.release_limit)
        forward = None
        while forward is None:
            opening = self._as_before(server, fresh)
            try:
                forward = self._start(server, opening, fresh, context)
            except PortRefusedError:
                self._check_refusal(server, opening, fresh, patience)
                context.cancel.wait(self._timing.release_look)
        self._held = _Held(_what(server, fresh), forward.port, float("inf"))
        return self._begun(forward, context)

    def _start(self, server: Server, opening: Opening, fresh: Opening, context: Context) -> Forward:
        command = self._command(server, opening)
        launch = Launch(
            server=server,
            opening=opening,
            command=command,
            environment=self._program.environment,
            output=self._output,
            timing=self._timing,
            children=self._services.children,
            mark=self._mark,
        )
        try:
            forward = launch.run(context, partial(self._on_started, context, command, _what(server, fresh)))
        except BaseException:
            self._record.clear()
            context.listener.report(SshExtras())
            raise
        if fresh.chooses:
            forward = dataclasses.replace(forward, port=forward.port or opening.bind.port)
        self._record.write(
            TunnelRecord(
                identity=forward.process.identity,
                command=command,
                what=_what(server, fresh),
                port=forward.port,
                public_url=forward.public_url,
                started_at=datetime.now(UTC),
            )
        )
        return forward

    def _command(self, server: Server, opening: Opening) -> tuple[str, ...]:
        return (*self._program.command(), *arguments(server, opening, self._host_keys.path, self._timing))

    def _on_started(self, context: Context, command: tuple[str, ...], what: str, process: Child) -> None:
        self._record.write(TunnelRecord(identity=process.identity, command=command, what=what))
        context.listener.report(SshExtras(), process.identity.pid)

    def _begun(self, forward: Forward, context: Context) -> SshSession:
        session = SshSession(forward, context.listener, self._timing, self._on_ended)
        try:
            session.begin()
        except BaseException:
            session.close(context)
            raise
        return session

    def _on_ended(self) -> None:
        """The server may take a while to notice."""
        self._record.clear()
        held = self._held
        if held is not None:
            self._held = dataclasses.replace(held, until=time.monotonic() + self._timing.ghost_limit)

    def _as_before(self, server: Server, fresh: Opening) -> Opening:
        """Ask for the port that the server chose the last time, so that the address stays."""
        held = self._held
        if held is None or held.port is None or not fresh.chooses or held.what != _what(server, fresh):
            return fresh
        return fresh.at_port(held.port)

    def _check_refusal(self, server: Server, opening: Opening, fresh: Opening, patience: Deadline) -> None:
        """Return if it may be asked for again at once, or for another port.

        Raises TunnelError: one that is tried again where the port may be held for an earlier connection of ours.
        """
        remote = opening.remote(None)
        held = self._held
        if held is not None and held.what == _what(server, fresh) and time.monotonic() < held.until:
            if patience.over:
                raise TunnelError(causes.GHOST, server=server.name, remote=remote)
            return
        self._held = None
        if fresh == opening:
            cause = causes.SOCKET_REFUSED if opening.bind.path else causes.PORT_REFUSED
            raise TunnelError(cause, server=server.name, remote=remote)

    def _trust(self, server: Server, context: Context) -> None:
        """Know the server if its key is the one that a person has said yes to. Raises TunnelError."""
        options: SshOptions = context.options
        key = self._host_keys.ask(self._program, server, self._timing, context.cancel)
        if key is None:
            raise TunnelError(causes.UNREACHABLE, server=server.name, reason="it does not show its key")
        if options.host_key == key.fingerprint:
            self._host_keys.trust(key)
            return
        context.listener.report(SshExtras(host_key=key.fingerprint))
        raise AuthNeeded(causes.UNKNOWN_HOST, server=server.name, fingerprint=key.fingerprint)

    def _still_good(self, record: TunnelRecord, process: AdoptedProcess, context: Context) -> Forward | None:
        """Return the tunnel of an earlier Portway if it does just what is wanted now. Raises Cancelled."""
        if record.public_url is None or context.expects is None:
            return None
        try:
            options: SshOptions = context.options
            fresh = opening_of(options, context.origin)
            server = self._program.server(options, context.cancel)
            ways = (fresh,) if record.port is None else (fresh, fresh.at_port(record.port))
            opening = next((way for way in ways if self._command(server, way) == record.command), None)
            if opening is None:
                return None
            reader = Reader(self._output, server)
            reader.read()
            reader.findings.port = record.port
            forward = proven(process, reader, opening, self._timing, context)
        except Cancelled:
            process.leave()
            raise
        except (TunnelError, UnknownHostError, PortRefusedError) as error:
            logger.info("The tunnel of an earlier Portway is of no use: %s", error)
            return None
        return dataclasses.replace(forward, since=record.started_at)

    def _end(self, process: AdoptedProcess, record: TunnelRecord) -> None:
        """End what is provably ours but of no use any more. Raises StillUpError."""
        if process.stop(self._timing.stop_grace):
            self._record.clear()
            return
        problem = cannot_be_ended(record.identity, PROGRAM)
        raise StillUpError(problem, record.public_url or "", record.started_at)

    def _stamps(self) -> tuple[float, ...]:
        """Return when the files of known servers were changed."""
        return tuple(_changed_at(path) for path in self._files)


def _what(server: Server, fresh: Opening) -> str:
    """Name what is asked of which server."""
    return " ".join((*server.words, fresh.asked))


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
