"""Keyrings of the kinds that a person's system may have."""

from __future__ import annotations

import threading


class OpenKeyring:
    """Unlocked, in memory. Records on which threads it was used."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.threads: set[str] = set()
        self.prompts: list[bool] = []

    def read(self, user: str, *, may_prompt: bool) -> str | None:
        self.threads.add(threading.current_thread().name)
        self.prompts.append(may_prompt)
        return self.entries.get(user)

    def write(self, user: str, text: str) -> None:
        self.threads.add(threading.current_thread().name)
        self.entries[user] = text

    def erase(self, user: str) -> None:
        self.threads.add(threading.current_thread().name)
        self.entries.pop(user, None)


class RaisingKeyring:
    """Fails the same way at each use."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, user: str, *, may_prompt: bool) -> str | None:
        raise self._error

    def write(self, user: str, text: str) -> None:
        raise self._error

    def erase(self, user: str) -> None:
        raise self._error


class HungKeyring(OpenKeyring):
    """Answers nothing until `wake`."""

    def __init__(self) -> None:
        super().__init__()
        self._awake = threading.Event()

    def wake(self) -> None:
        self._awake.set()

    def read(self, user: str, *, may_prompt: bool) -> str | None:
        self._awake.wait(30)
        return super().read(user, may_prompt=may_prompt)

    def write(self, user: str, text: str) -> None:
        self._awake.wait(30)
        super().write(user, text)

    def erase(self, user: str) -> None:
        self._awake.wait(30)
        super().erase(user)
