"""Settings → Notifications: which news is told."""

from PySide6.QtWidgets import QWidget

from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import settings as tr
from portway.gui.settings.declared_page import DeclaredPage

_CLASSES = ("notifyUp", "notifyChanged", "notifyLost", "notifyNeeded", "notifyStopped", "notifyVisitor")


class NotificationsPage(DeclaredPage):
    """One switch for each kind."""

    def __init__(self, dependencies: GuiDependencies, parent: QWidget | None = None) -> None:
        summary = tr("What Portway tells while its window is not in front. Never what you have just clicked.")
        super().__init__(tr("Notifications"), summary, dependencies, parent)
        self.add_group(tr("Notify me"), *(self.setting(f"general.{name}") for name in _CLASSES))
        self.close_column()
