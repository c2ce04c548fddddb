"""One `tr` for each part of the window: a translator sees the texts by the place where people meet them.

A module imports the one of its part under that name: `from portway.gui.i18n.contexts import tray as tr`.
"""

from PySide6.QtCore import QCoreApplication

DECLARED = "declared"  # what `translatable` marks, and the labels that options and commands declare


class Context:
    """The texts of one part of the window; its name is the context that translators see."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, text: str, comment: str = "", number: int = -1, /, **parameters: object) -> str:
        """Return an English source text in the language in use, with its `{names}` filled in.

        `text` is a literal, which is then translated in this context, or one that was declared elsewhere. `comment`
        tells apart equal texts that need other words. `number` is what `%n` stands for, and picks the plural form.
        Main thread.
        """
        translated = QCoreApplication.translate(self.name, text, comment, number)
        if translated == text:
            translated = QCoreApplication.translate(DECLARED, text)
        return translated.format_map(parameters) if parameters else translated


cards = Context("cards")
common = Context("common")
dialogs = Context("dialogs")
log = Context("log")
notifications = Context("notifications")
requests = Context("requests")
settings = Context("settings")
tray = Context("tray")
window = Context("window")
