"""What the tests of the relay share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings

from tests.relay.stand import Stand

# How long an example takes says nothing where others use the machine as well. Before the tests here are defined.
settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")


@pytest.fixture
def stand() -> Iterator[Stand]:
    with ExitStack() as stack:
        yield Stand(stack)
