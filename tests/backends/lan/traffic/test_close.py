"""The end of a published address: everybody is cut, and nothing stays behind, whatever was going on."""

from __future__ import annotations

import gc
from contextlib import ExitStack

import psutil
import pytest

from portway.core.target import Target
from portway.relay.engine.forwarder import Limits
from tests.backends.lan.conftest import Publish
from tests.backends.lan.stand.runs import run_of
from tests.backends.lan.stand.visitors import connect, received
from tests.contract import nothing_left
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.origins.http import HttpOrigin

_MEBIBYTE = 1 << 20


class TestWithAllPlacesTaken:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(connections=40)

    def test_everybody_is_cut_and_nothing_listens(self, publish: Publish, site: HttpOrigin, news: RecordedNews) -> None:
        publish(site.target)  # what is made once and kept is fine
        with nothing_left(), ExitStack() as stack:
            session = publish(site.target)
            sources = (f"127.0.0.{3 + number % 4}" for number in range(40))
            visitors = [stack.enter_context(connect(session.public_url, source)) for source in sources]
            wait_until(lambda: session._forwarder.connections == 40)
            session.close(run_of(site.target, news))
            assert session.closed
            for visitor in visitors:
                with pytest.raises(ConnectionResetError):
                    received(visitor)
            with pytest.raises(ConnectionRefusedError):
                connect(session.public_url)


def test_one_that_fails_half_way_does_not_count_as_closed(
    publish: Publish, site: HttpOrigin, news: RecordedNews, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = publish(site.target)
    with monkeypatch.context() as broken:
        broken.setattr(session._forwarder, "close", _fail)
        with pytest.raises(RuntimeError):
            session.close(run_of(site.target, news))
        assert not session.closed
    session.close(run_of(site.target, news))
    assert session.closed


def test_gives_its_memory_back_at_once(publish: Publish, site: HttpOrigin, news: RecordedNews) -> None:
    for _ in range(10):
        _open_and_close(publish, site.target, news)
    gc.collect()
    gc.disable()
    try:
        before = psutil.Process().memory_info().rss
        for _ in range(40):
            _open_and_close(publish, site.target, news)
        assert psutil.Process().memory_info().rss - before < 5 * _MEBIBYTE
    finally:
        gc.enable()


def _open_and_close(publish: Publish, target: Target, news: RecordedNews) -> None:
    publish(target).close(run_of(target, news))


def _fail() -> None:
    raise RuntimeError("a bug")
