"""A page of settings: groups of declared settings, and a way back to their defaults."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from portway.gui.buttons import LinkButton
from portway.gui.parts import Parts
from portway.gui.setting_control import SettingControl
from portway.gui.setting_rows import SettingsPage
from portway.gui.setting_writer import SettingWriter
from portway.gui.words import tr


class DeclaredPage(SettingsPage):
    """Knows its settings, so that one button can bring all of them back."""

    changed = Signal(str)  # key of a setting

    def __init__(self, title: str, summary: str, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(title, summary, parent)
        self.parts = parts
        self.controls: list[SettingControl] = []
        self.reset_button = LinkButton(tr("Reset this page"))
        self.reset_button.clicked.connect(self._on_reset)

    def setting(self, name: str, *, label: str = "", choices: dict[str, str] | None = None) -> SettingControl:
        """Make the row of one setting."""
        control = SettingControl(self.parts.settings_file.key(name), self.parts, label=label, choices=choices)
        control.changed.connect(self.changed)
        self.controls.append(control)
        return control

    def close_column(self) -> None:
        """Put the reset at the end; after all groups."""
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.reset_button)
        self.column.addLayout(foot)
        self.column.addStretch(1)

    def refresh(self) -> None:
        for control in self.controls:
            control.refresh()

    @Slot()
    def _on_reset(self) -> None:
        writer = SettingWriter(self.parts)
        for control in self.controls:
            refused = writer.reset(control.key.name)
            control.forget_typed()
            control.show_refusal("" if refused is None else writer.refusal(refused, control.label.text()))
        self.refresh()
        for control in self.controls:
            self.changed.emit(control.key.name)
