"""What a program or a service said moves no cursor and forges no line on the terminal of who reads it."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Portway, once_read
from tests.fakes.portway.rest_double import RestDouble, status_of

FOREIGN = "broke\rok\nbad  all is well\x1b[2J\x9b1m\u202egnp\u2028x"
SHOWN = "broke\\rok\\nbad  all is well\\x1b[2J\\x9b1m\\u202egnp\\u2028x"
BROKEN = status_of("toy", phase="error", code="process_died", lastError=FOREIGN)


@pytest.mark.parametrize("words", [("status",), ("status", "toy"), ("doctor",)], ids=" ".join)
def test_it_is_shown_as_what_it_is(portway: Portway, double: RestDouble, words: tuple[str, ...]) -> None:
    double.tell(BROKEN)
    said = portway(*words)
    assert SHOWN in said.out
    assert not set(FOREIGN) & set(said.out + said.err) & set("\r\x1b\x9b\u202e\u2028")


def test_news_show_it_so_too(portway: Portway, double: RestDouble) -> None:
    with once_read(double, lambda: double.tell(BROKEN), double.end_streams):
        said = portway("events")
    assert SHOWN in said.out


def test_a_failure_shows_it_so_too(portway: Portway, double: RestDouble) -> None:
    double.replies["GET", "/api/tunnels/toy"] = 409, {"error": FOREIGN, "code": "process_died"}
    assert portway("url", "toy").err == f"{SHOWN}\n"
