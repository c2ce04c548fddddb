"""What the tray menu holds: made once, updated in place."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu

from portway.core.status import TunnelId, TunnelStatus
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import tray as tr
from portway.gui.model.summary import summary_of
from portway.gui.theme.icons import tray_icon
from portway.gui.theme.tone import TrayState
from portway.gui.tray.actions import TrayActions
from portway.gui.tray.rows import TunnelRows, anything_on, rows_of, target_url
from portway.gui.tray.section import StartMenu, TunnelSection
from portway.gui.tray.targets import TargetMenu

_MOST_UNFOLDED = 4  # tunnels that are on; of more, what can be copied stands in a submenu each

_ICON = 16  # px


class TrayMenu(QObject):
    """Fills `menu`, on the main thread. `refresh` is cheap and may be called at any time, also while that is open."""

    def __init__(
        self, menu: QMenu, dependencies: GuiDependencies, actions: TrayActions, is_exported: Callable[[], bool]
    ) -> None:
        super().__init__(menu)
        self._menu = menu
        self._dependencies = dependencies
        self._actions = actions
        self._state: TrayState | None = None
        self._headline = self._add("", enabled=False)
        menu.addSeparator()
        self._sections: dict[TunnelId, TunnelSection] = {}
        self._line_above_start = menu.addSeparator()
        self._start = StartMenu(actions, menu)
        menu.addMenu(self._start)
        menu.addSeparator()
        self._stop_all = self._add(tr("Stop all"))
        self._stop_all.triggered.connect(self._on_stop_all)
        self._target = TargetMenu(dependencies, actions, is_exported, menu)
        menu.addMenu(self._target)
        menu.addSeparator()
        self._add(tr("Open Portway")).triggered.connect(self._on_open)
        self._add(tr("Requests")).triggered.connect(self._on_requests)
        self._add(tr("Settings…")).triggered.connect(self._on_settings)
        self._add(tr("Quit")).triggered.connect(self._on_quit)
        menu.triggered.connect(self._on_any)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say what holds now."""
        hub = self._dependencies.hub
        statuses = hub.statuses()
        self._show_headline(statuses)
        general = hub.settings.general
        target = target_url(general.target)
        found: dict[TunnelId, TunnelRows] = {}
        for backend, status in zip(hub.tunnels, statuses, strict=True):
            show_api = general.show_api_url and self._dependencies.has_api(status.target_url)
            found[backend.id] = rows_of(backend, status, target, show_api=show_api)
        rows = dict(sorted(found.items(), key=lambda one: one[1].built_in))  # the person's own first
        self._follow_tunnels(tuple(rows))
        many = sum(one.on for one in rows.values()) > _MOST_UNFOLDED
        for tunnel, one in rows.items():
            self._sections[tunnel].show(one, folded=many)
        self._start.show_tunnels({tunnel: one for tunnel, one in rows.items() if not one.shown})
        self._draw_lines()
        self._stop_all.setVisible(anything_on(statuses))
        self._target.show_targets()

    def _show_headline(self, statuses: Sequence[TunnelStatus]) -> None:
        summary = summary_of(statuses)
        self._headline.setText(summary.headline)
        if summary.tray_state is not self._state:
            self._state = summary.tray_state
            picture = tray_icon(self._state).pixmap(_ICON)
            icon = QIcon(picture)
            icon.addPixmap(picture, QIcon.Mode.Disabled)  # a mere line of the menu keeps its colour
            self._headline.setIcon(icon)

    def _follow_tunnels(self, tunnels: tuple[TunnelId, ...]) -> None:
        """Have a section for each tunnel that there is, in this order. Where nothing changed none is touched."""
        before = tuple(self._sections)
        for gone in [one for one in before if one not in tunnels]:
            self._sections.pop(gone).remove()
        for one in tunnels:
            if one not in self._sections:
                self._sections[one] = TunnelSection(one, self._menu, self._line_above_start, self._actions)
        if tuple(self._sections) != tunnels:
            self._sections = {one: self._sections[one] for one in tunnels}
            for section in self._sections.values():
                section.place(self._line_above_start)

    def _draw_lines(self) -> None:
        """Set apart what is on: its items belong together."""
        above: TunnelSection | None = None
        for section in self._sections.values():
            section.set_apart(apart=section.is_shown and above is not None and (section.is_on or above.is_on))
            above = section if section.is_shown else above
        self._line_above_start.setVisible(self._start.menuAction().isVisible() and above is not None and above.is_on)

    def _add(self, text: str, *, enabled: bool = True) -> QAction:
        action = QAction(text, self._menu, enabled=enabled)
        self._menu.addAction(action)
        return action

    @Slot(QAction)
    def _on_any(self, _action: QAction) -> None:
        self.refresh()  # Qt ticks a clicked item by itself; what holds is what the hub says

    @Slot()
    def _on_stop_all(self) -> None:
        self._actions.stop_all()

    @Slot()
    def _on_open(self) -> None:
        self._actions.show_window()

    @Slot()
    def _on_requests(self) -> None:
        self._actions.show_requests()

    @Slot()
    def _on_settings(self) -> None:
        self._actions.show_settings()

    @Slot()
    def _on_quit(self) -> None:
        self._actions.quit()
