"""How soon a person is told."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.desktop.conftest import Subject
from tests.fakes.notification_server import NotificationServer

pytestmark = pytest.mark.desktop


def test_a_notification_comes_within_a_second_of_what_it_tells(
    desktop: dict[str, str], bus: str, run: Callable[..., Subject]
) -> None:
    daemon = NotificationServer(bus)
    try:
        subject = run(desktop, "--autostart")
        took = []
        for backend, title in (("cloudflared", "Cloudflare is up"), ("ngrok", "ngrok is up")):
            begin = time.monotonic()
            subject.ask(f"subject.up('{backend}', 'https://{backend}.example')")
            daemon.wait_for(title)
            took.append(time.monotonic() - begin)
        assert min(took) < 1  # the first one has jeepney to import, too
    finally:
        daemon.end()
