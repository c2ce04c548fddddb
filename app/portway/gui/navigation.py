"""What a page may ask of the window that it stands in: another page, a card, a log."""

from PySide6.QtCore import QObject, Signal

from portway.core.status import BackendId, TunnelId
from portway.gui.model.card_view import Action

# Keys of pages; that of a backend's settings is its id.
TUNNELS, REQUESTS, LOG, FIRST_RUN = "tunnels", "requests", "log", "first_run"
GENERAL, API, NOTIFICATIONS, HOOKS = "general", "api", "notifications", "hooks"
ADVANCED, ABOUT = "advanced", "about"


class Navigation(QObject):
    """Handed to every page. Signals, and no reference to the window: a cycle of QObjects would die on any thread."""

    page_asked = Signal(str)
    log_asked = Signal(str)
    requests_asked = Signal(str)
    start_asked = Signal(str)
    set_up_asked = Signal(str)
    act_asked = Signal(str, object)
    command_asked = Signal(str, str)
    renewal_asked = Signal()

    def go_to(self, key: str) -> None:
        """Show a page."""
        self.page_asked.emit(key)

    def show_log(self, backend: BackendId) -> None:
        """Show the log page with the lines of one tunnel."""
        self.log_asked.emit(backend)

    def show_requests(self, tunnel: str) -> None:
        """Show the requests page with what was recorded of one tunnel, by its id."""
        self.requests_asked.emit(tunnel)

    def renew(self) -> None:
        """Show beside the page what holds now: the page has changed something that nobody else tells of."""
        self.renewal_asked.emit()

    def start(self, backend: BackendId) -> None:
        """Turn a tunnel on at its card."""
        self.start_asked.emit(backend)

    def set_up(self, backend: BackendId) -> None:
        """Begin at its card what a tunnel needs before it can be turned on."""
        self.set_up_asked.emit(backend)

    def act(self, tunnel: TunnelId, action: Action) -> None:
        """Do at its card what a button says that stands elsewhere, too."""
        self.act_asked.emit(tunnel, action)

    def run_command(self, backend: BackendId, command: str) -> None:
        """Run a command at its card, which shows how it goes."""
        self.command_asked.emit(backend, command)
