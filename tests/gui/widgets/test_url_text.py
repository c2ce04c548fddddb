"""A public URL is shown whole, in every width that a card gives it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from portway.core.status import Phase
from portway.gui.widgets.labels import UrlText
from portway.gui.window.main_window import MainWindow
from tests.gui.conftest import Desk

SHORT = "https://hooks.example.com"
USUAL = "https://alpha-beta-gamma.trycloudflare.com"
LONG = "https://researchers-collaborative-championships-subscriber.trycloudflare.com"
PLAIN = "http://a-computer-with-a-long-name-in-a-long-network.fritz.example:30128"


@pytest.mark.parametrize("width", [720, 476, 420, 300, 120])
@pytest.mark.parametrize("url", [SHORT, USUAL, LONG, PLAIN])
@pytest.mark.usefixtures("qtbot")
def test_nothing_of_it_is_left_out_but_https(url: str, width: int) -> None:
    text = UrlText(url, size=1.3)
    size, lines = text.layout_for(width)
    assert "".join(lines) in {url, url.removeprefix("https://")}
    metrics = QFontMetrics(text._sized(size))
    assert all(metrics.horizontalAdvance(line) <= width for line in lines)
    assert text.heightForWidth(width) == metrics.height() * len(lines)
    if len(lines) > 1:
        assert "".join(lines) == url
    if len(lines) == 2:
        assert lines[0].endswith(("-", ".", "/"))


@pytest.mark.parametrize("width", [880, 560, 360])
@pytest.mark.parametrize("url", [USUAL, LONG])
def test_a_card_gives_it_the_room_that_it_needs(
    desk: Desk, window: MainWindow, qtbot: QtBot, url: str, width: int
) -> None:
    window.resize(width, 720)
    desk.hub.show("cloudflared", phase=Phase.RUNNING, wanted=True, public_url=url)
    window.refresh()
    shown = window.tunnels.card("cloudflared").urls.url
    qtbot.waitUntil(lambda: shown.height() >= shown.heightForWidth(shown.width()))
    size, lines = shown.layout_for(shown.width())
    assert size >= 1.0
    assert width < 880 or len(lines) == (1 if url == USUAL else len(lines))
