"""About: what Portway is, its version, its licence and that of its parts."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QWidget

from portway import __version__
from portway.gui.buttons import Button, CopyButton, LinkButton
from portway.gui.diagnostics import diagnostics
from portway.gui.labels import Text
from portway.gui.look import BETWEEN_BUTTONS, Ink
from portway.gui.mark import AppMark
from portway.gui.page import Page
from portway.gui.parts import Parts
from portway.gui.setting_rows import Group, SettingRow
from portway.gui.words import tr
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
    """Everything can be read; nothing is asked of the network."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(tr("About"), parent)
        self._parts = parts
        self.column.addWidget(AppMark(), 0, Qt.AlignmentFlag.AlignHCenter)
        for text, ink, size, weight in (
            ("Portway", Ink.TEXT, 1.6, QFont.Weight.DemiBold),
            (tr("Version {version}", version=__version__), Ink.MUTED, 1.0, QFont.Weight.Normal),
            (tr("An address for your local server, from the tray."), Ink.TEXT, 1.0, QFont.Weight.Normal),
        ):
            self.column.addWidget(_centred(text, ink, size, weight))
        self.copy = CopyButton(
            parts.clipboard.copy, tr("Copy the diagnostics"), text=tr("Copy diagnostics"), primary=True
        )
        self.copy.pressed.connect(self._on_copying)
        self.licence = Button(tr("Licence"))
        self.licence.clicked.connect(self._on_licence)
        buttons = QHBoxLayout()
        buttons.setSpacing(BETWEEN_BUTTONS)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.licence)
        buttons.addStretch(1)
        self.column.addLayout(buttons)
        words = tr("The diagnostics hold versions and states, no secrets, no addresses.")
        self.column.addWidget(_centred(words, Ink.MUTED, 0.92, QFont.Weight.Normal))
        self.column.addWidget(Group(tr("Parts"), *self._rows()))
        words = tr(
            "Free software under the GNU General Public License, version 3 or later. Cloudflare, ngrok and Tailscale "
            "are services of their owners; Portway is not connected with them."
        )
        self.column.addWidget(_centred(words, Ink.MUTED, 0.92, QFont.Weight.Normal))
        self.column.addStretch(1)

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
    def _on_copying(self) -> None:
        self.copy.set_content(diagnostics(self._parts))

    @Slot()
    def _on_licence(self) -> None:
        self._parts.open_url(_GPL)

    @Slot()
    def _on_page(self) -> None:
        link = self.sender()
        if isinstance(link, LinkButton):
            self._parts.open_url(str(link.property("page")))


def _centred(text: str, ink: Ink, size: float, weight: QFont.Weight) -> Text:
    words = Text(text, ink=ink, size=size, weight=weight)
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return words
