"""Settings → one backend: made from what the backend declares."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from portway.core.backend import Backend, Command
from portway.core.errors import TunnelError
from portway.core.hub import EnableRequest
from portway.core.options import declared
from portway.core.status import TunnelStatus
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.remembered_password import NAME, SETTING, RememberedPassword
from portway.gui.i18n.contexts import settings as tr
from portway.gui.i18n.words import sentence
from portway.gui.model.callout_rules import token_option
from portway.gui.model.card_rules import has_button, takes_secret
from portway.gui.navigation import Navigation
from portway.gui.settings.declared_page import DeclaredPage
from portway.gui.settings.rows import Note, SettingRow
from portway.gui.settings.secret_rows import StoredSecretRow, TokenRow
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button


class BackendPage(DeclaredPage):
    """Account, options, password, program; a note where a running tunnel still has the old values."""

    def __init__(
        self, backend: Backend, dependencies: GuiDependencies, navigation: Navigation, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr(backend.title), tr(backend.about.summary), dependencies, parent)
        self.backend = backend
        self._navigation = navigation
        self._unused: dict[str, object] = {}  # options that the running tunnel does not have yet
        self.note = Note(tr("Restart {service} now", service=tr(backend.title)))
        self.note.button.clicked.connect(self._on_restart)
        self.note.hide()
        self.column.addWidget(self.note)
        self._add_account()
        keys = [key for key in dependencies.settings_file.keys() if key.section == backend.id]  # noqa: SIM118 - no mapping
        if keys:
            self.add_group(tr("Options"), *(self.setting(key.name) for key in keys))
        self._add_password()
        self._add_program()
        self.close_column()
        self.changed.connect(self._on_changed)
        self.refresh()

    @property
    def status(self) -> TunnelStatus:
        """As the hub has it."""
        return self.dependencies.hub.status(self.backend.id)

    def refresh(self) -> None:
        super().refresh()
        status = self.status
        if self.token is not None:
            self.token.refresh()
        if self.password is not None:
            self.password.refresh()
        self._show_program(status)
        for command, row in self.commands:
            row.setVisible(command.offered(status))
        if not status.active:
            self._unused.clear()
        self._show_note()

    def _add_account(self) -> None:
        self.token: TokenRow | None = None
        declaration = token_option(self.backend)
        if declaration is None:
            return
        self.token = TokenRow(self.backend, *declaration, self.dependencies)
        self.add_group(tr("Account"), self.token)

    def _add_password(self) -> None:
        self.password: StoredSecretRow | None = None
        if not any(takes_secret(command) for command in self.backend.commands):
            return
        self.password = StoredSecretRow(tr("Stored password"), self.backend.id, NAME, self.dependencies)
        self.add_group(tr("Password"), self.setting(SETTING), self.password)

    def _add_program(self) -> None:
        check = Button(tr("Check again"), name=tr("Look for the program again"))
        check.clicked.connect(self._on_check)
        self.program = SettingRow(tr("Program"), "", check)
        log = Button(tr("Show log"))
        log.clicked.connect(self._on_log)
        group = self.add_group(tr("Program"), self.program)
        self.commands: list[tuple[Command, QWidget]] = []
        for command in self.backend.commands:
            if not has_button(command):
                continue
            button = Button(tr(command.label))
            button.setProperty("command", command.name)
            button.clicked.connect(self._on_command)
            words = tr(command.help) if command.help else ""
            self.commands.append((command, group.add(SettingRow(tr(command.label).rstrip("…"), words, button))))
        group.add(SettingRow(tr("Log"), "", log))

    def _show_program(self, status: TunnelStatus) -> None:
        found = status.installation
        version = "" if found.version is None else tr("version {version}", version=found.version)
        place = found.binary_path or (tr("part of Portway") if found.source in ("sdk", "builtin") else "")
        self.program.show_help(", ".join(filter(None, (place, version))))
        if not found.supported:
            self.program.show_state("ring_slash", Tone.MUTED, tr("Not available here"))
        elif not found.installed:
            self.program.show_state("ring", Tone.MUTED, tr("Not installed"))
        elif found.managed:
            self.program.show_state("disc_tick", Tone.OK, tr("Fetched by Portway"))
        else:
            self.program.show_state("disc_tick", Tone.OK, tr("Installed"))

    def _show_note(self) -> None:
        words = ""
        if self._unused:
            labels = declared(self.backend.options)
            names = ", ".join(tr(labels[name].label) for name in self._unused if name in labels)
            words = tr(
                "{service} is running. From the next start it uses what you changed: {names}.",
                service=tr(self.backend.title),
                names=names,
            )
        self.note.say(words)

    @Slot(str)
    def _on_changed(self, name: str) -> None:
        if name == SETTING and not self.dependencies.hub.settings.general.remember_sudo_password:
            RememberedPassword(self.dependencies, self.backend.id).forget()
        key = self.dependencies.settings_file.key(name)
        if key.section == self.backend.id and key.option.restarts and self.status.active:
            control = next(one for one in self.controls if one.key.name == name)
            self._unused[key.field] = control.value
        self.refresh()

    @Slot()
    def _on_restart(self) -> None:
        options = {name: value for name, value in self._unused.items() if value is not None}
        try:
            if len(options) < len(self._unused):  # what was cleared cannot be named: a new wish takes it from the file
                self.dependencies.hub.disable(self.backend.id)
            self.dependencies.hub.enable(self.backend.id, EnableRequest(options=options, by_person=True))
        except TunnelError as error:
            self.note.say(sentence(error.problem))
            return
        self._unused.clear()
        self._show_note()

    @Slot()
    def _on_command(self) -> None:
        button = self.sender()
        if isinstance(button, Button):
            self._navigation.run_command(self.backend.kind, str(button.property("command")))

    @Slot()
    def _on_check(self) -> None:
        self.dependencies.hub.reload()

    @Slot()
    def _on_log(self) -> None:
        self._navigation.show_log(self.backend.kind)
