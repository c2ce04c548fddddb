"""Notices from real visits that the local server may turn visitors away because it does not know the public name."""

import re
import time
from typing import Protocol

from portway.core.target import Target
from portway.relay.http.exchange import Exchange, ExchangeListener
from portway.relay.http.heads import AnswerHead

_NOT_AGAIN_FOR = 5.0  # seconds: each suspicion costs the target two requests


_REFUSALS = frozenset({400, 403, 404, 421, 444})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_ERRORS_FROM = 400
_LOOPBACK_ADDRESS = re.compile(rb"https?://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]", re.IGNORECASE)


def is_odd(answer: AnswerHead, port: int) -> bool:
    """Whether an answer may mean that the local server at `port` does not know the name it was asked by."""
    if answer.status in _REDIRECTS:
        places = [value for name, value in answer.headers if name.lower() == b"location"]
        return any(_LOOPBACK_ADDRESS.match(place) and b":%d" % port in place for place in places)
    return answer.status in _REFUSALS or (answer.status == _OK and answer.length == 0)


class HostListener(Protocol):
    """Hears of suspicions, on the relay's thread."""

    def host_suspect(self, path: str) -> None:
        """A visitor of this path may have been turned away because of the public name."""


class Aims(Protocol):
    """Knows what is dialled now."""

    @property
    def aim(self) -> Target:
        """The literal address."""


class HostWatch(ExchangeListener):
    """Lives on the loop's thread."""

    def __init__(self, listener: HostListener, aims: Aims) -> None:
        self._listener = listener
        self._aims = aims
        self._quiet_until = 0.0
        self._served: Target | None = None  # where a visitor was served under the public name: it is known there

    def answered(self, exchange: Exchange) -> None:
        answer = exchange.answer
        aim = self._aims.aim
        if answer is None or self._served is aim:
            return
        if not is_odd(answer, aim.port):
            self._served = aim if answer.status < _ERRORS_FROM else None
            return
        now = time.monotonic()
        if now >= self._quiet_until:
            self._quiet_until = now + _NOT_AGAIN_FOR
            self._listener.host_suspect(exchange.request.target.partition(b"?")[0].decode("latin-1"))
