"""All tunnels, as tray, window, REST and command line see them."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal, Slot

from portway.core.backend import Backend, Command, Context, PortOwner
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Ask, Job, Unsubscribe, Vault
from portway.core.options import declared
from portway.core.settings import Settings
from portway.core.status import BackendId, TunnelStatus
from portway.core.target import Target
from portway.runtime.jobs import CommandJob, fetching
from portway.runtime.lane import Lane
from portway.runtime.origin_watch import OriginWatch
from portway.runtime.plan import secrets_of, with_named
from portway.runtime.surroundings import CurrentSettings, SecretsFor, Surroundings
from portway.runtime.tunnel import Tunnel
from portway.runtime.wish_book import RestoredWish, WishBook
from portway.system.services import Services

logger = logging.getLogger(__name__)


class TunnelHub(QObject):
    """Implements core.hub.Hub. Lives on the main thread, none of it blocks but `close`."""

    status_changed = Signal(object)  # TunnelStatus
    came_up = Signal(object, object)  # TunnelStatus, Ask
    settings_changed = Signal()
    quit_asked = Signal()

    def __init__(  # noqa: PLR0913 - each is a dependency of its own
        self,
        backends: tuple[Backend, ...],
        services: Services,
        *,
        load_settings: Callable[[], Settings],
        secrets: SecretsFor,
        vault: Vault,
        wishes: WishBook,
    ) -> None:
        super().__init__()
        self._backends = backends
        self._timing = services.timing
        self._load_settings = load_settings
        self._settings = CurrentSettings(load_settings())
        self._secrets = secrets
        self._vault = vault
        self._wishes = wishes
        self._lane = Lane(self)
        self._jobs: dict[tuple[BackendId, str], CommandJob] = {}
        self._own_ports: frozenset[int] = frozenset()
        self._listeners: dict[int, Callable[[TunnelStatus], None]] = {}
        self._subscriptions = itertools.count()
        self._closed = False
        self.hangs = False  # whether something still ran when `close` gave up on it
        around = Surroundings(
            services=services, settings=self._settings, secrets=secrets, lane=self._lane,
            origins=OriginWatch(services.timing, self), wishes=wishes,
        )  # fmt: skip
        self._tunnels = {backend.id: self._tunnel(backend, around, services) for backend in backends}

    @property
    def backends(self) -> tuple[Backend, ...]:
        return self._backends

    @property
    def settings(self) -> Settings:
        return self._settings.now

    def start(self) -> None:
        """Look at the machine, bring back the wishes that hold, and end what nobody wants any more."""
        restored = self._wishes.begin(self._backends, always=self.settings.general.restore)
        for backend, tunnel in self._tunnels.items():
            self._begin(tunnel, restored.get(backend))

    def status(self, backend: BackendId) -> TunnelStatus:
        return self._tunnels[backend].status

    def statuses(self) -> tuple[TunnelStatus, ...]:
        return tuple(tunnel.status for tunnel in self._tunnels.values())

    def subscribe(self, listener: Callable[[TunnelStatus], None]) -> Unsubscribe:
        number = next(self._subscriptions)
        self._listeners[number] = listener
        return lambda: self._listeners.pop(number, None) and None

    def own_ports(self) -> frozenset[int]:
        listening = (backend.own_ports() for backend in self._backends if isinstance(backend, PortOwner))
        return self._own_ports.union(*listening)

    def claim_port(self, port: int) -> None:
        """Never expose this port: it is ours."""
        self._own_ports |= {port}

    def enable(self, backend: BackendId, ask: Ask) -> None:
        tunnel = self._tunnels[backend]
        target = ask.target or tunnel.target
        if target.port in self.own_ports():
            raise TunnelError(Code.BAD_REQUEST, "target_own_port", field="target", port=target.port)
        logger.info("%s is asked to be on", backend)
        tunnel.enable(ask)

    def disable(self, backend: BackendId, ask: Ask | None = None) -> None:
        logger.info("%s is asked to be off", backend)
        self._tunnels[backend].disable(ask or Ask())

    def disable_all(self) -> None:
        for backend in self._tunnels:
            self.disable(backend)

    def command(self, backend: BackendId, name: str, ask: Ask) -> Job:
        running = self.job(backend, name)
        return running or self._start(backend, self._command(backend, name), ask, self._on_job_finished)

    def fetch(self, backend: BackendId, name: str) -> Job:
        return self._start(backend, fetching(self._command(backend, name)), Ask(), self._on_fetch_finished)

    def job(self, backend: BackendId, name: str) -> Job | None:
        return self._jobs.get((backend, name))

    def reload(self) -> None:
        self._settings.now = self._load_settings()
        for tunnel in self._tunnels.values():
            tunnel.board.show_target()
            tunnel.board.look()
        self.settings_changed.emit()

    def try_again(self) -> None:
        """The computer woke up, or its network changed: what waits for its next try does it now."""
        for tunnel in self._tunnels.values():
            tunnel.try_again()

    @Slot(str)
    def look_again(self, owner: str) -> None:
        """A secret of this owner was stored or removed: its tunnel may be able to go on, or not any more."""
        tunnel = self._tunnels.get(BackendId(owner))
        if tunnel is not None and not self._closed:
            tunnel.board.look(lambda: tunnel.command_ended(well=True))

    def quit(self) -> None:
        QTimer.singleShot(0, self, self._on_quit)

    def close(self) -> None:
        """Cancel everything, close or leave all sessions side by side, end all threads. Idempotent; blocks for it.

        Takes at most `close_limit` seconds; what hangs longer is logged and left behind.
        """
        if self._closed:
            return
        self._closed = True
        keep_up = self.settings.general.keep_up
        staying = {backend for backend, tunnel in self._tunnels.items() if keep_up and tunnel.may_stay}
        self._wishes.finish(staying)
        for job in self._jobs.values():
            job.cancel()
        threads = [tunnel.finish(leave=backend in staying) for backend, tunnel in self._tunnels.items()]
        deadline = QDeadlineTimer(round(self._timing.close_limit * 1000))
        hanging = [thread.objectName() for thread in threads if not thread.wait(deadline)]
        if not self._lane.stop(deadline):
            hanging.append("a look at the machine")
        self.hangs = bool(hanging)
        if hanging:
            logger.warning("Did not end in time: %s", ", ".join(hanging))

    def _tunnel(self, backend: Backend, around: Surroundings, services: Services) -> Tunnel:
        status = TunnelStatus(
            backend=backend.id,
            reach=backend.reach,
            target_url=self._settings.target.url,
            log_path=str(services.folders.log / f"{backend.id}.log"),
            extras=backend.no_extras,
        )
        tunnel = Tunnel(backend, around, status, self)
        tunnel.status_changed.connect(self._on_status_changed)
        tunnel.came_up.connect(self.came_up)
        tunnel.token_proved.connect(self._on_token_proved)
        return tunnel

    def _begin(self, tunnel: Tunnel, restored: RestoredWish | None) -> None:
        """Look first, so that the status of a wish that comes back tells what is installed; then bring it back."""

        def looked(found: object) -> None:
            tunnel.board.looked(found)
            if restored is None:
                tunnel.reclaim()
            else:
                tunnel.restore(restored.ask, restored.wish.facts, only_adopt=restored.wish.stays)

        self._lane.ask(tunnel.backend.inspect, looked)

    def _command(self, backend: BackendId, name: str) -> Command:
        commands = self._tunnels[backend].backend.commands
        command = next((one for one in commands if one.name == name and one.run is not None), None)
        if command is None:
            raise KeyError(name)
        return command

    def _start(
        self, backend: BackendId, command: Command, ask: Ask, finished: Callable[[CommandJob], None]
    ) -> CommandJob:
        job = CommandJob(backend, command, self._command_context(self._tunnels[backend], command, ask), self)
        job.finished.connect(finished)
        if command.method != "GET":
            self._jobs[(backend, command.name)] = job
        job.start(self._lane)
        return job

    def _command_context(self, tunnel: Tunnel, command: Command, ask: Ask) -> Context:
        target = ask.target or tunnel.target
        return Context(
            target=target,
            origin=_first(target),
            options=with_named(command.options(), ask),
            cancel=CancelToken(),
            secrets=self._secrets(tunnel.backend, command.options, secrets_of(ask)),
            listener=tunnel.listener,
        )

    @Slot(object)
    def _on_job_finished(self, job: CommandJob) -> None:
        if job.command.method == "GET" or self._closed:
            self._end(job)
        else:
            self._tunnels[job.backend].board.look(lambda: self._seen(job))

    def _seen(self, job: CommandJob) -> None:
        self._tunnels[job.backend].command_ended(well=job.ended_well)
        self._end(job)

    @Slot(object)
    def _on_fetch_finished(self, job: CommandJob) -> None:
        self._end(job)  # it changed nothing that a wish could wait for

    def _end(self, job: CommandJob) -> None:
        self._jobs.pop((job.backend, job.command.name), None)
        job.tell_end()
        job.deleteLater()

    @Slot(object)
    def _on_status_changed(self, status: TunnelStatus) -> None:
        self.status_changed.emit(status)
        for listener in tuple(self._listeners.values()):
            try:
                listener(status)
            except Exception:
                logger.exception("A client of the hub failed")

    @Slot(str, object)
    def _on_token_proved(self, name: str, ask: Ask) -> None:
        """Store the one-shot tokens that have just worked."""
        backend = self._tunnels[BackendId(name)].backend
        options = declared(backend.options)
        given = {option: secret for option, secret in secrets_of(ask).items() if option in options and secret}
        stored = {option: secret for option, secret in given.items() if options[option].stored}

        def tell(problem: Problem | None) -> None:
            if problem is not None:
                logger.warning("The token that was to be remembered: %s", problem.sentence)
            for listener in ask.on_stored:
                listener(problem)

        for option, secret in stored.items():
            self._vault.put(backend.id, option, secret, tell)
        if not stored:
            tell(None)

    @Slot()
    def _on_quit(self) -> None:
        self.quit_asked.emit()


def _first(target: Target) -> Target:
    return target.at(target.candidates[0])
