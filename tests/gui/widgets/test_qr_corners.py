"""The popover of the QR code on a screen without translucency."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from portway.gui.widgets.qr_popover import QrPopover
from portway.gui.window.main_window import MainWindow


def test_its_round_corners_are_not_part_of_it(window: MainWindow, qtbot: QtBot) -> None:
    popover = QrPopover("https://hooks.example.com", "Point a phone's camera at it.", window)
    popover.open_below(window)
    corner = popover.rect().bottomRight()
    assert popover.mask().contains(popover.rect().center())
    assert not [place for place in (QPoint(0, 0), corner) if popover.mask().contains(place)]
    popover.close()
