"""A tunnel's test of streams, as the hub runs it."""

from __future__ import annotations

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.hub import EnableRequest
from portway.core.status import Passage, Phase, StreamCheck, StreamTest
from tests.fakes.outside.world import outside_world
from tests.runtime.conftest import TOY, Build, House


def test_a_tunnel_tells_of_each_part_and_of_the_end(build: Build) -> None:
    house = build()
    with outside_world() as there:
        house.hub._outside = there.outside()
        _tried(house)


def _tried(house: House) -> None:
    with pytest.raises(TunnelError) as refused:
        house.hub.test_streams(TOY)
    assert refused.value.code is Code.NOT_RUNNING
    house.up()
    told: list[StreamCheck | None] = []
    house.hub.test_streams(TOY)(told.append)
    with pytest.raises(TunnelError) as refused:
        house.hub.test_streams(TOY)
    assert refused.value.code is Code.TOO_BUSY
    house.wait(lambda: None in told)
    *checks, end = told
    assert end is None
    assert {one.test: one.state for one in checks if one} == dict.fromkeys(StreamTest, Passage.UNKNOWN)
    house.hub.test_streams(TOY)(told.append)()
    house.wait(lambda: not house.hub._stream_tests._at_work)
    assert len(told) == 5
    house.hub.disable(TOY, EnableRequest())
    house.wait_for(Phase.STOPPED)
