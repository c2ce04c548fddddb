"""Whoever turns ngrok on and off, however fast, and whatever breaks: no session of ours stays behind at the service."""

from __future__ import annotations

import dataclasses
import os
import random
import threading
import time
from collections.abc import Iterator

import pytest

from portway.backends.ngrok.backend import NgrokBackend
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.errors import Cancelled, TunnelError
from tests.backends.ngrok.test_tunnel import visit
from tests.fakes.backends.news import RecordedNews, wait_until
from tests.fakes.ngrok.edge import Account, Kind, NgrokEdge
from tests.fakes.origins.page import PAGE

CLIENTS = 8
SECONDS = float(os.environ.get("PORTWAY_TEST_TOGGLE_SECONDS", "4"))


class Switch:
    """One tunnel as the runtime drives it: one open or close at a time, and whoever toggles cancels what runs."""

    def __init__(self, backend: NgrokBackend, context: Context) -> None:
        self._backend = backend
        self._context = context
        self._lock = threading.Lock()
        self._cancel = CancelToken()
        self._over = False
        self.opened = 0
        self.refusals: list[TunnelError] = []  # that would have been the end of a wish
        self._worker = threading.Thread(target=self._work)
        self._worker.start()

    def toggle(self) -> None:
        """Take the present wish back, and wish anew."""
        with self._lock:
            self._cancel.cancel()

    def end(self) -> None:
        self._over = True
        self.toggle()
        self._worker.join(60)

    def _work(self) -> None:
        while not self._over:
            with self._lock:
                self._cancel = cancel = CancelToken()
            context = dataclasses.replace(self._context, cancel=cancel, listener=RecordedNews())
            try:
                session = self._backend.open(context)
            except Cancelled:
                continue
            except TunnelError as error:
                if not error.problem.code.retried:  # the runtime tries again after what passes by itself
                    self.refusals.append(error)
                continue
            self.opened += 1
            while not cancel.cancelled and not self._over:
                time.sleep(0.002)
            session.close(dataclasses.replace(context, cancel=CancelToken()))


@pytest.fixture
def account(account: Account) -> Account:
    account.sessions_allowed = 1
    return account


@pytest.fixture
def switch(backend: NgrokBackend, context: Context) -> Iterator[Switch]:
    switch = Switch(backend, context)
    yield switch
    switch.end()


@pytest.mark.timeout(180 + SECONDS)
@pytest.mark.parametrize("troubled", [False, True], ids=["toggles", "toggles and broken paths"])
def test_the_last_enable_succeeds_and_one_session_is_left(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, switch: Switch, *, troubled: bool
) -> None:
    until = time.monotonic() + SECONDS
    choice = random.Random(7)

    def toggle(seed: int) -> None:
        waits = random.Random(seed)
        while time.monotonic() < until:
            time.sleep(waits.uniform(0.0, 0.6))
            switch.toggle()

    clients = [threading.Thread(target=toggle, args=(seed,)) for seed in range(CLIENTS)]
    for client in clients:
        client.start()
    while time.monotonic() < until:
        time.sleep(0.2)
        if troubled and choice.random() < 0.3:
            choice.choice([edge.freeze, edge.go_away])()
            time.sleep(choice.uniform(0.0, 0.5))
            edge.cut()
    for client in clients:
        client.join()
    switch.end()
    assert switch.refusals == []
    session = backend.open(context)
    assert visit(edge, session.public_url).content == PAGE
    assert edge.sessions == 1
    assert edge.urls == [session.public_url]
    session.close(context)
    backend.shut_down()
    wait_until(lambda: edge.sessions == 0)


@pytest.mark.parametrize("kind", [Kind.AUTH, Kind.BIND])
def test_a_cancel_at_any_moment_leaves_no_session(
    edge: NgrokEdge, backend: NgrokBackend, context: Context, kind: Kind
) -> None:
    """The moments around the answer of the service are tried one after the other."""
    for step in range(12):
        cancel = CancelToken()
        edge.hold(kind)
        timers = [threading.Timer(0.15, edge.release, (kind,)), threading.Timer(0.145 + step * 0.001, cancel.cancel)]
        for timer in timers:
            timer.start()
        try:
            session = backend.open(dataclasses.replace(context, cancel=cancel))
            session.close(context)
        except Cancelled:
            pass
        for timer in timers:
            timer.join()
        wait_until(lambda: edge.urls == [])
        backend.shut_down()  # so that the next one connects anew
        wait_until(lambda: edge.sessions == 0)
    session = backend.open(context)
    assert edge.urls == [session.public_url]
    session.close(context)
