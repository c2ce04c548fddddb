"""Opens the tunnels of a project in the Portway that runs, changes those that are open, and closes them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portway.cli.client.client import ANSWER_LIMIT, Answer, Client, Record, checked
from portway.cli.failure import Failed
from portway.cli.terminal.guard_options import say_who_reaches, stops
from portway.core.codes import Code
from portway.core.guard.rules import GUARD_KEYS, Guard, guard_record
from portway.core.options import HOST_OPTION, camel
from portway.core.target import parse_target

if TYPE_CHECKING:
    from portway.cli.project.agreement import Agreements
    from portway.cli.project.tunnels import ProjectTunnel, Words
    from portway.core.backend import Backend
    from portway.core.status import TunnelId

_OFF_LIMIT = 15  # seconds until a tunnel is off
_GONE_LIMIT = 5.0  # seconds more until its word is free again
_LOOK_EVERY = 0.05
_HOST = camel(HOST_OPTION)
_ON = ("starting", "running")


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of one tunnel. `password` was made, or given, for it just now."""

    tunnel: ProjectTunnel
    id: TunnelId
    password: str | None
    answer: Answer


class OpenTunnels:
    """The tunnels of one file, as the running Portway has them. They are temporary ones: nothing of them is kept."""

    def __init__(self, client: Client, words: Words, agreements: Agreements) -> None:
        self._client = client
        self._words = words
        self._agreements = agreements

    def statuses(self) -> dict[str, Record]:
        """Return the status of each, by the name that the file has, or had, for it."""
        found = checked(self._client.call("GET", "/api/tunnels"))["tunnels"]
        named = ((self._words.of(str(status["id"])), status) for status in found if not status["saved"])
        return {word: status for word, status in named if word is not None}

    def goes_on(self, tunnel: ProjectTunnel, status: Record | None) -> bool:
        """Whether it is on, and can be changed into what the file says.

        It cannot if it is of another way, or has an option that was taken out of the file: that of its way holds then.
        """
        if status is None or not (status["wanted"] or status["phase"] in _ON):
            return False
        named = self._agreements.asked_of(str(status["id"])).get("options")
        dropped = {*map(str, named)} - tunnel.options.keys() - {_HOST} if isinstance(named, list) else set()
        return status["backend"] == tunnel.way and not dropped

    def open(  # noqa: PLR0913 - the tunnel, how it is now, and what is asked beside the file
        self,
        tunnel: ProjectTunnel,
        backend: Backend,
        status: Record | None,
        password: Callable[[bool], str | None],
        *,
        inspect: bool,
        wait: int = 0,
    ) -> Opened:
        """Turn one on, or let one that goes on be as the file says; return what is answered within `wait` seconds.

        `password` returns the one that visitors need from now on; it is told whether they need one already, and then
        may return None: that one stays. Raises Failed.
        """
        name, is_on = self._words.tunnel(tunnel.word), self.goes_on(tunnel, status)
        now = self._made(tunnel, name, status) if status is None or not is_on else status
        secret = password(is_on and bool(now["guard"]["password"])) if tunnel.guard.password else None
        before = self._agreements.asked_of(name) if is_on else {}
        body = {**_body(tunnel, before, is_on=is_on, secret=secret), "inspect": inspect}
        if not is_on:
            say_who_reaches(backend, parse_target(tunnel.target).url, guard_record(tunnel.guard), offers=False)
        self._agreements.remember_asked(name, {"for": tunnel.lasts, "options": sorted(tunnel.options)})
        answer = self._client.call("POST", f"/api/tunnels/{name}?wait={wait}", body, limit=wait + ANSWER_LIMIT)
        if "status" not in answer.body:
            checked(answer)
        if is_on and not tunnel.lasts and stops(now):
            checked(self._client.call("PUT", f"/api/tunnels/{name}/guard", {"expiresIn": None}))
        return Opened(tunnel, name, secret, answer)

    def close(self, tunnels: Iterable[TunnelId]) -> None:
        """Turn these off, all at once, and wait until nobody gets in. One that is gone is fine. Raises Failed."""
        names = [*tunnels]
        for wait in (0, _OFF_LIMIT):
            for name in names:
                answer = self._client.call(
                    "POST", f"/api/tunnels/{name}?wait={wait}", {"action": "disable"}, limit=wait + ANSWER_LIMIT
                )
                if wait and answer.body.get("code") != Code.NOT_FOUND:
                    checked(answer)

    def _made(self, tunnel: ProjectTunnel, name: TunnelId, status: Record | None) -> Record:
        """Return the status of a new tunnel, in the place of the one that there may be."""
        if status is not None:
            self.close([name])
            self._wait_until_gone(tunnel.word)
        asked = {"id": name, "backend": tunnel.way, "name": tunnel.name or tunnel.word, "lasting": False}
        return checked(self._client.call("POST", "/api/tunnels", asked))

    def _wait_until_gone(self, word: str) -> None:
        until = time.monotonic() + _GONE_LIMIT
        while word in self.statuses():
            if time.monotonic() > until:
                raise Failed(f"{word} could not be opened anew: it is still being closed.")
            time.sleep(_LOOK_EVERY)


def _body(tunnel: ProjectTunnel, before: Mapping[str, Any], *, is_on: bool, secret: str | None) -> dict[str, object]:
    """Return the request. Of one that is on it names all that may be otherwise than the file says.

    Its time runs on, unless the file gives it another one than it did.
    """
    options = dict(tunnel.options)
    if is_on and _HOST in before.get("options", ()):
        options.setdefault(_HOST, "")
    guard = _whole(tunnel.guard) if is_on else guard_record(tunnel.guard)
    if secret is not None:
        guard["password"] = secret
    elif tunnel.guard.password:
        guard.pop("password", None)
    body: dict[str, object] = {"action": "enable", "target": tunnel.target, "lasting": False, **options}
    if guard:
        body["guard"] = guard
    if tunnel.lasts and before.get("for") != tunnel.lasts:
        body["expiresIn"] = tunnel.lasts
    return body


def _whole(guard: Guard) -> dict[str, object]:
    """Return every rule, those that there are not as none."""
    return dict.fromkeys(GUARD_KEYS) | guard_record(guard)
