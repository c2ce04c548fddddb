"""Settings → General: the local server, what happens at start, when a tunnel is up, and at the end."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from portway.gui.autostart_entry import turn_autostart
from portway.gui.language import use_language
from portway.gui.parts import Parts
from portway.gui.setting_rows import SettingRow
from portway.gui.settings_page import DeclaredPage
from portway.gui.switch import Switch
from portway.gui.target_box import TargetBox
from portway.gui.words import tr
from portway.system.autostart import AutostartState

_LANGUAGE = "general.language"


class GeneralPage(DeclaredPage):
    """Applied at once."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(tr("General"), tr("What Portway exposes, and how it behaves."), parts, parent)
        self.target = TargetBox(parts, labelled=False)
        self.target_row = SettingRow(tr("Target"), tr("The address at which your server listens."))
        self.target_row.add_below(self.target)
        self.add_group(tr("Local server"), self.target_row)
        start = self.add_group(tr("At start"))
        self.autostart = Switch(tr("Start Portway when I log in"))
        self.autostart.clicked.connect(self._on_autostart)
        self.autostart_row = SettingRow(tr("Start Portway when I log in"), "", self.autostart)
        if parts.autostart is not None:
            start.add(self.autostart_row)
        start.add(self.setting("general.startHidden", label=tr("Start in the background, as an icon only")))
        start.add(self.setting("general.restore", label=tr("Restore the tunnels of the last session")))
        self.add_group(
            tr("When a tunnel is up"),
            self.setting("general.copyUrl", label=tr("Copy the address to the clipboard")),
            self.setting("general.showApiUrl", label=tr("Show the API address")),
        )
        self.add_group(tr("When Portway is quit"), self.setting("general.keepUp", label=tr("Leave tunnels up")))
        titles = {str(backend.id): tr(backend.title) for backend in parts.hub.backends}
        self.add_group(
            tr("More"),
            self.setting("general.defaultBackend", choices=titles),
            self.setting(_LANGUAGE, choices=language_names()),
        )
        self.close_column()
        self.changed.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        super().refresh()
        self.target.refresh()
        if self.parts.autostart is not None:
            self._show_autostart(self.parts.autostart.state())

    def _show_autostart(self, state: AutostartState) -> None:
        self.autostart.setChecked(state is AutostartState.ON)
        words = {
            AutostartState.OTHER: tr("At present another copy of Portway is started."),
            AutostartState.VETOED: tr("It is switched off in the settings of the system."),
        }
        self.autostart_row.show_help(words.get(state, ""))

    @Slot(bool)
    def _on_autostart(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        entry = self.parts.autostart
        if entry is None:
            return
        self.autostart_row.show_refusal(turn_autostart(entry, on=on))
        self._show_autostart(entry.state())

    @Slot(str)
    def _on_changed(self, key: str) -> None:
        if key == _LANGUAGE:
            use_language(self.parts.hub.settings.general.language)


def language_names() -> dict[str, str]:
    """Return how each language calls itself."""
    return {"": tr("That of the system"), "en": "English", "de": "Deutsch"}
