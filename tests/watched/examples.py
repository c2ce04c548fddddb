"""Tests that are right or wrong, as their names say. Run by test_watching alone: many have to fail."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from portway.cli.client.client import Answer, find_client
from portway.system.storage.folders import Folders
from tests.fakes.portway.program import call_api
from tests.fakes.portway.rest_double import RUN_TOKEN, Record, RestDouble, status_of

UP = status_of("lan", reach="network", publicUrl="http://192.0.2.7:4000")
WRONG = {**UP, "phase": "flying"}
LESS = {key: value for key, value in UP.items() if key != "wanted"}
TUNNEL, INSTALL = "/api/tunnels/lan", "/api/tunnels/cloudflared/install"


@pytest.fixture
def double(folders: Folders) -> Iterator[RestDouble]:
    with RestDouble([UP]).running(folders.run) as double:
        yield double


def check_by_call(double: RestDouble, answer: Record, status: int = 200) -> None:
    double.replies["GET", TUNNEL] = status, answer
    assert call_api(double.port, RUN_TOKEN, "GET", TUNNEL) == (status, answer)


def check_by_urllib(double: RestDouble, answer: Record) -> None:
    double.replies["GET", TUNNEL] = 200, answer
    headers = {"Authorization": f"Bearer {RUN_TOKEN}"}
    request = urllib.request.Request(f"http://127.0.0.1:{double.port}{TUNNEL}", headers=headers)
    with urllib.request.urlopen(request) as response:
        assert json.load(response) == answer


def check_stream(folders: Folders, double: RestDouble, event: str, data: Record) -> None:
    double.replies["POST", INSTALL] = [(event, data)]
    with find_client(folders.run).stream("POST", INSTALL) as frames:
        assert not isinstance(frames, Answer)
        assert [(frame.event, frame.data) for frame in frames] == [(event, data)]


def check_in_a_child(environment: dict[str, str], double: RestDouble, answer: Record) -> None:
    double.replies["GET", TUNNEL] = 200, answer
    words = [sys.executable, "-m", "portway", "status", "lan", "--json"]
    assert json.loads(subprocess.run(words, env=environment, stdout=subprocess.PIPE, check=True).stdout) == answer


def test_right(double: RestDouble) -> None:
    check_by_call(double, UP)


def test_right_failure(double: RestDouble) -> None:
    check_by_call(double, {"error": "No.", "code": "internal"}, 500)


def test_wrong_value(double: RestDouble) -> None:
    check_by_call(double, WRONG)


def test_wrong_as_a_key_is_missing(double: RestDouble) -> None:
    check_by_call(double, LESS)


def test_wrong_failure(double: RestDouble) -> None:
    check_by_call(double, {"error": "No.", "code": "made_up"}, 500)


@pytest.mark.odd_answers
def test_right_to_be_wrong_on_purpose(double: RestDouble) -> None:
    check_by_call(double, WRONG)


def test_right_by_urllib(double: RestDouble) -> None:
    check_by_urllib(double, UP)


def test_wrong_by_urllib(double: RestDouble) -> None:
    check_by_urllib(double, WRONG)


def test_right_event(folders: Folders, double: RestDouble) -> None:
    check_stream(folders, double, "error", {"error": "No.", "code": "cancelled"})


def test_wrong_event(folders: Folders, double: RestDouble) -> None:
    check_stream(folders, double, "error", {"error": "No."})


def test_wrong_name_of_an_event(folders: Folders, double: RestDouble) -> None:
    check_stream(folders, double, "news", {})


@pytest.mark.children
def test_right_in_a_child(environment: dict[str, str], double: RestDouble) -> None:
    check_in_a_child(environment, double, UP)


@pytest.mark.children
def test_wrong_in_a_child(environment: dict[str, str], double: RestDouble) -> None:
    check_in_a_child(environment, double, WRONG)


def test_wrong_to_start_a_program_without_the_mark() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


@pytest.mark.children
def test_right_to_start_a_program_with_the_mark() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


@pytest.mark.children
def test_wrong_to_leave_a_program_running() -> None:
    subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
