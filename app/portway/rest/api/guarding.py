"""Who may open a tunnel, and until when: changed, put off, and links for one device. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import GuardRequest, Hub, Unsubscribe
from portway.core.status import TunnelId, TunnelStatus
from portway.rest.api.backend_messages import Messages
from portway.rest.api.messages import LinkMessage
from portway.rest.api.routes import Operation
from portway.rest.api.streams import check_stream
from portway.rest.http.answers import Later, Reply, Response, answer, refusal, while_open

_LOOK_LIMIT = 120.0  # seconds: a name may have to settle, and each step may take twenty


class Guards:
    """Answers the calls about the guard of a tunnel. Main thread. `limit` is that of the keyring, in seconds."""

    def __init__(self, hub: Hub, messages: Messages, limit: float) -> None:
        self._hub = hub
        self._messages = messages
        self._limit = limit

    def handle(self, operation: Operation, tunnel: TunnelId, values: Mapping[str, Any]) -> Reply:
        """Answer one of them. Raises TunnelError."""
        match operation:
            case Operation.GUARD:
                return self._guarded(tunnel, values["request"])
            case Operation.EXTEND:
                self._hub.extend(tunnel, values["seconds"])
                return self._shown(tunnel, None)
            case Operation.VERIFY:
                return self._verified(tunnel)
            case Operation.STREAMS:
                return check_stream(self._hub.test_streams(tunnel))
            case _:
                link = self._hub.one_time_link(tunnel)
                if link is None:
                    raise TunnelError(Code.NOT_FOUND, "guard_link")
                return answer(LinkMessage(url=link))

    def _verified(self, tunnel: TunnelId) -> Later:
        status = self._hub.status(tunnel)
        if not status.running:
            raise TunnelError(Code.NOT_RUNNING, what=status.name or status.id)

        def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
            return while_open(deliver, lambda done: self._hub.verify(tunnel, done), self._found)

        def now() -> Response:
            return self._shown(tunnel, None)

        return Later(_LOOK_LIMIT, wait, now, now)

    def _guarded(self, tunnel: TunnelId, request: GuardRequest) -> Later:
        def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
            def start(done: Callable[[Problem | None], None]) -> None:
                self._hub.guard(tunnel, request, done)

            return while_open(deliver, start, lambda problem: self._shown(tunnel, problem))

        no_answer = refusal(Problem(Code.NO_SECURE_STORAGE))
        return Later(2 * self._limit + 1, wait, lambda: no_answer, lambda: no_answer)

    def _found(self, status: TunnelStatus) -> Response:
        return answer(self._messages.status(status))

    def _shown(self, tunnel: TunnelId, problem: Problem | None) -> Response:
        """Return the status. A password that is held until exit only is in use all the same, as it says."""
        status = self._messages.status(self._hub.status(tunnel))
        return answer(status) if problem is None else refusal(problem, status=status)
