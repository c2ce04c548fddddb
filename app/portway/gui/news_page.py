"""Settings → Notifications: which news is told."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from portway.gui.parts import Parts
from portway.gui.settings_page import DeclaredPage
from portway.gui.words import tr

_CLASSES = ("notifyUp", "notifyChanged", "notifyLost", "notifyNeeded", "notifyStopped", "notifyVisitor")


class NewsPage(DeclaredPage):
    """One switch for each kind."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        summary = tr("What Portway tells while its window is not in front. Never what you have just clicked.")
        super().__init__(tr("Notifications"), summary, parts, parent)
        self.add_group(tr("Notify me"), *(self.setting(f"general.{name}") for name in _CLASSES))
        self.close_column()
