"""The language in use: a table of translations, installed in Qt's own way."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from portway.gui.words import CONTEXT

LANGUAGES = ("en", "de")
_OURS, _QTS = "portway translation", "qt translation"


class _Table(QTranslator):
    """Answers from a dictionary, so that no file has to be compiled or found."""

    def __init__(self, texts: dict[str, str], parent: QObject) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setObjectName(_OURS)

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return not self._texts

    def translate(
        self,
        context: str,
        source_text: str,
        disambiguation: str | None = None,  # noqa: ARG002 - Qt gives it
        n: int = -1,  # noqa: ARG002 - Qt gives it
    ) -> str | None:
        return self._texts.get(source_text) if context == CONTEXT else None


def use_language(setting: str) -> None:
    """Speak this language from now on; empty means that of the system. Windows hear of it by LanguageChange."""
    application = QCoreApplication.instance()
    if application is None:
        return
    for name in (_OURS, _QTS):
        old = application.findChild(QTranslator, name)
        if old is not None:
            application.removeTranslator(old)
            old.setParent(None)
    language = setting or _system_language()
    QLocale.setDefault(QLocale(language) if setting else QLocale.system())
    texts = _texts(language)
    if not texts:
        return
    own_words = QTranslator(application)
    own_words.setObjectName(_QTS)
    if own_words.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(own_words)
    application.installTranslator(_Table(texts, application))


def _texts(language: str) -> dict[str, str]:
    if language == "de":
        from portway.gui.translations.german import GERMAN  # late: the tray of others does not wait for it

        return GERMAN
    return {}


def _system_language() -> str:
    for name in QLocale.system().uiLanguages():
        short = name.partition("-")[0]
        if short in LANGUAGES:
            return short
    return LANGUAGES[0]
