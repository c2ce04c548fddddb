"""The first page that a new person sees: which server is to be open, for whom, and what came of Start."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QFont, QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.status import BackendId, Phase, Reach, TunnelStatus
from portway.core.target import Target, parse_target
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.consent import agree, needs_consent
from portway.gui.dialogs.server_choice import ServerChoice
from portway.gui.i18n.contexts import window as tr
from portway.gui.model.card_rules import installs_by_itself, short_target
from portway.gui.model.guard_sentence import exposure_sentence
from portway.gui.model.summary import summary_of
from portway.gui.navigation import FIRST_RUN, TUNNELS, Navigation
from portway.gui.setting_writer import SettingWriter, turn_autostart
from portway.gui.theme.look import IN_CARD
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, LinkButton, Weight
from portway.gui.widgets.labels import Text
from portway.gui.widgets.mark import AppMark
from portway.gui.widgets.page import Page
from portway.gui.widgets.radio import RadioWay
from portway.gui.widgets.surfaces import CardGround, Hairline
from portway.gui.window.opened_tunnel import OpenedTunnel
from portway.system.desktop.autostart import AutostartState

_WIDEST = 620  # px
_LOOK_EVERY = 2000  # ms between two looks at the servers that listen, while somebody sees the list


class FirstRunPage(Page):
    """Nothing is exposed until Start is pressed, which shows the link here; Done, or Skip, leads to the cards."""

    def __init__(self, dependencies: GuiDependencies, navigation: Navigation, parent: QWidget | None = None) -> None:
        super().__init__(tr("Welcome"), parent, widest=_WIDEST)
        self._dependencies = dependencies
        self._navigation = navigation
        self._writer = SettingWriter(dependencies, self)
        self._locked = dependencies.hub.settings.locked.get("general.target", "")
        self._looks = QTimer(self)
        self._looks.setInterval(_LOOK_EVERY)
        self.ways: dict[BackendId, RadioWay] = {}
        self.column.setSpacing(0)
        self.column.addWidget(self._choice())
        self.opened = OpenedTunnel(dependencies, navigation, self._autostart_box())
        self.opened.hide()
        self.opened.left.connect(self._on_left)
        self.column.addWidget(self.opened)
        self.refresh()

    def _choice(self) -> QWidget:
        """Make what is there until something is started."""
        self.choice = QWidget()
        column = QVBoxLayout(self.choice)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._head())
        self.exposed = Text()
        column.addWidget(self.exposed)
        column.addSpacing(8)
        self._add_servers(column)
        column.addSpacing(8)
        column.addWidget(Text(tr("Who should be able to open it?"), weight=QFont.Weight.DemiBold))
        column.addWidget(self._way_rows())
        column.addStretch(1)
        column.addWidget(Hairline(indent=0))
        column.addLayout(self._bar())
        return self.choice

    def refresh(self) -> None:
        """Show what holds now."""
        if self.opened.is_shown:
            self.opened.refresh()
            return
        hub = self._dependencies.hub
        summary = summary_of(hub.statuses())
        nothing = tr("Nothing is open until you press Start.")
        about = tr("Portway gives a server on this computer a link.")
        self.about.setText(about if summary.on else f"{about} {nothing}")
        self.exposed.setText(". ".join(filter(None, (summary.headline, summary.reach))))
        self.exposed.set_tone(Tone.WARN if summary.troubled else Tone.TEXT)
        self.exposed.setVisible(bool(summary.on))
        for backend in hub.backends:
            status = hub.status(backend.id)
            self.ways[backend.kind].setEnabled(status.installation.supported)
            self.ways[backend.kind].show_note(_note(backend, status))
        self._show_bar()

    def fit(self, *, narrow: bool) -> None:  # noqa: ARG002 - of a page; what was started looks at the width itself
        margins = self.column.contentsMargins()
        self.opened.set_room(self.viewport().width() - margins.left() - margins.right())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.opened.is_shown:
            self._looks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looks.stop()

    def _head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(tr("What do you want to open?"), size=1.9, weight=QFont.Weight.DemiBold))
        self.about = Text(tone=Tone.MUTED)
        words.addWidget(self.about)
        head = QHBoxLayout()
        head.setSpacing(IN_CARD)
        head.addWidget(AppMark())
        head.addLayout(words, 1)
        return head

    def _add_servers(self, column: QVBoxLayout) -> None:
        self.server = ServerChoice(self._dependencies)
        self.server.changed.connect(self._on_changed)
        self.server.finder.found.connect(self._on_found)
        self._looks.timeout.connect(self.server.finder.look)
        self.look = LinkButton(tr("Look again"))
        self.look.clicked.connect(self.server.finder.look)
        heading = QHBoxLayout()
        heading.addWidget(Text(tr("Servers that run here"), weight=QFont.Weight.DemiBold), 1)
        heading.addWidget(self.look)
        column.addLayout(heading)
        self.nothing_found = Text(tr("No server found. Start yours, this list follows."), tone=Tone.MUTED)
        self.nothing_found.hide()
        column.addWidget(self.nothing_found)
        column.addWidget(self.server)
        if self._locked:
            self.server.setEnabled(False)
            column.addWidget(Text(tr("Set by {variable} in the environment.", variable=self._locked), tone=Tone.MUTED))

    def _way_rows(self) -> QWidget:
        card = CardGround(tr("Who should be able to open it?"))
        rows = QVBoxLayout(card)
        rows.setContentsMargins(1, 1, 1, 1)
        rows.setSpacing(0)
        for backend in self._dependencies.hub.backends:
            if self.ways:
                rows.addWidget(Hairline(indent=0))
            row = RadioWay(backend.icon, _who(backend), tr(backend.about.cost), card)
            row.setEnabled(self._dependencies.hub.status(backend.id).installation.supported)
            rows.addWidget(row)
            self.ways[backend.kind] = row
        first = next((row for row in self.ways.values() if row.isEnabled()), None)
        if first is not None:
            first.setChecked(True)
        for row in self.ways.values():
            row.toggled.connect(self._on_changed)
        return card

    def _autostart_box(self) -> QCheckBox:
        self.autostart = QCheckBox(tr("Start Portway when I log in"))
        if self._dependencies.autostart is None:
            self.autostart.hide()
        else:
            self.autostart.setChecked(self._dependencies.autostart.state() is AutostartState.ON)
        self.autostart.clicked.connect(self._on_autostart)
        return self.autostart

    def _bar(self) -> QHBoxLayout:
        self.words = Text()
        self.skip = LinkButton(tr("Skip"))
        self.skip.clicked.connect(self._on_skip)
        self.start = Button(tr("Start"), weight=Weight.SOLID)
        self.start.clicked.connect(self._on_start)
        bar = QHBoxLayout()
        bar.setSpacing(IN_CARD)
        bar.addWidget(self.words, 1)
        bar.addWidget(self.skip)
        bar.addWidget(self.start)
        return bar

    @property
    def _way(self) -> Backend:
        """The way that is chosen."""
        backends = self._dependencies.hub.backends
        return next((one for one in backends if self.ways[one.kind].isChecked()), backends[0])

    @property
    def _target(self) -> Target | None:
        """The server that is chosen; None while none is named."""
        return parse_target(self._dependencies.hub.settings.general.target) if self._locked else self.server.target

    def _show_bar(self) -> None:
        """Say in one sentence what the button does."""
        backend, target = self._way, self._target
        status = self._dependencies.hub.status(backend.id)
        is_on = status.wanted or status.active
        words, tone = _what_comes(backend, status, target)
        self.words.setText(words)
        self.words.set_tone(tone)
        verb = tr("Show") if is_on else tr("Start") if _is_ready(backend, status) else tr("Set up…")
        self.start.call(verb, f"{verb} {tr(backend.title)}")
        self.start.setEnabled(is_on or target is not None)

    def _take_target(self, target: Target) -> bool:
        """Let new starts lead to this server; False where that was refused, which is then said."""
        if self._locked or target.url == parse_target(self._dependencies.hub.settings.general.target).url:
            return True
        refused = self._writer.write("general.target", self.server.text)
        if refused is not None:
            self.words.setText(SettingWriter.refusal(refused, tr("Local server")))
            self.words.set_tone(Tone.BAD)
            return False
        self._dependencies.app_state.remember_target(target.url)
        return True

    @Slot()
    def _on_changed(self) -> None:
        self._show_bar()

    @Slot(object)
    def _on_found(self, ports: object) -> None:
        """Point to the field where nothing listens; a person who types there already is left alone."""
        was_hidden = self.nothing_found.isHidden()
        self.nothing_found.setVisible(not ports)
        if not ports and was_hidden and self.isVisible() and not self._locked:
            self.server.field.setFocus()

    @Slot()
    def _on_start(self) -> None:
        backend, target = self._way, self._target
        hub, app_state = self._dependencies.hub, self._dependencies.app_state
        status = hub.status(backend.id)
        if status.wanted or status.active:
            self.opened.watch(backend)
            self._show_step()
        elif target is not None and self._take_target(target):
            if not _is_ready(backend, status):
                self._navigation.set_up(backend.kind)
                return
            if needs_consent(app_state, status):
                agree(app_state)  # the sentence stands beside the button
            if hub.caution(backend.kind, backend.id):
                self._navigation.start(backend.kind)  # its card asks
                return
            app_state.remember_answer(FIRST_RUN)
            self.opened.start(backend)
            self._show_step()

    @Slot(bool)
    def _on_left(self, to_internet: bool) -> None:  # noqa: FBT001 - Qt's signal
        """Let another one be chosen; `to_internet`: one by which more people get in."""
        if to_internet:
            self._choose_internet()
        self._show_step()
        self.refresh()
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_internet(self) -> None:
        hub = self._dependencies.hub
        far = [one for one in hub.backends if one.reach is Reach.INTERNET and self.ways[one.kind].isEnabled()]
        ready = [one for one in far if _is_ready(one, hub.status(one.id))]
        for backend in (ready or far)[:1]:
            self.ways[backend.kind].setChecked(True)

    def _show_step(self) -> None:
        """Show what was started, or what can be chosen. The keyboard goes to what ends a step, never to Stop."""
        is_opened = self.opened.is_shown
        self.choice.setVisible(not is_opened)
        self.opened.setVisible(is_opened)
        self.verticalScrollBar().setValue(0)
        if is_opened:
            self._looks.stop()
            self.opened.done.setFocus(Qt.FocusReason.OtherFocusReason)
            self.opened.refresh()
        else:
            self._looks.start()

    @Slot()
    def _on_skip(self) -> None:
        self._navigation.go_to(TUNNELS)

    @Slot(bool)
    def _on_autostart(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        entry = self._dependencies.autostart
        if entry is None:
            return
        self.autostart.setToolTip(turn_autostart(entry, on=on))
        self.autostart.setChecked(entry.state() is AutostartState.ON)


def _who(backend: Backend) -> str:
    if backend.reach is Reach.NETWORK:
        return tr("Devices on this network")
    return tr("Anyone with the link, by {service}", service=tr(backend.title))


def _is_ready(backend: Backend, status: TunnelStatus) -> bool:
    """Whether it can be started as it is."""
    there = status.installation.installed or installs_by_itself(backend, status)
    return there and status.phase is not Phase.NEEDS_AUTH


def _note(backend: Backend, status: TunnelStatus) -> str:
    """Say what stands in the way, or that it is on."""
    if not status.installation.supported:
        return tr("not available here")
    if status.wanted or status.active:
        return tr("on already")
    if not status.installation.installed and not installs_by_itself(backend, status):
        return tr("not installed")
    if status.code is Code.NEEDS_TOKEN:
        return tr("needs your token")
    return tr("needs you") if status.phase is Phase.NEEDS_AUTH else ""


def _what_comes(backend: Backend, status: TunnelStatus, target: Target | None) -> tuple[str, Tone]:
    """Say what comes of a press on the button."""
    if status.wanted or status.active:
        return tr("{service} is on already.", service=tr(backend.title)), Tone.MUTED
    if target is None:
        return tr("Choose your server, or type its port."), Tone.MUTED
    if not _is_ready(backend, status):
        words = tr("Leads to what {service} still needs. Nothing is open before that.", service=tr(backend.title))
        return words, Tone.MUTED
    if backend.reach is Reach.INTERNET:
        return exposure_sentence(replace(status, target_url=short_target(target.url))), Tone.WARN
    return tr("Opens {server} to devices on this network.", server=short_target(target.url)), Tone.MUTED
