"""About: where this copy comes from, and whether there is a newer one."""

import time

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from portway.core.errors import Problem
from portway.gui.dependencies import GuiDependencies, Updates
from portway.gui.i18n.contexts import settings as tr
from portway.gui.i18n.words import sentence
from portway.gui.settings.field import SettingControl
from portway.gui.settings.rows import Group, SettingRow
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, LinkButton, Weight
from portway.system.releases.origin import Origin
from portway.system.releases.versions import Newest

UPDATES = "updates"  # its name among what is asked once
_KEY = "general.checkForUpdates"
_DAY = 86400.0  # seconds


class UpdateGroup(Group):
    """Asks once whether Portway may look. Before a yes, or a press of the button, nothing is asked of the network."""

    def __init__(self, dependencies: GuiDependencies, updates: Updates, parent: QWidget | None = None) -> None:
        super().__init__(tr("New versions"), parent=parent)
        self._dependencies, self._updates = dependencies, updates
        self._looked_at: float | None = None
        self._at_work = False
        self._page = ""
        self.look = Button(tr("Look now"), name=tr("Look for a newer version now"))
        self.look.clicked.connect(self._look)
        self.get = Button(tr("Open the page"), weight=Weight.TONAL)
        self.get.clicked.connect(self._on_page)
        self.get.hide()
        self.result = SettingRow(tr("Newest version"), "", self.get, self.look)
        self.add(self.result)
        yes = Button(tr("Yes"), weight=Weight.TONAL, name=tr("Yes, look for new versions"))
        yes.clicked.connect(self._on_yes)
        no = Button(tr("No"), name=tr("No, do not look for new versions"))
        no.clicked.connect(self._on_no)
        words = tr(
            "Once a day, when you open this page, {host} is asked. Nothing is downloaded.", host=updates.origin.host
        )
        self._question = self.add(SettingRow(tr("Look for new versions?"), words, yes, no))
        self.setting = SettingControl(
            dependencies.settings_file.key(_KEY), dependencies, label=tr("Look for new versions")
        )
        self.setting.changed.connect(self._on_set)
        self._switch = self.add(self.setting)

    def refresh(self) -> None:
        """Show what holds now, and look where that is wanted and due."""
        on = self._dependencies.hub.settings.general.check_for_updates
        asked = on or self._dependencies.app_state.answered(UPDATES)
        self._question.setVisible(not asked)
        self._switch.setVisible(asked)
        self.setting.refresh()
        if on and (self._looked_at is None or time.monotonic() - self._looked_at > _DAY):
            self._look()

    @Slot()
    def _look(self) -> None:
        if self._at_work:
            return
        self._at_work = True
        self._looked_at = time.monotonic()
        self.result.show_refusal("")
        self.result.show_state("busy", Tone.BUSY, tr("Asking {host}", host=self._updates.origin.host))
        self._dependencies.hub.aside(self._updates.look, self._take)

    def _take(self, found: object) -> None:
        if not isValid(self):  # the window was made anew in another language
            return
        self._at_work = False
        if isinstance(found, Newest):
            self._page = found.page
            self.get.setVisible(found.newer)
            if found.newer:
                self.result.show_state("up", Tone.BUSY, tr("Version {version} is there", version=found.version))
            else:
                self.result.show_state("disc_tick", Tone.OK, tr("You have the newest version"))
        elif isinstance(found, Problem):
            self.result.state.hide()
            self.result.show_refusal(sentence(found))

    @Slot()
    def _on_page(self) -> None:
        self._dependencies.open_url(self._page)

    @Slot()
    def _on_yes(self) -> None:
        self._dependencies.app_state.remember_answer(UPDATES)
        self.setting.turn(on=True)

    @Slot()
    def _on_no(self) -> None:
        self._dependencies.app_state.remember_answer(UPDATES)
        self.refresh()

    @Slot()
    def _on_set(self) -> None:
        self._dependencies.app_state.remember_answer(UPDATES)
        self.refresh()


class WebGroup(Group):
    """Leads to the site and the pages of what made this copy."""

    def __init__(self, dependencies: GuiDependencies, origin: Origin, parent: QWidget | None = None) -> None:
        super().__init__(tr("On the web"), parent=parent)
        self._open = dependencies.open_url
        for label, name, page in (
            (tr("Website"), tr("Open the website"), origin.site),
            (tr("Documentation"), tr("Open the documentation"), origin.docs),
        ):
            link = LinkButton(tr("Open"), leaves=True, name=name)
            link.setProperty("page", page)
            link.clicked.connect(self._on_page)
            self.add(SettingRow(label, page, link))

    @Slot()
    def _on_page(self) -> None:
        link = self.sender()
        if isinstance(link, LinkButton):
            self._open(str(link.property("page")))
