"""Colours and moving lines are for terminals; a pipe gets plain text."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from portway.cli.terminal.progress import ProgressLine, progress_text
from portway.cli.terminal.show import protection_words
from tests.cli.conftest import Portway
from tests.fakes.backends.news import wait_until
from tests.fakes.portway.rest_double import OPEN_TO_ALL, Call, Reply, RestDouble, status_of

HALF = {"step": "download", "message": "Downloading", "received": 5_000_000, "total": 10_000_000}


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (HALF, "Downloading ██████████░░░░░░░░░░ 50% of 10.0 MB"),
        ({**HALF, "received": 20_000_000}, "Downloading ████████████████████ 100% of 10.0 MB"),
        ({**HALF, "total": None}, "Downloading (5.0 MB)"),
        ({**HALF, "total": 0}, "Downloading (5.0 MB)"),
        ({**HALF, "received": None}, "Downloading"),
        ({"message": "Starting"}, "Starting"),
    ],
    ids=["half", "more than all", "no total", "nothing in all", "no count", "only words"],
)
def test_progress_says_what_is_known(progress: dict[str, object], text: str) -> None:
    assert progress_text(progress) == text


def test_what_keeps_visitors_out_is_said_in_a_few_words() -> None:
    ends = (datetime.now(UTC) + timedelta(minutes=42, seconds=30)).isoformat()
    rules = {"password": True, "allow": ["203.0.113.7"], "paths": ["/a", "/b"], "readOnly": True}
    status = status_of("toy", guard={**OPEN_TO_ALL, **rules}, expiresAt=ends)
    words = ["password", "only 203.0.113.7", "only 2 paths", "read only", "stops in 42 min"]
    assert list(protection_words(status)) == words
    assert not list(protection_words(status_of("toy")))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("ok", "Verified from outside at {at}, in 26 ms."),
        ("failed", "It did not work from outside at {at}: the tunnel is not there."),
        ("unknown", "Whether it works from outside was not to be found out at {at}: the tunnel is not there."),
    ],
)
def test_status_says_what_a_look_from_outside_has_found(
    portway: Portway, double: RestDouble, state: str, words: str
) -> None:
    at = datetime.now(UTC)
    reason = None if state == "ok" else "the tunnel is not there"
    verified = {"state": state, "at": at.isoformat(), "ms": 26, "reason": reason}
    double.tell(status_of("toy", publicUrl="https://toy.example", verified=verified))
    assert words.format(at=f"{at.astimezone():%H:%M}") in portway("status").out
    double.tell(status_of("toy", publicUrl="https://toy.example"))
    assert "outside" not in portway("status").out


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "stopped"),
        ({"installed": False}, "not installed"),
        ({"installed": False, "supported": False}, "not available here"),
        ({"installed": False, "phase": "error", "lastError": "It is not installed."}, "failed"),
        ({"publicUrl": "https://toy.example"}, "running"),
    ],
)
def test_what_is_not_there_says_so_as_the_window_does(
    portway: Portway, double: RestDouble, changes: dict[str, object], word: str
) -> None:
    status = status_of("toy", **changes)
    double.tell(status)
    row = next(line for line in portway("status").out.splitlines() if line.startswith("toy "))
    assert row.split("  ")[1].strip() == word
    assert portway("status", "toy").out.splitlines()[0] == f"toy: {word}"
    assert portway("status", "toy", "--json").record["phase"] == status["phase"]


def test_a_terminal_gets_one_line_that_changes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    line = ProgressLine()
    for progress in ({"message": "One"}, {"message": "One"}, {"message": "Two"}, None, None):
        line.show(progress)
    assert capsys.readouterr().err == "\r\x1b[KOne\r\x1b[KTwo\r\x1b[K"


def test_a_pipe_gets_a_line_for_each_new_message(capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine()
    for progress in (HALF, {**HALF, "received": 6_000_000}, {"message": "Checking"}, None):
        line.show(progress)
    assert capsys.readouterr().err == "Downloading\nChecking\n"


def test_a_person_sees_the_progress_of_what_is_waited_for(
    portway: Portway, double: RestDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://toy.example"
    reply_to = double.reply_to

    def reply_when_seen(call: Call) -> Reply:
        if call.method == "POST":
            wait_until(lambda: double.readers > 0)
            double.tell(status_of("toy", phase="starting", wanted=True, progress=HALF))
            wait_until(lambda: "Downloading" in sys.stderr.getvalue())  # type: ignore[union-attr]
        return reply_to(call)

    monkeypatch.setattr(double, "reply_to", reply_when_seen)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    double.outcomes["toy"] = [status_of("toy", publicUrl=url)]
    said = portway("enable", "toy")
    assert (said.code, said.out) == (0, f"{url}\n")
    assert said.err.endswith("50% of 10.0 MB\r\x1b[K")


@pytest.mark.children
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
@pytest.mark.parametrize(("more", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["plain", "NO_COLOR"])
def test_a_terminal_gets_colours_unless_they_are_not_wanted(
    environment: dict[str, str], double: RestDouble, more: dict[str, str], *, coloured: bool
) -> None:
    double.tell(status_of("toy", publicUrl="https://toy.example"))
    path = os.pathsep.join(filter(None, sys.path))
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        subprocess.run(
            [sys.executable, "-m", "portway", "status"],
            env={**environment, **more, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            check=True,
        )
        shown = terminal.read(65536)
        os.close(theirs)
    assert (b"\x1b[32m" in shown) is coloured
    assert b"https://toy.example" in shown
