"""Enable and disable: what is asked of the hub, and the answer once it is known what came of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Ask, Hub, Unsubscribe
from portway.core.status import TunnelStatus
from portway.core.target import Target, parse_target, port_target
from portway.rest.answers import Later, Response, answer, retry_after
from portway.rest.messages import Action, Messages
from portway.rest.waiting import Outcome, Waiting, outcome

_OF_THE_API = frozenset({"action", "target", "port", "remember", "lasting"})


class Switches:
    """Turns tunnels on and off for clients that wait for the outcome. Main thread."""

    def __init__(self, hub: Hub, messages: Messages) -> None:
        self._hub = hub
        self._messages = messages
        self._waiting = Waiting()

    def tell(self, status: TunnelStatus) -> None:
        """Pass a status on to those who wait for it."""
        self._waiting.tell(status)

    def switch(self, backend: Backend, action: Action, values: Mapping[str, Any], limit: float) -> Later:
        """Ask the hub, and return the answer that comes within `limit` seconds. Raises TunnelError(bad_request)."""
        storing = _Storing(is_over=action != "enable" or not values.get("remember"))
        ask = _ask(values, storing)
        if action == "enable":
            self._hub.enable(backend.id, ask)
        else:
            self._hub.disable(backend.id, ask)

        def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
            is_decided = False

            def look(status: TunnelStatus) -> None:
                nonlocal is_decided
                came_out = outcome(action, status)
                if is_decided or came_out is None or (came_out.problem is None and not storing.is_over):
                    return
                is_decided = True
                deliver(self._decided(action, status, came_out, storing.problem))

            storing.listener = lambda: look(self._hub.status(backend.id))
            unsubscribe = self._waiting.subscribe(backend.id, look)

            def leave() -> None:
                unsubscribe()
                storing.listener = None

            look(self._hub.status(backend.id))
            return leave

        def now() -> Response:
            status = self._hub.status(backend.id)
            came_out = outcome(action, status)
            return self._pending(action, status) if came_out is None else self._decided(action, status, came_out)

        return Later(limit, wait, expired=now, ended=now)

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


class _Storing:
    """What comes of a token that is to be remembered: it is known some time after the tunnel is up."""

    def __init__(self, *, is_over: bool) -> None:
        self.is_over = is_over
        self.problem: Problem | None = None
        self.listener: Callable[[], None] | None = None

    def tell(self, problem: Problem | None) -> None:
        """It is stored, or held until exit only."""
        self.is_over, self.problem = True, problem
        if self.listener is not None:
            self.listener()


def _ask(values: Mapping[str, Any], storing: _Storing) -> Ask:
    """Return what a body asks: the common keys have their own places, the rest are the backend's options."""
    options = {name: value for name, value in values.items() if name not in _OF_THE_API}
    return Ask(
        target=_target(values),
        options=MappingProxyType(options),
        remember=bool(values.get("remember")),
        on_stored=() if storing.is_over else (storing.tell,),
        lasting=values.get("lasting") is not False,
    )


def _target(values: Mapping[str, Any]) -> Target | None:
    target, port = values.get("target"), values.get("port")
    if target is None:
        return None if port is None else port_target(port)
    if port is not None:
        raise TunnelError(Code.BAD_REQUEST, field="port", problem="target is named as well; one of them is enough")
    return parse_target(target)
