"""Which literal loopback address answers for a target now."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass

from portway.core.cancel import CancelToken
from portway.core.target import Target
from portway.core.timing import Timing


@dataclass(frozen=True, slots=True)
class Resolved:
    """A target at one literal address, and whether something answered there."""

    origin: Target
    answers: bool


def resolve(target: Target, timing: Timing, cancel: CancelToken) -> Resolved:
    """Try the candidates in order; where none answers, the first one stands. Blocks `resolve_address` for each."""
    for address in target.candidates:
        cancel.check()
        if _answers(address, target.port, timing.resolve_address):
            return Resolved(target.at(address), answers=True)
    return Resolved(target.at(target.candidates[0]), answers=False)


def _answers(address: str, port: int, limit: float) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=limit):
        return True
    return False
