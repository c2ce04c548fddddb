"""`portway requests` and `portway replay`: what was recorded, on a terminal that it cannot steer."""

from __future__ import annotations

import base64
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from portway.cli.failure import Exit
from tests.cli.conftest import Portway
from tests.fakes.portway.rest_double import RestDouble, row_of

TOY = "/api/tunnels/toy/requests"
LAN = "/api/tunnels/lan/requests"


def _listed(*rows: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return 200, {"requests": list(rows), "dropped": 0, "capturing": True}


@pytest.fixture
def recorded(double: RestDouble) -> RestDouble:
    """Let the local network have request 3, and the other way request 7."""
    double.replies["GET", LAN] = _listed(row_of(3, "lan", path="/old"))
    double.replies["GET", TOY] = _listed(row_of(7, "toy", path="/new\x1b[2J", status=404))
    whole = row_of(
        7,
        "toy",
        requestHeaders=[["X-A", "1\x1b]0;title\x07"]],
        requestBody={"size": 0, "text": "", "kept": True, "encoding": None},
        responseHeaders=[],
        responseBody={"text": "one\ntwo\x1b[2J", "size": 99, "kept": False, "encoding": None},
    )
    double.replies["GET", f"{TOY}/7"] = (200, whole)
    double.replies["POST", f"{TOY}/7/replay"] = (200, {"request": row_of(8, "toy", replayOf=7)})
    return double


@pytest.mark.usefixtures("recorded")
def test_those_of_all_ways_the_newest_first(portway: Portway) -> None:
    lines = portway("requests").out.splitlines()
    assert [line.split()[0] for line in lines] == ["7", "3"]
    assert "404" in lines[0]
    assert "12 ms" in lines[1]


@pytest.mark.usefixtures("recorded")
def test_those_of_one_way(portway: Portway) -> None:
    assert portway("requests", "lan").out.endswith("/old\n")
    assert portway("requests", "lan", "--json").record["capturing"]
    assert portway("requests", "nowhere").code == Exit.USAGE


def test_none(portway: Portway, double: RestDouble) -> None:
    double.replies["GET", LAN] = double.replies["GET", TOY] = _listed()
    said = portway("requests")
    assert (said.code, said.out) == (0, "")
    assert "No requests are recorded" in said.err
    assert portway("replay", "last").code == Exit.FAILED


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("words", [("requests",), ("requests", "7"), ("requests", "toy")])
def test_nothing_of_others_steers_the_terminal(portway: Portway, words: tuple[str, ...]) -> None:
    said = portway(*words)
    assert said.code == 0
    assert not {"\x1b", "\x07"} & set(said.out)


@pytest.mark.usefixtures("recorded")
def test_one_whole(portway: Portway) -> None:
    said = portway("requests", "7").out
    assert "one\ntwo" in said
    assert "not all of it was kept" in said
    assert "\n(0 bytes" not in said


def test_one_that_is_not_kept(portway: Portway, recorded: RestDouble) -> None:
    for words in (("requests", "5"), ("replay", "5")):
        said = portway(*words)
        assert (said.code, said.err) == (Exit.FAILED, "No request with this number is kept.\n")
    assert not recorded.asked("POST", f"{TOY}/5/replay")


def test_an_archive_is_written_byte_for_byte(portway: Portway, recorded: RestDouble, tmp_path: Path) -> None:
    recorded.replies["GET", f"{TOY}.har"] = (200, {"log": {"comment": "a\x1b\n"}})
    file = tmp_path / "visits.har"
    assert portway("requests", "toy", "--har", str(file), "--secrets").code == 0
    assert json.loads(file.read_bytes()) == {"log": {"comment": "a\x1b\n"}}
    assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) == 0o600
    assert any(call.path == f"{TOY}.har?secrets=true" for call in recorded.calls)
    assert portway("requests", "--har", str(file)).code == Exit.USAGE


def test_the_last_one_again(portway: Portway, recorded: RestDouble) -> None:
    said = portway("replay", "last")
    assert said.code == 0
    assert said.out.split()[0] == "8"
    assert "(again: 7)" in said.out
    assert recorded.asked("POST", f"{TOY}/7/replay") == [{}]


def test_changed(portway: Portway, recorded: RestDouble, tmp_path: Path) -> None:
    file = tmp_path / "body"
    file.write_bytes(b"\x00\xff")
    said = portway("replay", "7", "-X", "PUT", "--path", "/x", "-H", "A: b:c", "-H", "Cookie:", "--data", f"@{file}")
    assert said.code == 0
    assert recorded.asked("POST", f"{TOY}/7/replay") == [
        {
            "method": "PUT",
            "path": "/x",
            "headers": {"A": "b:c", "Cookie": None},
            "bodyBase64": base64.b64encode(b"\x00\xff").decode(),
        }
    ]


def test_why_not(portway: Portway, recorded: RestDouble) -> None:
    sentence = "The body of this request was not kept whole. Send it again with a body of your own."
    recorded.replies["POST", f"{TOY}/7/replay"] = (409, {"error": sentence, "code": "body_not_kept"})
    said = portway("replay", "7")
    assert (said.code, said.err) == (Exit.FAILED, f"{sentence}\n")


@pytest.mark.parametrize("words", [("x",), ("0",), ("7", "-H", "no colon"), ("7" * 12,)])
def test_what_is_no_replay(portway: Portway, words: tuple[str, ...]) -> None:
    assert portway("replay", *words).code == Exit.USAGE


def test_followed_as_they_end(portway: Portway, double: RestDouble) -> None:
    rows = [
        ("request", row_of(9, "toy", path="/a\x1b[2J")),
        ("request", row_of(10, "lan")),
        ("request", {"more": 4, "tunnel": "toy"}),
    ]
    double.replies["GET", "/api/events"] = rows
    said = portway("requests", "toy", "-f")
    assert [line.split()[0] for line in said.out.splitlines()] == ["9"]
    assert "\x1b" not in said.out
    assert said.err.splitlines() == ["  … 4 more", "Portway has ended."]
    assert any(call.path == "/api/events?types=request" for call in double.calls)
    double.has_ended = False
    assert [json.loads(line)["id"] for line in portway("requests", "-f", "--json").out.splitlines()] == [9, 10]
