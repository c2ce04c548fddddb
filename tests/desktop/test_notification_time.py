"""How soon a person is told."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.desktop.conftest import Subject
from tests.fakes.desktop.notification_server import NotificationServer
from tests.limits import AT_ONCE

pytestmark = pytest.mark.desktop


def test_a_notification_comes_at_once(desktop: dict[str, str], bus: str, run: Callable[..., Subject]) -> None:
    daemon = NotificationServer(bus)
    try:
        subject = run(desktop, "--autostart")
        took = []
        for backend, title in (("cloudflared", "Cloudflare is up"), ("ngrok", "ngrok is up")):
            begin = time.monotonic()
            subject.ask(f"subject.up('{backend}', 'https://{backend}.example')")
            daemon.wait_for(title)
            took.append(time.monotonic() - begin)
        assert min(took) < AT_ONCE  # the first one has jeepney to import, too
    finally:
        daemon.end()
