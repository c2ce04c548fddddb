"""What the person in front of `portway expose` is told, status by status, and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from portway.cli.answers import exit_for, failure
from portway.cli.client import Record
from portway.cli.failure import Exit, Failed
from portway.core.codes import Code

Say = Callable[[str], None]


class Exposure:
    """Follows one tunnel: each new URL, and each new cause of trouble once. `say` gets what is no URL."""

    def __init__(self, show_url: Say, say: Say, hints: Iterable[str] = ()) -> None:
        self._show_url = show_url
        self._say = say
        self._hints = tuple(hints)
        self._url: str | None = None
        self._told: set[str] = set()

    def take(self, status: Record) -> None:
        """Tell what is new. Raises Failed where nothing more comes by itself."""
        if not status["wanted"]:
            raise self._ended(status)
        if status["phase"] == "error" or exit_for(status["code"], status["phase"]) is Exit.NEEDS_AUTH:
            raise failure({"status": status})
        if status["running"]:
            self._take_url(status["publicUrl"])
        self._take_cause(status)

    def _take_url(self, url: str) -> None:
        if url == self._url:
            return
        first = self._url is None
        self._url = url
        self._show_url(url)
        if first:
            for hint in self._hints:
                self._say(hint)

    def _take_cause(self, status: Record) -> None:
        sentence = status["lastError"]
        if sentence and sentence not in self._told:
            self._told.add(sentence)
            self._say(sentence)
        elif not sentence and status["running"] and self._told:
            self._told.clear()
            self._say("It works again.")

    def _ended(self, status: Record) -> Failed:
        if status["running"] and status["lastError"]:
            return failure({"status": status})
        if status["code"] and status["code"] != Code.ORIGIN_DOWN:
            return failure({"status": status})
        return Failed(f"{status['backend']} was turned off elsewhere.")
