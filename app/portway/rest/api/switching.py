"""Enable and disable: what is asked of the hub, and the answer once the outcome is known. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import EnableRequest, Hub, Unsubscribe
from portway.core.status import Phase, TunnelId, TunnelStatus
from portway.core.target import Target, parse_target, port_target
from portway.rest.api.backend_messages import Messages
from portway.rest.api.messages import Action
from portway.rest.http.answers import Later, Response, answer, retry_after

_OF_THE_API = frozenset({"action", "target", "port", "remember", "lasting", "inspect", "guard", "expires_in"})


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
        before = self._hub.status(backend.id)

        def status_now() -> TunnelStatus:
            there = any(tunnel.id == backend.id for tunnel in self._hub.tunnels)
            return self._hub.status(backend.id) if there else _gone(before)

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

            storing.listener = lambda: look(status_now())
            unsubscribe = self._waiting.subscribe(backend.id, look)

            def leave() -> None:
                unsubscribe()
                storing.listener = None

            look(status_now())
            return leave

        def now() -> Response:
            status = status_now()
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
        return answer(message, problem.code.http_status, retry_after(problem, status.retry_at))

    def _pending(self, action: Action, status: TunnelStatus) -> Response:
        messages = self._messages.of(status.backend)
        return answer(messages.switched(status, action, None, success=False, pending=True), 202)


def _gone(status: TunnelStatus) -> TunnelStatus:
    """Return the last status of a tunnel that was removed when it was off."""
    return replace(
        status,
        phase=Phase.STOPPED,
        wanted=False,
        public_url=None,
        problem=None,
        pid=None,
        progress=None,
        retry_at=None,
        traffic=None,
        expires_at=None,
        until_logout=False,
    )


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


def _ask(values: Mapping[str, Any], storing: _Storing) -> EnableRequest:
    """Return what a body asks: the common keys have their own places, the rest are the backend's options."""
    options = {name: value for name, value in values.items() if name not in _OF_THE_API}
    return EnableRequest(
        target=target_of(values),
        options=MappingProxyType(options),
        remember=bool(values.get("remember")),
        on_stored=() if storing.is_over else (storing.tell,),
        lasting=values.get("lasting") is not False,
        inspect=values.get("inspect"),
        guard=values.get("guard"),
        expires_in=values.get("expires_in"),
    )


def target_of(values: Mapping[str, Any]) -> Target | None:
    """Return the target that a body names, None if it names none. Raises TunnelError(bad_request)."""
    target, port = values.get("target"), values.get("port")
    if target is None:
        return None if port is None else port_target(port)
    if port is not None:
        raise TunnelError(Code.BAD_REQUEST, field="port", problem="target is named as well; one of them is enough")
    return parse_target(target)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an enable or a disable came out. No problem: as asked."""

    problem: Problem | None = None


_FULFILLED = Outcome()
_TAKEN_BACK = Outcome(Problem(Code.CANCELLED))  # somebody asked for the opposite meanwhile


def outcome(action: Action, status: TunnelStatus) -> Outcome | None:
    """Return how an enable or a disable came out, or None while that is open."""
    return _enable_outcome(status) if action == "enable" else _disable_outcome(status)


def _enable_outcome(status: TunnelStatus) -> Outcome | None:
    if not status.wanted:
        return _TAKEN_BACK if status.problem is None else Outcome(status.problem)
    if status.running:
        return _FULFILLED
    if status.phase is Phase.STARTING and status.retry_at is None:
        return None
    # The first try has failed (another one may come), or none will come by itself.
    return None if status.problem is None else Outcome(status.problem)


def _disable_outcome(status: TunnelStatus) -> Outcome | None:
    if status.wanted:
        return _TAKEN_BACK
    if not status.active:
        return _FULFILLED
    # A cause on a tunnel that runs and is not wanted says why it could not be switched off.
    return Outcome(status.problem) if status.running and status.problem is not None else None


Listener = Callable[[TunnelStatus], None]


class Waiting:
    """Those who wait for news of one tunnel each."""

    def __init__(self) -> None:
        self._listeners: dict[TunnelId, dict[object, Listener]] = {}

    def subscribe(self, tunnel: TunnelId, listener: Listener) -> Unsubscribe:
        """Tell `listener` every status of `tunnel` from now on."""
        listeners = self._listeners.setdefault(tunnel, {})
        key = object()
        listeners[key] = listener

        def leave() -> None:
            listeners.pop(key, None)

        return leave

    def tell(self, status: TunnelStatus) -> None:
        """Pass a status on. Whoever is told may leave meanwhile."""
        for listener in tuple(self._listeners.get(status.id, {}).values()):
            listener(status)
