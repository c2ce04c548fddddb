"""A connection that is lost is told, and comes back under the same address as far as the server lets it."""

from __future__ import annotations

import dataclasses
import os
import signal

import pytest

from portway.backends.ssh import causes
from portway.core.backend import Context, Session
from portway.core.codes import Code
from portway.core.errors import TunnelError
from tests.backends.ssh.conftest import SshWorld
from tests.fakes.backends.news import RecordedNews
from tests.fakes.origins.page import PAGE
from tests.fakes.ssh.server import free_port

pytestmark = pytest.mark.children


@pytest.mark.expected_logs
def test_one_that_the_server_cuts_comes_back_at_the_port_that_it_chose(
    world: SshWorld, context: Context, news: RecordedNews
) -> None:
    first = world.backend.open(context)
    world.server.kill_connections()
    news.wait_for(lambda heard: heard.losses)
    first.close(context)
    assert news.losses[0].declared is causes.LOST
    assert news.losses[0].code.retried
    second = world.backend.open(context)
    assert second.public_url == first.public_url
    assert world.fetch(second.public_url) == PAGE
    second.close(context)


@pytest.mark.expected_logs
def test_one_that_says_nothing_more_is_lost_after_three_questions(
    world: SshWorld, context: Context, news: RecordedNews
) -> None:
    world.change(keep_alive=2.0)
    session = world.backend.open(context)
    world.server.freeze_connections()
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].declared is causes.LOST
    session.close(context)


@pytest.mark.expected_logs
def test_a_program_that_somebody_killed_is_told_as_that(world: SshWorld, context: Context, news: RecordedNews) -> None:
    session = world.backend.open(context)
    os.kill(session.pid or 0, signal.SIGKILL)
    news.wait_for(lambda heard: heard.losses)
    assert news.losses[0].code is Code.PROCESS_DIED
    assert "SIGKILL" in news.losses[0].sentence
    session.close(context)


def left_as_a_ghost(world: SshWorld, context: Context, news: RecordedNews) -> Session:
    """Open one, and lose it without the server noticing: it goes on to hold the port."""
    session = world.backend.open(context)
    world.server.freeze_connections()
    os.kill(session.pid or 0, signal.SIGKILL)
    news.wait_for(lambda heard: heard.losses)
    session.close(context)
    return session


@pytest.mark.expected_logs
@pytest.mark.parametrize("named", [False, True])
def test_a_port_that_the_server_still_holds_for_us_is_waited_for(
    world: SshWorld, context: Context, news: RecordedNews, *, named: bool
) -> None:
    world.change(release_limit=0.0)
    if named:
        context = dataclasses.replace(context, options=dataclasses.replace(world.options, bind=str(free_port())))
    ghost = left_as_a_ghost(world, context, news)
    for _ in range(2):
        with pytest.raises(TunnelError) as caught:
            world.backend.open(context)
        assert caught.value.problem.declared is causes.GHOST
        assert caught.value.code.retried
    world.server.kill_connections()
    again = opened_in_time(world, context)
    assert again.public_url == ghost.public_url
    again.close(context)


def opened_in_time(world: SshWorld, context: Context) -> Session:
    """Open it as the runtime does: again, where that is worth while."""
    while True:
        try:
            return world.backend.open(context)
        except TunnelError as error:
            if not error.code.retried:
                raise


@pytest.mark.expected_logs
def test_one_that_it_holds_for_ever_is_told_or_given_up_for_another(
    world: SshWorld, context: Context, news: RecordedNews
) -> None:
    world.change(release_limit=0.0, ghost_limit=0.0)
    named = dataclasses.replace(context, options=dataclasses.replace(world.options, bind=str(free_port())))
    left_as_a_ghost(world, named, news)
    with pytest.raises(TunnelError) as caught:
        world.backend.open(named)
    assert caught.value.problem.declared is causes.PORT_REFUSED
    news.losses.clear()
    ghost = left_as_a_ghost(world, context, news)
    again = world.backend.open(context)
    assert again.public_url != ghost.public_url
    again.close(context)


def test_a_port_of_somebody_else_is_never_waited_for(world: SshWorld, context: Context) -> None:
    options = dataclasses.replace(world.options, bind=str(world.server.port))
    taken = dataclasses.replace(options, bind=f"127.0.0.1:{world.server.port}")
    with pytest.raises(TunnelError) as caught:
        world.backend.open(dataclasses.replace(context, options=taken))
    assert caught.value.problem.declared is causes.PORT_REFUSED
