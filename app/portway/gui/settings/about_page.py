"""About: what Portway is, its version and whether there is a newer one, its licence and that of its parts."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from portway import __version__
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import settings as tr
from portway.gui.settings.field import SettingControl
from portway.gui.settings.rows import Group, SettingRow
from portway.gui.settings.trouble_rows import TroubleGroup
from portway.gui.settings.update_rows import UpdateGroup, WebGroup
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, LinkButton
from portway.gui.widgets.labels import Text
from portway.gui.widgets.mark import AppMark
from portway.gui.widgets.page import Page
from portway.system.installed import installed_version

_GPL = "https://www.gnu.org/licenses/gpl-3.0.html"


@dataclass(frozen=True, slots=True)
class _Part:
    module: str
    distribution: str
    name: str
    licence: str
    page: str


_PARTS = (
    _Part("PySide6", "PySide6-Essentials", "Qt for Python", "LGPL 3", "https://doc.qt.io/qtforpython-6/licenses.html"),
    _Part("ngrok", "ngrok", "ngrok for Python", "MIT, Apache 2.0", "https://github.com/ngrok/ngrok-python"),
    _Part("keyring", "keyring", "keyring", "MIT", "https://github.com/jaraco/keyring"),
    _Part("requests", "requests", "Requests", "Apache 2.0", "https://github.com/psf/requests"),
    _Part("segno", "segno", "Segno", "BSD", "https://github.com/heuer/segno"),
)


class AboutPage(Page):
    """Everything can be read. `updates` is None where this copy does not know whom to ask for newer versions."""

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        super().__init__(tr("About"), parent)
        self._dependencies = dependencies
        self.column.addWidget(AppMark(), 0, Qt.AlignmentFlag.AlignHCenter)
        for text, tone, size, weight in (
            ("Portway", Tone.TEXT, 1.6, QFont.Weight.DemiBold),
            (tr("Version {version}", version=__version__), Tone.MUTED, 1.0, QFont.Weight.Normal),
            (tr("An address for your local server, from the tray."), Tone.TEXT, 1.0, QFont.Weight.Normal),
        ):
            self.column.addWidget(_centred(text, tone, size, weight))
        self.licence = Button(tr("Licence"))
        self.licence.clicked.connect(self._on_licence)
        self.column.addWidget(self.licence, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addWidget(TroubleGroup(dependencies))
        self.updates = self._make_updates()
        self.column.addWidget(Group(tr("Parts"), *self._rows()))
        words = tr(
            "Free software under the GNU General Public License, version 3 or later. Cloudflare, ngrok and Tailscale "
            "are services of their owners; Portway is not connected with them."
        )
        self.column.addWidget(_centred(words, Tone.MUTED, 0.92, QFont.Weight.Normal))
        self.column.addStretch(1)
        self.refresh()

    @property
    def controls(self) -> list[SettingControl]:
        """The settings that it shows."""
        return [] if self.updates is None else [self.updates.setting]

    def refresh(self) -> None:
        if self.updates is not None:
            self.updates.refresh()

    def _make_updates(self) -> UpdateGroup | None:
        updates = self._dependencies.updates
        if updates is None:
            words = tr("It was not made by a release of Portway. Ask where you got it.")
            row = SettingRow(tr("This copy does not know where newer versions are"), words)
            self.column.addWidget(Group(tr("New versions"), row))
            return None
        group = UpdateGroup(self._dependencies, updates)
        self.column.addWidget(group)
        self.column.addWidget(WebGroup(self._dependencies, updates.origin))
        return group

    def _rows(self) -> list[SettingRow]:
        rows = []
        for part in _PARTS:
            version = installed_version(part.module, part.distribution)
            if version is not None:
                link = LinkButton(tr("Licence"), name=tr("Licence of {part}", part=part.name))
                link.setProperty("page", part.page)
                link.clicked.connect(self._on_page)
                rows.append(SettingRow(f"{part.name} {version}", part.licence, link))
        return rows

    @Slot()
    def _on_licence(self) -> None:
        self._dependencies.open_url(_GPL)

    @Slot()
    def _on_page(self) -> None:
        link = self.sender()
        if isinstance(link, LinkButton):
            self._dependencies.open_url(str(link.property("page")))


def _centred(text: str, tone: Tone, size: float, weight: QFont.Weight) -> Text:
    words = Text(text, tone=tone, size=size, weight=weight)
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return words
