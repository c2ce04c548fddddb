"""What the tests of Tailscale call the fixture that opens sessions."""

from __future__ import annotations

from collections.abc import Callable

from portway.backends.tailscale.session import FunnelSession

Open = Callable[..., FunnelSession]
