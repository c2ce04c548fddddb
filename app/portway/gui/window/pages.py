"""Which pages the window has, how each is made when it is first opened, and the one that is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from portway.core.backend import Backend
from portway.gui.cards.tunnels_page import TunnelsPage
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import window as tr
from portway.gui.model.card_view import Action
from portway.gui.navigation import (
    ABOUT,
    ADVANCED,
    API,
    GENERAL,
    HOOKS,
    LOG,
    NOTIFICATIONS,
    REQUESTS,
    TUNNELS,
    Navigation,
)
from portway.gui.widgets.page import Page
from portway.gui.window.sidebar import Place

if TYPE_CHECKING:
    from portway.gui.log.page import LogPage
    from portway.gui.requests.page import RequestsPage

    AnyPage = Page | LogPage | RequestsPage


def top_places() -> tuple[Place, ...]:
    """Return what stands first in the sidebar."""
    return (Place(TUNNELS, tr("Tunnels")), Place(REQUESTS, tr("Requests")), Place(LOG, tr("Log")))


def settings_places(backends: Iterable[Backend]) -> tuple[Place, ...]:
    """Return what stands below “Settings”."""
    return (
        Place(GENERAL, tr("General")),
        *(Place(backend.id, tr(backend.title), backend.icon) for backend in backends),
        Place(API, tr("API")),
        Place(NOTIFICATIONS, tr("Notifications")),
        Place(HOOKS, tr("Hooks")),
        Place(ADVANCED, tr("Advanced")),
    )


def last_place() -> Place:
    """Return what stands at the foot."""
    return Place(ABOUT, tr("About"))


class Pages(QStackedWidget):
    """Makes the cards at once, every other page when it is first shown."""

    def __init__(self, dependencies: GuiDependencies, navigation: Navigation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dependencies = dependencies
        self._navigation = navigation
        self.tunnels = TunnelsPage(dependencies, navigation)
        self.addWidget(self.tunnels)
        self._log: LogPage | None = None
        self._requests: RequestsPage | None = None
        self._made: dict[str, Page] = {TUNNELS: self.tunnels}

    @property
    def log(self) -> LogPage:
        """The page with all lines."""
        if self._log is None:
            from portway.gui.log.page import LogPage  # late: the window does not wait for it

            self._log = LogPage(self._dependencies)
            self.addWidget(self._log)
        return self._log

    @property
    def requests(self) -> RequestsPage:
        """The page with all recorded requests."""
        if self._requests is None:
            from portway.gui.requests.page import RequestsPage  # late: it brings the relay's own modules with it

            self._requests = RequestsPage(self._dependencies, self._navigation)
            self.addWidget(self._requests)
        return self._requests

    def page(self, key: str) -> AnyPage:
        """Return a page. Raises KeyError for a key that none has."""
        if key == REQUESTS:
            return self.requests
        if key == LOG:
            return self.log
        if key not in self._made:
            self._made[key] = make_page(key, self._dependencies, self._navigation)
            self.addWidget(self._made[key])
        return self._made[key]

    def show_page(self, key: str) -> None:
        """Show a page, as things are now."""
        page = self.page(key)
        self.setCurrentWidget(page)
        page.refresh()

    @Slot(str)
    def start(self, backend: str) -> None:
        """Turn a tunnel on at its card."""
        self.tunnels.card(backend).control.switch(True)

    @Slot(str)
    def set_up(self, backend: str) -> None:
        """Begin at its card what a tunnel needs before it can be turned on."""
        self.tunnels.card(backend).control.set_up()

    @Slot(str, object)
    def act(self, tunnel: str, action: Action) -> None:
        """Do at its card what a button says that stands elsewhere, too."""
        self.tunnels.card(tunnel).chosen.emit(action)

    @Slot(str, str)
    def run_command(self, backend: str, command: str) -> None:
        """Run a command at its card."""
        self.tunnels.card(backend).control.run_command(command)
        self.tunnels.refresh()


def make_page(key: str, dependencies: GuiDependencies, navigation: Navigation) -> Page:
    """Make a page but requests and log. Each is imported when first wanted: the window opens at once.

    Raises KeyError.
    """
    match key:
        case "tunnels":
            return TunnelsPage(dependencies, navigation)
        case "first_run":
            from portway.gui.window.first_run_page import FirstRunPage

            return FirstRunPage(dependencies, navigation)
        case "general":
            from portway.gui.settings.general_page import GeneralPage

            return GeneralPage(dependencies)
        case "api":
            from portway.gui.settings.api_page import ApiPage

            return ApiPage(dependencies)
        case "notifications":
            from portway.gui.settings.notifications_page import NotificationsPage

            return NotificationsPage(dependencies)
        case "hooks":
            from portway.gui.settings.hooks_page import HooksPage

            return HooksPage(dependencies)
        case "advanced":
            from portway.gui.settings.advanced_page import AdvancedPage

            return AdvancedPage(dependencies)
        case "about":
            from portway.gui.settings.about_page import AboutPage

            return AboutPage(dependencies)
        case _:
            from portway.gui.settings.backend_page import BackendPage

            backend = next((one for one in dependencies.hub.backends if one.id == key), None)
            if backend is None:
                raise KeyError(key)
            return BackendPage(backend, dependencies, navigation)
