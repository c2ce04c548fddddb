"""Makes the translations: collects the texts that people see, and lets Qt's own tools merge and compile them.

lupdate writes `resources/translations/portway_LANGUAGE.ts`, which a person translates in Qt Linguist or an editor;
lrelease makes the `.qm` beside it, which Portway loads. lupdate finds no context for a plain function and misses calls
inside f-strings, so it does not read the source itself, but a copy that holds the texts alone, in the same lines.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from development.environment import SetUpError
from development.places import Places, say

FOLDER = Path("resources", "translations")
SOURCE = Path("app", "portway")
ENGLISH = "portway_en.ts"  # holds plural forms only
_CONTEXTS = "portway.gui.i18n.contexts"  # `from … import tray as tr` names the context of a module
_SHARED = "portway.gui.i18n.words"  # brings the `tr` of the context "common"
_MARKERS = "portway.core.texts"  # brings `translatable` and the type of tables whose values are texts
_DECLARED = "declared"
# What a declaration shows to people, by the name of its function and of the argument.
_DECLARATIONS = {
    "option": ("label", "help"),
    "flag": ("label", "help"),
    "Command": ("label", "help"),
    "Progress": ("message",),
    "About": ("purpose", "summary", "cost", "short_lived"),
    "Cause": ("text", "word", "page"),
    "Offer": ("label",),
    "Note": ("text",),
    "Hint": ("text",),
}
# A line number would change with every change of the code.
_LINE_NUMBER = re.compile(r'(<location filename="[^"]+") line="\d+"')
_SAME_FILE = re.compile(r"( *<location [^>]+>\n)\1+")
_LIMIT_SECONDS = 120


@dataclass(frozen=True)
class Text:
    """One text that people see, where it stands in the source."""

    line: int
    context: str
    source: str
    comment: str
    plural: bool

    @property
    def call(self) -> str:
        """A call that lupdate understands: what stands before the dot is the context."""
        arguments = [json.dumps(self.source, ensure_ascii=False)]
        if self.comment or self.plural:
            arguments.append(json.dumps(self.comment, ensure_ascii=False))
        return f"{self.context}.tr({', '.join([*arguments, *(['1'] if self.plural else [])])})"


def update_translations(places: Places) -> int:
    """Write every `.ts` and `.qm` anew and tell what is missing. Returns 1 if something is."""
    for name, content in make_translations(places).items():
        (places.root / FOLDER / name).write_bytes(content)
    gaps = list(unfinished(places.root / FOLDER))
    for language, text in gaps:
        say(f"{language}: not translated yet: {text}")
    if gaps:
        say("\nTranslate them in the .ts file (empty `type` there means done), then start this again.")
    return 1 if gaps else 0


def make_translations(places: Places) -> dict[str, bytes]:
    """Return what the files in `resources/translations` have to hold, by name; nothing is written into the clone.

    Raises SetUpError if a text cannot be collected or one of Qt's tools fails.
    """
    with tempfile.TemporaryDirectory(prefix="portway-translations-") as name:
        copy = Path(name)
        shutil.copytree(places.root / FOLDER, copy / FOLDER)
        listed = copy / "sources.lst"
        listed.write_text("\n".join(_write_copies(places.root, copy)), encoding="utf-8")
        for file in sorted((copy / FOLDER).glob("*.ts")):
            options = ["-pluralonly"] if file.name == ENGLISH else []
            options += ["-no-obsolete", "-source-language", "en", "-locations", "absolute", "-silent"]
            _run_tool(places, "lupdate", *options, f"@{listed}", "-ts", str(file))
            content = _LINE_NUMBER.sub(r"\1", file.read_text(encoding="utf-8"))
            file.write_text(_SAME_FILE.sub(r"\1", content), encoding="utf-8", newline="\n")
            _run_tool(places, "lrelease", "-silent", str(file), "-qm", str(file.with_suffix(".qm")))
        return {file.name: file.read_bytes() for file in sorted((copy / FOLDER).iterdir())}


def unfinished(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield language and source text of all that still needs a translator."""
    for file in sorted(folder.glob("*.ts")):
        for message in ET.parse(file).iter("message"):  # noqa: S314 - a file of this clone
            if message.find("translation[@type]") is not None:
                yield file.stem.removeprefix("portway_"), message.findtext("source", "")


def texts_of(path: Path) -> list[Text]:
    """Return what a module shows to people. Raises SetUpError where that cannot be told from its source."""
    tree = ast.parse(path.read_bytes(), str(path))
    contexts = dict(_imported_contexts(tree))
    found: list[Text] = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                if name in contexts:
                    found += _texts_of_call(path, node, contexts[name])
                named = [one.value for one in node.keywords if one.arg in _DECLARATIONS.get(name, ())]
                found += _declared(*named)
            case ast.AnnAssign(annotation=ast.Subscript(value=ast.Name(id=name)), value=ast.Dict(values=values)):
                if contexts.get(name) == _DECLARED:
                    found += _declared(*values)
            case _:
                pass
    return sorted(found, key=lambda text: text.line)


def _imported_contexts(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the local names of functions that mark a text, with the context that each gives it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for name in node.names:
                local = name.asname or name.name
                if node.module == _CONTEXTS and name.asname:
                    yield local, name.name
                elif (node.module, name.name) == (_SHARED, "tr"):
                    yield local, "common"
                elif node.module == _MARKERS and name.name in ("translatable", "TranslatableTable"):
                    yield local, _DECLARED


def _texts_of_call(path: Path, call: ast.Call, context: str) -> Iterator[Text]:
    text, *others = call.args
    if isinstance(text, ast.JoinedStr | ast.BinOp):
        raise SetUpError(f"{path}:{text.lineno}: a text has to stand there whole: no f-string, nothing put together.")
    comment = next((one for node in others[:1] for _, one in _literals(node)), "")
    for node, source in _literals(text):
        yield Text(node.lineno, context, source, comment, plural=len(others) > 1)


def _declared(*values: ast.expr) -> Iterator[Text]:
    for value in values:
        for node, source in _literals(value):
            yield Text(node.lineno, _DECLARED, source, "", plural=False)


def _literals(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """Yield the literal texts of an argument: itself, or both sides of a choice."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield node, text
        case ast.IfExp(body=first, orelse=second):
            yield from _literals(first)
            yield from _literals(second)
        case _:
            pass


def _write_copies(root: Path, copy: Path) -> Iterator[str]:
    """Write the copies that lupdate reads and yield their paths. Notes for translators (`#: …`) stay in them."""
    for path in sorted((root / SOURCE).rglob("*.py")):
        texts = texts_of(path)
        if not texts:
            continue
        lines = [
            line.strip() if line.strip().startswith("#: ") else ""
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        for text in texts:
            lines[text.line - 1] += f"{text.call};"
        target = copy / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        yield str(target)


def _run_tool(places: Places, tool: str, *arguments: str) -> None:
    command = [str(places.scripts / f"pyside6-{tool}"), *arguments]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_LIMIT_SECONDS, check=False)
    if done.returncode or done.stderr.strip():
        raise SetUpError(f"{tool} failed:\n{done.stdout}{done.stderr}")
