"""Answers that come bit by bit: the stream of statuses, and the progress and outcome of a command. Pure."""

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping

from portway.core.backend import Command
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import Hub, Job, JobDone, JobEvent, JobFailed, RequestRow, StreamsTest, TunnelNews, Unsubscribe
from portway.core.status import Progress, StreamCheck, TunnelId, TunnelStatus
from portway.rest.api.backend_messages import BackendMessages, Messages
from portway.rest.api.messages import DoneMessage, FailureMessage, StreamCheckMessage, TunnelsMessage, progress_message
from portway.rest.api.request_messages import MoreRequestsMessage, row_message
from portway.rest.http.answers import Later, Response, Stream, StreamClient, answer, frame, retry_after

STATUS, REQUEST, TUNNELS = "status", "request", "tunnels"

StatusNow = Callable[[], TunnelStatus]


class Events:
    """The readers of /api/events. Ids count up over all streams, hence in each of them."""

    def __init__(self, messages: Messages, hub: Hub) -> None:
        self._messages = messages
        self._hub = hub
        self._numbers = itertools.count(1)
        self._clients: dict[object, StreamClient] = {}
        self._wanted: dict[TunnelId, bool] = {}  # as it was told last
        self._cautions: dict[TunnelId, str | None] = {}

    def subscribe(self, client: StreamClient, types: Collection[str] = (STATUS,)) -> Unsubscribe:
        """Send `client` what it asks for: one frame per tunnel now and at every change, requests as they end."""
        leaves = []
        if REQUEST in types:
            leaves.append(self._hub.follow_requests(lambda rows, more: self._tell_requests(client, rows, more)))
        if STATUS in types:
            leaves.append(self._subscribe_to_statuses(client))

        def leave() -> None:
            for one in leaves:
                one()

        return leave

    def _tell_requests(self, client: StreamClient, rows: Iterable[RequestRow], more: Mapping[str, int]) -> None:
        for row in rows:
            client.send(frame(REQUEST, row_message(row), next(self._numbers)))
        for tunnel, count in more.items():
            client.send(frame(REQUEST, MoreRequestsMessage(more=count, tunnel=tunnel), next(self._numbers)))

    def _subscribe_to_statuses(self, client: StreamClient) -> Unsubscribe:
        snapshots = [self._frame(status) for status in self._hub.statuses()]
        key = object()
        self._clients[key] = client

        def leave() -> None:
            self._clients.pop(key, None)

        for snapshot in snapshots:
            client.send(snapshot)
        return leave

    def publish(self, status: TunnelStatus) -> None:
        """Send a changed status to all readers. One that has left meanwhile is off the list before the next event."""
        if not self._clients:
            return
        switched = self._wanted.get(status.id) is not status.wanted
        self._send(status)
        if switched:
            self._tell_cautions(status)

    def _send(self, status: TunnelStatus) -> None:
        event = self._frame(status)
        for client in tuple(self._clients.values()):
            client.send(event)

    def tell(self, news: TunnelNews) -> None:
        """Tell all readers that a tunnel was added, changed or removed; of one that was added its status, too."""
        message = TunnelsMessage(tunnel=news.tunnel, change=news.change)
        for client in tuple(self._clients.values()):
            client.send(frame(TUNNELS, message, next(self._numbers)))
        if news.change == "added":
            self.publish(self._hub.status(news.tunnel))

    def _tell_cautions(self, switched: TunnelStatus) -> None:
        """Tell the others of its backend anew of which another thing is to be known, now that it is on, or off."""
        for other in self._hub.statuses():
            if other.backend == switched.backend and other.id != switched.id:
                message = self._messages.status(other)
                if message.caution != self._cautions.get(other.id):
                    self._send(other)

    def _frame(self, status: TunnelStatus) -> bytes:
        message = self._messages.status(status)
        self._wanted[status.id], self._cautions[status.id] = status.wanted, message.caution
        return frame(STATUS, message, next(self._numbers))


def job_stream(job: Job, command: Command, messages: BackendMessages, status: StatusNow) -> Stream:
    """Return a job as a stream of `progress`, ended by one `done` or `error`. Leaving it does not end the job."""

    def subscribe(client: StreamClient) -> Unsubscribe:
        def pass_on(news: JobEvent) -> None:
            match news:
                case Progress():
                    client.send(frame("progress", progress_message(news)))
                case JobDone(found):
                    client.send(frame("done", messages.command(command, found, status())))
                    client.end()
                case JobFailed(problem):
                    client.send(_error_frame(problem))
                    client.end()

        return job.subscribe(pass_on)

    return Stream(subscribe, farewell=_error_frame(Problem(Code.CANCELLED)))


def check_stream(begin: StreamsTest) -> Stream:
    """Return a test of what gets through: a `check` for each part as it ends, then `done`. Leaving it ends the test."""

    def subscribe(client: StreamClient) -> Unsubscribe:
        def pass_on(check: StreamCheck | None) -> None:
            if check is None:
                client.send(frame("done", DoneMessage(success=True)))
                client.end()
                return
            message = StreamCheckMessage(test=check.test, state=check.state, reason=str(check.reason), ms=check.ms)
            client.send(frame("check", message))

        return begin(pass_on)

    return Stream(subscribe, farewell=_error_frame(Problem(Code.CANCELLED)))


def job_answer(job: Job, command: Command, messages: BackendMessages, status: StatusNow, limit: float) -> Later:
    """Return a job as one answer. After `limit` seconds it is 202, and the job goes on."""

    def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
        def pass_on(news: JobEvent) -> None:
            match news:
                case JobDone(found):
                    deliver(answer(messages.command(command, found, status())))
                case JobFailed(problem):
                    deliver(failed(problem))
                case Progress():
                    pass

        return job.subscribe(pass_on)

    def failed(problem: Problem) -> Response:
        message = messages.command_failed(command, problem, status())
        return answer(message, problem.code.http_status, retry_after(problem))

    def expired() -> Response:
        if command.method == "GET":
            return failed(Problem(Code.TOO_BUSY))
        return answer(messages.command_failed(command, None, status(), pending=True), 202)

    return Later(limit, wait, expired, lambda: failed(Problem(Code.CANCELLED)))


def _error_frame(problem: Problem) -> bytes:
    return frame("error", FailureMessage(error=problem.sentence, code=problem.code))
