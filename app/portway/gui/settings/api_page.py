"""Settings → API: where the REST server listens, and the token that lets calls in."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from portway.core.errors import Problem
from portway.core.guard.callers import ANYTHING, ASK, LOCAL, NEVER
from portway.gui.dependencies import GuiDependencies, IssuedToken
from portway.gui.i18n.contexts import settings as tr
from portway.gui.i18n.words import sentence
from portway.gui.settings.declared_page import DeclaredPage
from portway.gui.settings.rows import Note, SettingRow
from portway.gui.theme.look import CONTROL
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, CopyButton, Weight

_PORT, _PROGRAMS = "general.apiPort", "general.programs"


class ApiPage(DeclaredPage):
    """The token is fetched from the keyring only when somebody asks for it."""

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        summary = tr("For scripts and other programs on this computer. Nobody else can reach it.")
        super().__init__(tr("API"), summary, dependencies, parent)
        self.note = Note()
        self.note.hide()
        self.column.addWidget(self.note)
        self.address = CopyButton(dependencies.clipboard, tr("Copy the address of the API"))
        self.server = SettingRow(tr("Server"), "", self.address, wide=True)
        self.add_group(tr("Server"), self.server, self.setting(_PORT))
        self._renewing = False
        self.show_button = Button(tr("Show"), name=tr("Show the token"))
        self.show_button.clicked.connect(self._on_show)
        self.renew_button = Button(tr("Renew…"), name=tr("Renew the token"))
        self.renew_button.clicked.connect(self._on_renew)
        words = tr("Programs send it as “Authorization: Bearer …”.")
        self.token_row = SettingRow(tr("Token"), words, self.show_button, self.renew_button)
        self.field = QLineEdit()
        self.field.setReadOnly(True)
        self.field.setMinimumHeight(CONTROL)
        self.field.setAccessibleName(tr("Token"))
        self.field.hide()
        self.copy_button = CopyButton(dependencies.clipboard, tr("Copy the token"))
        self.copy_button.hide()
        self.token_row.add_below(self.field)
        self.token_row.add_below(self.copy_button)
        self.add_group(tr("Access"), self.token_row, self.setting(_PROGRAMS, choices=program_names()))
        self.close_column()
        self.changed.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        super().refresh()
        api = self.dependencies.api
        self.address.setVisible(api.port is not None)
        if api.port is not None:
            address = f"http://127.0.0.1:{api.port}"
            self.server.show_state("disc_tick", Tone.OK, tr("Listening"), address)
            self.address.set_content(address)
            self.server.show_help("")
        else:
            self.server.show_state("octagon", Tone.BAD, tr("Not listening"))
            self.server.show_help("" if api.problem is None else sentence(api.problem))

    @Slot(str)
    def _on_changed(self, key: str) -> None:
        wanted = self.dependencies.hub.settings.general.api_port
        if key == _PORT:
            differs = wanted not in (0, self.dependencies.api.port)
            self.note.say(tr("Port {port} is used from the next start of Portway.", port=wanted) if differs else "")

    @Slot()
    def _on_show(self) -> None:
        if self.field.isHidden():
            self.dependencies.api.lasting_token(self._take)
        else:
            self._hide_token()

    @Slot()
    def _on_renew(self) -> None:
        """Ask in place: the first press says what it means, the second does it."""
        if not self._renewing:
            self._renewing = True
            self.renew_button.setText(tr("Renew now"))
            self.renew_button.set_weight(Weight.DANGER)
            self.token_row.show_refusal(tr("The old token is void then: give the new one to every program."))
            return
        self._settle()
        self.dependencies.api.lasting_token(self._take, renew=True)

    def _take(self, outcome: IssuedToken | Problem) -> None:
        if isinstance(outcome, Problem):
            self._hide_token()
            self.token_row.show_refusal(sentence(outcome))
            return
        self._settle()
        self.field.setText(outcome.token.reveal())
        self.field.setCursorPosition(0)
        self.copy_button.set_content(outcome.token.reveal())
        self.field.show()
        self.copy_button.show()
        self.show_button.call(tr("Hide"), tr("Hide the token"))
        if outcome.warning is not None:
            self.token_row.show_refusal(sentence(outcome.warning))

    def _settle(self) -> None:
        self._renewing = False
        self.renew_button.setText(tr("Renew…"))
        self.renew_button.set_weight(Weight.PLAIN)
        self.token_row.show_refusal("")

    def _hide_token(self) -> None:
        self.field.clear()
        self.copy_button.set_content("")
        self.field.hide()
        self.copy_button.hide()
        self.show_button.call(tr("Show"), tr("Show the token"))


def program_names() -> dict[str, str]:
    """Return what the answers to “may programs open tunnels” are called."""
    return {
        NEVER: tr("Never"),
        ASK: tr("Ask me"),
        LOCAL: tr("Local network only"),
        ANYTHING: tr("Anything"),
    }
