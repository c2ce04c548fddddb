"""`portway guard` and `portway extend`, and the same options of `expose` and `enable`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portway.cli.failure import Exit
from tests.cli.conftest import Portway
from tests.fakes.portway.rest_double import OPEN_TO_ALL, RestDouble, status_of

TOY = "/api/tunnels/toy"


def _sent(double: RestDouble, method: str, path: str) -> Any:  # noqa: ANN401 - what JSON had
    return next(call.body for call in double.calls if (call.method, call.path.partition("?")[0]) == (method, path))


@pytest.fixture
def guarded(double: RestDouble) -> RestDouble:
    """Let the toy ask for a password, with a few rules."""
    ends = (datetime.now(UTC) + timedelta(minutes=90, seconds=5)).isoformat()
    guard = {
        **OPEN_TO_ALL,
        "password": True,
        "allow": ["203.0.113.7", "198.51.100.0/24"],
        "open": ["POST /webhooks/*"],
        "readOnly": True,
        "rateLimit": 60,
        "notes": {"198.51.100.0/24": "Office"},
    }
    status = status_of("toy", reach="internet", guard=guard, expiresAt=ends)
    double.replies["GET", TOY] = double.replies["PUT", f"{TOY}/guard"] = (200, status)
    double.replies["POST", f"{TOY}/extend"] = (200, status)
    return double


class TestGuard:
    @pytest.mark.usefixtures("guarded")
    def test_without_options_it_shows_what_holds(self, portway: Portway) -> None:
        lines = dict(re.split(r"\s{2,}", line, maxsplit=1) for line in portway("guard", "toy").out.splitlines())
        assert lines.pop("stops").endswith("in 1 h 30 min")
        assert lines == {
            "who": "people with the link and the password, from 2 addresses",
            "no password": "POST /webhooks/*",
            "addresses": "203.0.113.7, 198.51.100.0/24 (Office)",
            "read only": "visitors can look, but not send",
            "rate": "60 requests a minute of one visitor",
        }
        assert portway("guard", "toy", "--json").record["guard"]["rateLimit"] == 60

    @pytest.mark.parametrize(
        ("options", "body"),
        [
            (["--allow", "203.0.113.7", "--allow", "10.0.0.0/8"], {"allow": ["203.0.113.7", "10.0.0.0/8"]}),
            (["--deny", "192.0.2.44", "--rate", "5"], {"deny": ["192.0.2.44"], "rateLimit": 5}),
            (["--path", "/webhooks/*", "--open", "POST /hook"], {"paths": ["/webhooks/*"], "open": ["POST /hook"]}),
            (["--read-only", "--no-basic"], {"readOnly": True, "basic": False}),
            (["--no-read-only", "--no-allow", "--no-rate"], {"readOnly": False, "allow": None, "rateLimit": None}),
            (["--for", "1h30m"], {"expiresIn": "1h30m"}),
            (["--for", "logout"], {"expiresIn": "logout"}),
            (["--for", "never", "--no-password"], {"expiresIn": None, "password": False}),
            (["--password"], {"password": True}),
        ],
    )
    def test_options_change_what_they_name(
        self, portway: Portway, guarded: RestDouble, options: list[str], body: dict[str, object]
    ) -> None:
        assert portway("guard", "toy", *options).code == 0
        assert _sent(guarded, "PUT", f"{TOY}/guard") == body

    def test_a_password_comes_from_standard_input_and_is_said_nowhere(
        self, portway: Portway, guarded: RestDouble
    ) -> None:
        said = portway("guard", "toy", "--password-stdin", stdin="correct horse\n")
        assert _sent(guarded, "PUT", f"{TOY}/guard") == {"password": "correct horse"}
        assert "correct horse" not in said.out + said.err

    def test_a_generated_one_is_said_once(self, portway: Portway, guarded: RestDouble) -> None:
        said = portway("guard", "toy", "--password-generate")
        sent = _sent(guarded, "PUT", f"{TOY}/guard")["password"]
        assert re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", sent)
        assert said.out.count(sent) == 1

    def test_one_that_no_keyring_keeps_holds_all_the_same(self, portway: Portway, guarded: RestDouble) -> None:
        _, status = guarded.replies["GET", TOY]
        refusal = {"error": "It is kept until Portway ends.", "code": "no_secure_storage", "status": status}
        guarded.replies["PUT", f"{TOY}/guard"] = (409, refusal)
        said = portway("guard", "toy", "--password-stdin", stdin="correct horse\n")
        assert said.code == 0
        assert said.out.startswith("who ")
        assert "until Portway ends" in said.err

    @pytest.mark.usefixtures("guarded")
    @pytest.mark.parametrize(
        "options",
        [
            ["--allow", "everybody"],
            ["--path", "no-slash"],
            ["--for", "soon"],
            ["--rate", "0"],
            ["--rate", "many"],
            ["--password-generate", "--password-stdin"],
            ["--link", "--read-only"],
        ],
    )
    def test_what_is_no_rule_is_wrong_usage(self, portway: Portway, options: list[str]) -> None:
        assert portway("guard", "toy", *options).code == Exit.USAGE

    @pytest.mark.usefixtures("guarded")
    def test_a_way_that_is_none_is_wrong_usage(self, portway: Portway) -> None:
        said = portway("guard", "toyy")
        assert said.code == Exit.USAGE
        assert "Did you mean “toy”?" in said.err

    def test_a_link_for_one_device(self, portway: Portway, guarded: RestDouble) -> None:
        guarded.replies["POST", f"{TOY}/guard/link"] = (200, {"url": "https://toy.example/.portway/in?t=abc"})
        assert portway("guard", "toy", "--link").out == "https://toy.example/.portway/in?t=abc\n"


class TestExtend:
    def test_it_says_when_the_tunnel_stops_now(self, portway: Portway, guarded: RestDouble) -> None:
        said = portway("extend", "toy", "1h")
        assert _sent(guarded, "POST", f"{TOY}/extend") == {"expiresIn": "1h"}
        assert re.fullmatch(r"\S+ stops at \d\d:\d\d, in 1 h 30 min\.\n", said.out)

    @pytest.mark.usefixtures("guarded")
    @pytest.mark.parametrize("time", ["soon", "0", "-1h"])
    def test_what_is_no_time_is_wrong_usage(self, portway: Portway, time: str) -> None:
        assert portway("extend", "toy", "--", time).code == Exit.USAGE


class TestVerify:
    def _found(self, double: RestDouble, state: str, reason: str | None) -> None:
        verified = {"state": state, "at": "2026-01-02T03:04:05Z", "ms": 26, "reason": reason}
        up = status_of("toy", phase="running", running=True, publicUrl="https://toy.example", verified=verified)
        double.replies["POST", f"{TOY}/verify"] = (200, up)

    def test_one_that_works(self, portway: Portway, double: RestDouble) -> None:
        self._found(double, "ok", None)
        assert portway("verify", "toy").out == "https://toy.example works from outside (26 ms).\n"
        assert portway("verify", "toy", "--json").record["verified"]["ms"] == 26

    def test_one_that_does_not_is_a_failure(self, portway: Portway, double: RestDouble) -> None:
        self._found(double, "failed", "somebody else answers there, with 200")
        said = portway("verify", "toy")
        assert said.code == Exit.FAILED
        assert "somebody else answers there" in said.err

    def test_one_of_which_nothing_is_known_is_none(self, portway: Portway, double: RestDouble) -> None:
        self._found(double, "unknown", "no resolver answers over HTTPS")
        said = portway("verify", "toy")
        assert (said.code, said.out) == (0, "")
        assert "no resolver answers" in said.err


class TestStreams:
    def _came(self, double: RestDouble, *states: tuple[str, str], end: bool = True) -> None:
        checks = [("check", {"test": test, "state": state, "reason": "so it is", "ms": 26}) for test, state in states]
        done = [("done", {"success": True})] if end else []
        double.replies["POST", f"{TOY}/streams"] = [*checks, *done]

    def test_each_is_a_row_as_it_ends(self, portway: Portway, double: RestDouble) -> None:
        self._came(double, ("websocket", "ok"), ("events", "unknown"))
        said = portway("verify", "toy", "--streams")
        assert (said.code, said.err) == (0, "")
        assert said.out == "WebSocket     ok         so it is\nevent stream  unknown    so it is\n"

    def test_what_is_held_back_or_refused_is_a_failure(self, portway: Portway, double: RestDouble) -> None:
        self._came(double, ("upload", "ok"), ("events", "held"), ("wait", "refused"))
        said = portway("verify", "toy", "--streams")
        assert (said.code, said.err) == (Exit.FAILED, "Does not get through as it should: event stream, long wait.\n")
        assert "event stream  held back  so it is\n" in said.out

    def test_json_has_them_all(self, portway: Portway, double: RestDouble) -> None:
        self._came(double, ("upload", "ok"))
        assert portway("verify", "toy", "--streams", "--json").record["checks"][0]["test"] == "upload"

    def test_one_that_breaks_off_is_a_failure(self, portway: Portway, double: RestDouble) -> None:
        self._came(double, ("upload", "ok"), end=False)
        assert portway("verify", "toy", "--streams").err == "Portway has ended before this was done.\n"

    def test_a_refusal_is_told(self, portway: Portway, double: RestDouble) -> None:
        double.replies["POST", f"{TOY}/streams"] = (409, {"error": "toy is not running.", "code": "not_running"})
        assert portway("verify", "toy", "--streams").err == "toy is not running.\n"


class TestEnable:
    def test_it_brings_its_guard_and_its_end(self, portway: Portway, double: RestDouble) -> None:
        up = status_of("toy", phase="running", running=True, wanted=True, publicUrl="https://toy.example")
        double.replies["POST", TOY] = (200, {"success": True, "action": "enable", "status": up})
        said = portway("enable", "toy", "--password-generate", "--read-only", "--for", "8h")
        body = _sent(double, "POST", TOY)
        password = body["guard"].pop("password")
        assert (body["guard"], body["expiresIn"]) == ({"readOnly": True}, "8h")
        assert said.out == "https://toy.example\n"
        assert f"The password is {password}" in said.err
        assert "Anyone with the link and the password reaches" in said.err
