"""The notices of third parties: who made what lies in a bundle, under which licence, with every text.

The list is made from what Portway requires, in the versions of the lock file, and from the files of the bundle
themselves: a library of Debian's is told by the copyright page of its package.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILE_NAME = "THIRD-PARTY-NOTICES.txt"
_TEXTS = Path(__file__).with_name("licences")
_COMMON = Path("/usr/share/common-licenses")
_COMMON_NAME = re.compile(r"/usr/share/common-licenses/([A-Za-z][A-Za-z0-9.+-]*[A-Za-z0-9])")
_QT_PACKAGES = ("pyside6-essentials", "pyside6-addons", "shiboken6")
_QT_NOTE = """\
Used under the GNU Lesser General Public License, version 3, which follows; QtHttpServer, which is not offered under
it, under the GNU General Public License, version 3, whose text is in LICENSE. Qt's libraries lie in this program as
files of their own, so that you can put changed ones in their place. Their source is in the folder of that version at
https://download.qt.io/official_releases/qt/ and https://download.qt.io/official_releases/QtForPython/; what Qt holds by
others is listed at https://doc.qt.io/qt-6/licenses-used-in-qt.html
"""
_HEAD = """\
Portway is free software under the GNU General Public License, version 3 or later; its text is in LICENSE.

This program also holds the work of others. Each part is listed with its version and licence; the texts follow.

"""
_RULE = "=" * 100


@dataclass(frozen=True)
class Part:
    """What somebody else made, and the texts that have to go with it."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]


def notices(libraries: Iterable[Path]) -> str:
    """Return the whole page for a bundle that takes these libraries from the system."""
    parts = [_python(), *python_parts(), *system_parts(libraries)]
    table = "\n".join(f"  {part.name:<28} {part.version:<28} {part.licence}" for part in parts)
    bodies = [f"{_RULE}\n{part.name} {part.version}\n{_RULE}\n\n" + "\n\n".join(part.texts) for part in parts]
    common = [f"{_RULE}\n{name}\n{_RULE}\n\n{text}" for name, text in _common_texts("\n".join(bodies))]
    return "\n\n".join([_HEAD + table, *bodies, *common]) + "\n"


def python_parts() -> Iterator[Part]:
    """Yield each distribution that Portway requires on this system, directly or not."""
    for name, distribution in sorted(required().items()):
        texts = [_QT_NOTE, _text("LGPL-3.0.txt")] if name in _QT_PACKAGES else [*_licence_texts(distribution)]
        yield Part(name, distribution.version, _licence_name(distribution), tuple(texts))


def required(root: str = "portway") -> dict[str, metadata.Distribution]:
    """Return what a distribution requires here, and what that requires, by its normal name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = list(metadata.requires(root) or ())
    for line in waiting:  # grows while it is walked
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[name] = metadata.distribution(requirement.name)
        waiting += found[name].requires or ()
    return found


def system_parts(libraries: Iterable[Path]) -> Iterator[Part]:
    """Yield the packages of the system that these files belong to; where it is no Debian, none."""
    asked = shutil.which("dpkg-query")
    paths = {known for path in libraries for known in (path, path.resolve())}
    if asked is None or not paths:
        return
    # A library is reached through /lib and may belong to a package as a file of /usr/lib, or the other way round.
    below_usr = {str(path).removeprefix("/usr") for path in paths}
    names = below_usr | {f"/usr{name}" for name in below_usr}
    found = subprocess.run([asked, "--search", *sorted(names)], capture_output=True, text=True, check=False).stdout
    for package in sorted({line.split(":", maxsplit=1)[0] for line in found.splitlines()}):
        page = Path("/usr/share/doc", package, "copyright")
        if page.is_file():
            command = [asked, "--show", "--showformat", "${Version}\n", package]
            answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            text = page.read_text(encoding="utf-8", errors="replace")
            yield Part(package, answer.splitlines()[0], "as told by Debian", (text,))


def _python() -> Part:
    version = sys.version.split()[0]
    folders = Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)
    candidates = [*(folder / "LICENSE.txt" for folder in folders), Path("/usr/share/doc/python3/copyright")]
    text = next((path.read_text(encoding="utf-8") for path in candidates if path.is_file()), None)
    if text is None:
        sentence = "The licence of this Python is not where one is expected; a bundle has to hold it."
        raise FileNotFoundError(sentence)
    return Part("python", version, "PSF-2.0", (text,))


def _licence_name(distribution: metadata.Distribution) -> str:
    told = distribution.metadata
    for expression in told.get_all("License-Expression", []):
        return str(expression)
    classified = [line.split(" :: ")[-1] for line in told.get_all("Classifier", []) if line.startswith("License ::")]
    return str((classified or told.get_all("License", ["see its text"]))[0])


def _licence_texts(distribution: metadata.Distribution) -> Iterator[str]:
    for file in distribution.files or ():
        named = re.match(r"(licen[cs]e|copying|notice|authors)", file.name, re.IGNORECASE)
        if ".dist-info" in file.as_posix() and (named or "/license" in file.as_posix()):
            yield Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")


def _common_texts(page: str) -> Iterator[tuple[str, str]]:
    """Yield the texts that copyright pages of Debian only point to."""
    for name in sorted(set(_COMMON_NAME.findall(page))):
        if (_COMMON / name).is_file():
            yield name, (_COMMON / name).read_text(encoding="utf-8")


def _text(name: str) -> str:
    return (_TEXTS / name).read_text(encoding="utf-8")
