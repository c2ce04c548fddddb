"""Every command asks the API what it should, and says what came of it by its output and its exit code."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from portway import __version__
from portway.system.folders import Folders
from tests.cli.conftest import Portway, Starts, once_read
from tests.fakes.news import wait_until
from tests.fakes.rest_double import RestDouble, status_of

URL = "https://toy.example"
UP = status_of("toy", publicUrl=URL, targetUrl="http://127.0.0.1:3000")
DOWN = status_of("toy")
STARTING = status_of("toy", phase="starting", wanted=True, attempt=1)
RETRYING = status_of(
    "toy",
    phase="starting",
    wanted=True,
    code="no_network",
    lastError="Toy cannot be reached.",
    retryAt="2030-01-01T00:00:00Z",
)
FAILED = status_of("toy", phase="error", wanted=True, code="process_died", lastError="Toy ended unexpectedly: x.")
LOGIN = status_of(
    "toy",
    phase="needs_auth",
    wanted=True,
    code="needs_login",
    lastError="Log in to Toy to go on.",
    actionUrl="https://toy.example/login",
)
NO_ROUTE = (404, {"error": "There is nothing at this path.", "code": "not_found"})


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
        ("status",), ("status", "toy"), ("url", "toy"), ("open",), ("open", "toy"), ("events",), ("token",), ("quit",),
        ("enable", "toy"), ("disable", "toy"), ("disable", "--all"), ("paint", "toy"), ("check", "toy"),
        ("login", "toy", "--token-stdin"),
    ],
    ids=" ".join,
)  # fmt: skip
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


class TestStatus:
    def test_it_shows_every_backend_in_a_row(self, portway: Portway, double: RestDouble) -> None:
        double.tell(UP)
        assert portway("status").out == f"lan  stopped\ntoy  running     {URL} → http://127.0.0.1:3000\n"

    def test_a_cause_and_the_way_on_stand_below(self, portway: Portway, double: RestDouble) -> None:
        double.tell(LOGIN)
        lines = portway("status").out.splitlines()
        assert [line.strip() for line in lines[1:]] == ["toy  needs_auth", LOGIN["lastError"], LOGIN["actionUrl"]]

    def test_one_backend_is_shown_in_detail(self, portway: Portway, double: RestDouble) -> None:
        double.tell(UP)
        assert portway("status", "toy").out.splitlines() == [
            "toy: running", f"  URL       {URL}", f"  API       {URL}/v1", "  target    http://127.0.0.1:3000",
            "  version   1.2",
        ]  # fmt: skip

    def test_json_is_what_rest_answered(self, portway: Portway, double: RestDouble) -> None:
        assert portway("status", "--json").record == {"tunnels": list(double.statuses.values())}
        assert portway("status", "toy", "--json").record == DOWN

    @pytest.mark.parametrize("name", ["nope", "a/../b", "toy?x", ""])
    def test_an_unknown_backend_is_wrong_usage(self, portway: Portway, double: RestDouble, name: str) -> None:
        said = portway("status", name)
        assert said.code == 2 or name == ""
        assert said.out == "" or name == ""


class TestEnable:
    def test_it_prints_the_url_that_came_out(self, portway: Portway, double: RestDouble) -> None:
        double.outcomes["toy"] = [STARTING, UP]
        said = portway("enable", "toy", "--target", "3000", "--name", "x", "--colour", "blue", "--wait", "7")
        assert (said.code, said.out, said.err) == (0, f"{URL}\n", "")
        assert double.asked("POST", "/api/tunnels/toy") == [
            {"action": "enable", "target": "3000", "name": "x", "colour": "blue"}
        ]
        assert double.calls[-1].path == "/api/tunnels/toy?wait=7"

    @pytest.mark.parametrize(
        ("outcome", "code", "words"),
        [
            (FAILED, 1, [FAILED["lastError"]]),
            (RETRYING, 1, [RETRYING["lastError"], "Portway keeps trying", "portway status toy"]),
            (STARTING, 1, ["not done yet", "Portway keeps trying"]),
            (LOGIN, 4, [LOGIN["lastError"], LOGIN["actionUrl"]]),
        ],
        ids=["error", "first try failed", "202", "needs_auth"],
    )
    def test_a_wish_that_was_not_fulfilled_is_a_failure(
        self, portway: Portway, double: RestDouble, outcome: dict[str, object], code: int, words: list[str]
    ) -> None:
        double.outcomes["toy"] = [outcome]
        said = portway("enable", "toy")
        assert (said.code, said.out) == (code, "")
        assert all(word in said.err for word in words)
        assert ("keeps trying" in said.err) == (outcome["phase"] == "starting")
        as_json = portway("enable", "toy", "--json")
        assert (as_json.code, as_json.record["success"], as_json.err) == (code, False, said.err)

    def test_a_secret_comes_from_standard_input(self, portway: Portway, double: RestDouble) -> None:
        double.outcomes["toy"] = [UP]
        assert portway("enable", "toy", "--token-stdin", "--remember", stdin="s3cret\r\nmore").code == 0
        assert double.asked("POST", "/api/tunnels/toy") == [
            {"action": "enable", "authToken": "s3cret", "remember": True}
        ]

    def test_an_empty_standard_input_is_wrong_usage(self, portway: Portway, double: RestDouble) -> None:
        assert portway("enable", "toy", "--token-stdin").code == 2
        assert double.calls == []

    def test_a_token_of_the_own_environment_is_used_where_portway_has_none(
        self, portway: Portway, double: RestDouble
    ) -> None:
        double.outcomes["toy"] = [{**LOGIN, "code": "needs_token"}]
        said = portway("enable", "toy", environment={"TOY_TOKEN": "from here"})
        assert said.code == 4
        bodies = double.asked("POST", "/api/tunnels/toy")
        assert bodies == [{"action": "enable"}, {"action": "enable", "authToken": "from here"}]

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--target", "ftp://localhost:1"), "only http and https can be exposed"),
            (("--target", "99999"), "is not a port"),
            (("--colour", "green"), "--colour: “green” is none of: red, blue."),
            (("--nope",), "No such option"),
            (("--wait", "301"), "301"),
        ],
        ids=lambda value: value[1] if isinstance(value, tuple) and len(value) > 1 else None,
    )
    def test_a_wrong_value_is_wrong_usage_and_asks_nothing(
        self, portway: Portway, double: RestDouble, words: tuple[str, ...], sentence: str
    ) -> None:
        said = portway("enable", "toy", *words)
        assert said.code == 2
        assert sentence in said.err
        assert double.calls == []

    def test_a_backend_that_is_not_there_is_wrong_usage(self, portway: Portway, double: RestDouble) -> None:
        said = portway("enable", "nope")
        assert said.code == 2
        assert "“nope” is no backend that can do this. Choose one of: lan, toy." in said.err

    def test_what_the_api_refuses_as_malformed_is_wrong_usage(self, portway: Portway, double: RestDouble) -> None:
        refused = {"error": "target: port 20129 is Portway's own.", "code": "bad_request"}
        double.replies["POST", "/api/tunnels/toy"] = 400, refused
        assert portway("enable", "toy", "--target", "20129").code == 2


class TestDisable:
    def test_it_waits_until_nobody_gets_in(self, portway: Portway, double: RestDouble) -> None:
        double.tell(UP)
        said = portway("disable", "toy")
        assert (said.code, said.out, said.err) == (0, "", "")
        assert double.asked("POST", "/api/tunnels/toy") == [{"action": "disable"}]

    def test_all_means_what_is_on_or_wanted(self, portway: Portway, double: RestDouble) -> None:
        double.tell(FAILED)
        assert portway("disable", "--all").code == 0
        assert double.asked("POST", "/api/tunnels/toy") == [{"action": "disable"}]
        assert double.asked("POST", "/api/tunnels/lan") == []

    def test_one_that_stays_up_is_a_failure(self, portway: Portway, double: RestDouble) -> None:
        double.tell(UP)
        stuck = {**UP, "wanted": False, "code": "needs_privileges", "lastError": "It could not be switched off."}
        double.replies["POST", "/api/tunnels/toy"] = 403, {
            "success": False, "action": "disable", "error": stuck["lastError"], "code": stuck["code"], "status": stuck,
        }  # fmt: skip
        for words in (("disable", "toy"), ("disable", "--all")):
            said = portway(*words)
            assert (said.code, said.err) == (1, "It could not be switched off.\n")

    @pytest.mark.parametrize("words", [("disable",), ("disable", "--all", "toy")], ids=" ".join)
    def test_either_a_backend_or_all(self, portway: Portway, double: RestDouble, words: tuple[str, ...]) -> None:
        assert portway(*words).code == 2
        assert double.calls == []


class TestUrl:
    def test_it_prints_the_bare_url_and_nothing_else(self, portway: Portway, double: RestDouble) -> None:
        double.tell(UP)
        said = portway("url", "toy")
        assert (said.code, said.out, said.err) == (0, f"{URL}\n", "")

    @pytest.mark.parametrize(
        ("status", "code", "sentence"),
        [
            (DOWN, 1, "toy is not on."),
            (STARTING, 1, "toy is still starting"),
            (FAILED, 1, FAILED["lastError"]),
            (LOGIN, 4, LOGIN["actionUrl"]),
        ],
        ids=["stopped", "starting", "error", "needs_auth"],
    )
    def test_without_visitors_there_is_none(
        self, portway: Portway, double: RestDouble, status: dict[str, object], code: int, sentence: str
    ) -> None:
        double.tell(status)
        said = portway("url", "toy")
        assert (said.code, said.out) == (code, "")
        assert sentence in said.err

    def test_it_waits_for_the_url(self, portway: Portway, double: RestDouble) -> None:
        with once_read(double, lambda: double.tell(RETRYING), lambda: double.tell(UP)):
            assert portway("url", "toy", "--wait", "20").out == f"{URL}\n"

    @pytest.mark.parametrize(("status", "code"), [(FAILED, 1), (LOGIN, 4)], ids=["error", "needs_auth"])
    def test_it_does_not_wait_for_what_does_not_come_by_itself(
        self, portway: Portway, double: RestDouble, status: dict[str, object], code: int
    ) -> None:
        double.tell(status)
        assert portway("url", "toy", "--wait", "50").code == code

    def test_it_waits_for_portway_itself(self, portway: Portway, folders: Folders) -> None:
        double = RestDouble([UP])
        ended = threading.Event()

        def start_later() -> None:
            with double.running(folders.run):
                ended.wait(30)

        timer = threading.Timer(0.3, start_later)
        timer.start()
        said = portway("url", "toy", "--wait", "20")
        ended.set()
        timer.join()
        assert said.out == f"{URL}\n"

    def test_the_code_to_scan_is_beside_the_url(self, portway: Portway, double: RestDouble) -> None:
        double.tell(UP)
        said = portway("url", "toy", "--qr")
        assert said.out == f"{URL}\n"
        assert said.err.count("\n") > 10


class TestOpen:
    def test_it_raises_the_window(self, portway: Portway, double: RestDouble) -> None:
        assert portway("open").code == 0
        assert double.asked("POST", "/api/window") == [None]

    def test_without_a_display_it_says_so(self, portway: Portway, double: RestDouble) -> None:
        double.replies["POST", "/api/window"] = 409, {"error": "Portway runs without a display.", "code": "no_display"}
        said = portway("open")
        assert (said.code, said.err) == (1, "Portway runs without a display.\n")

    def test_a_public_url_is_opened_in_the_browser(
        self, portway: Portway, double: RestDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened: list[str] = []

        def launch(url: str) -> int:
            opened.append(url)
            return 0

        monkeypatch.setattr("click.launch", launch)
        double.tell(UP)
        assert portway("open", "toy").code == 0
        assert opened == [URL]

    def test_one_that_is_off_has_no_page(self, portway: Portway, double: RestDouble) -> None:
        assert portway("open", "toy").code == 1


class TestEvents:
    def test_every_change_is_one_line(self, portway: Portway, double: RestDouble) -> None:
        with once_read(double, lambda: double.tell(UP), double.end_streams):
            said = portway("events")
        lines = [line.split("  ", 1)[1] for line in said.out.splitlines()]
        assert lines == ["lan  stopped", "toy  stopped", f"toy  running     {URL} → http://127.0.0.1:3000"]
        assert (said.code, said.err) == (1, "Portway has ended.\n")

    def test_json_is_one_line_for_each(self, portway: Portway, double: RestDouble) -> None:
        with once_read(double, double.end_streams):
            said = portway("events", "--json")
        assert [line[:17] for line in said.out.splitlines()] == ['{"backend": "lan"', '{"backend": "toy"']


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


class TestVerbs:
    """What a backend declares becomes a command, without a line for it anywhere."""

    def test_they_are_in_the_help(self, portway: Portway) -> None:
        text = portway("--help").out
        assert "Backends:" in text
        assert "paint" in text
        assert "check" in text
        assert "--coats" in portway("paint", "toy", "--help").out

    def test_a_streaming_one_shows_progress_and_the_end(self, portway: Portway, double: RestDouble) -> None:
        double.replies["POST", "/api/tunnels/toy/paint"] = [
            ("progress", {"step": "paint", "message": "Coat 1", "received": 1, "total": 2}),
            ("progress", {"step": "paint", "message": "Coat 1", "received": 2, "total": 2}),
            ("progress", {"step": "paint", "message": "Coat 2", "received": 2, "total": 2}),
            ("done", {"success": True, "status": {**UP, "binaryPath": "/toy"}}),
        ]
        said = portway("paint", "toy", "--coats", "2")
        assert (said.code, said.out, said.err) == (0, "Done: toy 1.2 /toy.\n", "Coat 1\nCoat 2\n")
        assert double.asked("POST", "/api/tunnels/toy/paint") == [{"coats": 2}]

    def test_a_stream_that_ends_in_an_error_is_a_failure(self, portway: Portway, double: RestDouble) -> None:
        double.replies["POST", "/api/tunnels/toy/paint"] = [
            ("error", {"error": "It could not be installed.", "code": "install_failed"})
        ]
        said = portway("paint", "toy")
        assert (said.code, said.out, said.err) == (1, "", "It could not be installed.\n")

    def test_a_stream_that_breaks_off_is_a_failure(self, portway: Portway, double: RestDouble) -> None:
        double.replies["POST", "/api/tunnels/toy/paint"] = []
        assert portway("paint", "toy").err == "Portway has ended before this was done.\n"

    def test_a_refusal_in_place_of_a_stream_is_a_failure(self, portway: Portway, double: RestDouble) -> None:
        double.replies["POST", "/api/tunnels/toy/paint"] = (
            403,
            {"error": "Give your password.", "code": "needs_privileges"},
        )
        assert portway("paint", "toy").err == "Give your password.\n"

    def test_a_measuring_one_prints_what_it_found(self, portway: Portway, double: RestDouble) -> None:
        double.replies["GET", "/api/tunnels/toy/check"] = 200, {"wheels": 4, "round": True, "spare": None}
        assert portway("check", "toy").out == "wheels: 4\nround: true\n"
        assert portway("check", "toy", "--json").record == {"wheels": 4, "round": True, "spare": None}

    def test_a_token_is_stored_and_removed(self, portway: Portway, double: RestDouble) -> None:
        for method in ("PUT", "DELETE"):
            double.replies[method, "/api/tunnels/toy/token"] = 200, {"success": True}
        assert portway("login", "toy", "--token-stdin", stdin="s3cret\n").code == 0
        assert portway("login", "toy", "--forget").code == 0
        assert double.asked("PUT", "/api/tunnels/toy/token") == [{"authToken": "s3cret"}]
        assert double.asked("DELETE", "/api/tunnels/toy/token") == [None]

    def test_a_token_is_never_read_from_a_pipe_without_saying_so(self, portway: Portway, double: RestDouble) -> None:
        assert portway("login", "toy", stdin="s3cret\n").code == 2
        assert double.calls == []


class TestConfig:
    """The settings file, with or without a running Portway."""

    def test_a_value_is_set_read_and_unset(self, portway: Portway) -> None:
        assert portway("config", "get", "general.target").out == "http://127.0.0.1:20128\n"
        assert portway("config", "set", "general.target", "3000").code == 0
        assert portway("config", "get", "general.target").out == "3000\n"
        assert portway("config", "set", "general.restore", "yes").code == 0
        assert portway("config", "get", "general.restore").out == "true\n"
        assert portway("config", "unset", "general.target").code == 0
        assert portway("config", "get", "general.target").out == "http://127.0.0.1:20128\n"

    def test_comments_stay(self, portway: Portway, folders: Folders) -> None:
        folders.config.mkdir(parents=True)
        (folders.config / "settings.toml").write_text("# mine\n[general]\ntarget = '1' # why\nother = 3\n")
        portway("config", "set", "general.target", "2")
        assert (folders.config / "settings.toml").read_text() == '# mine\n[general]\ntarget = "2" # why\nother = 3\n'

    def test_the_list_names_every_setting_of_every_backend(self, portway: Portway) -> None:
        text = portway("config", "list").out
        assert "general.apiPort = 20129\n" in text
        assert "toy.colour = red\n" in text
        record = portway("config", "list", "--json").record
        assert record["general.restore"] is False
        assert record["lan.listenPort"] is None

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("set", "general.target", "nope"), "general.target: “nope” is neither a port nor an address"),
            (("set", "general.restore", "maybe"), "general.restore: true or false is expected."),
            (("set", "toy.colour", "green"), "toy.colour: “green” is none of: red, blue."),
            (("set", "general.defaultBackend", "nope"), "is none of: lan, toy."),
            (("get", "nope"), "There is no setting called nope."),
            (("unset", "toy.authToken"), "There is no setting called toy.authToken."),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
    )
    def test_what_is_wrong_is_said(self, portway: Portway, words: tuple[str, ...], sentence: str) -> None:
        said = portway("config", *words)
        assert said.code == 2
        assert sentence in said.err

    def test_a_running_portway_takes_it_over(self, portway: Portway, double: RestDouble) -> None:
        portway("config", "set", "general.target", "3000")
        portway("config", "unset", "general.target")
        assert double.asked("POST", "/api/reload") == [None, None]

    def test_a_value_that_the_environment_decides_is_told(self, portway: Portway) -> None:
        locked = {"PORTWAY_TARGET": "4000"}
        assert "PORTWAY_TARGET" in portway("config", "set", "general.target", "3000", environment=locked).err
        assert portway("config", "get", "general.target", environment=locked).out == "4000\n"
        assert "Set by PORTWAY_TARGET." in portway("config", "list", environment=locked).out


class TestLogs:
    def test_it_shows_the_last_lines(self, portway: Portway, folders: Folders) -> None:
        folders.log.mkdir(parents=True)
        (folders.log / "portway.log").write_text("one\ntwo\nthree\n")
        (folders.log / "toy.log").write_text("toy\n")
        assert portway("logs", "-n", "2").out == "two\nthree\n"
        assert portway("logs", "toy").out == "toy\n"
        assert portway("logs", "lan").out == ""

    @pytest.mark.parametrize("name", ["nope", "../portway"])
    def test_there_are_only_those_of_backends(self, portway: Portway, name: str) -> None:
        said = portway("logs", name)
        assert said.code == 2
        assert "There are: portway, lan, toy." in said.err


class TestCompletion:
    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_the_script_asks_this_program(self, portway: Portway, shell: str) -> None:
        said = portway("completion", shell)
        assert said.code == 0
        assert f"_PORTWAY_COMPLETE={shell}_complete" in said.out

    def test_another_shell_is_wrong_usage(self, portway: Portway) -> None:
        assert portway("completion", "cmd").code == 2


HELP = [
    (), ("expose",), ("status",), ("enable",), ("enable", "toy"), ("disable",), ("disable", "toy"), ("url",), ("open",),
    ("events",), ("token",), ("quit",), ("config",), ("config", "set"), ("config", "list"), ("logs",), ("doctor",),
    ("forget",), ("completion",), ("man",), ("paint",), ("paint", "toy"), ("check", "toy"), ("login", "toy"),
]  # fmt: skip


@pytest.mark.parametrize("words", HELP, ids=lambda words: " ".join(words) or "portway")
def test_every_command_explains_itself(portway: Portway, words: tuple[str, ...]) -> None:
    said = portway(*words, "--help")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].startswith(f"Usage: portway {' '.join(words)}".rstrip())
    assert lines[2].strip().endswith((".", ":")) or lines[3].strip().endswith(".") or lines[3].strip() == ""
    assert not any(line.rstrip().endswith(":") and line.startswith("  --") for line in lines)


@pytest.mark.parametrize(
    "words", [("nope",), ("status", "--nope"), ("--headless", "status"), ("expose",)], ids=" ".join
)
def test_wrong_usage_is_told_without_a_trace(portway: Portway, words: tuple[str, ...]) -> None:
    said = portway(*words)
    assert (said.code, said.out) == (2, "")
    assert "Traceback" not in said.err


def test_forgetting_removes_everything(portway: Portway, folders: Folders, environment: dict[str, str]) -> None:
    portway("config", "set", "general.target", "3000")
    folders.log.mkdir(parents=True)
    assert portway("forget", stdin="n\n").code == 1
    assert folders.config.exists()
    said = portway("forget", stdin="y\n")
    assert (said.code, said.out.splitlines()[-1]) == (0, "Portway has forgotten everything.")
    assert not Path(environment["PORTWAY_HOME"]).exists()
