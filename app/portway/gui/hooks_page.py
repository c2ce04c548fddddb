"""Settings → Hooks: where each new public URL is handed to."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from portway.gui.buttons import Button
from portway.gui.look import Ink
from portway.gui.parts import Parts
from portway.gui.setting_rows import SettingRow
from portway.gui.settings_page import DeclaredPage
from portway.gui.words import sentence, tr
from portway.runtime.url_hooks import Hook, HookResult


class HooksPage(DeclaredPage):
    """A file that gets a line, a command that is run, and a button that tries both."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        summary = tr("Hand the address on by itself: to the .env file of a project, or to a program of yours.")
        super().__init__(tr("Hooks"), summary, parts, parent)
        titles = {"": tr("Every tunnel"), **{str(backend.id): tr(backend.title) for backend in parts.hub.backends}}
        self.add_group(tr("Which tunnel"), self.setting("general.hookBackend", choices=titles))
        self.rows = {
            Hook.FILE: SettingRow(tr("Last time"), tr("Not run yet.")),
            Hook.COMMAND: SettingRow(tr("Last time"), tr("Not run yet.")),
        }
        self.add_group(
            tr("A line in a file"),
            self.setting("general.hookFile"),
            self.setting("general.hookKey"),
            self.rows[Hook.FILE],
        )
        self.add_group(tr("A command"), self.setting("general.hookCommand"), self.rows[Hook.COMMAND])
        self.try_button = Button(tr("Try now"))
        self.try_button.clicked.connect(self._on_try)
        words = tr("Runs what is set, with the address that is up now, else with that of your local server.")
        self.add_group("", SettingRow(tr("Try it"), words, self.try_button))
        self.close_column()
        parts.hooks.ran.connect(self._on_ran)
        self.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        super().refresh()
        general = self.parts.hub.settings.general
        self.try_button.setEnabled(bool(general.hook_file or general.hook_command))
        for hook in Hook:
            result = self.parts.hooks.last_result(hook)
            if result is not None:
                self._show(result)

    def _show(self, result: HookResult) -> None:
        row = self.rows[result.hook]
        row.show_help("" if result.problem is None else sentence(result.problem))
        if result.problem is None:
            row.show_state("disc_tick", Ink.OK, tr("Done"), result.event.url)
        else:
            row.show_state("octagon", Ink.BAD, tr("Failed"), result.event.url)

    @Slot()
    def _on_try(self) -> None:
        self.parts.hooks.try_out()

    @Slot(object)
    def _on_ran(self, result: HookResult) -> None:
        self._show(result)
