"""German, all of it."""

from __future__ import annotations

from portway.gui.translations.german_pages import PAGES
from portway.gui.translations.german_sentences import SENTENCES
from portway.gui.translations.german_settings import SETTINGS
from portway.gui.translations.german_tray import TRAY
from portway.gui.translations.german_window import WINDOW

GERMAN: dict[str, str] = {**PAGES, **SENTENCES, **SETTINGS, **TRAY, **WINDOW}
