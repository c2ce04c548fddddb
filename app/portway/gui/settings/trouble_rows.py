"""What helps when something is wrong: the page about trouble, and the diagnostics for those who help."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import settings as tr
from portway.gui.settings.diagnostics import diagnostics
from portway.gui.settings.rows import Group, SettingRow
from portway.gui.widgets.buttons import Button, CopyButton


class TroubleGroup(Group):
    """Stands on About and on Advanced: who looks for it, looks in one of the two."""

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        super().__init__(tr("When something is wrong"), parent=parent)
        self._dependencies = dependencies
        self.explain = Button(tr("Open"), name=tr("Open the help"))
        self.explain.clicked.connect(self._on_help)
        self.add(SettingRow(tr("Help"), tr("What one sees, why that is, and what to do."), self.explain))
        self.copy = CopyButton(dependencies.clipboard, tr("Copy the diagnostics"))
        self.copy.pressed.connect(self._on_copying)
        self.save = Button(tr("Save…"), name=tr("Save the diagnostics"))
        self.save.clicked.connect(self._on_save)
        words = tr(
            "For those who help you: versions, states and, if saved, the ends of the logs. No secrets, no addresses."
        )
        self.add(SettingRow(tr("Diagnostics"), words, self.copy, self.save))

    @Slot()
    def _on_help(self) -> None:
        from portway.gui.help.help_window import show_help  # late: it is rarely needed

        show_help("", self._dependencies, self)

    @Slot()
    def _on_copying(self) -> None:
        self.copy.set_content(diagnostics(self._dependencies))

    @Slot()
    def _on_save(self) -> None:
        from portway.gui.help.diagnostics_dialog import DiagnosticsDialog  # late: it is rarely needed

        DiagnosticsDialog(self._dependencies, self.window()).open()
