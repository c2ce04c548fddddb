"""A listener that keeps what it hears, and secrets from a dictionary: what a context needs in tests of backends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from portway.core.cancel import CancelToken
from portway.core.errors import Problem
from portway.core.foreign_text import PublicUrl
from portway.core.secret import Secret
from portway.core.status import Extras, Installation, Progress, Traffic
from tests.limits import SEEN


class RecordedNews:
    """Takes the news of one run, from any thread, and lets a test wait for them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.progresses: list[Progress | None] = []
        self.recoverings: list[Problem] = []
        self.recovered_urls: list[str] = []
        self.losses: list[Problem] = []
        self.reports: list[tuple[object, int | None]] = []
        self.installations: list[Installation] = []
        self.suspicions = 0
        self.visits = 0
        self.odd_paths: list[str] = []
        self.traffic: Traffic | None = None

    def progress(self, progress: Progress | None) -> None:
        self._keep(lambda: self.progresses.append(progress))

    def recovering(self, problem: Problem) -> None:
        self._keep(lambda: self.recoverings.append(problem))

    def recovered(self, public_url: PublicUrl) -> None:
        self._keep(lambda: self.recovered_urls.append(public_url))

    def lost(self, problem: Problem) -> None:
        self._keep(lambda: self.losses.append(problem))

    def report(self, extras: Extras, pid: int | None = None) -> None:
        self._keep(lambda: self.reports.append((extras, pid)))

    def inspected(self, installation: Installation) -> None:
        self._keep(lambda: self.installations.append(installation))

    def origin_suspect(self) -> None:
        with self._changed:
            self.suspicions += 1
            self._changed.notify_all()

    def host_suspect(self, path: str) -> None:
        self._keep(lambda: self.odd_paths.append(path))

    def counted(self, traffic: Traffic) -> None:
        with self._changed:
            self.traffic = traffic
            self._changed.notify_all()

    def origin_answered(self) -> None:
        with self._changed:
            self.visits += 1
            self._changed.notify_all()

    def wait_for(self, claim: Callable[[RecordedNews], object], seconds: float = SEEN) -> None:
        """Return once `claim(self)` holds; fail the test if it never does."""
        with self._changed:
            assert self._changed.wait_for(lambda: claim(self), seconds), f"never heard: {vars(self)}"

    def _keep(self, note: Callable[[], None]) -> None:
        with self._changed:
            note()
            self._changed.notify_all()


class KnownSecrets:
    """The secrets of one run, from a dictionary."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)
        self.forgotten: list[str] = []

    def get(self, name: str, cancel: CancelToken | None = None) -> Secret | None:
        text = self._texts.get(name)
        return None if text is None else Secret(text)

    def forget(self, name: str) -> None:
        self.forgotten.append(name)


def wait_until(claim: Callable[[], object], seconds: float = SEEN, what: str = "it") -> None:
    """Return once `claim()` holds; fail the test if it never does. For what nobody announces."""
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(0.01)
