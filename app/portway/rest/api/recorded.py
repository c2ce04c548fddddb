"""What was recorded of a tunnel: shown, exported, forgotten and sent again. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Hub, RecordedRequest, RequestFilter, RequestRow
from portway.core.status import TunnelId
from portway.core.target import Target, parse_target
from portway.rest.api.messages import DoneMessage
from portway.rest.api.replay_body import changes_of
from portway.rest.api.request_messages import ReplayedMessage, RequestsMessage, request_message, row_message
from portway.rest.api.routes import Operation
from portway.rest.http.answers import TEXT, Later, Reply, Response, answer, refusal, while_open
from portway.rest.http.policy import Call

_LIMIT = 45.0  # seconds: a replay alone may take 30
_LISTED = 100
_ALL = 1_000_000  # more than are ever kept
_DONE = answer(DoneMessage(success=True))


class RecordedRequests:
    """Answers the calls below /requests of a tunnel. Main thread; what takes time is done beside it."""

    def __init__(self, hub: Hub, version: str) -> None:
        self._hub = hub
        self._version = version

    def handle(self, operation: Operation, tunnel: TunnelId, call: Call, values: Mapping[str, Any]) -> Reply:
        """Answer one of them. Raises TunnelError."""
        match operation:
            case Operation.REQUESTS:
                return self._listed(tunnel, call.query)
            case Operation.CLEAR:
                self._hub.requests.clear(tunnel)
                return _DONE
            case Operation.HAR:
                status = self._hub.status(tunnel)
                url = status.public_url or status.target_url
                return self._later(lambda: self._archive(tunnel, url, secrets=_secrets(call)))
            case _:
                return self._of_one(operation, tunnel, call, values)

    def _of_one(self, operation: Operation, tunnel: TunnelId, call: Call, values: Mapping[str, Any]) -> Reply:
        recorded = self._recorded(tunnel, call, secrets=operation is Operation.REPLAY or _secrets(call))
        match operation:
            case Operation.CURL:
                target = parse_target(self._hub.status(tunnel).target_url)
                return self._later(lambda: _command(recorded, target))
            case Operation.REPLAY:
                return self._replayed(tunnel, recorded, values)
            case _:
                return self._later(lambda: answer(request_message(recorded)))

    def _listed(self, tunnel: TunnelId, query: Mapping[str, str]) -> Response:
        log = self._hub.requests
        wanted = RequestFilter(status=query.get("status", ""), method=query.get("method", ""), text=query.get("q", ""))
        before = int(query["before"]) if "before" in query else None
        rows = log.rows(tunnel, wanted, limit=int(query.get("limit", _LISTED)), before=before)
        shown = tuple(row_message(row) for row in rows)
        message = RequestsMessage(requests=shown, dropped=log.dropped(tunnel), capturing=log.is_recording(tunnel))
        return answer(message)

    def _recorded(self, tunnel: TunnelId, call: Call, *, secrets: bool) -> RecordedRequest:
        recorded = None if call.number is None else self._hub.requests.get(tunnel, call.number, secrets=secrets)
        if recorded is None:
            raise TunnelError(Code.NOT_FOUND, "request")
        return recorded

    def _archive(self, tunnel: TunnelId, url: str, *, secrets: bool) -> Response:
        """On a thread beside."""
        from portway.relay.capture.export import as_har  # late: a program that records nothing does without

        log = self._hub.requests
        rows = log.rows(tunnel, limit=_ALL)
        whole = (log.get(tunnel, row.id, secrets=secrets) for row in reversed(rows))
        kept = [one for one in whole if one is not None]  # one may have made room meanwhile
        return Response(200, as_har(kept, self._version, url).encode())

    def _replayed(self, tunnel: TunnelId, recorded: RecordedRequest, values: Mapping[str, Any]) -> Later:
        changes = changes_of(values, recorded)

        def shown(found: RequestRow | Problem) -> Response:
            if isinstance(found, Problem):
                return refusal(found)
            return answer(ReplayedMessage(request=row_message(found)))

        return _later(lambda done: self._hub.replay(tunnel, recorded.row.id, changes, lambda found: done(shown(found))))

    def _later(self, call: Callable[[], Response]) -> Later:
        def shown(found: object) -> Response:
            return found if isinstance(found, Response) else refusal(_problem(found))

        return _later(lambda done: self._hub.aside(call, lambda found: done(shown(found))))


def _command(recorded: RecordedRequest, target: Target) -> Response:
    """On a thread beside."""
    from portway.relay.capture.export import as_curl  # late, as above

    return Response(200, as_curl(recorded, target).encode(), content_type=TEXT)


def _later(start: Callable[[Callable[[Response], None]], None]) -> Later:
    """Return an answer that comes once `start` says so."""
    too_late, ended = refusal(Problem(Code.TOO_BUSY)), refusal(Problem(Code.CANCELLED))
    return Later(_LIMIT, lambda deliver: while_open(deliver, start, _as_it_is), lambda: too_late, lambda: ended)


def _as_it_is(response: Response) -> Response:
    return response


def _problem(found: object) -> Problem:
    return found if isinstance(found, Problem) else Problem(Code.INTERNAL)


def _secrets(call: Call) -> bool:
    return call.query.get("secrets") == "true"
