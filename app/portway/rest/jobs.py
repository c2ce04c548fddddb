"""The runs of commands as answers: a stream of progress, or one answer when it is done. Pure."""

from __future__ import annotations

from collections.abc import Callable

from portway.core.backend import Command
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import Job, JobDone, JobFailed, JobNews, Unsubscribe
from portway.core.status import Progress, TunnelStatus
from portway.rest.answers import Later, Response, Stream, StreamClient, answer, frame, retry_after
from portway.rest.messages import BackendMessages, FailureMessage, progress_message

StatusNow = Callable[[], TunnelStatus]


def job_stream(job: Job, command: Command, messages: BackendMessages, status: StatusNow) -> Stream:
    """Return a job as a stream of `progress`, ended by one `done` or `error`. Leaving it does not end the job."""

    def subscribe(client: StreamClient) -> Unsubscribe:
        def pass_on(news: JobNews) -> None:
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


def job_answer(job: Job, command: Command, messages: BackendMessages, status: StatusNow, limit: float) -> Later:
    """Return a job as one answer. After `limit` seconds it is 202, and the job goes on."""

    def wait(deliver: Callable[[Response], None]) -> Unsubscribe:
        def pass_on(news: JobNews) -> None:
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
        return answer(message, problem.facts.http_status, retry_after(problem))

    def expired() -> Response:
        if command.method == "GET":
            return failed(Problem(Code.TOO_BUSY))
        return answer(messages.command_failed(command, None, status(), pending=True), 202)

    return Later(limit, wait, expired, lambda: failed(Problem(Code.CANCELLED)))


def _error_frame(problem: Problem) -> bytes:
    return frame("error", FailureMessage(error=problem.sentence, code=problem.code))
