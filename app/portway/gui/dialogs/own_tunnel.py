"""What is asked about a tunnel that a person has added: name, server, what is its own, and whether it is to go."""

from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QVBoxLayout, QWidget

from portway.core.errors import Problem, TunnelError
from portway.core.guard.rules import OPEN_TO_ALL
from portway.core.hub import GuardRequest
from portway.core.options import Kind, Option, check_value, tunnel_options
from portway.core.settings import TUNNEL_NAME, SavedTunnel
from portway.core.status import TunnelId, TunnelStatus
from portway.core.target import parse_target
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.question_box import QuestionBox
from portway.gui.dialogs.server_choice import ServerChoice, ServerDialog
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.words import sentence
from portway.gui.model.copied_tunnel import copied, copied_rules
from portway.gui.model.state_words import shown_name
from portway.gui.setting_writer import SettingWriter
from portway.gui.theme.look import BETWEEN_BUTTONS, CONTROL
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, Weight
from portway.gui.widgets.entry import Entry
from portway.gui.widgets.labels import Text

_WIDTH = 560  # px


def can_edit(status: TunnelStatus) -> bool:
    """Whether it is a person's own."""
    return status.saved


def can_remove(status: TunnelStatus) -> bool:
    """Whether it is a person's own, and off."""
    return status.saved and not status.wanted and not status.active


class OwnOption(QWidget):
    """Changes an option that belongs to this tunnel alone, such as a host name."""

    changed = Signal()

    def __init__(self, option: Option, value: str) -> None:
        super().__init__()
        self._option = option
        self.entry = Entry(value)
        self.entry.setAccessibleName(tr(option.label))
        self.entry.setMinimumHeight(CONTROL)
        self.entry.textEdited.connect(self._on_edited)
        self.words = Text(tone=Tone.MUTED, size=0.95)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (Text(tr(option.label), weight=QFont.Weight.DemiBold), self.entry, self.words):
            column.addWidget(part)
        self._on_edited()

    @property
    def value(self) -> str | None:
        """What is typed, as it is kept; empty: not set. None: it cannot be."""
        try:
            return str(check_value(self._option, self.entry.text()))
        except TunnelError:
            return None

    @Slot()
    def _on_edited(self) -> None:
        """Say what it is for, or why what is typed cannot be."""
        refused = ""
        try:
            check_value(self._option, self.entry.text())
        except TunnelError as error:
            refused = SettingWriter.refusal(error, tr(self._option.label))
        self.words.setText(refused or tr(self._option.help))
        self.words.set_tone(Tone.BAD if refused else Tone.MUTED)
        self.entry.setAccessibleDescription(self.words.text())
        self.changed.emit()


class EditDialog(ServerDialog):
    """Changes what people read, where it leads, and what is its own; its word, by which commands know it, stays."""

    def __init__(self, tunnel: SavedTunnel, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        super().__init__(ServerChoice(dependencies, of=tunnel.id, now=tunnel.target), _WIDTH, parent)
        self._tunnel = tunnel
        self._dependencies = dependencies
        self.setWindowTitle(tr("Edit the tunnel"))
        self.name = Entry(tunnel.name or tunnel.id)
        self.name.setAccessibleName(tr("Name"))
        self.name.setMinimumHeight(CONTROL)
        self.name.textEdited.connect(self._on_changed)
        self.name.taken_back.connect(self.reject)
        self.name_words = Text(tone=Tone.MUTED, size=0.95)
        self.server.changed.connect(self._on_changed)
        leads = tr("A port or an address. Without one, the default one. What is open leads there at once.")
        self.refusal = Text(tone=Tone.BAD)
        self.refusal.hide()
        self.column.addWidget(Text(tr("Name"), weight=QFont.Weight.DemiBold))
        self.column.addWidget(self.name)
        self.column.addWidget(self.name_words)
        self.column.addSpacing(8)
        self.column.addWidget(Text(tr("Your server"), weight=QFont.Weight.DemiBold))
        self.column.addWidget(self.server)
        self.column.addWidget(Text(leads, tone=Tone.MUTED, size=0.95))
        self.column.addSpacing(8)
        self.own = self._own_options()
        for option in self.own.values():
            option.changed.connect(self._on_changed)
            option.entry.taken_back.connect(self.reject)
            self.column.addWidget(option)
            self.column.addSpacing(8)
        self.column.addWidget(self.refusal)
        self.column.addLayout(self._buttons())
        self.name.setFocus()
        self.name.selectAll()
        self._on_changed()

    def _own_options(self) -> dict[str, OwnOption]:
        backend = next(one for one in self._dependencies.hub.backends if one.kind == self._tunnel.backend)
        options = tunnel_options(backend.options).items()
        own = {name: option for name, option in options if option.own and option.kind is Kind.TEXT}
        return {name: OwnOption(option, str(self._tunnel.options.get(name, ""))) for name, option in own.items()}

    def _buttons(self) -> QHBoxLayout:
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.save = Button(tr("Save"), weight=Weight.SOLID)
        self.save.clicked.connect(self._on_save)
        buttons = QHBoxLayout()
        buttons.setSpacing(BETWEEN_BUTTONS)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        return buttons

    @property
    def _asked(self) -> SavedTunnel:
        """What is typed and chosen. No name means its word, no server the default one."""
        name = self.name.text().strip()
        named = {name: option.value or "" for name, option in self.own.items()}
        options = {name: value for name, value in {**self._tunnel.options, **named}.items() if value not in ("", None)}
        return replace(
            self._tunnel,
            name="" if name == self._tunnel.id else name,
            target=self.server.text,
            options=MappingProxyType(options),
        )

    @Slot()
    def _on_changed(self) -> None:
        """Say below the name what it means, or why it cannot be; the list of servers does so itself."""
        refused = self._refused_name()
        self.name_words.setText(refused or tr("In a terminal it stays {name}.", name=self._tunnel.id))
        self.name_words.set_tone(Tone.BAD if refused else Tone.MUTED)
        self.name.setAccessibleDescription(self.name_words.text())
        self.refusal.hide()
        good = self.server.is_good and all(option.value is not None for option in self.own.values())
        self.save.setEnabled(not refused and good)

    def _refused_name(self) -> str:
        try:
            if self._asked.name:
                check_value(TUNNEL_NAME, self._asked.name, field=tr("Name"))
        except TunnelError:
            return tr("Use at most 60 characters.")
        return ""

    @Slot()
    def _on_save(self) -> None:
        asked = self._asked
        try:
            if asked != self._tunnel:
                self._dependencies.hub.change(asked)
        except TunnelError as error:
            self.refusal.setText(SettingWriter.refusal(error, tr("Local server")))
            self.refusal.show()
            return
        if asked.target and asked.target != self._tunnel.target:
            self._dependencies.app_state.remember_target(parse_target(asked.target).url)
        self.accept()


class OwnTunnel(QObject):
    """Asks about one tunnel in windows above `parent`. Main thread."""

    duplicated = Signal(str, bool)  # the word of the copy, and whether it still lacks the password of a person's choice

    def __init__(self, tunnel: TunnelId, dependencies: GuiDependencies, parent: QWidget) -> None:
        super().__init__(parent)
        self._tunnel = tunnel
        self._dependencies = dependencies

    @Slot()
    def edit(self) -> None:
        """Ask for another name and another server, where it is a person's own."""
        saved = self._dependencies.hub.settings.tunnels.get(self._tunnel)
        if saved is not None:
            dialog = EditDialog(saved, self._dependencies, self._window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    @Slot()
    def duplicate(self) -> None:
        """Add the same once more, off, with the rules for its visitors; a password is a new one, to be shown."""
        hub = self._dependencies.hub
        saved = hub.settings.tunnels.get(self._tunnel)
        if saved is None:
            return
        guard = hub.status(self._tunnel).guard
        backend = next(one for one in hub.backends if one.kind == saved.backend)
        copy = copied(saved, hub.statuses(), backend.options)
        try:
            hub.add(copy)
        except TunnelError as error:
            self._say_refused(tr("Not duplicated"), error)
            return
        if guard != OPEN_TO_ALL:
            hub.guard(copy.id, GuardRequest(change=copied_rules(guard)), _nothing)
        self.duplicated.emit(copy.id, guard.password)

    @Slot()
    def remove(self) -> None:
        """Ask whether it is to go, where that is possible now."""
        status = self._dependencies.hub.status(self._tunnel)
        if not can_remove(status):
            return
        box = QuestionBox(tr("Remove this tunnel?"))
        box.setParent(self._window(), box.windowFlags())
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setText(tr("Remove {name}?", name=shown_name(status)))
        box.setInformativeText(tr("Its settings and its protection go with it. Your server stays as it is."))
        box.add_answer(tr("Remove"), QMessageBox.ButtonRole.AcceptRole, Weight.DANGER)
        box.add_cancel(tr("Cancel"), default=True)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.accepted.connect(self._on_remove)
        self.destroyed.connect(box.reject)  # with its card, where somebody else has removed it meanwhile
        box.open()

    def _window(self) -> QWidget | None:
        parent = self.parent()  # not kept: the card would keep itself alive
        return parent.window() if isinstance(parent, QWidget) else None

    @Slot()
    def _on_remove(self) -> None:
        if not can_remove(self._dependencies.hub.status(self._tunnel)):
            return  # somebody else has turned it on meanwhile: a link that is in use does not go
        try:
            self._dependencies.hub.remove(self._tunnel)
        except TunnelError as error:
            self._say_refused(tr("Not removed"), error)

    def _say_refused(self, title: str, error: TunnelError) -> None:
        box = QuestionBox(title, QMessageBox.Icon.Warning)
        box.setParent(self._window(), box.windowFlags())
        box.setText(sentence(error.problem))
        box.add_cancel(tr("Close"), default=True)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def _nothing(_problem: Problem | None) -> None:
    """Without a password there is nothing that a keyring could refuse."""
