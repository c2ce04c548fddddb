"""Rows for secrets in the keyring: where they are kept, entered, replaced and removed; never shown."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from portway.core.backend import Backend, keeper
from portway.core.errors import Problem, TunnelError
from portway.core.hub import EnableRequest
from portway.core.options import Option, check_value
from portway.core.secret import Secret
from portway.core.status import Phase
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import settings as tr
from portway.gui.i18n.words import sentence
from portway.gui.setting_writer import SettingWriter
from portway.gui.settings.rows import SettingRow
from portway.gui.theme.look import CONTROL
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, LinkButton, Weight
from portway.gui.widgets.entry import Entry
from portway.system.secrets.source import environment_secret


class StoredSecretRow(SettingRow):
    """A secret that is kept somewhere, with a button that removes it."""

    def __init__(
        self, label: str, owner: str, name: str, dependencies: GuiDependencies, help_text: str = "", *controls: QWidget
    ) -> None:
        self.remove = Button(tr("Remove"), weight=Weight.DESTRUCTIVE, name=tr("Remove {what}", what=label))
        super().__init__(label, help_text, *controls, self.remove)
        self._owner, self._name = owner, name
        self.dependencies = dependencies
        self.remove.clicked.connect(self._on_remove)

    @property
    def kept(self) -> bool:
        """Whether there is one, as far as is known without opening the keyring."""
        return bool(self.dependencies.services.secrets.known(self._owner, self._name))

    def refresh(self) -> None:
        """Say where it is kept."""
        self.remove.setVisible(self.kept)
        if not self.kept:
            self.show_state("ring", Tone.MUTED, tr("None"))
        elif (self._owner, self._name) in self.dependencies.services.secrets.stored():
            self.show_state("disc_tick", Tone.OK, tr("Kept in the system keyring"))
        else:
            self.show_state("triangle", Tone.WARN, tr("Held until Portway ends"))

    @Slot()
    def _on_remove(self) -> None:
        self.dependencies.vault.remove(self._owner, self._name, self.take_outcome)

    def take_outcome(self, problem: Problem | None) -> None:
        """Take from the vault what came of a change."""
        self.refresh()
        self.show_refusal("" if problem is None else sentence(problem))
        self.dependencies.hub.reload()


class TokenRow(StoredSecretRow):
    """The token of an account. What the environment gives is shown as such."""

    def __init__(self, backend: Backend, name: str, option: Option, dependencies: GuiDependencies) -> None:
        self.enter = Button(tr("Enter…"))
        pages = ((tr("Get a token"), option.page), (tr("Sign up"), option.sign_up_page))
        self.pages = {LinkButton(label, leaves=True): page for label, page in pages if page is not None}
        words = tr(option.help) if option.help else ""
        super().__init__(tr(option.label), keeper(backend, option), name, dependencies, words, *self.pages, self.enter)
        self._backend, self._option = backend, option
        self.enter.clicked.connect(self._on_enter)
        for link in self.pages:
            link.clicked.connect(self._on_page)
        self.field = Entry()
        self.field.taken_back.connect(self._on_taken_back)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMinimumHeight(CONTROL)
        self.field.setAccessibleName(tr(option.label))
        self.field.setPlaceholderText(tr(option.label))
        self.field.returnPressed.connect(self._on_save)
        self.save = Button(tr("Save"), weight=Weight.SOLID)
        self.save.clicked.connect(self._on_save)
        self._entry = QWidget()
        entry = QHBoxLayout(self._entry)
        entry.setContentsMargins(0, 0, 0, 0)
        entry.addWidget(self.field, 1)
        entry.addWidget(self.save)
        self._entry.hide()
        self.add_below(self._entry)

    def refresh(self) -> None:
        super().refresh()
        self.enter.call(tr("Replace…") if self.kept else tr("Enter…"))
        if not self.kept and environment_secret(self.dependencies.services, self._option) is not None:
            variable = self._option.environment[0]
            self.show_state("disc_tick", Tone.OK, tr("From {variable}", variable=variable))

    @Slot()
    def _on_enter(self) -> None:
        self._entry.setVisible(self._entry.isHidden())
        self.field.clear()
        self.field.setFocus()

    @Slot()
    def _on_taken_back(self) -> None:
        self.field.clear()
        self._entry.hide()
        self.show_refusal("")
        self.enter.setFocus()

    @Slot()
    def _on_page(self) -> None:
        link = self.sender()
        if isinstance(link, LinkButton):
            self.dependencies.open_url(self.pages[link])

    @Slot()
    def _on_save(self) -> None:
        try:
            text = check_value(self._option, self.field.text())
        except TunnelError as error:
            self.show_refusal(SettingWriter.refusal(error, tr(self._option.label)))
            return
        if not text:
            return
        self.field.clear()
        self._entry.hide()
        self.dependencies.vault.put(self._owner, self._name, Secret(str(text)), self._take_stored)

    def _take_stored(self, problem: Problem | None) -> None:
        self.take_outcome(problem)
        status = self.dependencies.hub.status(self._backend.id)
        if status.wanted and status.phase is Phase.NEEDS_AUTH:
            self.dependencies.hub.enable(self._backend.id, EnableRequest(by_person=True))
