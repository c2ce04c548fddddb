"""The dialog that adds a tunnel of the person's own: which server, by which way, its name, and who can open it."""

import re
from collections.abc import Collection
from enum import StrEnum

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.settings import TUNNEL_ID, SavedTunnel, check_tunnel_id
from portway.core.status import BackendId, Reach
from portway.gui.dependencies import GuiDependencies, ListeningPort
from portway.gui.dialogs.server_choice import ServerChoice, ServerDialog
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.words import sentence
from portway.gui.setting_writer import SettingWriter
from portway.gui.theme.look import BETWEEN_BUTTONS, CONTROL, IN_CARD
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, Weight
from portway.gui.widgets.entry import Entry
from portway.gui.widgets.labels import Text
from portway.gui.widgets.radio import RadioTile

_WIDTH = 600
_LONGEST = 24  # characters of a word that is made from a title


class Admitted(StrEnum):
    """Who can open it from the beginning."""

    ANYONE = "anyone"
    PASSWORD = "password"  # noqa: S105 - the name of a choice
    CHOSEN = "chosen"  # by the rules that a person chooses before it is started


class AddTunnelDialog(ServerDialog):
    """`added` tells the word of the new tunnel, whether it is to be started, and who is to be let in (`Admitted`)."""

    added = Signal(str, bool, str)

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        super().__init__(ServerChoice(dependencies), _WIDTH, parent)
        self.setWindowTitle(tr("Add a tunnel"))
        self._dependencies = dependencies
        self._named = False  # whether the person has typed a name
        self.column.addWidget(_heading(tr("Your server")))
        self.server.changed.connect(self._on_changed)
        self.column.addWidget(self.server)
        self.column.addSpacing(8)
        self.column.addWidget(_heading(tr("Way")))
        self.ways: dict[BackendId, RadioTile] = {}
        self.column.addWidget(self._ways())
        self.caution = Text(tone=Tone.WARN, size=0.95)
        self.column.addWidget(self.caution)
        self.column.addSpacing(8)
        beside = QHBoxLayout()
        beside.setSpacing(IN_CARD)
        beside.addLayout(self._name_column(), 1)
        beside.addLayout(self._admitted_column(), 1)
        self.column.addLayout(beside)
        self.column.addSpacing(10)
        self._add_foot()
        self._on_changed()
        self.name.setFocus()
        self.resize(self.minimumWidth(), self.sizeHint().height())

    def _ways(self) -> QWidget:
        tiles = QWidget()
        grid = QGridLayout(tiles)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(BETWEEN_BUTTONS)
        hub = self._dependencies.hub
        for index, backend in enumerate(hub.backends):
            tile = RadioTile(backend.icon, tr(backend.title), tr(backend.about.cost), tiles)
            tile.setEnabled(hub.status(backend.id).installation.supported)
            self.ways[backend.kind] = tile
            grid.addWidget(tile, index // 2, index % 2)
        possible = {kind: tile for kind, tile in self.ways.items() if tile.isEnabled()}
        default = possible.get(BackendId(hub.settings.general.default_backend), next(iter(possible.values()), None))
        if default is not None:
            default.setChecked(True)
        for tile in self.ways.values():
            tile.toggled.connect(self._on_changed)
        return tiles

    def _name_column(self) -> QVBoxLayout:
        self.name = Entry()
        self.name.setAccessibleName(tr("Name"))
        self.name.setMinimumHeight(CONTROL)
        self.name.setMaxLength(32)
        self.name.textEdited.connect(self._on_named)
        self.name.taken_back.connect(self._on_taken_back)
        self.help = Text(tone=Tone.MUTED, size=0.95)
        return _column_of(_heading(tr("Name")), self.name, self.help)

    def _admitted_column(self) -> QVBoxLayout:
        self.admitted = QComboBox()
        self.admitted.setAccessibleName(tr("Who can open it"))
        self.admitted.setMinimumHeight(CONTROL)
        self.admitted.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for choice in Admitted:
            self.admitted.addItem("", choice)
        self.admitted.currentIndexChanged.connect(self._on_changed)
        self.admitted_help = Text(tone=Tone.MUTED, size=0.95)
        return _column_of(_heading(tr("Who can open it")), self.admitted, self.admitted_help)

    def _add_foot(self) -> None:
        self.start = QCheckBox(tr("Start it now"))
        self.start.setChecked(True)
        self.start.toggled.connect(self._on_changed)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.add = Button(tr("Add and start"), weight=Weight.SOLID)
        self.add.clicked.connect(self._on_add)
        foot = QHBoxLayout()
        foot.setSpacing(BETWEEN_BUTTONS)
        foot.addWidget(self.start)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.add)
        self.refusal = Text(tone=Tone.BAD)
        self.refusal.hide()
        self.column.addWidget(self.refusal)
        self.column.addLayout(foot)

    @property
    def way(self) -> BackendId | None:
        """The way that is chosen."""
        return next((kind for kind, tile in self.ways.items() if tile.isChecked()), None)

    @Slot()
    def _on_changed(self) -> None:
        """Say what holds with all that is chosen now."""
        way = self.way
        if not self._named:
            taken = {status.id for status in self._dependencies.hub.statuses()}
            self.name.setText(suggested_word(self.server.found, way or "", taken))
        self.refusal.hide()
        refused = self._refused_name()
        word = self.name.text()
        self.help.setText(refused or (tr("In a terminal: {command}", command=f"portway enable {word}") if word else ""))
        self.help.set_tone(Tone.BAD if refused else Tone.MUTED)
        self.name.setAccessibleDescription(self.help.text())
        self._show_admitted()
        caution = "" if way is None else self._dependencies.hub.caution(way)
        self.caution.setText(tr(caution) if caution else "")
        self.caution.setVisible(bool(caution))
        self.add.call(tr("Add and start") if self.start.isChecked() else tr("Add"))
        whole = way is not None and bool(word) and not refused and self.server.target is not None
        self.add.setEnabled(whole)

    def _show_admitted(self) -> None:
        """Call the choices by what they mean for this way, and say what comes of the one that is chosen."""
        near = any(one.kind == self.way and one.reach is Reach.NETWORK for one in self._dependencies.hub.backends)
        words = {
            Admitted.ANYONE: tr("Anyone on this network") if near else tr("Anyone with the link"),
            Admitted.PASSWORD: tr("People with a password"),
            Admitted.CHOSEN: tr("As I choose…"),
        }
        about = {
            Admitted.ANYONE: tr("Or a password, some addresses, a time limit"),
            Admitted.PASSWORD: tr("One is made, and shown to you."),
            Admitted.CHOSEN: tr("You are asked before it is started."),
        }
        for row, choice in enumerate(Admitted):
            self.admitted.setItemText(row, words[choice])
        self.admitted_help.setText(about[Admitted(self.admitted.currentData())])

    def _refused_name(self) -> str:
        """Say why it cannot be called that; nothing while there is nothing."""
        word = self.name.text()
        hub = self._dependencies.hub
        if not word:
            return ""
        if any(word in (status.id, status.backend) for status in hub.statuses()):
            return sentence(Problem(Code.NAME_TAKEN, parameters={"name": word}))
        if _is_good(word):
            return ""
        if re.fullmatch(TUNNEL_ID, word):
            return tr("“{name}” means something else. Choose another word.", name=word)
        return tr("Use small letters, digits and dashes, and a letter first: like shop or api-2.")

    @Slot()
    def _on_named(self) -> None:
        self._named = True  # also where it is emptied: nothing is put into the hands of somebody who types
        self._on_changed()

    @Slot()
    def _on_taken_back(self) -> None:
        """Suggest a name again; Esc with nothing to take back leaves the dialog."""
        if not self._named:
            self.reject()
        self._named = False
        self._on_changed()

    @Slot()
    def _on_add(self) -> None:
        target, way = self.server.target, self.way
        if target is None or way is None:
            return
        tunnel = SavedTunnel(id=self.name.text(), backend=way, target=target.url)
        try:
            self._dependencies.hub.add(tunnel)
        except TunnelError as error:
            self.refusal.setText(SettingWriter.refusal(error, tr("Name")))
            self.refusal.show()
            return
        self._dependencies.app_state.remember_target(target.url)
        self.accept()
        self.added.emit(tunnel.id, self.start.isChecked(), self.admitted.currentData())


def suggested_word(found: ListeningPort | None, way: str, taken: Collection[str]) -> str:
    """Return a word that is free: from the title of the server's page, from its program, else from the way."""
    texts = (found.title or "", found.program or "") if found is not None else ()
    words = (_word_of(text) for text in texts)
    word = next((one for one in words if _is_good(one)), way)
    numbered = (word, *(f"{word}-{number}" for number in range(2, len(taken) + 3)))
    return next((one for one in numbered if one not in taken), word)


def _word_of(text: str) -> str:
    """Return what a title says as a word, cut where one of its own words ends."""
    word = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-0123456789")
    if len(word) > _LONGEST:
        word = word[: _LONGEST + 1].rpartition("-")[0] or word[:_LONGEST]
    return word


def _is_good(word: str) -> bool:
    try:
        check_tunnel_id(word, ())
    except TunnelError:
        return False
    return True


def _column_of(*parts: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(8)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return column


def _heading(text: str) -> Text:
    return Text(text, weight=QFont.Weight.DemiBold)
