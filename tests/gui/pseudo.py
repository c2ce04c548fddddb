"""A made-up language: each text gets accents, brackets, and two fifths more length.

What is shown without its brackets escaped translation, or was cut off; what looks wrong only in it had no room to grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QTranslator

from portway.gui.i18n import contexts

OPENING, CLOSING = "⟦", "⟧"
_LONGER = 0.4
_ACCENTS = str.maketrans("aceinouyzACEINOUYZ", "åçéîñöüýžÅÇÉÎÑÖÜÝŽ")  # fonts have them
_FILLING = "ipsum dolor sit amet elit sed "
_KEPT = re.compile(r"(\{\w*\}|%n)")  # what a number or a name takes the place of


def pseudo(text: str) -> str:
    """Return a text in that language."""
    accented = "".join(part if _KEPT.fullmatch(part) else part.translate(_ACCENTS) for part in _KEPT.split(text))
    more = max(2, round(len(text) * _LONGER))
    filling = (_FILLING * (1 + more // len(_FILLING)))[:more].strip()
    return f"{OPENING}{accented} {filling}{CLOSING}"


class PseudoTranslator(QTranslator):
    """Translates all of ours, and nothing of Qt's."""

    _OURS = frozenset(
        {contexts.DECLARED, *(one.name for one in vars(contexts).values() if isinstance(one, contexts.Context))}
    )

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return False

    def translate(
        self, context: str, source_text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:  # n is filled in by Qt
        return pseudo(source_text) if context in self._OURS and source_text else None


@contextmanager
def speaking_pseudo() -> Iterator[None]:
    """Speak it for as long as this lasts."""
    translator = PseudoTranslator()
    QCoreApplication.installTranslator(translator)
    try:
        yield
    finally:
        QCoreApplication.removeTranslator(translator)
