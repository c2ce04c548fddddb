"""Commands of backends: answers, streams that others may join, cancelling, and what a client that leaves ends."""

from __future__ import annotations

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import EnableRequest, JobDone, JobFailed
from portway.core.secret import Secret
from portway.core.status import Progress
from tests.fakes.backends.api import LOGIN_PAGE
from tests.fakes.runtime.hub import FakeJob
from tests.rest.wire import Frame, Rest, Wire, frames, parsed

INSTALL = "/api/tunnels/cloudflared/install"
WRONG_PASSWORD = Problem(Code.WRONG_SUDO_PASSWORD)
DOWNLOADING = Progress(step="download", message="Downloading\nevent: done", received=3, total=10)


def installing(rest: Rest, body: str = "{}") -> tuple[Wire, FakeJob]:
    """Begin an installation that the hub holds."""
    rest.hub.holds = True
    wire = rest.connect()
    lines = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    wire.send(rest.head(f"POST {INSTALL}", *lines) + body.encode())
    wire.wait_for(b"\r\n\r\n")
    return wire, rest.hub.jobs["cloudflared", "install"]


def test_a_reading_command_answers_what_it_found(rest: Rest) -> None:
    rest.hub.found = {"check": JobDone({"installed": True, "logged_in": True, "daemonRunning": False})}
    answer = rest.call("GET", "/api/tunnels/tailscale/check")
    assert (answer.status, answer.json) == (200, {"installed": True, "loggedIn": True, "daemonRunning": False})


def test_a_reading_command_that_fails_has_the_envelope_of_all_errors(rest: Rest) -> None:
    problem = Problem(Code.NOT_INSTALLED, parameters={"program": "Tailscale"})
    rest.hub.found = {"check": JobFailed(problem)}
    answer = rest.call("GET", "/api/tunnels/tailscale/check")
    assert (answer.status, answer.json["error"], answer.json["code"]) == (409, problem.sentence, "not_installed")


@pytest.mark.parametrize("name", ["start-daemon", "operator"])
@pytest.mark.parametrize("password", [None, "correct horse"])
def test_a_step_with_rights_takes_a_password_or_none(rest: Rest, name: str, password: str | None) -> None:
    body = None if password is None else {"sudoPassword": password}
    answer = rest.call("POST", f"/api/tunnels/tailscale/{name}", body)
    assert (answer.status, answer.json["success"], answer.json["status"]["backend"]) == (200, True, "tailscale")
    options = {} if password is None else {"sudo_password": Secret(password)}
    assert rest.hub.commands == [("tailscale", name, EnableRequest(options=options))]


@pytest.mark.parametrize("name", ["start-daemon", "operator"])
def test_a_wrong_password_is_said_and_not_shown(rest: Rest, name: str) -> None:
    rest.hub.found = {name: JobFailed(WRONG_PASSWORD)}
    answer = rest.call("POST", f"/api/tunnels/tailscale/{name}", {"sudoPassword": "canary"})
    assert (answer.status, answer.json["success"], answer.json["code"]) == (403, False, "wrong_sudo_password")
    assert b"canary" not in answer.body


def test_needed_rights_come_with_the_command_to_type(rest: Rest) -> None:
    problem = Problem(Code.NEEDS_PRIVILEGES, parameters={"command": "sudo tailscale set --operator=me"})
    rest.hub.found = {"operator": JobFailed(problem)}
    answer = rest.call("POST", "/api/tunnels/tailscale/operator")
    assert (answer.status, answer.json["code"]) == (403, "needs_privileges")
    assert "sudo tailscale set --operator=me" in answer.json["error"]


@pytest.mark.parametrize("found", [{"authUrl": LOGIN_PAGE}, {"alreadyLoggedIn": True}])
def test_a_login_answers_the_page_or_that_it_is_done(rest: Rest, found: dict[str, object]) -> None:
    rest.hub.found = {"login": JobDone(found)}
    answer = rest.call("POST", "/api/tunnels/tailscale/login", {"hostname": "box"})
    assert answer.status == 200
    assert answer.json.items() >= ({"success": True} | found).items()


def test_a_command_that_takes_long_goes_on_after_the_wait(rest: Rest) -> None:
    rest.hub.holds = True
    answer = rest.call("POST", "/api/tunnels/tailscale/start-daemon", wait="?wait=0")
    assert (answer.status, answer.json["success"], answer.json["pending"]) == (202, False, True)
    assert not rest.hub.jobs["tailscale", "start-daemon"].cancelled


def test_a_command_ends_with_the_server(rest: Rest) -> None:
    rest.hub.holds = True
    wire = rest.connect()
    wire.send(rest.head("POST /api/tunnels/tailscale/start-daemon"))
    wire.wait(lambda: bool(rest.hub.commands))
    rest.server.close()
    assert parsed(wire.to_end()).json["code"] == "cancelled"


def test_an_installation_tells_its_progress_and_its_end(rest: Rest) -> None:
    wire, job = installing(rest, '{"update":true}')
    assert rest.hub.commands == [("cloudflared", "install", EnableRequest(options={"update": True}))]
    job.tell(DOWNLOADING)
    wire.wait(lambda: bool(frames(wire.received)))
    job.tell(JobDone({}))
    answer = parsed(wire.to_end())
    assert answer.header("Content-Type") == "text/event-stream"
    progress, done = frames(wire.received)
    message = {"step": "download", "message": DOWNLOADING.message, "received": 3, "total": 10}
    assert progress == Frame("progress", message)
    assert (done.event, done.data["success"], done.data["status"]["backend"]) == ("done", True, "cloudflared")


def test_an_installation_that_fails_tells_why(rest: Rest) -> None:
    wire, job = installing(rest)
    problem = Problem(Code.INSTALL_FAILED, parameters={"program": "cloudflared", "reason": "HTTP 404"})
    job.tell(JobFailed(problem))
    wire.to_end()
    assert frames(wire.received) == [Frame("error", {"error": problem.sentence, "code": "install_failed"})]


def test_text_of_a_program_cannot_forge_an_event(rest: Rest) -> None:
    wire, job = installing(rest)
    job.tell(Progress(step="x", message='a\n\nevent: done\ndata: {"success":true}\n\n\r\u2028'))
    job.tell(JobFailed(Problem(Code.CANCELLED)))
    wire.to_end()
    assert [frame.event for frame in frames(wire.received)] == ["progress", "error"]


def test_a_second_client_joins_and_hears_the_latest(rest: Rest) -> None:
    first, job = installing(rest)
    job.tell(DOWNLOADING)
    second, same = installing(rest)
    assert same is job
    second.wait(lambda: bool(frames(second.received)))
    job.tell(JobDone({}))
    for wire in (first, second):
        wire.to_end()
        assert [frame.event for frame in frames(wire.received)] == ["progress", "done"]


def test_a_client_that_leaves_does_not_end_the_installation(rest: Rest) -> None:
    wire, job = installing(rest)
    wire.close()
    assert rest.call("GET", "/api/tunnels/cloudflared").status == 200
    assert not job.cancelled
    assert not job.listeners


def test_an_installation_can_be_cancelled_by_anybody(rest: Rest) -> None:
    wire, job = installing(rest)
    assert rest.call("DELETE", INSTALL).json == {"success": True}
    assert job.cancelled
    rest.hub.end_job("cloudflared", "install", JobFailed(Problem(Code.CANCELLED)))
    wire.to_end()
    assert [(frame.event, frame.data["code"]) for frame in frames(wire.received)] == [("error", "cancelled")]


@pytest.mark.parametrize(("backend", "title"), [("cloudflared", "Cloudflare"), ("tailscale", "Tailscale")])
def test_what_does_not_run_cannot_be_cancelled(rest: Rest, backend: str, title: str) -> None:
    answer = rest.call("DELETE", f"/api/tunnels/{backend}/install")
    assert (answer.status, answer.json["code"]) == (409, "not_running")
    assert answer.json["error"] == f"{title} install is not running."


def test_a_quiet_installation_has_a_heartbeat(rest: Rest) -> None:
    wire, job = installing(rest)
    wire.wait_for(b":\n\n")
    job.tell(JobDone({}))
    wire.to_end()
    assert [frame.event for frame in frames(wire.received)] == ["done"]


def test_an_installation_ends_with_the_server(rest: Rest) -> None:
    wire, _ = installing(rest)
    rest.server.close()
    wire.to_end()
    assert [(frame.event, frame.data["code"]) for frame in frames(wire.received)] == [("error", "cancelled")]


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"update":"yes"}', b'{"update":1}'])
def test_a_bad_body_is_refused_before_anything_begins(rest: Rest, body: bytes) -> None:
    answer = rest.call("POST", INSTALL, body)
    assert (answer.status, answer.json["code"]) == (400, "bad_request")
    assert not rest.hub.commands


def test_streams_of_installations_count_like_those_of_events(rest: Rest) -> None:
    wires = [installing(rest)[0] for _ in range(50)]
    answer = rest.call("GET", "/api/events")
    assert (answer.status, len(wires)) == (503, 50)
