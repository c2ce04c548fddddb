"""The language in use: our translation and Qt's own, installed in Qt's way."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from portway.system.storage.resources import resource

LANGUAGES = ("en", "de")
_NAME = "portway language"


def use_language(setting: str) -> None:
    """Speak this language from now on; empty means that of the system. Windows hear of it by LanguageChange.

    English has a translation too: it holds the plural forms. It also serves a language that Portway does not have.
    Main thread.
    """
    application = QCoreApplication.instance()
    if application is None:
        return
    for old in application.findChildren(QTranslator, _NAME):
        application.removeTranslator(old)
        old.setParent(None)
    QLocale.setDefault(QLocale(setting) if setting else QLocale.system())
    language = setting or _system_language()
    if language not in LANGUAGES:
        language = LANGUAGES[0]
    application.setProperty(_NAME, language)
    _install(application, f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    _install(application, f"portway_{language}", str(resource("translations")))


def language_in_use() -> str:
    """Return the one of LANGUAGES that is spoken: English before anything was chosen. Main thread."""
    application = QCoreApplication.instance()
    chosen = None if application is None else application.property(_NAME)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def _install(application: QCoreApplication, name: str, folder: str) -> None:
    """Let Qt look into one more file, before those that it has; one that is not there changes nothing."""
    translator = QTranslator(application)
    translator.setObjectName(_NAME)
    if translator.load(name, folder):
        application.installTranslator(translator)


def _system_language() -> str:
    for name in QLocale.system().uiLanguages():
        short = name.partition("-")[0]
        if short in LANGUAGES:
            return short
    return LANGUAGES[0]
