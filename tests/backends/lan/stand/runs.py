"""Runs of the local network: what the runtime would give to one, and what one reported."""

from __future__ import annotations

import sys

import pytest

from portway.backends.lan.backend import LanExtras, LanOptions
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.target import Target
from tests.backends.lan.stand.visitors import PUBLISHED
from tests.fakes.backends.news import KnownSecrets, RecordedNews


def run_of(target: Target, news: RecordedNews, *, address: str = PUBLISHED, port: int | None = None) -> Context:
    """Return what the runtime would give to a run for `target`."""
    return Context(
        target=target,
        origin=target.at(target.candidates[0]),
        options=LanOptions(address=address, listen_port=port),
        cancel=CancelToken(),
        secrets=KnownSecrets({}),
        listener=news,
    )


def extras_of(news: RecordedNews) -> LanExtras:
    """Return the status fields as last reported."""
    extras = news.reports[-1][0]
    assert isinstance(extras, LanExtras)
    return extras


def skip_without_aliases() -> None:
    """Skip a test that needs more loopback addresses than 127.0.0.1."""
    if sys.platform == "darwin":
        pytest.skip("of 127.0.0.0/8 only 127.0.0.1 is there on macOS; others take root")
