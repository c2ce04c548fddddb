"""The REST API: from a call to an answer, a later answer or a stream. Pure; on the main thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Ask, Hub, Unsubscribe, Vault
from portway.core.status import TunnelStatus
from portway.core.timing import Timing
from portway.rest.answers import (
    INTERNAL_ERROR,
    Later,
    Reply,
    Response,
    Stream,
    answer,
    refusal,
)
from portway.rest.events import Events
from portway.rest.jobs import job_answer, job_stream
from portway.rest.messages import Action, DoneMessage, HealthMessage, Messages, TokenMessage
from portway.rest.openapi import document
from portway.rest.policy import Call, Credential, Rule
from portway.rest.routes import HEALTH, Operation, Route, build_routes
from portway.rest.switching import Switches
from portway.rest.tokens import Issued, Tokens

logger = logging.getLogger(__name__)

Told = TypeVar("Told")

_DONE = answer(DoneMessage(success=True))


class Api:
    """Answers calls that got in. `window` raises the window; None where there is no display."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a dependency of its own
        self,
        hub: Hub,
        vault: Vault,
        tokens: Tokens,
        version: str,
        timing: Timing,
        window: Callable[[], None] | None = None,
    ) -> None:
        self._hub = hub
        self._vault = vault
        self._tokens = tokens
        self._version = version
        self._timing = timing
        self._window = window
        self._messages = Messages(hub.backends)
        self._events = Events(self._messages, hub.statuses)
        self._switches = Switches(hub, self._messages)
        self._routes = {(route.method, route.path): route for route in build_routes(hub.backends)}
        hub.subscribe(self._on_status)

    @cached_property
    def _document(self) -> bytes:
        return document(self._hub.backends, self._version)

    @property
    def rules(self) -> Mapping[str, Mapping[str, Rule]]:
        """What the head of a call may ask: path, then method."""
        rules: dict[str, dict[str, Rule]] = {}
        for route in self._routes.values():
            rules.setdefault(route.path, {})[route.method] = route.rule
        return rules

    @property
    def open_paths(self) -> frozenset[str]:
        """Paths that need no token."""
        return frozenset({HEALTH})

    def handle(self, call: Call, body: bytes) -> Reply:
        """Answer a call. Never raises."""
        route = self._routes[call.method, call.path]
        try:
            return self._handled(route, call, route.body.read(body) if route.body is not None else {})
        except TunnelError as error:
            return self._refused(route, error.problem)
        except Exception:
            logger.exception("%s %s failed in a way that nobody foresaw", call.method, call.path)
            return INTERNAL_ERROR

    def _handled(self, route: Route, call: Call, values: Mapping[str, Any]) -> Reply:
        match route.operation:
            case Operation.HEALTH:
                return answer(HealthMessage(ok=True, version=self._version))
            case Operation.DOCUMENT:
                return Response(200, self._document)
            case Operation.STATUSES:
                return answer({"tunnels": [self._messages.status(status) for status in self._hub.statuses()]})
            case Operation.EVENTS:
                return Stream(self._events.subscribe)
            case Operation.TOKEN:
                return self._lasting_token(call, renew=bool(values.get("renew")))
            case Operation.WINDOW | Operation.RELOAD | Operation.QUIT:
                return self._told(route.operation)
            case _:
                return self._of_backend(route, call, values)

    def _of_backend(self, route: Route, call: Call, values: Mapping[str, Any]) -> Reply:
        match route.operation:
            case Operation.STATUS:
                return answer(self._messages.status(self._status(route)))
            case Operation.SWITCH:
                return self._switched(route, call, values)
            case Operation.STORE:
                return self._stored(route, values)
            case Operation.REMOVE:
                return self._removed(route)
            case Operation.CANCEL:
                return self._cancelled(route)
            case _:
                return self._commanded(route, call, values)

    def _told(self, operation: Operation) -> Response:
        match operation:
            case Operation.WINDOW:
                if self._window is None:
                    return refusal(Problem(Code.NO_DISPLAY))
                self._window()
            case Operation.RELOAD:
                self._hub.reload()
            case _:
                self._hub.quit()
        return _DONE

    def _lasting_token(self, call: Call, *, renew: bool) -> Reply:
        if call.credential is not Credential.RUN:
            return refusal(Problem(Code.FORBIDDEN, "run_token"))

        def shown(issued: Issued | Problem) -> Response:
            if isinstance(issued, Problem):
                return refusal(issued)
            warning = {} if issued.warning is None else {"warning": issued.warning.sentence}
            return answer(TokenMessage(token=issued.token.reveal(), **warning))

        def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
            return _while_open(deliver, lambda tell: self._tokens.lasting(self._vault, tell, renew=renew), shown)

        return self._later_from_vault(wait)

    def _switched(self, route: Route, call: Call, values: Mapping[str, Any]) -> Reply:
        action: Action = route.action or values["action"]
        return self._switches.switch(_backend(route), action, values, self._limit(call))

    def _commanded(self, route: Route, call: Call, values: Mapping[str, Any]) -> Reply:
        backend, command = _backend(route), route.command
        assert command is not None  # noqa: S101 - a route of a command names it
        job = self._hub.command(backend.id, command.name, Ask(options=MappingProxyType(dict(values))))
        messages = self._messages.of(backend.id)
        if command.streams:
            return job_stream(job, command, messages, lambda: self._status(route))
        return job_answer(job, command, messages, lambda: self._status(route), self._limit(call))

    def _cancelled(self, route: Route) -> Response:
        backend, command = _backend(route), route.command
        job = None if command is None else self._hub.job(backend.id, command.name)
        if job is None:
            return refusal(Problem(Code.NOT_RUNNING, parameters={"what": _job_name(route)}))
        job.cancel()
        return _DONE

    def _stored(self, route: Route, values: Mapping[str, Any]) -> Reply:
        owner, name = _backend(route).id, str(route.secret)
        secret = values[name]

        def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
            return _while_open(deliver, lambda tell: self._vault.put(owner, name, secret, tell), _done_unless)

        return self._later_from_vault(wait)

    def _removed(self, route: Route) -> Reply:
        owner, name = _backend(route).id, str(route.secret)

        def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
            return _while_open(deliver, lambda tell: self._vault.remove(owner, name, tell), _done_unless)

        return self._later_from_vault(wait)

    def _later_from_vault(self, wait: Callable[[Callable[[Response], None]], Unsubscribe]) -> Later:
        """Return an answer that the keyring gives; it has a limit of its own, so this one never comes first."""
        no_answer = refusal(Problem(Code.NO_SECURE_STORAGE))
        return Later(2 * self._timing.keyring_limit + 1, wait, lambda: no_answer, lambda: no_answer)

    def _refused(self, route: Route, problem: Problem) -> Response:
        if route.backend is None:
            return refusal(problem)
        return refusal(problem, status=self._messages.status(self._status(route)))

    def _limit(self, call: Call) -> float:
        return self._timing.enable_wait if call.wait is None else float(call.wait)

    def _status(self, route: Route) -> TunnelStatus:
        return self._hub.status(_backend(route).id)

    def _on_status(self, status: TunnelStatus) -> None:
        self._events.tell(status)
        self._switches.tell(status)


def _backend(route: Route) -> Backend:
    assert route.backend is not None  # noqa: S101 - asked only for the routes of a backend
    return route.backend


def _job_name(route: Route) -> str:
    name = "" if route.command is None else route.command.name
    return f"{_backend(route).title} {name}"


def _done_unless(problem: Problem | None) -> Response:
    return _DONE if problem is None else refusal(problem)


def _while_open(
    deliver: Callable[[Response], None],
    start: Callable[[Callable[[Told], None]], None],
    shown: Callable[[Told], Response],
) -> Unsubscribe:
    """Pass on what `start` tells, unless the client has left by then: what was asked is done all the same."""
    is_open = True

    def tell(told: Told) -> None:
        if is_open:
            deliver(shown(told))

    def leave() -> None:
        nonlocal is_open
        is_open = False

    start(tell)
    return leave
