"""The REST API: from a call to an answer, a later answer or a stream. Pure; on the main thread."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from portway.core.backend import Backend, keeper
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError, where_raised
from portway.core.guard.callers import Consents
from portway.core.hub import EnableRequest, Hub, TunnelNews, Unsubscribe, Vault
from portway.core.options import declared
from portway.core.status import TunnelId, TunnelStatus
from portway.core.timing import Timing
from portway.rest.api.backend_messages import Messages
from portway.rest.api.callers import Callers, Switching
from portway.rest.api.guarding import Guards
from portway.rest.api.messages import Action, DoneMessage, HealthMessage, TokenMessage
from portway.rest.api.recorded import RecordedRequests
from portway.rest.api.routes import HEALTH, Operation, Route, build_routes, tunnel_routes
from portway.rest.api.saved_tunnels import SavedTunnels
from portway.rest.api.streams import STATUS, Events, job_answer, job_stream
from portway.rest.api.switching import Switches
from portway.rest.auth.tokens import Issued, Tokens
from portway.rest.http.answers import (
    INTERNAL_ERROR,
    Later,
    Reply,
    Response,
    Stream,
    StreamClient,
    answer,
    refusal,
    while_open,
)
from portway.rest.http.policy import Call, Credential, Rule

logger = logging.getLogger(__name__)

_DONE = answer(DoneMessage(success=True))


class Api:
    """Answers calls that got in. `window` raises the window, `consents` asks the person; None without a display."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a dependency of its own
        self,
        hub: Hub,
        vault: Vault,
        tokens: Tokens,
        version: str,
        timing: Timing,
        window: Callable[[], None] | None = None,
        consents: Consents | None = None,
    ) -> None:
        self._hub = hub
        self._vault = vault
        self._tokens = tokens
        self._version = version
        self._timing = timing
        self._window = window
        self._messages = Messages(hub.backends, hub.caution)
        self._events = Events(self._messages, hub)
        self._switches = Switches(hub, self._messages)
        self._guards = Guards(hub, self._messages, timing.keyring_limit)
        self._recorded = RecordedRequests(hub, version)
        self._saved = SavedTunnels(hub, self._messages)
        self._callers = Callers(hub, consents, timing.consent_limit)
        self._routes = {(route.method, route.path): route for route in build_routes(hub.backends)}
        self._of_any_tunnel = {
            backend.kind: {(route.method, route.path): route for route in tunnel_routes(backend)}
            for backend in hub.backends
        }
        hub.subscribe(self._on_status)
        hub.follow_tunnels(self._on_tunnels)

    @cached_property
    def _document(self) -> bytes:
        from portway.rest.api.openapi import document  # late: few ask for it

        return document(self._hub.backends, self._version)

    @property
    def rules(self) -> Mapping[str, Mapping[str, Rule]]:
        """What the head of a call may ask: path, then method."""
        rules: dict[str, dict[str, Rule]] = {}
        general = (route for routes in self._of_any_tunnel.values() for route in routes.values())
        for route in (*self._routes.values(), *general):
            rules.setdefault(route.path, {})[route.method] = route.rule
        return rules

    def tunnels(self) -> tuple[TunnelId, ...]:
        """Return the words of all tunnels that there are."""
        return tuple(backend.id for backend in self._hub.tunnels)

    @property
    def open_paths(self) -> frozenset[str]:
        """Paths that need no token."""
        return frozenset({HEALTH})

    def handle(self, call: Call, body: bytes) -> Reply:
        """Answer a call. Never raises."""
        route = self._route(call)
        if route is None:
            return refusal(Problem(Code.NOT_FOUND))
        try:
            return self._handled(route, call, route.body.read(body) if route.body is not None else {})
        except TunnelError as error:
            return self._refused(route, error.problem)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer
            logger.error("%s %s failed: an error of Portway\n%s", call.method, call.path, where_raised(error))  # noqa: TRY400 - its message stays out
            return INTERNAL_ERROR

    def _route(self, call: Call) -> Route | None:
        """Return the route of a call, with the backend of its tunnel; None if that was removed since, or has none."""
        if call.tunnel is None:
            return self._routes[call.method, call.path]
        tunnel = next((one for one in self._hub.tunnels if one.id == call.tunnel), None)
        if tunnel is None:
            return None
        found = self._of_any_tunnel[tunnel.kind].get((call.method, call.path))  # not each backend has each of them
        return None if found is None else replace(found, backend=tunnel)

    def _handled(self, route: Route, call: Call, values: Mapping[str, Any]) -> Reply:
        if call.caller is not None:
            self._callers.check(route, call, values)
        match route.operation:
            case Operation.HEALTH:
                return answer(HealthMessage(ok=True, version=self._version))
            case Operation.DOCUMENT:
                return Response(200, self._document)
            case Operation.STATUSES:
                return answer({"tunnels": [self._messages.status(status) for status in self._hub.statuses()]})
            case Operation.EVENTS:
                return self._streamed(call)
            case Operation.ADD:
                return self._added(call, values)
            case Operation.TOKEN:
                return self._lasting_token(call, renew=bool(values.get("renew")))
            case Operation.WINDOW | Operation.RELOAD | Operation.QUIT:
                return self._done(route.operation)
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
            case Operation.COMMAND:
                return self._commanded(route, call, values)
            case Operation.CHANGE:
                return self._saved.change(_backend(route).id, values)
            case Operation.DROP:
                return self._saved.remove(_backend(route).id)
            case Operation.GUARD | Operation.EXTEND | Operation.LINK | Operation.VERIFY | Operation.STREAMS:
                return self._guards.handle(route.operation, _backend(route).id, values)
            case _:
                return self._recorded.handle(route.operation, _backend(route).id, call, values)

    def _streamed(self, call: Call) -> Stream:
        types = call.query.get("types", STATUS).split(",")

        def subscribe(client: StreamClient) -> Unsubscribe:
            return self._callers.hold(call.caller, self._events.subscribe(client, types))

        return Stream(subscribe)

    def _added(self, call: Call, values: Mapping[str, Any]) -> Response:
        if values["lasting"]:
            return self._saved.add(values["tunnel"])
        asked = values["tunnel"]
        made = self._hub.add_temporary(asked.backend, asked.id, asked.name)
        if call.caller is not None:
            self._callers.own(call.caller, made)
        return answer(self._messages.status(self._hub.status(made)), 201)

    def _done(self, operation: Operation) -> Response:
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
            return while_open(deliver, lambda tell: self._tokens.lasting(self._vault, tell, renew=renew), shown)

        return self._later_from_vault(wait)

    def _switched(self, route: Route, call: Call, values: Mapping[str, Any]) -> Reply:
        action: Action = route.action or values["action"]
        backend, limit = _backend(route), self._limit(call)

        def begin() -> Later:
            return self._switches.switch(backend, action, values, limit)

        if call.caller is None:
            return begin()
        asked = Switching(action, values, limit, begin, lambda problem: self._refused(route, problem))
        return self._callers.switch(call.caller, backend, asked)

    def _commanded(self, route: Route, call: Call, values: Mapping[str, Any]) -> Reply:
        backend, command = _backend(route), route.command
        assert command is not None  # noqa: S101 - a route of a command names it
        job = self._hub.command(backend.id, command.name, EnableRequest(options=MappingProxyType(dict(values))))
        messages = self._messages.of(backend.kind)
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
        owner, name = _kept(route)
        secret = values[name]

        def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
            return while_open(deliver, lambda tell: self._vault.put(owner, name, secret, tell), _done_unless)

        return self._later_from_vault(wait)

    def _removed(self, route: Route) -> Reply:
        owner, name = _kept(route)

        def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
            return while_open(deliver, lambda tell: self._vault.remove(owner, name, tell), _done_unless)

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
        self._events.publish(status)
        self._switches.tell(status)
        self._callers.take_status(status)

    def _on_tunnels(self, news: TunnelNews) -> None:
        self._events.tell(news)
        self._callers.take_news(news)


def _backend(route: Route) -> Backend:
    assert route.backend is not None  # noqa: S101 - asked only for the routes of a backend
    return route.backend


def _kept(route: Route) -> tuple[TunnelId, str]:
    """Return under whose word, and under which name, the secret of a route is kept."""
    backend, name = _backend(route), str(route.secret)
    return keeper(backend, declared(backend.options)[name]), name


def _job_name(route: Route) -> str:
    name = "" if route.command is None else route.command.name
    return f"{_backend(route).title} {name}"


def _done_unless(problem: Problem | None) -> Response:
    return _DONE if problem is None else refusal(problem)
