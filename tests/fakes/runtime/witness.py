"""Tells what a click has led to: what hub, settings, keyring and desktop were asked, one short line each."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portway.core.guard.rules import plain_network
from portway.core.hub import EnableRequest, GuardRequest
from portway.gui.dependencies import GuiDependencies
from tests.fakes.runtime.hub import FakeHub, FakeVault

Look = Callable[[], Mapping[str, object]]  # what else there is to see, by a name for it


class Witness:
    """Compares what is with what was when it was asked last."""

    def __init__(self, hub: FakeHub, vault: FakeVault, parts: GuiDependencies, look: Look) -> None:
        self._hub, self._vault, self._parts, self._look = hub, vault, parts, look
        self._before = self._all()
        self._reloads = hub.reloads

    def news(self) -> list[str]:
        """Return what has been asked since."""
        before, self._before = self._before, self._all()
        now = self._before
        names = {**before, **now}
        news = [line for name in names for line in _told(name, before.get(name), now.get(name))]
        looked, self._reloads = self._hub.reloads > self._reloads, self._hub.reloads
        return news or ["look again"] * looked

    def _all(self) -> dict[str, Any]:
        hub = self._hub
        return {
            "enable": tuple(f"{backend}{_words(ask)}" for backend, ask in hub.enabled),
            "disable": tuple(hub.disabled),
            "command": tuple(f"{backend} {name}{_words(ask)}" for backend, name, ask in hub.commands),
            "fetch": tuple(f"{backend} {name}" for backend, name in hub.jobs if name.startswith("fetch ")),
            "guard": tuple(f"{tunnel}{_rules(ask)}" for tunnel, ask in hub.guarded),
            "extend": tuple(f"{tunnel} by {seconds:.0f} s" for tunnel, seconds in hub.extended),
            "cancel": tuple(f"{backend} {name}" for (backend, name), job in hub.jobs.items() if job.cancelled),
            "add": tuple(f"{one.id} by {one.backend} to {one.target}" for one in hub.saved.values()),
            "let go": tuple(hub.removed),
            **{f"call {one.id}": one.name or None for one in hub.saved.values()},
            **{f"set {one.id} {key} to": value for one in hub.saved.values() for key, value in one.options.items()},
            "quit": ("",) * hub.quits,
            **{f"agree to {one}": self._parts.app_state.answered(one) or None for one in _ANSWERS},
            **{f"set {key} to": value for key, value in self._settings().items()},
            **{f"keep {owner}.{name} as": secret.reveal() for (owner, name), secret in self._vault.secrets.items()},
            **self._look(),
        }

    def _settings(self) -> dict[str, object]:
        path = self._parts.settings_file.path
        held = tomllib.loads(path.read_text()) if path.exists() else {}
        return {f"{section}.{key}": value for section, table in held.items() for key, value in table.items()}


_NETWORKS = {"allow", "deny"}  # without what is noted of them, which names the day
_ANSWERS = ("internet_exposure", "outside_check", "first_run", "updates", "quit", "keep_running")


def _words(ask: EnableRequest) -> str:
    told = [f"{name}={getattr(value, 'reveal', lambda value=value: value)()}" for name, value in ask.options.items()]
    target = [] if ask.target is None else [f"target={ask.target.url}"]
    return "".join(f" {one}" for one in (*target, *told, *(["remember"] * ask.remember)))


def _rules(ask: GuardRequest) -> str:
    networks = {name: tuple(map(plain_network, ask.change.rules[name])) for name in _NETWORKS & ask.change.rules.keys()}
    rules = "".join(f" {name}={value}" for name, value in {**ask.change.rules, **networks}.items())
    return rules + (f" for {ask.expires_in}" if ask.ends else "")


def _told(name: str, before: object, now: object) -> list[str]:
    """Say how one thing has changed: what a list has got more, else the new value."""
    if before == now:
        return []
    if isinstance(now, tuple):
        earlier: Sequence[object] = before if isinstance(before, tuple) else ()
        grown = now[: len(earlier)] == earlier
        return [
            f"{name} {one}".rstrip() for one in (now[len(earlier) :] if grown else now) if grown or one not in earlier
        ]
    if now is True and name.startswith("agree"):
        return [name]
    return [f"{name} {'nothing' if now is None else now}"]
