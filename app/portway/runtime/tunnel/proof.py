"""Whether a public URL works from outside: a word that only this relay knows is asked for through it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from portway.core.backend import Expects
from portway.core.guard.reasons import Reason, Why, why
from portway.core.status import Proof, Verified
from portway.system.network.outside import Met, NotKnownError, Outside, unseen_from_here

_HTTPS = 443
_BUSY = frozenset({429, 503})  # which say nothing of the tunnel


def verify(public_url: str, relay: Expects, outside: Outside, environment: Mapping[str, str]) -> Verified:
    """Look at the URL from outside, and say what came of it. Blocks. What cannot be known is never called a failure."""
    began = time.monotonic()
    unseen = unseen_from_here(public_url, environment)
    if unseen is not None:
        return _told(Proof.UNKNOWN, unseen, began)
    parts = urlsplit(public_url)
    name = parts.hostname or ""
    try:
        addresses = outside.look_up(name)
        path, content = relay.expect_visit()
        met = outside.visit(name, parts.port or _HTTPS, path, addresses)
    except NotKnownError as error:
        return _told(Proof.UNKNOWN, error.why, began)
    if met.body == content:
        return _told(Proof.OK, None, began)
    if met.status in _BUSY:
        return _told(Proof.UNKNOWN, why(Reason.EDGE_BUSY, status=met.status), began)
    return _told(Proof.FAILED, _meaning(met), began)


def _meaning(met: Met) -> Why:
    """Return what an edge says with an answer that is not ours."""
    if "ngrok-error-code" in met.headers:
        return why(Reason.NGROK, code=met.headers["ngrok-error-code"])
    if b"error code: 1033" in met.body or b"error code: 1016" in met.body:
        return why(Reason.CLOUDFLARE)
    return why(Reason.SOMEBODY_ELSE, status=met.status)


def _told(state: Proof, reason: Why | None, began: float) -> Verified:
    took = round((time.monotonic() - began) * 1000)
    return Verified(state=state, at=datetime.now(UTC), ms=took, reason=reason)
