"""Which pages the window has, and how each is made when it is first opened."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from portway.core.backend import Backend
from portway.gui.parts import Parts
from portway.gui.sidebar import Place
from portway.gui.words import tr

TUNNELS, LOG, FIRST_RUN = "tunnels", "log", "first_run"
GENERAL, API, NOTIFICATIONS, HOOKS = "general", "api", "notifications", "hooks"
ADVANCED, ABOUT = "advanced", "about"


def top_places() -> tuple[Place, ...]:
    """Return what stands first in the sidebar."""
    return (Place(TUNNELS, tr("Tunnels")), Place(LOG, tr("Log")))


def settings_places(backends: Iterable[Backend]) -> tuple[Place, ...]:
    """Return what stands below “Settings”."""
    return (
        Place(GENERAL, tr("General")),
        *(Place(backend.id, tr(backend.title)) for backend in backends),
        Place(API, tr("API")),
        Place(NOTIFICATIONS, tr("Notifications")),
        Place(HOOKS, tr("Hooks")),
        Place(ADVANCED, tr("Advanced")),
    )


def last_place() -> Place:
    """Return what stands at the foot."""
    return Place(ABOUT, tr("About"))


def make_page(key: str, parts: Parts) -> QWidget:  # noqa: C901 - one row per page
    """Make a page. Each is imported when it is first wanted, so that the window opens at once. Raises KeyError."""
    match key:
        case "tunnels":
            from portway.gui.tunnels_page import TunnelsPage

            return TunnelsPage(parts)
        case "log":
            from portway.gui.log_page import LogPage

            return LogPage(parts)
        case "first_run":
            from portway.gui.first_run_page import FirstRunPage

            return FirstRunPage(parts)
        case "general":
            from portway.gui.general_page import GeneralPage

            return GeneralPage(parts)
        case "api":
            from portway.gui.api_page import ApiPage

            return ApiPage(parts)
        case "notifications":
            from portway.gui.news_page import NewsPage

            return NewsPage(parts)
        case "hooks":
            from portway.gui.hooks_page import HooksPage

            return HooksPage(parts)
        case "advanced":
            from portway.gui.advanced_page import AdvancedPage

            return AdvancedPage(parts)
        case "about":
            from portway.gui.about_page import AboutPage

            return AboutPage(parts)
        case _:
            from portway.gui.backend_page import BackendPage

            backend = next((one for one in parts.hub.backends if one.id == key), None)
            if backend is None:
                raise KeyError(key)
            return BackendPage(backend, parts)
