"""Enable and disable: what is asked of the hub, and the answer once it is known what came of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Ask, Hub, Unsubscribe, Vault
from portway.core.options import declared
from portway.core.secret import Secret
from portway.core.status import TunnelStatus
from portway.core.target import Target, parse_target, port_target
from portway.rest.answers import Later, Response, answer, retry_after
from portway.rest.messages import Action, Messages
from portway.rest.waiting import Outcome, Waiting, outcome

_OF_THE_API = frozenset({"action", "target", "port", "remember", "lasting"})


class Switches:
    """Turns tunnels on and off for clients that wait for the outcome. Main thread."""

    def __init__(self, hub: Hub, vault: Vault, messages: Messages) -> None:
        self._hub = hub
        self._vault = vault
        self._messages = messages
        self._waiting = Waiting()

    def tell(self, status: TunnelStatus) -> None:
        """Pass a status on to those who wait for it."""
        self._waiting.tell(status)

    def switch(self, backend: Backend, action: Action, values: Mapping[str, Any], limit: float) -> Later:
        """Ask the hub, and return the answer that comes within `limit` seconds. Raises TunnelError(bad_request)."""
        ask = _ask(values)
        if action == "enable":
            self._hub.enable(backend.id, ask)
        else:
            self._hub.disable(backend.id, ask)

        def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
            is_decided = False

            def look(status: TunnelStatus) -> None:
                nonlocal is_decided
                came_out = outcome(action, status)
                if is_decided or came_out is None:
                    return
                is_decided = True
                self._answer(backend, action, ask, came_out, deliver)

            leave = self._waiting.subscribe(backend.id, look)
            look(self._hub.status(backend.id))
            return leave

        def now() -> Response:
            status = self._hub.status(backend.id)
            came_out = outcome(action, status)
            return self._pending(action, status) if came_out is None else self._decided(action, status, came_out)

        return Later(limit, wait, expired=now, ended=now)

    def _answer(
        self, backend: Backend, action: Action, ask: Ask, came_out: Outcome, deliver: Callable[[Response], None]
    ) -> None:
        is_up = action == "enable" and came_out.problem is None
        secrets = _remembered(backend, ask) if is_up else {}
        if not secrets:
            deliver(self._decided(action, self._hub.status(backend.id), came_out))
            return

        def stored(warning: Problem | None) -> None:
            deliver(self._decided(action, self._hub.status(backend.id), came_out, warning))

        # The hub stores it too, whether or not a client is there to hear how that goes; this one is.
        for name, secret in secrets.items():
            self._vault.put(backend.id, name, secret, stored)

    def _decided(
        self, action: Action, status: TunnelStatus, came_out: Outcome, warning: Problem | None = None
    ) -> Response:
        problem = came_out.problem
        messages = self._messages.of(status.backend)
        message = messages.switched(status, action, problem, success=problem is None, warning=warning)
        if problem is None:
            return answer(message)
        return answer(message, problem.facts.http_status, retry_after(problem, status.retry_at))

    def _pending(self, action: Action, status: TunnelStatus) -> Response:
        messages = self._messages.of(status.backend)
        return answer(messages.switched(status, action, None, success=False, pending=True), 202)


def _ask(values: Mapping[str, Any]) -> Ask:
    """Return what a body asks: the common keys have their own places, the rest are the backend's options."""
    options = {name: value for name, value in values.items() if name not in _OF_THE_API}
    return Ask(
        target=_target(values),
        options=MappingProxyType(options),
        remember=bool(values.get("remember")),
        lasting=values.get("lasting") is not False,
    )


def _target(values: Mapping[str, Any]) -> Target | None:
    target, port = values.get("target"), values.get("port")
    if target is None:
        return None if port is None else port_target(port)
    if port is not None:
        raise TunnelError(Code.BAD_REQUEST, field="port", problem="target is named as well; one of them is enough")
    return parse_target(target)


def _remembered(backend: Backend, ask: Ask) -> dict[str, Secret]:
    """Return the tokens that are to be stored, by the name of their option."""
    stored = [name for name, option in declared(backend.options).items() if option.stored] if ask.remember else []
    named = {name: ask.options.get(name) for name in stored}
    return {name: secret for name, secret in named.items() if isinstance(secret, Secret) and secret}
