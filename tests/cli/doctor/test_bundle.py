"""`portway doctor --bundle FILE` writes what helps, once it was seen; nothing in it tells who somebody is."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.cli.doctor import bundle, command
from portway.cli.doctor.finding import Finding, Grade
from portway.system.logs.crash_record import LAST_CRASH
from portway.system.storage.folders import Folders
from tests.cli.conftest import Portway
from tests.fakes.portway.rest_double import RestDouble, status_of

PERSON = {
    "USER": "annacanary",
    "LOGNAME": "annacanary",
    "TOY_TOKEN": "toy-canary-token",
    "PORTWAY_API_TOKEN": "api-canary-token-of-this-person",
}
LINES = (
    "visit of 203.0.113.77 at /webhooks/canary?id=7 through https://w-x-canary.trycloudflare.com/canary",
    "C:\\Users\\annacanary\\canary.env was written, and /home/annacanary/.env",
    "toy-canary-token and Bearer canary-bearer-token from canary.example and 2001:db8::77",
    'File "/home/annacanary/canary.py", line 3',
)
TELLING = ("canary", "203.0.113.77", "2001:db8::77", "webhooks", "w-x-")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "written.zip"


@pytest.fixture
def lived_in(portway: Portway, folders: Folders, double: RestDouble) -> None:
    """A profile in which each kind of canary has got into each place that can hold one."""
    portway("config", "set", "general.hookFile", "/home/annacanary/.env")
    double.tell(
        status_of(
            "toy",
            phase="error",
            wanted=True,
            code="process_died",
            lastError=" ".join(LINES),
            publicUrl="https://w-x-canary.trycloudflare.com",
            binaryPath="/home/annacanary/toy",
        )
    )
    folders.log.mkdir(parents=True, exist_ok=True)
    for name in ("portway", "toy"):
        lines = (f"2026-11-30T15:30:27.123Z INFO    portway.backends.toy.api: {line}" for line in LINES)
        (folders.log / f"{name}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    folders.state.mkdir(parents=True, exist_ok=True)
    crash = "\n".join(("Fatal Python error: Aborted", *LINES))
    (folders.state / LAST_CRASH).write_text(crash, encoding="utf-8")


def texts(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


@pytest.mark.usefixtures("lived_in")
def test_no_canary_of_any_kind_gets_into_it(portway: Portway, file: Path) -> None:
    said = portway("doctor", "--bundle", str(file), "--yes", environment=PERSON)
    assert (said.code, said.out) == (0, "")
    found = texts(file)
    assert {"about", "settings", "tunnels", "doctor", "crash", "log/portway", "log/toy"} == {
        name.removesuffix(".txt") for name in found
    }
    assert file.stat().st_mode & 0o777 == 0o600
    left = [(name, one) for name, text in found.items() for one in TELLING if one in text.lower() + name]
    assert left == []
    assert str(file.parent) not in "".join(found.values())
    assert "process_died" in found["tunnels.txt"]
    assert "Fatal Python error: Aborted" in found["crash.txt"]
    assert '"hookFile": "set"' in found["settings.txt"] or '"hook_file": "set"' in found["settings.txt"]
    assert "PORTWAY_API_TOKEN" in found["about.txt"]


def test_the_person_sees_what_is_in_it_and_may_say_no(portway: Portway, file: Path) -> None:
    said = portway("doctor", "--bundle", str(file), stdin="y\nn\n")
    assert said.code == 1
    assert "about.txt" in said.err
    assert "== about.txt\n\nPortway " in said.out
    assert "== doctor.txt" in said.out
    assert not file.exists()
    assert portway("doctor", "--bundle", str(file), stdin="n\ny\n").code == 0
    assert texts(file)["about.txt"].startswith("Portway ")


def test_where_nobody_can_be_asked_nothing_is_written(portway: Portway, file: Path) -> None:
    assert portway("doctor", "--bundle", str(file)).code == 1
    assert not file.exists()


def test_a_place_that_cannot_be_written_is_one_sentence(portway: Portway, tmp_path: Path) -> None:
    said = portway("doctor", "--bundle", str(tmp_path / "nowhere" / "file.zip"), "--yes")
    assert said.code == 1
    assert "could not be written" in said.err


def test_it_is_no_json(portway: Portway, file: Path) -> None:
    assert portway("doctor", "--bundle", str(file), "--json").code == 2


def test_what_hangs_is_left_out(portway: Portway, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()

    def hangs(_invocation: object) -> Iterator[Finding]:
        yield Finding("first", Grade.GOOD, "it is there.", "portway")
        never.wait()

    monkeypatch.setattr(command, "findings", hangs)
    monkeypatch.setattr(bundle, "FINDINGS_LIMIT", 0.2)
    assert portway("doctor", "--bundle", str(file), "--yes").code == 0
    assert texts(file)["doctor.txt"].endswith("The rest took longer than 0.2 seconds.\n")
    never.set()


def test_the_token_of_the_running_program_is_known_as_a_secret(
    portway: Portway, file: Path, folders: Folders, double: RestDouble
) -> None:
    token = json.loads((folders.run / "api.json").read_text(encoding="utf-8"))["token"]
    folders.log.mkdir(parents=True, exist_ok=True)
    (folders.log / "portway.log").write_text(f"it was {token}\n", encoding="utf-8")
    assert double.port
    assert portway("doctor", "--bundle", str(file), "--yes").code == 0
    assert texts(file)["log/portway.txt"] == "it was [hidden]\n"
