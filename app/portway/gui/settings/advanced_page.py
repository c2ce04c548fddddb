"""Settings → Advanced: the log, folders, diagnostics, and the ways back."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from portway.core.errors import TunnelError
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import settings as tr
from portway.gui.i18n.words import sentence
from portway.gui.setting_writer import SettingWriter
from portway.gui.settings.declared_page import DeclaredPage
from portway.gui.settings.rows import SettingRow
from portway.gui.settings.trouble_rows import TroubleGroup
from portway.gui.widgets.buttons import Button, Weight


class AdvancedPage(DeclaredPage):
    """What is removed is said first, and done at the second press."""

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        super().__init__(tr("Advanced"), tr("The log, folders, and the ways back."), dependencies, parent)
        self.add_group(tr("Log"), self.setting("general.logLevel", choices=_level_names()))
        folders = dependencies.services.folders
        self.add_group(
            tr("Folders"),
            self._folder_row(tr("Settings"), folders.config),
            self._folder_row(tr("Logs"), folders.log),
            self._folder_row(tr("Programs that Portway has fetched"), folders.data),
        )
        self.column.addWidget(TroubleGroup(dependencies))
        self.reset_all = Button(tr("Reset…"), name=tr("Reset all settings"))
        self.reset_all.clicked.connect(self._on_reset_all)
        self._all_writer = SettingWriter(dependencies, self)
        self._all_writer.failed.connect(self._on_reset_failed)
        self.reset_row = SettingRow(tr("Reset all settings"), tr("Tokens and passwords stay."), self.reset_all)
        self.remove_all = Button(tr("Remove…"), weight=Weight.DESTRUCTIVE, name=tr("Remove all my data"))
        self.remove_all.clicked.connect(self._on_remove_all)
        words = tr("Stops every tunnel, removes tokens, settings, logs and fetched programs, and quits Portway.")
        self.remove_row = SettingRow(tr("Remove all my data"), words, self.remove_all)
        self.add_group(tr("Ways back"), self.reset_row, self.remove_row)
        self._asked: set[str] = set()
        self.close_column()

    def _folder_row(self, label: str, path: Path) -> SettingRow:
        button = Button(tr("Open"), name=tr("Open the folder: {what}", what=label))
        button.setProperty("folder", str(path))
        button.clicked.connect(self._on_folder)
        return SettingRow(label, str(path), button, wide=True)

    def _sure(self, button: Button, row: SettingRow, words: str) -> bool:
        """Whether it was asked for twice; the first time says what it means."""
        if button.accessibleName() in self._asked:
            self._asked.discard(button.accessibleName())
            row.show_refusal("")
            return True
        self._asked.add(button.accessibleName())
        row.show_refusal(words)
        button.setText(tr("Do it"))
        button.set_weight(Weight.DANGER)
        return False

    @Slot()
    def _on_folder(self) -> None:
        button = self.sender()
        if isinstance(button, Button):
            self.dependencies.open_url(Path(str(button.property("folder"))).as_uri())

    @Slot()
    def _on_reset_all(self) -> None:
        if not self._sure(self.reset_all, self.reset_row, tr("Everything in Settings gets its default again.")):
            return
        self.reset_all.setText(tr("Reset…"))
        self.reset_all.set_weight(Weight.PLAIN)
        keys = self.dependencies.settings_file.keys()
        refused = self._all_writer.reset(*(key.name for key in keys))
        self.refresh()
        if refused is not None:
            self._on_reset_failed(refused)

    @Slot(object)
    def _on_reset_failed(self, error: TunnelError) -> None:
        self.refresh()
        self.reset_row.show_refusal(sentence(error.problem))

    @Slot()
    def _on_remove_all(self) -> None:
        if self._sure(self.remove_all, self.remove_row, tr("There is no way back from this.")):
            self.dependencies.remove_all_data()


def _level_names() -> dict[str, str]:
    return {
        "debug": tr("Everything"),
        "info": tr("Normal"),
        "warning": tr("Warnings and errors"),
        "error": tr("Errors only"),
    }
