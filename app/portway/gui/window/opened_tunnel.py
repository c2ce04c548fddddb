"""The tunnel that was started on the first page: follows it, and does what is pressed there."""

from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from portway.core.backend import Backend
from portway.core.errors import Problem, TunnelError
from portway.core.hub import EnableRequest
from portway.core.status import Phase, Reach
from portway.core.target import parse_target
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.protection import ProtectionDialog
from portway.gui.model.card_rules import Surrounding, card_of
from portway.gui.model.card_view import Act, Action, CardState
from portway.gui.model.opened_rules import VisitorWords, visitor_words
from portway.gui.model.state_words import shown_name
from portway.gui.navigation import TUNNELS, Navigation
from portway.gui.window.opened_view import OpenedView

_SECOND = 1000  # ms
_ROWS = 200  # recorded requests among which the first visitor is looked for


class OpenedTunnel(OpenedView):
    """One tunnel at a time; `left` when another one is to be chosen, `more` where that is to be on the internet."""

    left = Signal(bool)

    def __init__(
        self,
        dependencies: GuiDependencies,
        navigation: Navigation,
        autostart: QCheckBox,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(dependencies.clipboard, autostart, parent)
        self._dependencies = dependencies
        self._navigation = navigation
        self._backend: Backend | None = None
        self._failed: Problem | None = None
        self._came: VisitorWords | None = None  # the first visitor stays the first one
        self._clock = QTimer(self)
        self._clock.setInterval(_SECOND)
        self._clock.timeout.connect(self.refresh)
        self.chosen.connect(self._on_chosen)
        self.open_asked.connect(self._on_open)
        self.more_asked.connect(self._on_more)
        self.stop_asked.connect(self._on_stop)
        self.done_asked.connect(self._on_done)

    @property
    def is_shown(self) -> bool:
        """Whether there is a tunnel to show."""
        return self._backend is not None

    def start(self, backend: Backend) -> None:
        """Turn it on, as a person asks for it, and show what comes of it."""
        self._failed = self._came = None
        hub = self._dependencies.hub
        try:
            hub.enable(backend.id, EnableRequest(by_person=True))
        except TunnelError as error:
            self._failed = error.problem
        else:
            self._dependencies.app_state.remember_target(parse_target(hub.status(backend.id).target_url).url)
        self.watch(backend)

    def watch(self, backend: Backend) -> None:
        """Show how it is, from now on."""
        if backend is not self._backend:
            self._came = None
        self._backend = backend
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is so now."""
        backend = self._backend
        if backend is None:
            return
        hub, now = self._dependencies.hub, datetime.now(UTC)
        status = hub.status(backend.id)
        default = parse_target(hub.settings.general.target).url
        view = card_of(backend, status, CardState(failed=self._failed), Surrounding(now, default))
        if self._came is None:
            visitor = visitor_words(status, hub.requests.rows(backend.id, limit=_ROWS))
            self._came = visitor if visitor is not None and visitor.came else None
        else:
            visitor = self._came if status.running else None
        self.show_tunnel(status, view, visitor)
        if status.phase is Phase.STARTING and self.isVisible():
            self._clock.start()
        else:
            self._clock.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    @Slot(object)
    def _on_chosen(self, action: Action) -> None:
        """Do it here where it needs no card; else at the card of the tunnel."""
        if self._backend is None:
            return
        match action.act:
            case Act.OPEN_PAGE:
                self._dependencies.open_url(action.value)
            case Act.COPY_TEXT:
                self._dependencies.clipboard.copy(action.value)
            case Act.TRY_AGAIN:
                self.start(self._backend)
            case Act.CHANGE_TARGET | Act.CANCEL:
                self._leave()
            case Act.HELP:
                from portway.gui.help.help_window import show_help  # late: it is rarely needed

                show_help(action.value, self._dependencies, self)
            case Act.SHOW_LOG:
                self._navigation.show_log(self._backend.kind)
            case _:
                self._navigation.act(self._backend.id, action)

    @Slot()
    def _on_open(self) -> None:
        url = self._backend and self._dependencies.hub.status(self._backend.id).public_url
        if url:
            self._dependencies.open_url(url)

    @Slot()
    def _on_more(self) -> None:
        if self._backend is None:
            return
        status = self._dependencies.hub.status(self._backend.id)
        if status.reach is Reach.NETWORK:
            self._leave(to_internet=True)
        else:
            ProtectionDialog(status.id, shown_name(status), self._dependencies, self.window()).open()

    @Slot()
    def _on_stop(self) -> None:
        if self._backend is not None:
            self._dependencies.hub.disable(self._backend.id)
            self._leave()

    @Slot()
    def _on_done(self) -> None:
        self._navigation.go_to(TUNNELS)

    def _leave(self, *, to_internet: bool = False) -> None:
        self._backend = self._failed = self._came = None
        self._clock.stop()
        self.left.emit(to_internet)
