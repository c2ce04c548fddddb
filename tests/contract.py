"""What every backend promises, as tests that each backend's own test class inherits.

Write in tests/backends/NAME/test_contract.py:

    class TestName(BackendContract):
        @pytest.fixture
        def stage(self, services: Services) -> Iterator[Stage]:
            ... start the fake service; yield an object with the attributes and methods of `Stage`; stop it again

A stage wraps one backend, the fake world around it, and the ways to make trouble there. A method that cannot be
staged for a backend calls `pytest.skip("why")`. `services` (tests/conftest.py) has folders below tmp_path and
short limits; the local server that is exposed is the fixture `origin`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psutil
import pytest

from portway.core.backend import Backend, Context, Session
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Cancelled, TunnelError
from portway.core.foreign_text import PublicUrl
from portway.core.options import Kind, declared
from portway.core.status import Installation, TunnelStatus
from portway.core.target import Target
from portway.relay.relay import Opening, Relay
from portway.system.services import Services
from tests.fakes.backends.news import KnownSecrets, RecordedNews, wait_until
from tests.fakes.origins.http import content, http_origin
from tests.fakes.origins.page import PAGE
from tests.limits import AT_ONCE, SEEN

ANOTHER = "another-one"


class Stage(Protocol):
    """One backend in a world that a test can break."""

    @property
    def backend(self) -> Backend:
        """The backend under test, built from `services`."""

    @property
    def options(self) -> object:
        """An options value with which it opens."""

    @property
    def secrets(self) -> Mapping[str, str]:
        """The secret options that it needs, by name; each text must be one that occurs nowhere by chance."""

    def fetch(self, public_url: str) -> bytes:
        """Return what a visitor of the public URL gets; OSError where nothing answers."""

    def visit(self, public_url: str, path: str, body: bytes | None = None) -> bytes:
        """Return what a visitor gets who asks for another path, or posts this there."""

    def hold_start(self) -> None:
        """Make the next `open` hang in its longest wait, until cancelled."""

    def fail_start(self) -> Code:
        """Make the next `open` fail, and return the code that it must have."""

    def cut(self, session: Session) -> None:
        """Break the open tunnel from outside: kill its child, its edge, its interface."""


class KnownPage:
    """Stands for the relay before the local server: a page of that is known as well as a word."""

    def expect_visit(self) -> tuple[str, bytes]:
        return "/", PAGE


class BackendContract:
    """Inherited by the tests of each backend, which supply the fixture `stage`."""

    @pytest.fixture
    def news(self) -> RecordedNews:
        return RecordedNews()

    @pytest.fixture
    def context(self, stage: Stage, origin: Target, news: RecordedNews) -> Context:
        return make_context(stage, origin, news)

    @pytest.fixture
    def session(self, stage: Stage, context: Context) -> Iterator[Session]:
        session = stage.backend.open(context)
        yield session
        session.close(dataclasses.replace(context, cancel=CancelToken()))

    def test_declares_itself_completely(self, stage: Stage) -> None:
        backend = stage.backend
        assert backend.id
        assert backend.title
        assert backend.options() == backend.options()  # every option has a default
        assert backend.options.__dataclass_params__.frozen  # type: ignore[attr-defined]
        assert type(backend.no_extras).__dataclass_params__.frozen  # type: ignore[attr-defined]
        common = {item.name for item in dataclasses.fields(TunnelStatus)}
        assert common.isdisjoint(item.name for item in dataclasses.fields(backend.no_extras))  # type: ignore[arg-type]
        names = [command.name for command in backend.commands]
        assert len(names) == len(set(names))
        for command in backend.commands:
            assert (command.action is None) == (command.run is not None)

    def test_no_secret_option_has_a_default(self, stage: Stage) -> None:
        for name, option in declared(stage.backend.options).items():
            assert option.kind is not Kind.SECRET or getattr(stage.backend.options(), name) is None

    def test_a_visitor_gets_the_local_server(self, stage: Stage, session: Session) -> None:
        assert isinstance(session.public_url, PublicUrl)
        assert session.since is None
        assert stage.fetch(session.public_url) == PAGE

    def test_bytes_pass_as_they_are_both_ways_through_the_relay_before_it(
        self, stage: Stage, news: RecordedNews
    ) -> None:
        sent = random.Random(1).randbytes(1 << 20)
        with http_origin() as local, _relay_before(local.target, news) as relayed:
            context = make_context(stage, relayed, news)
            session = stage.backend.open(context)
            try:
                got = stage.visit(session.public_url, "/upload", sent)
                assert json.loads(got) == {"length": len(sent), "sha256": hashlib.sha256(sent).hexdigest()}
                assert stage.visit(session.public_url, f"/bytes/{len(sent)}") == content(len(sent))
                assert stage.visit(session.public_url, "/peer") == b"127.0.0.1"
            finally:
                session.close(dataclasses.replace(context, cancel=CancelToken()))

    def test_a_child_that_it_names_is_a_living_child_of_ours(self, session: Session) -> None:
        assert session.pid is None or psutil.pid_exists(session.pid)

    def test_can_be_cancelled_while_starting(self, stage: Stage, context: Context) -> None:
        stage.hold_start()
        with nothing_left(stage), cancelled_after(context.cancel, 0.2) as cancelled_at, pytest.raises(Cancelled):
            stage.backend.open(context)
        assert time.monotonic() - cancelled_at() <= AT_ONCE

    def test_opens_nothing_that_was_cancelled_before(self, stage: Stage, context: Context) -> None:
        context.cancel.cancel()
        began = time.monotonic()
        with nothing_left(stage), pytest.raises(Cancelled):
            stage.backend.open(context)
        assert time.monotonic() - began <= AT_ONCE

    @pytest.mark.expected_logs
    def test_a_failed_start_names_its_cause(self, stage: Stage, context: Context) -> None:
        expected = stage.fail_start()
        with nothing_left(stage), pytest.raises(TunnelError) as caught:
            stage.backend.open(context)
        assert caught.value.code is expected
        assert caught.value.problem.sentence

    @pytest.mark.expected_logs
    def test_a_loss_is_told(self, stage: Stage, session: Session, news: RecordedNews) -> None:
        stage.cut(session)
        news.wait_for(lambda heard: heard.losses or heard.recoverings, SEEN)
        assert len(news.losses) <= 1

    @pytest.mark.expected_logs
    def test_a_lost_session_can_be_closed(
        self, stage: Stage, context: Context, services: Services, news: RecordedNews
    ) -> None:
        session = stage.backend.open(context)
        stage.cut(session)
        news.wait_for(lambda heard: heard.losses or heard.recoverings, SEEN)
        closed_within(session, context, services.timing.close_limit)

    def test_close_is_bounded_and_may_be_repeated(
        self, stage: Stage, context: Context, services: Services, news: RecordedNews
    ) -> None:
        session = stage.backend.open(context)
        public_url = session.public_url
        closed_within(session, context, services.timing.close_limit)
        closed_within(session, context, services.timing.close_limit)
        with pytest.raises(OSError):  # noqa: PT011 - refused, reset or timed out: each is fine
            stage.fetch(public_url)
        assert news.losses == []  # what was asked for is no loss

    def test_opens_again_after_a_close(self, stage: Stage, origin: Target) -> None:
        for _ in range(2):
            context = make_context(stage, origin, RecordedNews())
            session = stage.backend.open(context)
            assert stage.fetch(session.public_url) == PAGE
            session.close(context)

    def test_leaves_nothing_behind(self, stage: Stage, origin: Target) -> None:
        self.test_opens_again_after_a_close(stage, origin)  # what is made once and kept is fine
        with nothing_left(stage):
            self.test_opens_again_after_a_close(stage, origin)

    def test_inspect_has_no_side_effects(self, stage: Stage, services: Services) -> None:
        stage.backend.inspect()
        before = files_below(services)
        with nothing_left(stage):
            first = stage.backend.inspect()
            second = stage.backend.inspect()
        assert isinstance(first, Installation)
        assert first == second
        assert files_below(services) == before

    def test_finds_nothing_to_reclaim_where_nothing_was_left(self, stage: Stage, context: Context) -> None:
        with nothing_left(stage):
            assert stage.backend.reclaim(context) is None

    def test_finds_nothing_to_reclaim_after_a_close(self, stage: Stage, context: Context) -> None:
        session = stage.backend.open(context)
        session.close(context)
        assert stage.backend.reclaim(dataclasses.replace(context, wanted=False)) is None

    def test_another_tunnel_of_it_is_one_of_its_own(
        self, stage: Stage, origin: Target, services: Services, news: RecordedNews
    ) -> None:
        other = beside(stage.backend, services)
        assert (other.kind, other.id) == (stage.backend.kind, ANOTHER)
        with opened(stage.backend, make_context(stage, origin, news)) as first:
            second_news = RecordedNews()
            with opened(other, make_context(stage, origin, second_news)) as second:
                assert first.public_url != second.public_url
                assert [stage.fetch(one.public_url) for one in (first, second)] == [PAGE, PAGE]
            with pytest.raises(OSError):  # noqa: PT011 - refused, reset or timed out: each is fine
                stage.fetch(second.public_url)
            assert stage.fetch(first.public_url) == PAGE
            assert (news.losses, news.recoverings, second_news.losses) == ([], [], [])

    def test_what_another_tunnel_left_is_not_taken_for_its_own(
        self, stage: Stage, origin: Target, services: Services
    ) -> None:
        with opened(beside(stage.backend, services), make_context(stage, origin, RecordedNews())) as session:
            context = make_context(stage, origin, RecordedNews())
            assert stage.backend.reclaim(dataclasses.replace(context, wanted=False)) is None
            assert stage.fetch(session.public_url) == PAGE

    def test_secrets_are_in_no_log_report_or_file(
        self,
        stage: Stage,
        context: Context,
        services: Services,
        news: RecordedNews,
        expected_logs: pytest.LogCaptureFixture,
    ) -> None:
        expected_logs.set_level(logging.DEBUG)
        session = stage.backend.open(context)
        session.close(context)
        said = expected_logs.text + repr(vars(news)) + repr(context) + repr(stage.backend.inspect())
        written = b"".join(files_below(services).values())
        for text in stage.secrets.values():
            assert text not in said
            assert text.encode() not in written


def beside(backend: Backend, services: Services) -> Backend:
    """Return another tunnel of the same backend."""
    other = backend.another(ANOTHER)
    assert services.folders.state_of(other.kind, other.id) != services.folders.state_of(backend.kind, backend.id)
    return other


@contextmanager
def opened(backend: Backend, context: Context) -> Iterator[Session]:
    """Open a session for the block."""
    session = backend.open(context)
    try:
        yield session
    finally:
        session.close(dataclasses.replace(context, cancel=CancelToken()))


@contextmanager
def _relay_before(target: Target, news: RecordedNews) -> Iterator[Target]:
    """Open a relay as the runtime does for every tunnel; yield its address, which the backend takes for the target."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setblocking(False)
    relay = Relay(Opening(listening=listening, name="shop", origin=target, listener=news))
    try:
        yield relay.address
    finally:
        relay.close(SEEN)


def make_context(stage: Stage, origin: Target, news: RecordedNews) -> Context:
    """Return what the runtime would give to a run."""
    return Context(
        target=origin,
        origin=origin,
        options=stage.options,
        cancel=CancelToken(),
        secrets=KnownSecrets(stage.secrets),
        listener=news,
        expects=KnownPage(),
    )


def closed_within(session: Session, context: Context, seconds: float) -> None:
    """Close, and claim that it took no longer than that."""
    began = time.monotonic()
    session.close(dataclasses.replace(context, cancel=CancelToken()))
    assert time.monotonic() - began <= seconds


@contextmanager
def cancelled_after(cancel: CancelToken, seconds: float) -> Iterator[Callable[[], float]]:
    """Cancel from another thread after a while; yields a call that tells when that was."""
    moments: list[float] = []

    def cancel_now() -> None:
        moments.append(time.monotonic())
        cancel.cancel()

    timer = threading.Timer(seconds, cancel_now)
    timer.start()
    try:
        yield lambda: moments[0]
    finally:
        timer.cancel()
        timer.join()


@contextmanager
def nothing_left(_stage: Stage | None = None) -> Iterator[None]:
    """Claim that the block left no child, no thread and no open file behind."""
    ours = psutil.Process()

    def counts() -> tuple[int, int, int]:
        files = ours.num_fds() if hasattr(ours, "num_fds") else 0
        return len(ours.children(recursive=True)), threading.active_count(), files

    before = counts()
    yield
    try:
        wait_until(lambda: all(now <= then for now, then in zip(counts(), before, strict=True)))
    except AssertionError:
        names = [thread.name for thread in threading.enumerate()]
        pytest.fail(f"left behind (children, threads, files): {before} became {counts()}; threads: {names}")


def files_below(services: Services) -> dict[Path, bytes]:
    """Return every file of this profile with its content."""
    return {
        path: path.read_bytes()
        for folder in services.folders.all
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
