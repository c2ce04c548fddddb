"""What starts, who is talked to, and how a wrong command line is answered."""

from __future__ import annotations

import threading

import pytest

from portway import __version__
from portway.system.storage.folders import Folders
from tests.cli.conftest import Portway, Starts
from tests.fakes.backends.news import wait_until
from tests.fakes.portway.rest_double import RestDouble, status_of

DOWN = status_of("toy")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ((), {"headless": False, "tied": False, "autostart": False}),
        (("--headless",), {"headless": True, "tied": False, "autostart": False}),
        (("--headless", "--tied"), {"headless": True, "tied": True, "autostart": False}),
        (("--autostart",), {"headless": False, "tied": False, "autostart": True}),
    ],
    ids=["tray", "headless", "tied", "autostart"],
)
def test_without_a_command_portway_itself_starts(
    portway: Portway, starts: Starts, words: tuple[str, ...], asked: dict[str, bool]
) -> None:
    assert portway(*words).code == 0
    assert starts.asked == [asked]


def test_the_version_is_one_line(portway: Portway) -> None:
    assert portway("--version").out == f"portway {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("status", "toy"),
        ("url", "toy"),
        ("open",),
        ("open", "toy"),
        ("events",),
        ("token",),
        ("quit",),
        ("enable", "toy"),
        ("disable", "toy"),
        ("disable", "--all"),
        ("paint", "toy"),
        ("check", "toy"),
        ("login", "toy", "--token-stdin"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("left_by", ["nobody", "a run that was killed", "another program"])
def test_without_a_running_portway_it_says_so(
    portway: Portway, folders: Folders, words: tuple[str, ...], left_by: str
) -> None:
    if left_by != "nobody":
        double = RestDouble()
        with double.running(folders.run):
            left = (folders.run / "api.json").read_bytes()
        port = b"1" if left_by == "a run that was killed" else str(double.port).encode()
        (folders.run / "api.json").write_bytes(left.replace(str(double.port).encode(), port))
    said = portway(*words, stdin="a token\n")
    assert (said.code, said.out) == (3, "")
    assert said.err == "Portway is not running. Start it with “portway” or “portway --headless”.\n"


def test_the_token_of_an_earlier_run_is_that_of_no_running_one(portway: Portway, folders: Folders) -> None:
    with RestDouble([DOWN]).running(folders.run, token="of an earlier run"):
        assert portway("status").code == 3


@pytest.mark.parametrize(
    "words",
    [("status",), ("expose", "3000"), ("enable", "toy", "--start"), ("url", "toy", "--wait", "5")],
    ids=" ".join,
)
def test_a_taken_port_is_named_and_nothing_is_started(
    portway: Portway, folders: Folders, starts: Starts, words: tuple[str, ...]
) -> None:
    folders.run.mkdir(parents=True)
    (folders.run / "api.json").write_text('{"pid": 1, "port": null, "url": null, "version": "0", "token": "x"}')
    said = portway(*words, environment={"PORTWAY_API_PORT": "20777"})
    assert (said.code, said.out, starts.asked) == (1, "", [])
    assert "its port 20777 for commands is taken by another program" in said.err


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"port": 1}', b"\xff", b'{"port": true, "token": 1}'])
def test_a_damaged_file_is_no_running_portway(portway: Portway, folders: Folders, content: bytes) -> None:
    folders.run.mkdir(parents=True)
    (folders.run / "api.json").write_bytes(content)
    assert portway("status").code == 3


class TestCompletion:
    @pytest.mark.children
    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_the_script_asks_this_program(self, portway: Portway, shell: str) -> None:
        said = portway("completion", shell)
        assert said.code == 0
        assert f"_PORTWAY_COMPLETE={shell}_complete" in said.out

    def test_another_shell_is_wrong_usage(self, portway: Portway) -> None:
        assert portway("completion", "cmd").code == 2


HELP = [
    (),
    ("expose",),
    ("status",),
    ("enable",),
    ("enable", "toy"),
    ("disable",),
    ("disable", "toy"),
    ("url",),
    ("open",),
    ("events",),
    ("token",),
    ("quit",),
    ("config",),
    ("config", "set"),
    ("config", "list"),
    ("logs",),
    ("doctor",),
    ("forget",),
    ("completion",),
    ("man",),
    ("paint",),
    ("paint", "toy"),
    ("check", "toy"),
    ("login", "toy"),
]


@pytest.mark.parametrize("words", HELP, ids=lambda words: " ".join(words) or "portway")
def test_every_command_explains_itself(portway: Portway, words: tuple[str, ...]) -> None:
    said = portway(*words, "--help")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].startswith(f"Usage: portway {' '.join(words)}".rstrip())
    assert lines[2].strip().endswith((".", ":")) or lines[3].strip().endswith(".") or lines[3].strip() == ""
    assert not any(line.rstrip().endswith(":") and line.startswith("  --") for line in lines)


def test_the_help_names_the_backends_and_how_far_each_reaches(portway: Portway) -> None:
    listed = portway("--help").out.partition("Ways:\n")[2].partition("\n\n")[0]
    assert [" ".join(line.split()) for line in listed.splitlines()] == [
        "lan Local network: reaches this network only.",
        "toy Toy: reaches the internet.",
    ]


@pytest.mark.parametrize(
    "words", [("nope",), ("status", "--nope"), ("--headless", "status"), ("expose",)], ids=" ".join
)
def test_wrong_usage_is_told_without_a_trace(portway: Portway, words: tuple[str, ...]) -> None:
    said = portway(*words)
    assert (said.code, said.out) == (2, "")
    assert "Traceback" not in said.err


class TestToken:
    def test_it_prints_the_token_alone(self, portway: Portway, double: RestDouble) -> None:
        double.replies["POST", "/api/token"] = 200, {"token": "abc", "warning": "It is kept nowhere."}
        said = portway("token", "--renew")
        assert (said.code, said.out, said.err) == (0, "abc\n", "It is kept nowhere.\n")
        assert double.asked("POST", "/api/token") == [{"renew": True}]

    def test_a_refusal_is_a_failure(self, portway: Portway, double: RestDouble) -> None:
        double.replies["POST", "/api/token"] = 409, {"error": "It was shown once.", "code": "no_secure_storage"}
        said = portway("token")
        assert (said.code, said.out, said.err) == (1, "", "It was shown once.\n")


def test_quit_waits_until_portway_has_ended(portway: Portway, double: RestDouble, folders: Folders) -> None:
    file = folders.run / "api.json"

    def end() -> None:
        wait_until(lambda: double.asked("POST", "/api/quit") != [])
        double.replies["GET", "/api/tunnels"] = 503, {"error": "x", "code": "too_busy"}
        file.unlink()

    later = threading.Thread(target=end)
    later.start()
    said = portway("quit")
    later.join()
    assert (said.code, said.out, said.err) == (0, "", "")
