"""Which tunnels there are: built-in ones for ever, saved ones as set, temporary ones until they are off again."""

import itertools
import logging
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.hub import EnableRequest, TunnelNews
from portway.core.options import host_of
from portway.core.settings import SavedTunnel, check_tunnel_id
from portway.core.status import BackendId, TunnelId, TunnelStatus
from portway.runtime.side_threads import SideThreads
from portway.runtime.tunnel.services import TunnelServices
from portway.runtime.tunnel.tunnel import Tunnel
from portway.system.logs.logs import log_path
from portway.system.storage.app_state import AppState
from portway.system.storage.folders import Folders

logger = logging.getLogger(__name__)

_ANSWERED_WITHIN = 60_000  # milliseconds: until then answers may come to a tunnel that is gone, from other threads


class Roster(QObject):
    """Makes and ends tunnels. Main thread. `connect` is called with each that is made."""

    changed = Signal(object)  # TunnelNews

    def __init__(  # noqa: PLR0913, PLR0917 - each is a dependency of its own
        self,
        backends: tuple[Backend, ...],
        services: TunnelServices,
        folders: Folders,
        app_state: AppState,
        aside: SideThreads,
        connect: Callable[[Tunnel], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._backends = backends
        self._kinds = {backend.kind: backend for backend in backends}
        self._services = services
        self._folders = folders
        self._app_state = app_state
        self._put = app_state.tunnel_order  # saved ones that a person has moved, from top to bottom
        self._aside = aside
        self._connect = connect
        self._saved: dict[TunnelId, SavedTunnel] = {}
        self._leaving: set[TunnelId] = set()  # gone once they are off
        self._finished = False
        self._ending: dict[QThread, Tunnel] = {}
        self._tunnels = {backend.id: self._made(backend, backend.title) for backend in backends}
        for saved in services.settings.now.tunnels.values():
            self._add(saved)

    def __contains__(self, tunnel: object) -> bool:
        return tunnel in self._tunnels

    def __getitem__(self, tunnel: TunnelId) -> Tunnel:
        """Raises KeyError for an unknown one."""
        return self._tunnels[tunnel]

    def __iter__(self) -> Iterator[Tunnel]:
        """Built-in ones, temporary ones, saved ones; the newest first, and saved ones as a person has put them."""
        built_in, saved = [backend.id for backend in self._backends], self._in_order()
        others = [tunnel for tunnel in reversed(self._tunnels) if tunnel not in self._kinds and tunnel not in saved]
        return iter([self._tunnels[tunnel] for tunnel in (*built_in, *others, *saved)])

    def of_kind(self, kind: str) -> tuple[Tunnel, ...]:
        """Return all tunnels of a backend, the built-in one first."""
        return tuple(tunnel for tunnel in self if tunnel.backend.kind == kind)

    def follow(self, saved: Mapping[TunnelId, SavedTunnel]) -> None:
        """Add, change and remove tunnels so that the saved ones are these."""
        for name, before in tuple(self._saved.items()):
            if name not in saved or saved[name].backend != before.backend:
                self.let_go(name)
        for one in saved.values():
            if one.id in self._saved:
                self._change(one)
            elif one.id not in self._tunnels:  # else it comes once the temporary, or former, one is gone
                self._add(one)
                self._tunnels[one.id].board.inspect()
                self.changed.emit(TunnelNews(one.id, "added"))
        self._saved = {name: self._saved[name] for name in saved if name in self._saved}

    def check_new(self, saved: SavedTunnel) -> None:
        """Raise TunnelError(name_taken, bad_request) where this one cannot be added."""
        check_tunnel_id(saved.id, self._kinds)
        if saved.id in self._tunnels:
            raise TunnelError(Code.NAME_TAKEN, name=saved.id)

    def check_saved(self, tunnel: TunnelId) -> SavedTunnel:
        """Return a saved tunnel. Raises TunnelError(built_in) for any other."""
        found = self._saved.get(tunnel)
        if found is None:
            raise TunnelError(Code.BUILT_IN, name=tunnel)
        return found

    def move(self, tunnel: TunnelId, before: TunnelId | None) -> None:
        """Let a saved one stand right before another saved one, or last. Raises TunnelError(built_in) for others."""
        for one in (tunnel, *(() if before is None else (before,))):
            self.check_saved(one)
        if tunnel == before:
            return
        others = [one for one in self._in_order() if one != tunnel]
        place = len(others) if before is None else others.index(before)
        self._put = (*others[:place], tunnel, *others[place:])
        self._app_state.remember_tunnel_order(self._put)
        self.changed.emit(TunnelNews(tunnel, "changed"))

    def _in_order(self) -> tuple[TunnelId, ...]:
        """Return the saved ones as a person has put them; above those the ones that came since, the newest first."""
        put = [one for one in self._put if one in self._saved]
        return (*(one for one in reversed(self._saved) if one not in put), *put)

    def add_temporary(self, kind: BackendId, word: str = "", name: str = "") -> TunnelId:
        """Make one that is gone once it was on and is off again. Raises TunnelError(name_taken, bad_request)."""
        if word:
            self.check_new(SavedTunnel(id=word, backend=kind))
        backend = self._kinds[kind].another(word or self._free_word(kind))
        title = word or f"{backend.title} {backend.id.rpartition('-')[2]}"
        tunnel = self._tunnels[backend.id] = self._made(backend, name or title)
        self._leaving.add(backend.id)
        tunnel.board.inspect()
        self.changed.emit(TunnelNews(backend.id, "added"))
        return backend.id

    def let_go(self, tunnel: TunnelId) -> None:
        """Remove a tunnel, after it is turned off. Raises TunnelError(built_in)."""
        if tunnel in self._kinds:
            raise TunnelError(Code.BUILT_IN, name=tunnel)
        self._saved.pop(tunnel, None)
        self._leaving.add(tunnel)
        going = self._tunnels[tunnel]
        if going.status.wanted or going.status.active:
            going.disable(EnableRequest())
        else:
            self._drop(tunnel)

    def end_leftovers(self) -> None:
        """End what tunnels that are not saved any more, or were temporary, left up in an earlier start."""
        for name, kind in self._folders.left_tunnels(self._kinds):
            if name not in self._tunnels:
                backend = self._kinds[BackendId(kind)].another(name)
                self._tunnels[name] = self._made(backend, name)
                self._leaving.add(name)
                self.changed.emit(TunnelNews(name, "added"))
                self._tunnels[name].end_leftover()

    def finish(self, staying: Collection[TunnelId]) -> list[QThread]:
        """Begin to end all tunnels; those of `staying` are left up. Return the threads that end after that."""
        self._finished = True
        return [*self._ending, *(tunnel.finish(leave=tunnel.backend.id in staying) for tunnel in self)]

    def _free_word(self, kind: BackendId) -> str:
        words = (f"{kind}-{number}" for number in itertools.count(2))
        return next(word for word in words if word not in self._tunnels)

    def _made(self, backend: Backend, name: str, *, saved: bool = False) -> Tunnel:
        target, own = self._services.settings.target_of(backend.id)
        status = TunnelStatus(
            backend=backend.kind,
            id=backend.id,
            name=name,
            saved=saved,
            reach=backend.reach,
            target_url=target.url,
            own_target=own,
            host=host_of(target, self._services.settings.options(backend)) or None,
            log_path=str(log_path(self._folders.log, backend.kind)),
            extras=backend.no_extras,
        )
        tunnel = Tunnel(backend, self._services, status, self)
        tunnel.rested.connect(self._on_rested)
        self._connect(tunnel)
        return tunnel

    def _add(self, saved: SavedTunnel) -> None:
        backend = self._kinds[saved.backend].another(saved.id)
        self._saved[saved.id] = saved
        self._tunnels[saved.id] = self._made(backend, saved.name or saved.id, saved=True)

    def _change(self, saved: SavedTunnel) -> None:
        before, self._saved[saved.id] = self._saved[saved.id], saved
        tunnel = self._tunnels[saved.id]
        if saved == before:
            return
        if saved.target != before.target:
            tunnel.follow_settings()
        tunnel.board.show_name(saved.name or saved.id)
        tunnel.board.show_target()
        self.changed.emit(TunnelNews(saved.id, "changed"))

    @Slot(str)
    def _on_rested(self, tunnel: TunnelId) -> None:
        if tunnel in self._leaving and tunnel in self._tunnels:
            self._drop(tunnel)

    def _drop(self, name: TunnelId) -> None:
        tunnel = self._tunnels.pop(name)
        self._leaving.discard(name)
        thread = tunnel.finish(leave=False)
        self._ending[thread] = tunnel
        thread.finished.connect(self._on_thread_ended)
        if thread.isFinished():  # before it was connected
            QTimer.singleShot(0, self, self._on_thread_ended)
        self._services.relays.forget(name)
        self._put = tuple(one for one in self._put if one != name)
        logger.info("The tunnel %s is removed", name)
        self.changed.emit(TunnelNews(name, "removed"))

    @Slot()
    def _on_thread_ended(self) -> None:
        for thread, tunnel in tuple(self._ending.items()):
            if thread.isFinished():
                thread.wait()
                del self._ending[thread]
                self._forget_files(tunnel.backend)
                QTimer.singleShot(_ANSWERED_WITHIN, tunnel, partial(_delete, tunnel, thread))
        if not self._finished:
            self.follow(self._services.settings.now.tunnels)

    def _forget_files(self, backend: Backend) -> None:
        folder = self._folders.state_of(backend.kind, backend.id)
        if backend.id not in self._tunnels and folder != self._folders.state and folder.is_dir():
            self._aside.run(partial(shutil.rmtree, folder, ignore_errors=True), _nothing)


def _delete(tunnel: Tunnel, thread: QThread) -> None:
    thread.deleteLater()
    tunnel.deleteLater()


def _nothing(_result: object) -> None:
    pass
