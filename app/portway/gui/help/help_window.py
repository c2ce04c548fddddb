"""The page about trouble beside the window: one section at a time, without the internet."""

import re
from collections.abc import Callable
from urllib.parse import quote

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QFrame, QTextBrowser, QVBoxLayout, QWidget

from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.rule_row import line_of
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.language import language_in_use
from portway.gui.theme.look import CONTROL, IN_CARD, MARGIN
from portway.gui.widgets.buttons import Button, LinkButton
from portway.gui.widgets.surfaces import CardGround
from portway.system.releases.origin import Origin
from portway.system.troubleshooting import Section, page_in, read_sections

_WIDTH, _HEIGHT = 560, 440
_LINK = re.compile(r"\[(?P<words>[^\]]+)\]\((?!https://)(?P<page>[^)]+)\)")


class HelpWindow(QDialog):
    """Main thread. Leads to other pages where this copy knows where they are; else their names stand there alone."""

    def __init__(self, origin: Origin | None, open_url: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("When something does not work"))
        self.language = language_in_use()
        self._sections = read_sections(self.language)
        self._pages = None if origin is None else origin.docs.removesuffix("/index.md")
        self._open = open_url
        self.choice = QComboBox()
        self.choice.setMinimumHeight(CONTROL)
        self.choice.setAccessibleName(tr("What it is about"))
        self.choice.addItems([section.title for section in self._sections])
        self.choice.currentIndexChanged.connect(self._on_chosen)
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("What helps"))
        self.text.setOpenLinks(False)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.viewport().setAutoFillBackground(False)
        self.text.anchorClicked.connect(self._on_link)
        self.web = LinkButton(tr("On the web"), leaves=True)
        self.web.clicked.connect(self._on_web)
        self.web.setVisible(self._pages is not None)
        self.end = Button(tr("Close"))
        self.end.clicked.connect(self.close)
        card = CardGround(tr("What helps"))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(IN_CARD, IN_CARD, IN_CARD, IN_CARD)
        inside.addWidget(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(IN_CARD)
        column.addWidget(self.choice)
        column.addWidget(card, 1)
        column.addLayout(line_of(self.web, None, self.end))
        self.resize(_WIDTH, _HEIGHT)
        self._on_chosen()

    def show_code(self, code: str) -> None:
        """Show the section about a code; the first one for a code that none is about."""
        about = (place for place, section in enumerate(self._sections) if code in section.codes)
        self.choice.setCurrentIndex(next(about, 0))

    @property
    def section(self) -> Section:
        """What it shows."""
        return self._sections[self.choice.currentIndex()]

    @Slot()
    def _on_chosen(self) -> None:
        self.text.setMarkdown(_LINK.sub(self._link, self.section.text))

    def _link(self, found: re.Match[str]) -> str:
        return found["words"] if self._pages is None else f"[{found['words']}]({self._pages}/{found['page']})"

    @Slot(QUrl)
    def _on_link(self, link: QUrl) -> None:
        self._open(link.toString())

    @Slot()
    def _on_web(self) -> None:
        words = re.sub(r"[^\w\- ]", "", self.section.title.lower(), flags=re.UNICODE)  # as GitHub makes anchors
        anchor = quote(words.replace(" ", "-"))
        self._open(f"{self._pages}/{page_in(self.language)}#{anchor}")


def show_help(code: str, dependencies: GuiDependencies, beside: QWidget) -> HelpWindow:
    """Show the section about a code in the one help window that there is beside this one."""
    window = next(iter(beside.window().findChildren(HelpWindow)), None)
    if window is not None and window.language != language_in_use():
        window.close()
        window = None
    if window is None:
        updates = dependencies.updates
        window = HelpWindow(None if updates is None else updates.origin, dependencies.open_url, beside.window())
    window.show_code(code)
    window.show()
    window.raise_()
    window.activateWindow()
    return window
