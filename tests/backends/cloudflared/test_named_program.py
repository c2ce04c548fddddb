"""Named tunnels in the whole program, as people use them: set, kept in the keyring, killed, changed and removed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from portway.core.target import Target
from tests.backends.cloudflared.conftest import CloudflaredWorld
from tests.backends.cloudflared.test_several_program import SECOND, added, has_gone, second_origin
from tests.fakes.backends.news import wait_until
from tests.fakes.origins.page import PAGE
from tests.fakes.portway.program import Program, started

pytestmark = pytest.mark.children

HOST, SITE = "app.example.test", "site.example.test"
CLOUDFLARED, OWN = "/api/tunnels/cloudflared", "/api/tunnels/site"


@pytest.fixture
def here(world: CloudflaredWorld) -> dict[str, str]:
    folder = world.services.folders.config
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('[general]\nlogLevel = "debug"\n', encoding="utf-8")
    return {**world.services.environment, "PORTWAY_API_PORT": "0"}


def enabled(program: Program, path: str, **body: object) -> dict[str, Any]:
    """Turn it on, and return its status."""
    code, answer = program.call("POST", path, {"action": "enable", **body})
    assert (code, answer["success"]) == (200, True), answer
    status: dict[str, Any] = answer["status"]
    return status


def test_a_named_and_a_quick_one_at_once_each_with_what_is_its_own(
    world: CloudflaredWorld, here: dict[str, str], origin: Target, tmp_path: Path
) -> None:
    token = world.named(SITE)
    with started(here, tmp_path / "program") as program:
        added(program, "site", "cloudflared", origin)
        assert program.call("PATCH", OWN, {"hostname": SITE})[0] == 200
        code, answer = program.call("POST", OWN, {"action": "enable"})
        assert (code, answer["success"], answer["code"]) == (200, False, "needs_token"), answer
        assert answer["actionUrl"]
        code, words = said(here, "login", "site", "--token-stdin", typed=token)
        assert (code, "is kept until Portway ends" in words) == (1, True), words  # these tests have no keyring
        named = program.wait_for_phase("running", "site")  # by itself, once the token is there
        quick = enabled(program, CLOUDFLARED, target=origin.url)
        assert (named["publicUrl"], named["managed"]) == (f"https://{SITE}", "local")
        assert (quick["managed"], quick["publicUrl"].endswith(".trycloudflare.com")) == ("quick", True)
        assert [world.fetch(one["publicUrl"]) for one in (named, quick)] == [PAGE, PAGE]
        with second_origin() as second:
            again = enabled(program, OWN, target=second.url)
            assert (again["publicUrl"], again["pid"]) == (named["publicUrl"], named["pid"])
            assert world.fetch(again["publicUrl"]) == SECOND
        assert program.call("POST", OWN, {"action": "disable"})[0] == 200
        assert program.call("DELETE", OWN)[0] == 200
        wait_until(lambda: program.call("GET", OWN)[0] == 404)
        added(program, "site", "cloudflared", origin)  # one of its word begins anew
        assert program.call("PATCH", OWN, {"hostname": SITE})[0] == 200
        assert program.call("POST", OWN, {"action": "enable"})[1]["code"] == "needs_token"


def test_the_same_program_goes_on_under_the_same_name_after_a_kill(
    world: CloudflaredWorld, here: dict[str, str], origin: Target, tmp_path: Path
) -> None:
    token = world.named(HOST)
    with started(here, tmp_path / "first") as first:
        before = enabled(first, CLOUDFLARED, target=origin.url, hostname=HOST, tunnelToken=token)
        first.process.kill()
        first.ended()
    with started(here, tmp_path / "second") as second:
        after = second.wait_for_phase("running", "cloudflared")
        same = ("publicUrl", "pid", "managed", "tunnelId")
        assert [after[key] for key in same] == [before[key] for key in same]
        assert world.fetch(after["publicUrl"]) == PAGE
        second.call("POST", CLOUDFLARED, {"action": "disable"})
        wait_until(lambda: has_gone(before["pid"]))


def test_a_dashboard_that_leads_elsewhere_is_told_and_not_tried_again(
    world: CloudflaredWorld, here: dict[str, str], origin: Target, tmp_path: Path
) -> None:
    token = world.named(HOST, remote=[{"hostname": HOST, "service": origin.url}, {"service": "http_status:404"}])
    world.plan(tunnels=world.tunnels)
    with started(here, tmp_path / "program") as program:
        body = {"action": "enable", "target": origin.url, "hostname": HOST, "tunnelToken": token}
        # What comes after the wait for it ends a tunnel that is up already: either way it is not tried again.
        program.call("POST", CLOUDFLARED, body)
        status = program.wait_for_phase("error", "cloudflared")
        assert (status["code"], status["retryAt"], status["wanted"]) == ("other_target", None, True)
        assert origin.url in status["lastError"]  # theirs
        assert "http://127.0.0.1:" in status["lastError"].replace(origin.url, "")  # ours: the relay's
        assert status["actionUrl"]
        program.call("POST", CLOUDFLARED, {"action": "disable"})


def test_no_place_of_a_whole_program_holds_its_token(
    world: CloudflaredWorld, here: dict[str, str], origin: Target, tmp_path: Path
) -> None:
    right, wrong = world.named(HOST), world.named(SITE, gone=True)
    secrets = [tunnel["secret"] for tunnel in world.tunnels.values()]
    places: dict[str, bytes] = {}
    with started(here, tmp_path / "program") as program:

        def call(what: str, method: str, path: str, **body: object) -> None:
            places[what] = json.dumps(program.call(method, path, body or None)).encode()

        enable = {"action": "enable", "target": origin.url, "hostname": HOST}
        call("without", "POST", CLOUDFLARED, **enable)
        call("malformed", "PUT", f"{CLOUDFLARED}/token", tunnelToken=f"!{right}")
        call("refused", "POST", CLOUDFLARED, **enable, tunnelToken=wrong)
        call("stored", "PUT", f"{CLOUDFLARED}/token", tunnelToken=right)
        status = program.wait_for_phase("running", "cloudflared")
        call("all", "GET", "/api/tunnels")
        call("description", "GET", "/api/openapi.json")
        for words in ("status --json", "logs cloudflared", "doctor"):
            places[words] = said(here, *words.split())[1].encode()
        child = psutil.Process(status["pid"])
        places["argv of the child"] = repr(child.cmdline()).encode()
        ours = psutil.Process(program.process.pid)
        places["argv and environment"] = repr((ours.cmdline(), ours.environ())).encode()
        call("off", "POST", CLOUDFLARED, action="disable")
        call("removed", "DELETE", f"{CLOUDFLARED}/token")
        call("asks again", "POST", CLOUDFLARED, **enable)
        assert b"needs_token" in places["asks again"]
        program.call("POST", "/api/quit")
        program.ended()
        places["output"] = program.output.read_bytes()
    home = Path(here["PORTWAY_HOME"])
    places |= {f"file {path.name}": path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert {"file cloudflared.log", "file wishes.json", "file settings.toml", "file app.json"} <= set(places)
    for text in (right, wrong, *secrets):
        assert [place for place, content in places.items() if text.encode() in content] == []


def said(environment: dict[str, str], *words: str, typed: str = "") -> tuple[int, str]:
    """Return how a command of the command line ended, and what it printed."""
    command = [sys.executable, "-m", "portway", *words]
    done = subprocess.run(
        command, env=environment, input=typed + "\n", capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout + done.stderr
