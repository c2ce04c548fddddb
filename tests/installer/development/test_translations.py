"""The translations are whole: every text that people see is in them, in its own words, and nothing else is."""

from __future__ import annotations

import re
import string
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from development.environment import SetUpError
from development.places import Places
from development.translations import FOLDER, SOURCE, Text, make_translations, texts_of, unfinished
from portway.backends.registry import build_backends
from portway.core.options import declared
from portway.core.sentences import SENTENCES
from portway.core.settings import General
from portway.gui.i18n.contexts import Context
from portway.gui.i18n.language import LANGUAGES
from portway.system.services import Services

ROOT = Path(__file__).parents[3]
PLACES = Places(ROOT, Path(sys.prefix))
# A change of the code moves texts: then this says what to do.
STALE = "stale: run `python3 installer/dev.py translations`"


def messages(language: str) -> dict[tuple[str, str], list[str]]:
    """Return the translations of a language by context and source text; more than one where a number decides."""
    found = {}
    for context in ET.parse(ROOT / FOLDER / f"portway_{language}.ts").iter("context"):  # noqa: S314 - a file of this clone
        for message in context.iter("message"):
            key = (context.findtext("name", ""), message.findtext("source", ""))
            forms = [form.text or "" for form in message.iter("numerusform")]
            found[key] = forms or [message.findtext("translation", "")]
    return found


def fields(template: str) -> list[str]:
    names = sorted({name for _, name, _, _ in string.Formatter().parse(template) if name})
    return names + sorted(re.findall(r"%n|%\d", template))


def module(folder: Path, source: str) -> list[Text]:
    path = folder / "module.py"
    path.write_text(source, encoding="utf-8")
    return texts_of(path)


@pytest.mark.children
def test_translations_are_those_of_the_source_and_compiled() -> None:
    made = make_translations(PLACES)
    present = {file.name: file.read_bytes() for file in (ROOT / FOLDER).iterdir()}
    assert made.keys() == present.keys()
    assert [name for name in made if made[name] != present[name]] == [], STALE


def test_every_text_is_translated() -> None:
    assert list(unfinished(ROOT / FOLDER)) == []
    assert {language for language in LANGUAGES if not all(map(all, messages(language).values()))} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_lost_or_made_up_a_parameter(language: str) -> None:
    wrong = {
        text
        for (_, text), forms in messages(language).items()
        for form in forms
        if fields(form) != fields(text) and not (len(forms) > 1 and form is forms[0] and "%n" not in form)
    }
    assert wrong == set()


def test_every_sentence_and_every_declared_label_is_collected(services: Services) -> None:
    backends = build_backends(services)
    options = [
        *declared(General).values(),
        *(one for backend in backends for one in declared(backend.options).values()),
        *(one for backend in backends for command in backend.commands for one in declared(command.options).values()),
    ]
    labels = {text for one in options for text in (one.label, one.help)}
    labels |= {text for backend in backends for one in backend.commands for text in (one.label, one.help)}
    labels |= set(SENTENCES.values())
    collected = {text for context, text in messages("de") if context == "declared"}
    assert labels - collected - {""} == set()


def test_every_context_is_one_of_the_window() -> None:
    contexts = {name for name, value in vars(sys.modules[Context.__module__]).items() if isinstance(value, Context)}
    assert {context for context, _ in messages("de")} <= contexts | {"declared"}


def test_no_text_is_shown_that_cannot_be_collected() -> None:
    for path in (ROOT / SOURCE).rglob("*.py"):
        texts_of(path)  # raises


def test_texts_are_found_wherever_they_stand(tmp_path: Path) -> None:
    found = module(
        tmp_path,
        """
from portway.core.texts import TranslatableTable, translatable
from portway.gui.i18n.contexts import tray as tr

TABLE: TranslatableTable[str] = {"key": "In a table", "other": ("In two " "parts")}
LABEL = translatable("Declared")
FIELD = option(1, label="Label", help="Help", body="no text")
def shown(count, on):
    print(f"{tr('Inside')} {count}", tr("On" if on else "Off"), tr(LABEL))
    return tr("%n lines", "of a log", count)
""",
    )
    assert {(text.context, text.source) for text in found} == {
        ("declared", "In a table"),
        ("declared", "In two parts"),
        ("declared", "Declared"),
        ("declared", "Label"),
        ("declared", "Help"),
        ("tray", "Inside"),
        ("tray", "On"),
        ("tray", "Off"),
        ("tray", "%n lines"),
    }
    assert found[-1].call == 'tray.tr("%n lines", "of a log", 1)'


def test_a_text_that_is_put_together_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match=r"module\.py:2"):
        module(tmp_path, "from portway.gui.i18n.words import tr\ntr(f'{1} lines')\n")
