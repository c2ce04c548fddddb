"""The row of one declared setting: its kind decides the control, its declaration the words and the check."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from portway.core.errors import TunnelError
from portway.core.options import Kind
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import settings as tr
from portway.gui.setting_writer import SettingWriter
from portway.gui.settings.rows import SettingRow
from portway.gui.theme.look import CONTROL
from portway.gui.widgets.entry import Entry
from portway.gui.widgets.segments import Segments
from portway.gui.widgets.switch import Switch
from portway.system.storage.settings_keys import GENERAL, SettingKey

_FIELD, _NUMBER = 220, 100  # px


class SettingControl(SettingRow):
    """Applied at once; a bad value stays in the field with its sentence below, and changes nothing.

    `in_sight` shows all choices side by side, where they are few and short.
    """

    changed = Signal(str)  # the key

    def __init__(
        self,
        key: SettingKey,
        dependencies: GuiDependencies,
        *,
        label: str = "",
        choices: dict[str, str] | None = None,
        in_sight: bool = False,
    ) -> None:
        self._key = key
        self._dependencies = dependencies
        self._label = label or tr(key.option.label)
        self._choices = choices or {}
        self._in_sight = in_sight
        self.control = self._make()
        help_text = tr(key.option.help) if key.option.help else ""
        super().__init__(self._label, help_text, self.control, wide=key.option.kind is not Kind.FLAG)
        self._help_text = help_text
        self._writer = SettingWriter(dependencies, self)
        self._writer.failed.connect(self._on_failed)
        self.refresh()

    @property
    def key(self) -> SettingKey:
        """Which setting it is."""
        return self._key

    @property
    def value(self) -> object:
        """What holds now."""
        settings = self._dependencies.hub.settings
        if self._key.section == GENERAL:
            return getattr(settings.general, self._key.field)
        options = {str(backend): value for backend, value in settings.backends.items()}.get(self._key.section)
        return self._key.default if options is None else getattr(options, self._key.field)

    def refresh(self) -> None:
        """Show what holds now, unless somebody is typing."""
        variable = self._dependencies.hub.settings.locked.get(self._key.name)
        self.control.setEnabled(variable is None)
        locked = "" if variable is None else tr("Set by {variable} in the environment.", variable=variable)
        self.show_help(" ".join(filter(None, (self._help_text, locked))))
        match self.control:
            case Switch() as switch:
                switch.setChecked(bool(self.value))
            case Segments() as segments:
                segments.choose(str(self.value))
            case QComboBox() as box:
                box.setCurrentIndex(max(0, box.findData(str(self.value))))
            case QLineEdit() as line if not line.isModified():
                line.setText("" if self.value is None else str(self.value))
            case _:
                pass

    def offer(self, choices: dict[str, str]) -> None:
        """Let these be the choices from now on, by value; for one whose choices come and go."""
        box = self.control
        shown = (
            []
            if not isinstance(box, QComboBox)
            else [(box.itemData(row), box.itemText(row)) for row in range(box.count())]
        )
        if isinstance(box, QComboBox) and shown != [*choices.items()]:
            box.clear()
            for choice, text in choices.items():
                box.addItem(text, choice)

    def turn(self, *, on: bool) -> None:
        """Set it, as a press of the switch does; for one that is on or off."""
        self._write(on)

    def forget_typed(self) -> None:
        """Drop what was typed and not taken."""
        if isinstance(self.control, QLineEdit):
            self.control.setModified(False)

    def _make(self) -> QWidget:
        match self._key.option.kind:
            case Kind.FLAG:
                switch = Switch(self._label)
                switch.clicked.connect(self._on_switched)
                return switch
            case Kind.CHOICE if self._in_sight:
                labels = {choice: self._choices.get(choice, choice) for choice in self._key.option.choices}
                segments = Segments(self._label, labels)
                segments.chosen.connect(self._on_segment)
                return segments
            case Kind.CHOICE:
                return self._make_choice()
            case _:
                line = Entry()
                line.taken_back.connect(self._on_taken_back)
                line.setAccessibleName(self._label)
                line.setFixedHeight(CONTROL)
                line.setMinimumWidth(_NUMBER if self._key.option.kind is Kind.PORT else _FIELD)
                line.editingFinished.connect(self._on_edited)
                return line

    def _make_choice(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self._label)
        box.setMinimumHeight(CONTROL)
        for choice in self._key.option.choices:
            box.addItem(self._choices.get(choice, choice), choice)
        box.activated.connect(self._on_chosen)
        return box

    def _write(self, value: object) -> None:
        empty_number = self._key.option.kind is Kind.PORT and value == ""
        change = self._writer.reset(self._key.name) if empty_number else self._writer.write(self._key.name, value)
        self.show_refusal("" if change is None else self._writer.refusal(change, self._label))
        if change is None:
            if isinstance(self.control, QLineEdit):
                self.control.setModified(False)
            self.refresh()
            self.changed.emit(self._key.name)

    @Slot(object)
    def _on_failed(self, error: TunnelError) -> None:
        self.refresh()
        self.show_refusal(self._writer.refusal(error, self._label))

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._write(on)

    @Slot()
    def _on_chosen(self) -> None:
        if isinstance(self.control, QComboBox):
            self._write(self.control.currentData())

    @Slot(str)
    def _on_segment(self, value: str) -> None:
        self._write(value)

    @Slot()
    def _on_taken_back(self) -> None:
        self.show_refusal("")
        self.refresh()

    @Slot()
    def _on_edited(self) -> None:
        line = self.control
        if not isinstance(line, QLineEdit) or not line.isModified():
            return
        text = line.text().strip()
        is_number = self._key.option.kind is Kind.PORT and text.isascii() and text.isdigit() and len(text) < 9  # noqa: PLR2004 - longer than any port
        self._write(int(text) if is_number else text)
