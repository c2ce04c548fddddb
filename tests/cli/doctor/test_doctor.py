"""`portway doctor` finds what is wrong, says what helps, changes nothing, and fails only for what is wanted."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portway.core.status import BackendId
from portway.system.processes.identity import boot_id
from portway.system.releases.origin import Origin
from portway.system.services import Services
from portway.system.storage.folders import Folders
from portway.system.storage.wishes_file import Wish, WishesFile
from tests.cli.conftest import Portway, Said
from tests.fakes.backends.toy import NEEDS_LOGIN, ToyBackend, ToyWorld
from tests.fakes.cloudflared.release_server import LIST, answers, release_server
from tests.fakes.origins.ports import kept_port
from tests.fakes.portway.rest_double import RestDouble, status_of

NEEDS_TOKEN = status_of(
    "toy",
    phase="needs_auth",
    wanted=True,
    code="needs_token",
    lastError="Toy needs your token.",
    actionUrl="https://toy.example/token",
)


def found(said: Said, subject: str) -> dict[str, Any]:
    (finding,) = [one for one in said.record["findings"] if one["subject"] == subject]
    return dict(finding)


@pytest.fixture
def free_port() -> Iterator[int]:
    with kept_port() as port:
        yield port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_without_a_running_portway_it_looks_by_itself(portway: Portway, folders: Folders, free_port: int) -> None:
    said = portway("doctor", "--json", environment={"PORTWAY_API_PORT": str(free_port)})
    assert (said.code, said.record["healthy"]) == (0, True)
    assert found(said, "Portway")["text"].endswith("not running.")
    assert found(said, "lan")["grade"] == "ok"
    assert found(said, "port")["text"] == f"port {free_port} for the REST API is free."
    assert found(said, "keyring")["text"].startswith("PORTWAY_KEYRING=memory")
    assert str(folders.config) in found(said, "folders")["text"]
    assert found(said, "toy token") == {
        "subject": "toy token",
        "grade": "note",
        "text": "there is none that Portway knows of.",
        "wayOn": "portway login toy; the page is https://toy.example/login",
        "stopsAWish": False,
    }


def test_it_changes_nothing(portway: Portway, environment: dict[str, str]) -> None:
    portway("doctor")
    assert not Path(environment["PORTWAY_HOME"]).exists()


def test_people_read_one_line_for_each_finding_and_the_way_on_below(portway: Portway) -> None:
    lines = portway("doctor").out.splitlines()
    assert "      → portway login toy; the page is https://toy.example/login" in lines
    assert lines[-1] == "Nothing that is wanted is in the way."


def test_a_token_in_the_environment_is_seen(portway: Portway) -> None:
    said = portway("doctor", "--json", environment={"TOY_TOKEN": "x"})
    assert found(said, "toy token")["grade"] == "ok"


def test_a_taken_port_is_named(portway: Portway, taken_port: int) -> None:
    said = portway("doctor", "--json", environment={"PORTWAY_API_PORT": str(taken_port)})
    finding = found(said, "port")
    assert (said.code, finding["grade"]) == (0, "bad")
    assert f"port {taken_port}" in finding["text"]
    assert "config set general.apiPort" in finding["wayOn"]


def test_a_running_portway_adds_what_it_knows(portway: Portway, double: RestDouble) -> None:
    double.tell(status_of("lan", publicUrl="http://192.168.1.2:3", reach="network"))
    double.tell(NEEDS_TOKEN)
    said = portway("doctor", "--json")
    assert said.code == 1
    assert found(said, "Portway")["text"].endswith("running; exposed: lan.")
    assert found(said, "port")["text"].endswith(f"port {double.port}.")
    finding = found(said, "toy now")
    assert (finding["stopsAWish"], finding["wayOn"]) == (True, "https://toy.example/token")


def test_trouble_that_passes_by_itself_is_no_failure(portway: Portway, double: RestDouble) -> None:
    double.tell(status_of("toy", phase="starting", wanted=True, code="no_network", lastError="No network."))
    said = portway("doctor", "--json")
    assert (said.code, found(said, "toy now")["grade"]) == (0, "note")


@pytest.mark.parametrize("wanted", [False, True], ids=["not wanted", "wanted"])
def test_it_fails_for_a_restored_wish_that_cannot_work(
    portway: Portway, folders: Folders, monkeypatch: pytest.MonkeyPatch, *, wanted: bool
) -> None:
    def blocked(services: Services) -> tuple[ToyBackend, ...]:
        return (ToyBackend(services, ToyWorld(missing=NEEDS_LOGIN)),)

    monkeypatch.setattr("tests.cli.conftest.near_and_far", blocked)
    wishes = [Wish(tunnel="toy", backend=BackendId("toy"))] if wanted else []
    WishesFile(folders.state / "wishes.json", boot_id()).write(wishes)
    said = portway("doctor", "--json")
    assert said.code == (1 if wanted else 0)
    finding = found(said, "toy")
    assert (finding["grade"], finding["stopsAWish"]) == ("bad" if wanted else "note", wanted)
    assert finding["wayOn"] == "portway login toy; the page is https://toy.example/login"


@pytest.mark.expected_logs
def test_a_folder_that_cannot_be_used_is_named(portway: Portway, environment: dict[str, str]) -> None:
    home = Path(environment["PORTWAY_HOME"])
    home.mkdir()
    (home / "state").write_text("a file")
    said = portway("doctor", "--json")
    finding = found(said, "folder")
    assert (finding["grade"], str(home / "state") in finding["text"]) == ("bad", True)


def test_a_copy_that_no_release_has_made_says_that_it_knows_no_newer_ones(
    portway: Portway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portway.system.releases.updates.known_origin", lambda: None)
    finding = found(portway("doctor", "--json"), "new versions")
    assert (finding["grade"], finding["wayOn"]) == ("note", "Ask where you got it.")
    assert "does not know where they are" in finding["text"]


@pytest.mark.parametrize("wanted", [False, True], ids=["not allowed", "allowed"])
def test_newer_versions_are_looked_for_only_where_that_is_wanted(
    portway: Portway, monkeypatch: pytest.MonkeyPatch, *, wanted: bool
) -> None:
    with release_server("SHA256SUMS") as releases:
        releases.version, releases.others = "v9.0", [{"name": "portway.deb", "digest": f"sha256:{'0' * 64}"}]
        releases.content = f"{'0' * 64}  portway.deb\n".encode()
        origin = Origin(releases.url, releases.url, releases.releases)
        monkeypatch.setattr("portway.system.releases.updates.known_origin", lambda: origin)
        if wanted:
            portway("config", "set", "general.checkForUpdates", "true")
        finding = found(portway("doctor", "--json"), "new versions")
        asked = releases.asked
    if wanted:
        assert finding["text"].startswith("version 9.0 is there; this is ")
        assert finding["wayOn"] == f"{releases.url}/releases/tag/v9.0"
    else:
        assert asked == []
        assert finding["grade"] == "ok"
        assert "general.checkForUpdates true" in finding["wayOn"]


def test_the_newest_version_is_told_and_so_is_what_went_wrong(
    portway: Portway, monkeypatch: pytest.MonkeyPatch
) -> None:
    portway("config", "set", "general.checkForUpdates", "true")
    with release_server("SHA256SUMS") as releases:
        releases.version = "v0.0.1"
        origin = Origin(releases.url, releases.url, releases.releases)
        monkeypatch.setattr("portway.system.releases.updates.known_origin", lambda: origin)
        assert found(portway("doctor", "--json"), "new versions")["text"].startswith("this is the newest")
        releases.faults[LIST] = answers(404)
        said = portway("doctor", "--json")
    assert "nothing has been released there yet" in found(said, "new versions")["text"]
    assert (said.code, found(said, "new versions")["grade"]) == (0, "note")


@pytest.mark.children
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a program under another name is made by a link")
def test_a_tunnel_of_others_is_told_and_left_alone(portway: Portway, tmp_path: Path) -> None:
    sleep = shutil.which("sleep")
    assert sleep is not None
    program = tmp_path / "toy"
    shutil.copy(sleep, program)
    with subprocess.Popen([program, "60"]) as stranger:
        said = portway("doctor", "--json")
        assert stranger.poll() is None
        stranger.kill()
    findings = [one["text"] for one in json.loads(said.out)["findings"] if one["subject"] == "other toy"]
    assert f"process {stranger.pid} was not started by this Portway, and is left alone." in findings
