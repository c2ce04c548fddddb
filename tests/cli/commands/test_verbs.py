"""What a backend declares becomes a command, without a line for it anywhere."""

from __future__ import annotations

from tests.cli.conftest import Portway
from tests.fakes.portway.rest_double import RestDouble, status_of

UP = status_of("toy", publicUrl="https://toy.example")


class TestVerbs:
    """What a backend declares becomes a command, without a line for it anywhere."""

    def test_they_are_in_the_help(self, portway: Portway) -> None:
        text = portway("--help").out
        own = text.partition("What some ways need:")[2].partition("Portway itself:")[0]
        assert [line.split()[0] for line in own.splitlines() if line.startswith("  ")] == ["check", "login", "paint"]
        assert "--coats" in portway("paint", "toy", "--help").out

    def test_one_that_leads_to_no_page_does_not_speak_of_one(self, portway: Portway) -> None:
        for words in (("paint", "toy"), ("check", "toy")):
            assert "--qr" not in portway(*words, "--help").out

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
