"""The commands for tunnels ask the API what they should, and tell what came of it by output and exit code."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import click
import pytest

from portway.system.storage.folders import Folders
from tests.cli.conftest import Portway, once_read
from tests.fakes.portway.rest_double import RestDouble, status_of

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


class TestStatus:
    def test_it_shows_every_backend_in_a_row(self, portway: Portway, double: RestDouble) -> None:
        double.tell(UP)
        said = portway("status").out
        assert said == f"lan  stopped\ntoy  running  http://127.0.0.1:3000\n     {URL}\n"

    def test_a_terminal_gets_a_summary_marks_and_for_how_long(
        self, portway: Portway, double: RestDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        since = (datetime.now(UTC) - timedelta(hours=2, minutes=28)).isoformat()
        double.tell({**UP, "since": since})
        double.tell(status_of("lan", phase="error", wanted=True, lastError="No network."))
        lines = [line.rstrip() for line in click.unstyle(portway("status").out).splitlines()]
        assert lines == [
            "1 of 2 tunnels works.",
            "",
            "! lan  failed",
            "       No network.",
            "✓ toy  running  http://127.0.0.1:3000 for 2 h 28 min",
            f"       {URL}",
        ]

    def test_what_nobody_asked_for_is_not_nagged_about(self, portway: Portway, double: RestDouble) -> None:
        double.tell({**LOGIN, "wanted": False})
        assert portway("status").out.splitlines()[1:] == ["toy  needs you"]
        assert LOGIN["lastError"] in portway("status", "toy").out

    def test_a_cause_and_the_way_on_stand_below(self, portway: Portway, double: RestDouble) -> None:
        double.tell(LOGIN)
        lines = portway("status").out.splitlines()
        assert [line.strip() for line in lines[1:]] == ["toy  needs you", LOGIN["lastError"], LOGIN["actionUrl"]]

    def test_one_backend_is_shown_in_detail(self, portway: Portway, double: RestDouble) -> None:
        double.tell(UP)
        assert portway("status", "toy").out.splitlines() == [
            "toy: running",
            f"  URL       {URL}",
            "  server    http://127.0.0.1:3000",
            "  version   1.2",
        ]

    def test_json_is_what_rest_answered(self, portway: Portway, double: RestDouble) -> None:
        assert portway("status", "--json").record == {"tunnels": list(double.statuses.values())}
        assert portway("status", "toy", "--json").record == DOWN

    @pytest.mark.parametrize("name", ["nope", "a/../b", "toy?x", ""])
    def test_an_unknown_backend_is_wrong_usage(self, portway: Portway, double: RestDouble, name: str) -> None:
        said = portway("status", name)
        assert said.code == 2 or name == ""
        assert said.out == "" or name == ""

    def test_a_server_that_turns_visitors_away_is_told_with_what_helps(
        self, portway: Portway, double: RestDouble
    ) -> None:
        double.tell({**UP, "code": "host_refused", "lastError": "It does not know toy.example."})
        for words in (("status",), ("status", "toy"), ("doctor",)):
            assert "portway enable toy --host 127.0.0.1:3000" in portway(*words).out


class TestEnable:
    def test_it_prints_the_url_that_came_out(self, portway: Portway, double: RestDouble) -> None:
        double.outcomes["toy"] = [STARTING, UP]
        said = portway("enable", "toy", "--target", "3000", "--name", "x", "--colour", "blue", "--wait", "7")
        assert (said.code, said.out) == (0, f"{URL}\n")
        assert (
            said.err
            == "Anyone with the link reaches http://localhost:3000; --password-generate asks them for a password.\n"
        )
        assert double.asked("POST", "/api/tunnels/toy") == [
            {"action": "enable", "target": "3000", "name": "x", "colour": "blue"}
        ]
        assert double.calls[-1].path == "/api/tunnels/toy?wait=7"

    @pytest.mark.parametrize(
        ("words", "more"),
        [
            ((), {}),
            (("--inspect",), {"inspect": True}),
            (("--no-inspect",), {"inspect": False}),
            (("--host", "localhost:3000"), {"hostHeader": "localhost:3000"}),
            (("--host-header", "localhost:3000"), {"hostHeader": "localhost:3000"}),
        ],
        ids=" ".join,
    )
    def test_what_is_not_named_stays_as_it_is(
        self, portway: Portway, double: RestDouble, words: tuple[str, ...], more: dict[str, object]
    ) -> None:
        double.outcomes["toy"] = [UP]
        portway("enable", "toy", *words)
        assert double.asked("POST", "/api/tunnels/toy") == [{"action": "enable", **more}]

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
            (("--target", "99999"), "a port is a whole number"),
            (("--colour", "green"), "--colour: it has to be one of: red, blue."),
            (("--zzzz",), "There is no such option."),
            (("--wait", "301"), "a whole number from 0 to 300"),
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
        assert "There is no such way. Choose one of: lan, toy." in said.err

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
        double.replies["POST", "/api/tunnels/toy"] = (
            403,
            {
                "success": False,
                "action": "disable",
                "error": stuck["lastError"],
                "code": stuck["code"],
                "status": stuck,
            },
        )
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
        assert lines == ["lan  stopped", "toy  stopped", f"toy  running  {URL} → http://127.0.0.1:3000"]
        assert (said.code, said.err) == (1, "Portway has ended.\n")

    def test_json_is_one_line_for_each(self, portway: Portway, double: RestDouble) -> None:
        with once_read(double, double.end_streams):
            said = portway("events", "--json")
        assert [json.loads(line)["id"] for line in said.out.splitlines()] == ["lan", "toy"]
