"""Settings → Hooks: where each new public URL is handed to."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import settings as tr
from portway.gui.i18n.words import sentence
from portway.gui.settings.declared_page import DeclaredPage
from portway.gui.settings.rows import SettingRow
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button
from portway.runtime.url_hooks import Hook, HookResult


class HooksPage(DeclaredPage):
    """A file that gets a line, a command that is run, and a button that tries both."""

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        summary = tr("Hand the address on by itself: to the .env file of a project, or to a program of yours.")
        super().__init__(tr("Hooks"), summary, dependencies, parent)
        self.tunnel = self.setting("general.hookBackend")
        self.add_group(tr("Which tunnel"), self.tunnel)
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
        dependencies.hooks.ran.connect(self._on_ran)
        self.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        self.tunnel.offer(self._tunnels())
        super().refresh()
        general = self.dependencies.hub.settings.general
        self.try_button.setEnabled(bool(general.hook_file or general.hook_command))
        for hook in Hook:
            result = self.dependencies.hooks.last_result(hook)
            if result is not None:
                self._show(result)

    def _tunnels(self) -> dict[str, str]:
        """Return the words to choose from, and what people call them; the chosen one as well after it is gone."""
        hub = self.dependencies.hub
        titles = {
            "": tr("Every tunnel"),
            **{str(backend.id): tr(backend.title) for backend in hub.backends},
            **{tunnel.id: tunnel.name or tunnel.id for tunnel in hub.settings.tunnels.values()},
        }
        chosen = hub.settings.general.hook_backend
        return titles if chosen in titles else {**titles, chosen: tr("{name} (removed)", name=chosen)}

    def _show(self, result: HookResult) -> None:
        row = self.rows[result.hook]
        row.show_help("" if result.problem is None else sentence(result.problem))
        if result.problem is None:
            row.show_state("disc_tick", Tone.OK, tr("Done"), result.event.url)
        else:
            row.show_state("octagon", Tone.BAD, tr("Failed"), result.event.url)

    @Slot()
    def _on_try(self) -> None:
        self.dependencies.hooks.try_out()

    @Slot(object)
    def _on_ran(self, result: HookResult) -> None:
        self._show(result)
