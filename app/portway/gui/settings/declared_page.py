"""A page of settings: groups of declared settings, and a way back to their defaults."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from portway.core.errors import TunnelError
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import settings as tr
from portway.gui.setting_writer import SettingWriter
from portway.gui.settings.field import SettingControl
from portway.gui.settings.rows import Group
from portway.gui.theme.look import BETWEEN_GROUPS
from portway.gui.widgets.buttons import LinkButton
from portway.gui.widgets.page import Page, PageHead


class DeclaredPage(Page):
    """Knows its settings, so that one button can bring all of them back."""

    changed = Signal(str)  # key of a setting

    def __init__(self, title: str, summary: str, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.head = PageHead(title, summary)
        self.column.setSpacing(BETWEEN_GROUPS - 6)
        self.column.addWidget(self.head)
        self.dependencies = dependencies
        self.controls: list[SettingControl] = []
        self.reset_button = LinkButton(tr("Reset this page"))
        self.reset_button.clicked.connect(self._on_reset)
        self._writer = SettingWriter(dependencies, self)
        self._writer.failed.connect(self._on_failed)

    def setting(
        self, name: str, *, label: str = "", choices: dict[str, str] | None = None, in_sight: bool = False
    ) -> SettingControl:
        """Make the row of one setting."""
        control = SettingControl(
            self.dependencies.settings_file.key(name),
            self.dependencies,
            label=label,
            choices=choices,
            in_sight=in_sight,
        )
        control.changed.connect(self.changed)
        self.controls.append(control)
        return control

    def add_group(self, title: str, *rows: QWidget) -> Group:
        """Add a group at the end."""
        group = Group(title, *rows)
        self.column.addWidget(group)
        return group

    def close_column(self) -> None:
        """Put the reset at the end; after all groups."""
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.reset_button)
        self.column.addLayout(foot)
        self.column.addStretch(1)

    def fit(self, *, narrow: bool) -> None:
        self.head.fit(narrow=narrow)

    def refresh(self) -> None:
        for control in self.controls:
            control.refresh()

    @Slot(object)
    def _on_failed(self, error: TunnelError) -> None:
        """Say it in the last row: the button stands below it."""
        self.refresh()
        for control in self.controls[-1:]:
            control.show_refusal(self._writer.refusal(error, control.label.text()))

    @Slot()
    def _on_reset(self) -> None:
        refused = self._writer.reset(*(control.key.name for control in self.controls))
        for control in self.controls:
            control.forget_typed()
            control.show_refusal("")
        self.refresh()
        if refused is not None:
            self._on_failed(refused)
        for control in self.controls:
            self.changed.emit(control.key.name)
