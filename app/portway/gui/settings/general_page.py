"""Settings → General: the local server, what happens at start, when a tunnel is up, and at the end."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from portway.core.options import declared
from portway.core.settings import General
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import settings as tr
from portway.gui.i18n.language import use_language
from portway.gui.setting_writer import turn_autostart
from portway.gui.settings.declared_page import DeclaredPage
from portway.gui.settings.rows import SettingRow
from portway.gui.target.target_box import TargetBox
from portway.gui.widgets.switch import Switch
from portway.system.desktop.autostart import AutostartState

_LANGUAGE = "general.language"


class GeneralPage(DeclaredPage):
    """Applied at once."""

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        super().__init__(tr("General"), tr("Your server, and how Portway behaves."), dependencies, parent)
        self.target = TargetBox(dependencies, labelled=False)
        self.target_row = SettingRow(tr("Address"), tr("The address at which your server listens."))
        self.target_row.add_below(self.target)
        self.add_group(tr("Local server"), self.target_row)
        start = self.add_group(tr("At start"))
        self.autostart = Switch(tr("Start Portway when I log in"))
        self.autostart.clicked.connect(self._on_autostart)
        self.autostart_row = SettingRow(tr("Start Portway when I log in"), "", self.autostart)
        if dependencies.autostart is not None:
            start.add(self.autostart_row)
        start.add(self.setting("general.startHidden", label=tr("Start in the background, as an icon only")))
        start.add(self.setting("general.restore", label=tr("Restore the tunnels of the last session")))
        self.add_group(
            tr("When a tunnel is up"),
            self.setting("general.copyUrl", label=tr("Copy the address to the clipboard")),
            self.setting("general.showApiUrl", label=tr("Show the API address")),
            self.setting("general.verify"),
        )
        sizes = {choice: tr("{size} MB", size=choice) for choice in declared(General)["record_size"].choices}
        self.add_group(
            tr("Requests"),
            self.setting("general.record"),
            self.setting("general.recordSize", choices=sizes),
        )
        self.add_group(tr("When Portway is quit"), self.setting("general.keepUp", label=tr("Leave tunnels up")))
        titles = {str(backend.id): tr(backend.title) for backend in dependencies.hub.backends}
        self.add_group(
            tr("More"),
            self.setting("general.defaultBackend", label=tr("Default way"), choices=titles),
            self.setting(_LANGUAGE, choices=language_names()),
            self.setting("general.theme", choices=theme_names(), in_sight=True),
        )
        self.close_column()
        self.changed.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        super().refresh()
        self.target.refresh()
        if self.dependencies.autostart is not None:
            self._show_autostart(self.dependencies.autostart.state())

    def _show_autostart(self, state: AutostartState) -> None:
        self.autostart.setChecked(state is AutostartState.ON)
        words = {
            AutostartState.OTHER: tr("At present another copy of Portway is started."),
            AutostartState.VETOED: tr("It is switched off in the settings of the system."),
        }
        self.autostart_row.show_help(words.get(state, ""))

    @Slot(bool)
    def _on_autostart(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        entry = self.dependencies.autostart
        if entry is None:
            return
        self.autostart_row.show_refusal(turn_autostart(entry, on=on))
        self._show_autostart(entry.state())

    @Slot(str)
    def _on_changed(self, key: str) -> None:
        if key == _LANGUAGE:
            use_language(self.dependencies.hub.settings.general.language)


def language_names() -> dict[str, str]:
    """Return how each language calls itself."""
    return {"": tr("System language"), "en": "English", "de": "Deutsch"}


def theme_names() -> dict[str, str]:
    """Return what the appearances are called."""
    return {"system": tr("System"), "light": tr("Light"), "dark": tr("Dark")}
