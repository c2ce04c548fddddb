"""Whatever is typed, wherever it is typed, no refusal repeats it: it may be a secret in the wrong place."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from unittest import mock

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portway.backends.registry import build_backends
from portway.cli import main
from portway.cli.invocation import Invocation
from portway.cli.program import portway
from portway.cli.vocabulary import LISTED

CANARY = "Zq7canary9X"
GIVEN = st.tuples(st.sampled_from(["", "x", "5", "http://", "-"]), st.text(max_size=8)).map(CANARY.join)


def every_command(environment: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Return the words of each command, with those below it."""
    invocation = Invocation(lambda **_more: 0, environment, build_backends, LISTED)
    root = click.Context(portway, info_name="portway", obj=invocation)
    waiting: list[tuple[tuple[str, ...], click.Command, click.Context]] = [((), portway, root)]
    while waiting:
        words, command, ctx = waiting.pop()
        yield words
        if isinstance(command, click.Group):
            for name in command.list_commands(ctx):
                found = command.get_command(ctx, name)
                assert found is not None
                waiting.append(((*words, name), found, click.Context(found, info_name=name, parent=ctx)))


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, ...]]:
    home = str(tmp_path_factory.mktemp("home") / "profile")
    found = sorted(every_command({"PORTWAY_HOME": home, "PORTWAY_KEYRING": "memory"}))
    assert ("enable", "ngrok") in found
    return [words for words in found if words and words[0] not in ("forget", "expose")]


OPTIONS = (
    *("--target", "--via", "--domain", "--host-header", "--listen-port", "--address", "--public-port", "--hostname"),
    *("--wait", "-n", "--lines", "--json", "--zz"),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_refusal_repeats_what_was_typed(
    commands: list[tuple[str, ...]], environment: dict[str, str], data: st.DataObject
) -> None:
    words = data.draw(st.sampled_from(commands))
    option = data.draw(st.sampled_from(OPTIONS))
    given_text = data.draw(GIVEN)
    typed = data.draw(st.sampled_from([[given_text], [option, given_text], [f"{option}={given_text}"]]))
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "stdin", io.StringIO()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        main(lambda **_more: 0, [*words, *typed], environment)
    assert CANARY not in out.getvalue() + err.getvalue()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_text=GIVEN, option=st.sampled_from(OPTIONS))
def test_no_refused_exposure_repeats_what_was_typed(environment: dict[str, str], given_text: str, option: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        # The target is wrong in any case, so nothing starts.
        code = main(lambda **_more: 0, ["expose", f"{option}={given_text}", f"/{given_text}"], environment)
    assert code == 2
    assert CANARY not in out.getvalue() + err.getvalue()
