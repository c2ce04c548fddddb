"""Calls of programs that say that they are: which ones are let through, whose leave is asked, and what ends with them.

A person's calls, and those of scripts, do not come here. Pure.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.guard.callers import Caller, Consents, Opening, Verdict, judge
from portway.core.hub import Hub, TunnelNews, Unsubscribe
from portway.core.status import TunnelId, TunnelStatus
from portway.rest.api.messages import Action
from portway.rest.api.routes import Operation, Route
from portway.rest.api.switching import target_of
from portway.rest.http.answers import Later, Response
from portway.rest.http.policy import Call

logger = logging.getLogger(__name__)

_LATE = 1.0  # second: the one who asks tells first that nobody answered
_LET_THROUGH = frozenset(
    {
        Operation.HEALTH,
        Operation.DOCUMENT,
        Operation.STATUSES,
        Operation.EVENTS,
        Operation.STATUS,
        Operation.SWITCH,
        Operation.REQUESTS,
        Operation.REQUEST,
        Operation.CURL,
        Operation.HAR,
        Operation.REPLAY,
        Operation.VERIFY,
        Operation.STREAMS,
    }
)


@dataclass(frozen=True, slots=True)
class Switching:
    """One enable or disable that a caller asks for: what its body says, and how it is begun and refused.

    `limit` is how long the answer may take once it has begun, in seconds.
    """

    action: Action
    values: Mapping[str, Any]
    limit: float
    begin: Callable[[], Later]
    refuse: Callable[[Problem], Response]


class Callers:
    """Main thread. `consents` asks the person, within `limit` seconds; None where there is no screen."""

    def __init__(self, hub: Hub, consents: Consents | None, limit: float) -> None:
        self._hub = hub
        self._consents = consents
        self._limit = limit
        self._streams: Counter[str] = Counter()  # open event streams, by session
        self._owners: dict[TunnelId, str] = {}  # the session with which a tunnel ends

    def check(self, route: Route, call: Call, values: Mapping[str, Any]) -> None:
        """Raise TunnelError(not_allowed) for what is a person's alone, secrets above all."""
        match route.operation:
            case Operation.COMMAND:
                allowed = route.method == "GET"
            case Operation.ADD:
                allowed = not values["lasting"]
            case Operation.DROP:
                allowed = route.backend is not None and self._is_temporary(route.backend.id)
            case operation:
                allowed = operation in _LET_THROUGH and call.query.get("secrets") != "true"
        if not allowed:
            raise TunnelError(Code.NOT_ALLOWED)

    def switch(self, caller: Caller, tunnel: Backend, asked: Switching) -> Later:
        """Begin it, at once or when the person says so. Raises TunnelError(not_allowed, bad_request)."""
        if asked.action != "enable":
            logger.info("%s turns %s off.", caller.name, tunnel.id)
            return asked.begin()
        opening = self._opening(caller, tunnel, asked.values)

        def begin() -> Later:
            return self._begin(opening, asked)

        match judge(self._hub.settings.general.programs, opening, can_ask=self._consents is not None):
            case Verdict.ALLOWED:
                return begin()
            case Verdict.ASKED if self._consents is not None:
                logger.info("%s asks to open %s for %s.", caller.name, tunnel.id, opening.target_url)
                limit = self._limit + _LATE + asked.limit
                return _Question(opening, self._consents, begin, asked.refuse, limit).later
            case verdict:
                logger.info("%s may not open %s: %s.", caller.name, tunnel.id, verdict)
                raise TunnelError(Code.NOT_ALLOWED, verdict)

    def own(self, caller: Caller, tunnel: TunnelId) -> None:
        """Let this tunnel end with the caller, if that said by which session, and reads events in it."""
        if caller.session in self._streams:
            self._owners[tunnel] = caller.session

    def hold(self, caller: Caller | None, leave: Unsubscribe) -> Unsubscribe:
        """Return `leave` for an event stream of a caller: with the last one of a session ends what that has opened."""
        if caller is None or not caller.session:
            return leave
        session = caller.session
        self._streams[session] += 1

        def left() -> None:
            leave()
            self._streams[session] -= 1
            if not self._streams[session]:
                del self._streams[session]
                self._end(caller)

        return left

    def take_news(self, news: TunnelNews) -> None:
        """Take that a tunnel is gone: another one may get its word."""
        if news.change == "removed":
            self._owners.pop(news.tunnel, None)

    def take_status(self, status: TunnelStatus) -> None:
        """Take that a tunnel is off: what comes of it later is another one's."""
        if not status.wanted and not self._is_temporary(status.id):
            self._owners.pop(status.id, None)

    def _opening(self, caller: Caller, tunnel: Backend, values: Mapping[str, Any]) -> Opening:
        status = self._hub.status(tunnel.id)
        target, change = target_of(values), values.get("guard")
        guard = status.guard if change is None else change.of(status.guard)
        return Opening(
            caller=caller,
            tunnel=tunnel.id,
            way=tunnel.title,
            reach=tunnel.reach,
            target_url=status.target_url if target is None else target.url,
            seconds=values.get("expires_in"),
            lasting=values.get("lasting") is not False,
            password=guard.password,
        )

    def _begin(self, opening: Opening, asked: Switching) -> Later:
        is_on = self._hub.status(opening.tunnel).wanted
        later = asked.begin()
        logger.info("%s opens %s for %s.", opening.caller.name, opening.tunnel, opening.target_url)
        if not (opening.lasting or is_on):  # what was on before is another one's
            self.own(opening.caller, opening.tunnel)
        return later

    def _end(self, caller: Caller) -> None:
        owned = [tunnel for tunnel, session in self._owners.items() if session == caller.session]
        known = {tunnel.id for tunnel in self._hub.tunnels}
        for tunnel in owned:
            del self._owners[tunnel]
            if tunnel in known:
                logger.info("%s has ended, and %s with it.", caller.name, tunnel)
                self._close(tunnel)

    def _close(self, tunnel: TunnelId) -> None:
        status = self._hub.status(tunnel)
        if status.wanted or status.active:
            self._hub.disable(tunnel)
        elif self._is_temporary(tunnel):
            self._hub.remove(tunnel)  # it never was on

    def _is_temporary(self, tunnel: TunnelId) -> bool:
        return tunnel not in self._hub.settings.tunnels and all(tunnel != one.kind for one in self._hub.backends)


class _Question:
    """One opening that waits for the person, and then for its outcome."""

    def __init__(
        self,
        opening: Opening,
        consents: Consents,
        begin: Callable[[], Later],
        refuse: Callable[[Problem], Response],
        limit: float,
    ) -> None:
        self._opening = opening
        self._consents = consents
        self._begin = begin
        self._refuse = refuse
        self._begun: Later | None = None
        self._leave: Unsubscribe = _nothing
        self.later = Later(limit, self._wait, self._expired, self._ended)

    def _wait(self, deliver: Callable[[Response], None]) -> Unsubscribe:
        def decided(problem: Problem | None) -> None:
            if problem is not None:
                deliver(self._refuse(problem))
                return
            try:
                self._begun = later = self._begin()
            except TunnelError as error:
                deliver(self._refuse(error.problem))
                return
            if later.limit == 0:
                deliver(later.expired())
            else:
                self._leave = later.wait(deliver)

        def leave() -> None:
            self._leave()

        self._leave = self._consents.ask(self._opening, decided)
        return leave

    def _expired(self) -> Response:
        return self._refuse(Problem(Code.CANCELLED)) if self._begun is None else self._begun.expired()

    def _ended(self) -> Response:
        return self._refuse(Problem(Code.CANCELLED)) if self._begun is None else self._begun.ended()


def _nothing() -> None:
    """Leave what was never begun."""
