"""All tunnels, as tray, window, REST and command line see them."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal, Slot

from portway.core.backend import Backend, PortOwner, keeper
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.guard.rules import OWN_PASSWORD, PASSWORD, Guard
from portway.core.hub import (
    NO_OPTIONS,
    EnableRequest,
    GuardRequest,
    Job,
    KeptOut,
    ReplayRequest,
    RequestLog,
    RequestRow,
    StreamsTest,
    TunnelNews,
    Unsubscribe,
    Vault,
)
from portway.core.options import declared
from portway.core.secret import Secret
from portway.core.settings import SavedTunnel, Settings
from portway.core.status import BackendId, Installation, TunnelId, TunnelStatus
from portway.runtime.command_runs import CommandRuns
from portway.runtime.outside_looks import OutsideLooks
from portway.runtime.request_news import RequestNews
from portway.runtime.roster import Roster
from portway.runtime.side_threads import SideThreads
from portway.runtime.stream_tests import StreamTests
from portway.runtime.tunnel.origin_watch import OriginWatch
from portway.runtime.tunnel.probe_thread import ProbeThread
from portway.runtime.tunnel.relays import Relays
from portway.runtime.tunnel.request_log import LateRequestLog
from portway.runtime.tunnel.services import CurrentSettings, SecretsFor, TunnelServices
from portway.runtime.tunnel.tunnel import Tunnel
from portway.runtime.tunnel.wish import DesiredStateStore, RestoredWish, secrets_of
from portway.system.desktop.awake import Clock, seconds_with_sleep
from portway.system.network.resolve import resolve
from portway.system.services import Services
from portway.system.storage.app_state import AppState

if TYPE_CHECKING:
    from portway.system.network.outside import Outside

logger = logging.getLogger(__name__)

_AFTER_CHILDREN = 400  # milliseconds, at the end, for a thread whose child was ended


class SettingsStore(Protocol):
    """Where the settings are kept. What was written holds for the next `load`."""

    def load(self) -> Settings:
        """Return what holds now."""

    def set_guard(self, tunnel: TunnelId, guard: Guard) -> None:
        """Keep who may open a tunnel. Raises TunnelError(storage_failed)."""

    def save_tunnel(self, tunnel: SavedTunnel, *, new: bool = False) -> None:
        """Replace it, or add a `new` one. Raises TunnelError(bad_request, storage_failed)."""

    def drop_tunnel(self, tunnel: TunnelId) -> None:
        """Remove it. Raises TunnelError(storage_failed)."""


class TunnelHub(QObject):
    """Implements core.hub.Hub. Lives on the main thread, none of it blocks but `close`."""

    status_changed = Signal(object)  # TunnelStatus
    came_up = Signal(object, object)  # TunnelStatus, EnableRequest
    ends_soon = Signal(object)  # TunnelStatus
    tunnels_changed = Signal(object)  # TunnelNews
    settings_changed = Signal()
    quit_asked = Signal()

    def __init__(  # noqa: PLR0913 - each is a dependency of its own
        self,
        backends: tuple[Backend, ...],
        services: Services,
        *,
        settings: SettingsStore,
        secrets: SecretsFor,
        vault: Vault,
        wishes: DesiredStateStore,
        learn: Callable[[Secret], None],
        outside: Outside | None = None,
        clock: Clock = seconds_with_sleep,
    ) -> None:
        super().__init__()
        self._backends = backends
        self._timing = services.timing
        self._children = services.children
        self._settings_store = settings
        self._settings = CurrentSettings(settings.load())
        self._secrets = secrets
        self._vault = vault
        self._wishes = wishes
        self._outside = outside
        self._clock = clock
        self._environment = services.environment
        self._probes = ProbeThread(self)
        self._own_ports: frozenset[int] = frozenset()
        self._listeners: dict[int, Callable[[TunnelStatus], None]] = {}
        self._followers: dict[int, Callable[[TunnelNews], None]] = {}
        self._subscriptions = itertools.count()
        self._closed = False
        self.hangs = False  # whether something still ran when `close` gave up on it
        self._requests = LateRequestLog()
        self._requests.keep_at_most(_kept_bytes(self._settings.now))
        self._request_news = RequestNews(self._requests, self)
        self._aside = SideThreads(self)
        self._stream_tests = StreamTests(self._aside, self._environment)
        app_state = AppState(services.app_state)
        self._relays = Relays(app_state, services.timing, self._requests, services.secrets, learn, clock)
        tunnel_services = TunnelServices(
            timing=services.timing,
            clock=clock,
            settings=self._settings,
            secrets=secrets,
            probes=self._probes,
            origins=OriginWatch(services.timing, self),
            relays=self._relays,
            wishes=wishes,
        )
        self._tunnels = Roster(backends, tunnel_services, services.folders, app_state, self._aside, self._connect, self)
        self._tunnels.changed.connect(self._on_tunnels_changed)
        looked = (self._tunnels, self._settings, self._aside, services)
        self._looks = OutsideLooks(*looked, self._from_outside, clock, self)
        self._commands = CommandRuns(self._tunnels, secrets, self._probes, self)

    @property
    def backends(self) -> tuple[Backend, ...]:
        return self._backends

    @property
    def tunnels(self) -> tuple[Backend, ...]:
        return tuple(tunnel.backend for tunnel in self._tunnels)

    @property
    def settings(self) -> Settings:
        return self._settings.now

    @property
    def requests(self) -> RequestLog:
        return self._requests

    def start(self) -> None:
        """Inspect the machine, restore the wishes that hold, and end what is not wanted any more."""
        always, guarded = self.settings.general.restore, self.settings.guards
        restored = self._wishes.begin(self.tunnels, always=always, clock=self._clock(), guarded=guarded)
        for backend in self._backends:
            self._begin(self._tunnels.of_kind(backend.kind), restored)
        self._tunnels.end_leftovers()

    def status(self, tunnel: TunnelId) -> TunnelStatus:
        return self._tunnels[tunnel].status

    def statuses(self) -> tuple[TunnelStatus, ...]:
        return tuple(tunnel.status for tunnel in self._tunnels)

    def subscribe(self, listener: Callable[[TunnelStatus], None]) -> Unsubscribe:
        number = next(self._subscriptions)
        self._listeners[number] = listener
        return lambda: self._listeners.pop(number, None) and None

    def follow_tunnels(self, listener: Callable[[TunnelNews], None]) -> Unsubscribe:
        number = next(self._subscriptions)
        self._followers[number] = listener
        return lambda: self._followers.pop(number, None) and None

    def add(self, tunnel: SavedTunnel) -> None:
        self._tunnels.check_new(tunnel)
        self._save_tunnel(tunnel, new=True)

    def add_temporary(self, backend: BackendId, word: str = "", name: str = "") -> TunnelId:
        return self._tunnels.add_temporary(backend, word, name)

    def change(self, tunnel: SavedTunnel) -> None:
        if self._tunnels.check_saved(tunnel.id).backend != tunnel.backend:
            raise TunnelError(Code.BUILT_IN, "backend", name=tunnel.id)
        self._save_tunnel(tunnel)

    def remove(self, tunnel: TunnelId) -> None:
        if tunnel in self.settings.tunnels:
            self._settings_store.drop_tunnel(tunnel)
            self._settings.now = self._settings_store.load()
        self._tunnels.let_go(tunnel)

    def move(self, tunnel: TunnelId, before: TunnelId | None) -> None:
        self._tunnels.move(tunnel, before)

    def caution(self, backend: BackendId, tunnel: TunnelId = "", options: Mapping[str, object] = NO_OPTIONS) -> str:
        found = next(one for one in self._backends if one.kind == backend)
        on = [one.backend.id for one in self._tunnels.of_kind(backend) if one.status.wanted]
        return self.settings.caution(found, tunnel, on, options)

    def own_ports(self) -> frozenset[int]:
        listening = (backend.own_ports() for backend in self.tunnels if isinstance(backend, PortOwner))
        return self._own_ports.union(self._relays.ports, *listening)

    def claim_port(self, port: int) -> None:
        """Never expose this port: it is ours."""
        self._own_ports |= {port}

    def enable(self, tunnel: TunnelId, request: EnableRequest) -> None:
        asked = self._tunnels[tunnel]
        target = request.target or asked.target
        if target.port in self.own_ports():
            raise TunnelError(Code.BAD_REQUEST, "target_own_port", field="target", port=target.port)
        logger.info("Turning on %s", tunnel)
        asked.enable(request)
        if request.guard is not None and request.guard.secret is not None and request.lasting:
            self._vault.put(tunnel, OWN_PASSWORD, request.guard.secret, _note)  # for after a crash

    def disable(self, tunnel: TunnelId, request: EnableRequest | None = None) -> None:
        logger.info("Turning off %s", tunnel)
        self._tunnels[tunnel].disable(request or EnableRequest())

    def disable_all(self) -> None:
        for tunnel in self._tunnels:
            self.disable(tunnel.backend.id)

    def guard(self, tunnel: TunnelId, request: GuardRequest, done: Callable[[Problem | None], None]) -> None:
        change = request.change
        wanted, before = change.rules.get("password"), self._settings.guard(tunnel)
        if wanted and change.secret is None and not before.password:

            def found(secret: Secret | None) -> None:
                if secret is None:
                    done(Problem(Code.NOT_FOUND, "guard_password"))
                else:
                    self._guard(tunnel, replace(request, change=replace(change, secret=secret)), done)

            self._vault.get(tunnel, PASSWORD, found)
        else:
            self._guard(tunnel, request, done)

    def extend(self, tunnel: TunnelId, seconds: float) -> None:
        asked = self._tunnels[tunnel]
        if not asked.protection.extend(seconds):
            raise TunnelError(Code.NOT_RUNNING, what=asked.backend.title)

    def verify(self, tunnel: TunnelId, done: Callable[[TunnelStatus], None]) -> None:
        self._looks.look(self._tunnels[tunnel], done)

    def test_streams(self, tunnel: TunnelId) -> StreamsTest:
        return self._stream_tests.of(self._tunnels[tunnel], self._from_outside())

    def _from_outside(self) -> Outside:
        from portway.system.network.outside import Outside  # late: few ask for it, and it brings OpenSSL

        return self._outside or Outside()

    def one_time_link(self, tunnel: TunnelId) -> str | None:
        return self._tunnels[tunnel].protection.one_time_link()

    def link_waits(self, tunnel: TunnelId, link: str) -> bool:
        return self._tunnels[tunnel].protection.link_waits(link)

    def kept_out(self, tunnel: TunnelId) -> tuple[KeptOut, ...]:
        return self._tunnels[tunnel].protection.kept_out()

    def visits(self, tunnel: TunnelId) -> Mapping[str, datetime]:
        return self._tunnels[tunnel].protection.visits()

    def _guard(self, tunnel: TunnelId, request: GuardRequest, done: Callable[[Problem | None], None]) -> None:
        """Keep what is to hold, then let it hold."""
        if tunnel not in self._tunnels:  # removed while the keyring was asked
            done(Problem(Code.NOT_FOUND))
            return
        change, protection = request.change, self._tunnels[tunnel].protection
        guard = change.of(self._settings.guard(tunnel))
        logger.info("Other rules for who may open %s: %s", tunnel, ", ".join(change.rules) or "none")
        if guard != self._settings.guard(tunnel):
            saved = tunnel in self.settings.tunnels or tunnel == self._tunnels[tunnel].backend.kind
            self._settings.set_guard(tunnel, guard, saved=saved)
            if saved:
                self._settings_store.set_guard(tunnel, guard)
        if request.ends:
            protection.end_in(request.expires_in)
        protection.follow(change.rules, change.secret)
        if change.secret is not None:
            self._vault.put(tunnel, PASSWORD, change.secret, done)
        elif change.rules.get("password") is False:
            self._vault.remove(tunnel, PASSWORD, done)
        else:
            done(None)

    def command(self, tunnel: TunnelId, name: str, request: EnableRequest) -> Job:
        return self._commands.run(tunnel, name, request)

    def fetch(self, tunnel: TunnelId, name: str) -> Job:
        return self._commands.fetch(tunnel, name)

    def job(self, tunnel: TunnelId, name: str) -> Job | None:
        return self._commands.running(tunnel, name)

    def replay(
        self, tunnel: TunnelId, number: int, changes: ReplayRequest, done: Callable[[RequestRow | Problem], None]
    ) -> None:
        served, store = self._tunnels[tunnel], self._requests.store
        target, host = served.target, served.host
        if target.port in self.own_ports():
            done(Problem(Code.BAD_REQUEST, "target_own_port", {"field": "target", "port": str(target.port)}))
            return

        def sent() -> RequestRow:
            from portway.relay.capture.replay import replay  # late: only what is recorded needs it
            from portway.relay.http.rewriting import rewriting_to

            origin = resolve(target, self._timing, CancelToken()).origin
            return replay(store, tunnel, number, origin, changes, rewriting_to(host, target)).row()

        def told(found: object) -> None:
            done(found if isinstance(found, RequestRow | Problem) else Problem(Code.INTERNAL))

        self._aside.run(sent, told)

    def follow_requests(self, listener: Callable[[tuple[RequestRow, ...], Mapping[str, int]], None]) -> Unsubscribe:
        return self._request_news.subscribe(listener)

    def aside(self, call: Callable[[], object], done: Callable[[object], None]) -> None:
        self._aside.run(call, done)

    def reload(self) -> None:
        self._settings.now = self._settings_store.load()
        self._requests.keep_at_most(_kept_bytes(self._settings.now))
        self._tunnels.follow(self.settings.tunnels)
        for tunnel in self._tunnels:
            tunnel.settings_changed()
        self._looks.settings_changed()
        self.settings_changed.emit()

    def try_again(self) -> None:
        """The computer woke up, or its network changed: what waits for its next try does it now."""
        for tunnel in self._tunnels:
            tunnel.try_again()
        self._looks.world_changed()

    def log_out(self) -> None:
        """The person logs out, or the computer goes to sleep: what was to be open until then ends."""
        for tunnel in self._tunnels:
            tunnel.protection.log_out()

    @Slot(str)
    def look_again(self, owner: str) -> None:
        """A secret of this backend, or of this tunnel, was stored or removed: it may go on now, or not any more."""
        for tunnel in self._tunnels:
            if owner in (tunnel.backend.kind, tunnel.backend.id) and not self._closed:
                tunnel.board.inspect(partial(tunnel.command_ended, well=True))

    def quit(self) -> None:
        QTimer.singleShot(0, self, self._on_quit)

    def close(self) -> None:
        """Cancel everything, close or leave all sessions side by side, end all threads. Idempotent; blocks for it.

        Takes at most `quit_limit` seconds and one more: processes that still run then are ended by force, and a thread
        that hangs all the same is logged and left behind.
        """
        if self._closed:
            return
        self._closed = True
        keep_up = self.settings.general.keep_up
        staying = {tunnel.backend.id for tunnel in self._tunnels if keep_up and tunnel.may_stay}
        self._wishes.finish(staying)
        self._commands.close()
        threads = self._tunnels.finish(staying)
        deadline = QDeadlineTimer(round(self._timing.quit_limit * 1000))
        late = [thread for thread in threads if not thread.wait(deadline)]
        probes_ended = self._probes.stop(deadline)
        self._children.end_all()  # whoever waits for one of them comes back now
        deadline = QDeadlineTimer(_AFTER_CHILDREN)
        hanging = [thread.objectName() for thread in late if not thread.wait(deadline)]
        if not (probes_ended or self._probes.stop(deadline)):
            hanging.append("a probe")
        self.hangs = bool(hanging)
        if hanging:
            logger.warning("These did not end in time: %s", ", ".join(hanging))

    def _connect(self, tunnel: Tunnel) -> None:
        tunnel.status_changed.connect(self._on_status_changed)
        tunnel.came_up.connect(self.came_up)
        tunnel.token_proved.connect(self._on_token_proved)
        tunnel.password_done.connect(self._on_password_done)
        tunnel.ends_soon.connect(self.ends_soon)

    def _begin(self, tunnels: Iterable[Tunnel], restored: Mapping[TunnelId, RestoredWish]) -> None:
        """Inspect first, so that the status of a restored wish says what is installed; then restore the wishes.

        One look is enough for all tunnels of a backend.
        """
        first, *others = tunnels

        def inspected(found: object) -> None:
            first.board.inspected(found)
            for tunnel in others:
                tunnel.board.inspected(replace(found, extras=None) if isinstance(found, Installation) else found)
            for tunnel in (first, *others):
                self._restore(tunnel, restored.get(tunnel.backend.id))

        self._probes.probe(first.backend.inspect, inspected)

    @staticmethod
    def _restore(tunnel: Tunnel, restored: RestoredWish | None) -> None:
        if restored is None:
            tunnel.reclaim()
        else:
            tunnel.restore(restored.request, restored.wish.facts, only_adopt=restored.wish.stays)

    def _save_tunnel(self, tunnel: SavedTunnel, *, new: bool = False) -> None:
        self._settings_store.save_tunnel(tunnel, new=new)
        self._settings.now = self._settings_store.load()
        self._tunnels.follow(self.settings.tunnels)

    @Slot(object)
    def _on_tunnels_changed(self, news: TunnelNews) -> None:
        if news.change == "removed":
            if self._settings.guard(news.tunnel).password:
                self._vault.remove(news.tunnel, PASSWORD, _note)
            self._forget_secrets(news.tunnel)
            self._settings.forget(news.tunnel)
            self._looks.forget(news.tunnel)
        self.tunnels_changed.emit(news)
        for listener in tuple(self._followers.values()):
            listener(news)

    def _forget_secrets(self, tunnel: TunnelId) -> None:
        """Remove what was stored for this tunnel alone: another one of its word has to begin anew."""
        for name in {name for backend in self._backends for name in _own_secrets(backend)}:
            if self._vault.known(tunnel, name):
                self._vault.remove(tunnel, name, _note)

    @Slot(object)
    def _on_status_changed(self, status: TunnelStatus) -> None:
        if status.id not in self._tunnels:
            return  # it was removed, and something that it had asked for came too late
        self._looks.take_status(status)
        self.status_changed.emit(status)
        for listener in tuple(self._listeners.values()):
            try:
                listener(status)
            except Exception:
                logger.exception("A listener to the status failed: an error of Portway")

    @Slot(str, object)
    def _on_token_proved(self, name: str, request: EnableRequest) -> None:
        """Store the one-shot tokens that have just worked."""
        backend = self._tunnels[name].backend
        options = declared(backend.options)
        given = {option: secret for option, secret in secrets_of(request).items() if option in options and secret}
        stored = {option: secret for option, secret in given.items() if options[option].stored}

        def tell(problem: Problem | None) -> None:
            if problem is not None:
                logger.warning("The token is not remembered. %s", problem.sentence)
            for listener in request.on_stored:
                listener(problem)

        for option, secret in stored.items():
            self._vault.put(keeper(backend, options[option]), option, secret, tell)
        if not stored:
            tell(None)

    @Slot(str)
    def _on_password_done(self, name: str) -> None:
        """Remove the password of a wish that is over. At the end of the program it may come back."""
        if not self._closed:
            self._vault.remove(name, OWN_PASSWORD, _note)

    @Slot()
    def _on_quit(self) -> None:
        self.quit_asked.emit()


def _own_secrets(backend: Backend) -> Iterator[str]:
    return (name for name, option in declared(backend.options).items() if option.stored and option.own)


def _note(problem: Problem | None) -> None:
    if problem is not None:
        logger.info("The password of a tunnel is held until exit only. %s", problem.sentence)


def _kept_bytes(settings: Settings) -> int:
    """Return how many bytes of recorded requests are kept."""
    return int(settings.general.record_size) << 20
