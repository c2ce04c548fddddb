"""The examples of docs/api.md, run as they stand there, but for port and token."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from portway.backends.registry import build_backends
from portway.core.settings import SavedTunnel, Settings
from portway.core.status import BackendId
from portway.rest.api.routes import build_routes
from portway.rest.http.policy import NUMBER
from portway.system.services import Services
from tests.fakes.backends.api import api_backends
from tests.fakes.origins.http import http_origin
from tests.fakes.runtime.hub import FakeJob, up
from tests.relay.capture.records import record
from tests.rest.wire import Answer, Rest

pytestmark = pytest.mark.children

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = [block for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) if block.startswith("curl ")]
ENDLESS = "/api/events"
TOLD, EVERY_TUNNEL = b"event: status", 6
LIMIT = 20.0  # seconds: only bounds a hang

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def called(example: str) -> tuple[str, str]:
    """Return method and path of an example."""
    path = re.search(r"http://(?:127\.0\.0\.1|localhost):20129([^\s\"?]*)", example)
    method = re.search(r"-X (\w+)", example)
    assert path is not None
    return ("GET" if method is None else method[1], path[1])


def run(rest: Rest, example: str, folder: Path) -> tuple[int, Answer]:
    """Run an example in a shell while the server answers; return curl's exit code, and the answer if it is as promised.

    A stream is ended by the server once each tunnel was told.
    """
    head, body = folder / "head", folder / "out"
    options = (
        f'silent\nshow-error\nno-buffer\nfail-with-body\nnoproxy = *\ndump-header = "{head}"\nmax-time = {LIMIT}\n'
    )
    (folder / ".curlrc").write_text(options)
    environment = {"TOKEN": rest.token, "CURL_HOME": str(folder), "PATH": "/usr/bin:/bin:/usr/local/bin"}
    with body.open("w+") as out:
        child = subprocess.Popen(["sh", "-c", example.replace(":20129", f":{rest.port}")], stdout=out, env=environment)
        until = time.monotonic() + LIMIT
        while child.poll() is None and time.monotonic() < until:
            QCoreApplication.processEvents()
            time.sleep(0.001)
            if ENDLESS in example and body.read_bytes().count(TOLD) == EVERY_TUNNEL:
                rest.server.close()
        child.kill()
        code = child.wait()
    answer = answer_of(head.read_bytes(), body.read_bytes())
    rest.check(answer, " ".join((*called(example), "")).encode())
    return code, answer


def answer_of(head: bytes, body: bytes) -> Answer:
    """Put together what curl has written into two files; it has taken the chunks of the body apart."""
    first, *lines = head.decode().removesuffix("\r\n\r\n").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return Answer(int(first.split()[1]), [(name.lower(), value) for name, _, value in pairs], body)


@pytest.fixture
def recorded(rest: Rest) -> Iterator[None]:
    """Let one request be recorded, whose local server still answers."""
    with http_origin() as site:
        rest.hub.show("lan", target_url=site.target.url)
        rest.hub.requests.record("lan", on=True)
        record(rest.hub.requests.store, tunnel="lan")
        yield


@needs_curl
@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: " ".join(called(example)))
def test_an_example_works(rest: Rest, tmp_path: Path, example: str) -> None:
    for backend in ("cloudflared", "tailscale"):
        rest.hub.jobs[backend, "install"] = FakeJob()
    if called(example)[1].endswith("/verify"):
        rest.hub.show("lan", wanted=True, **up("lan"))
    rest.hub.add(SavedTunnel(id="shop", backend=BackendId("cloudflared")))
    rest.hub.settings = Settings(tunnels=rest.hub.saved)
    rest.hub.link = "https://lan.example/.portway/in?t=abc"
    code, answer = run(rest, example, tmp_path)
    method, path = called(example)
    if path == ENDLESS:
        assert (code, answer.body.count(TOLD)) == (0, EVERY_TUNNEL)
        return
    assert code == 0, answer
    if path.endswith("/curl"):
        assert answer.body.startswith(b"curl ")
    elif path.endswith(("install", "streams")) and method == "POST":
        assert b"event: done" in answer.body
    else:
        assert answer.json.get("success", True)


def _alike(method: str, path: str) -> tuple[str, str]:
    """Return a call, the same for all tunnels where it is about what is alike for all of them."""
    of_any = re.sub(r"/tunnels/[a-z]+/(requests|guard|extend|verify|streams)", r"/tunnels/lan/\1", path)
    if method in ("PATCH", "DELETE"):
        of_any = re.sub(r"/tunnels/[a-z]+$", "/tunnels/lan", of_any)
    return method, re.sub(r"(?<=/)[1-9][0-9]*(?=/|$)", NUMBER, of_any)


def test_every_route_has_an_example(services: Services) -> None:
    shown = {_alike(*called(example)) for example in EXAMPLES}
    promised = {_alike(route.method, route.path) for route in build_routes(api_backends())}
    real = {_alike(route.method, route.path) for route in build_routes(build_backends(services))}
    assert promised == shown
    assert real <= shown


@needs_curl
def test_a_script_for_omniroute_without_a_token_is_told_so(rest: Rest, tmp_path: Path) -> None:
    example = next(example for example in EXAMPLES if "Cookie" in example).replace("$TOKEN", "stale")
    code, answer = run(rest, example, tmp_path)
    assert (code, answer.status) == (22, 401)  # curl's word for a status of 400 and above
    assert answer.json["code"] == "unauthorized"
