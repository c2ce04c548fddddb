"""The token is nowhere but in the connection to the service: a search for it, over everything that can be seen.

One real program is led through success, refusal and trouble with tokens that occur nowhere else; then all that it
said, wrote, answered and gave to others is searched.
"""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portway.backends.ngrok.backend import NgrokBackend
from portway.core.backend import Context
from portway.core.errors import TunnelError
from portway.core.target import Target
from portway.system.logs.crash_record import CRASH
from portway.system.processes.environment import child_environment
from tests.backends.ngrok.conftest import DOMAIN
from tests.fakes.ngrok.edge import Account, Kind, NgrokEdge
from tests.fakes.portway.program import Program, started

pytestmark = pytest.mark.children

BACKEND = "/api/tunnels/ngrok"
PLACES = 12  # at least


@pytest.mark.parametrize("number", [105, 106, 107, 999])
def test_no_error_carries_it(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, account: Account, number: int
) -> None:
    edge.refuse(Kind.AUTH, f"ERR_NGROK_{number}")  # its text repeats the token
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    error: BaseException | None = caught.value
    assert account.token not in "".join(traceback.format_exception(caught.value))
    while error is not None:
        assert account.token not in repr(error) + repr(error.args) + repr(vars(error))
        error = error.__cause__ or error.__context__


@pytest.fixture
def allowed_core() -> Iterator[None]:
    """Let this process and what it starts leave a core dump, as a person may have set it."""
    resource = pytest.importorskip("resource", reason="this system has no limits of a process")
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="this system does not show them")
@pytest.mark.usefixtures("allowed_core")
def test_a_crash_leaves_no_core_dump_with_it(environment: dict[str, str], tmp_path: Path) -> None:
    with started({**environment, "PORTWAY_API_PORT": "0"}, tmp_path / "output") as program:
        program.api()
        limits = Path("/proc", str(program.process.pid), "limits").read_text()
    assert re.search(r"^Max core file size +0 ", limits, re.MULTILINE), limits


def test_no_place_of_a_whole_program_holds_it(
    edge: NgrokEdge, account: Account, environment: dict[str, str], tmp_path: Path, origin: Target
) -> None:
    here = {**environment, "PORTWAY_API_PORT": "0"}
    debug(here)
    wrong = edge.unknown_token()
    with started(here, tmp_path / "output") as program:
        places = led_through_everything(program, edge, account.token, wrong, origin)
        places |= {f"portway {name}": said(here, *name.split()) for name in ("status --json", "logs ngrok", "doctor")}
        places |= processes(program, {**here, "NGROK_AUTHTOKEN": account.token})
        program.process.send_signal(signal.SIGABRT)
        program.ended()
        places["output"] = program.output.read_bytes()
        assert b"Fatal Python error" in (program.folders.state / CRASH).read_bytes()
    places |= {f"file {path.name}": path.read_bytes() for path in files(Path(here["PORTWAY_HOME"]))}
    assert len(places) >= PLACES
    assert {"file ngrok.log", "file wishes.json", "file settings.toml"} <= set(places)
    for token in (account.token, wrong):
        assert [place for place, content in places.items() if token.encode() in content] == []


def debug(environment: dict[str, str]) -> None:
    """Let the program tell as much as it can."""
    folder = Path(environment["PORTWAY_HOME"]) / "config"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('[general]\nlogLevel = "debug"\n')


def led_through_everything(
    program: Program, edge: NgrokEdge, right: str, wrong: str, origin: Target
) -> dict[str, bytes]:
    """Return what the program answered."""
    answers: dict[str, bytes] = {}

    def call(what: str, method: str, path: str, **body: object) -> dict[str, object]:
        status, answer = program.call(method, path, body or None)
        answers[what] = f"{status} {json.dumps(answer)}".encode()
        return answer

    with events(program) as stream:
        rest = call("status at rest", "GET", BACKEND)
        assert (rest["phase"], rest["code"]) == ("needs_auth", "needs_token")
        enable = {"action": "enable", "target": origin.url, "domain": DOMAIN}
        assert call("unknown token", "POST", BACKEND, **enable, authToken=wrong)["success"] is False
        for number in (105, 106, 107):
            edge.refuse(Kind.AUTH, f"ERR_NGROK_{number}")
            refused = call(f"refusal {number}", "POST", BACKEND, **enable, authToken=right)
            assert refused["success"] is False
        call("malformed token", "POST", BACKEND, **enable, authToken=f"!{right}")
        up = call("success", "POST", BACKEND, **enable, authToken=right, remember=True)
        assert up["success"] is True, up
        edge.cut()
        edge.wait_for("bind", 2)
        program.wait_for_phase("running", "ngrok")
        call("stored", "PUT", f"{BACKEND}/token", authToken=right)
        call("all", "GET", "/api/tunnels")
        call("description", "GET", "/api/openapi.json")
        call("off", "POST", BACKEND, action="disable")
        call("removed", "DELETE", f"{BACKEND}/token")
        call("on again", "POST", BACKEND, **enable, authToken=right)
        answers["events"] = stream.read1(1 << 20)
    return answers


@contextmanager
def events(program: Program) -> Iterator[http.client.HTTPResponse]:
    api = program.api()
    connection = http.client.HTTPConnection("127.0.0.1", api["port"], timeout=10)
    connection.request("GET", "/api/events", headers={"Authorization": f"Bearer {api['token']}"})
    try:
        yield connection.getresponse()
    finally:
        connection.close()


def said(environment: dict[str, str], *arguments: str) -> bytes:
    """Return what a command of the command line prints."""
    command = [sys.executable, "-m", "portway", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=20)
    return done.stdout + done.stderr


def processes(program: Program, environment: dict[str, str]) -> dict[str, bytes]:
    """Return what the system shows of the process, and what a child of it would get."""
    found = {"environment of a child": repr(child_environment(environment)).encode()}
    if Path("/proc").is_dir():
        folder = Path("/proc", str(program.process.pid))
        found |= {f"/proc {name}": (folder / name).read_bytes() for name in ("cmdline", "environ", "comm")}
    return found


def files(home: Path) -> Iterator[Path]:
    return (path for path in home.rglob("*") if path.is_file())
