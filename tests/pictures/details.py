"""Parts of the window, each as one picture: its cards, codes to scan, and the question before a script runs as root."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from portway.core.status import Phase
from portway.gui.buttons import Button
from portway.gui.card import Card
from portway.gui.card_rules import Surrounding, card_of
from portway.gui.card_view import Doing
from portway.gui.labels import Line
from portway.gui.live_card import LiveCard
from portway.gui.look import Ink
from portway.gui.qr_popover import QrPopover
from portway.gui.run_dialog import RunDialog
from portway.gui.words import tr
from tests.gui.states import STATES, status_in
from tests.pictures.stage import Stage, beside, photograph, settle, staged

_TARGET = "http://127.0.0.1:20128"
_SCRIPT = """\
#!/bin/sh
# Copyright (c) Tailscale Inc & contributors
# SPDX-License-Identifier: BSD-3-Clause
#
# This script detects the current operating system, and installs
# Tailscale according to that OS's conventions.

set -eu

# All the code is wrapped in a main function that gets called at the
# bottom of the file, so that a truncated partial download doesn't end
# up executing half a script.
main() {
"""


def states(theme: str, width: int = 600) -> QImage:
    columns = []
    names = list(STATES)
    with staged(theme) as stage:
        for half in (names[: len(names) // 2 + 1], names[len(names) // 2 + 1 :]):
            column = QWidget()
            rows = QVBoxLayout(column)
            rows.setSpacing(4)
            for name in half:
                rows.addWidget(Line(name.replace("_", " "), ink=Ink.MUTED, size=0.92))
                rows.addWidget(_card(stage, name))
                rows.addSpacing(8)
            rows.addStretch(1)
            column.resize(width, 100)
            column.show()
            settle()  # each card takes its arrangement from its width
            column.resize(width, column.heightForWidth(width))
            columns.append(photograph(column))
            column.close()
    ground = columns[0].pixelColor(1, 1).name()
    return beside(columns, ground, gap=4)


def _card(stage: Stage, name: str) -> Card:
    backend_id, changes, _ = STATES[name]
    now = datetime.now(UTC)
    backend = next(one for one in stage.backends if one.id == backend_id)
    status = stage.hub.show(backend_id, **status_in(changes, now))
    card = Card(backend_id, tr(backend.title), QGuiApplication.clipboard().setText)
    card.show_view(card_of(backend, status, Doing(), Surrounding(now, _TARGET)))
    return card


def qr() -> QImage:
    images = []
    for theme, backend, url in (
        ("light", "cloudflared", "https://w-x-y-z.trycloudflare.com"), ("dark", "lan", "http://203.0.113.24:30128"),
    ):  # fmt: skip
        with staged(theme) as stage:
            stage.hub.show(backend, phase=Phase.RUNNING, wanted=True, public_url=url, since=datetime.now(UTC))
            window = stage.window(880, 640)
            card: LiveCard = window.tunnels.card(backend)
            card.show_qr()
            settle()
            popover = card.findChild(QrPopover)
            if popover is None:
                raise LookupError(backend)
            picture = photograph(card)
            corner = card.urls.qr_button.mapTo(card, card.urls.qr_button.rect().bottomRight())
            images.append(_below(picture, photograph(popover), corner))
            popover.close()
    return beside(images, "#8b9196")


def login() -> QImage:
    images = []
    for theme in ("light", "dark"):
        with staged(theme) as stage:
            stage.put("needs_login")
            window = stage.window(880, 640)
            card: LiveCard = window.tunnels.card("tailscale")
            code = next(one for one in card.callout.findChildren(Button) if one.text() == tr("QR code…"))
            code.click()
            settle()
            popover = card.findChild(QrPopover)
            if popover is None:
                raise LookupError(theme)
            corner = card.callout.mapTo(card, card.callout.rect().bottomRight())
            images.append(_below(photograph(card), photograph(popover), corner))
            popover.close()
    return beside(images, "#8b9196")


def install() -> QImage:
    """Draw the question before a script runs as root: as it comes, and where a password turned out to be needed."""
    images = []
    for theme, language, asks in (("light", "en", False), ("dark", "en", True), ("light", "de", True)):
        with staged(theme, language):
            dialog = RunDialog(_InstallScript(), tr("Install"))
            if asks:
                dialog.ask_for_password(tr("This takes administrator rights."), remember=False)
            else:
                dialog.view.click()
            dialog.show()
            settle()
            images.append(photograph(dialog))
            dialog.close()
    return beside(images, "#8b9196")


class _InstallScript:
    """Implements core.backend.Fetched."""

    source = "https://tailscale.com/install.sh"
    size = 22_514
    sha256 = "4f0d8c5be1a7f3926d0c5a1e7b98423fd6510ac97e2b3d84f1c6095a7be3d210"

    def text(self) -> str:
        return _SCRIPT

    def remove(self) -> None:
        """There is nothing to remove."""


def _below(card: QImage, popover: QImage, corner: QPoint) -> QImage:
    """Lay the popover over the card, where it opens."""
    ratio = round(card.devicePixelRatio())
    width, height = card.width() // ratio, popover.height() // ratio + corner.y() + 16
    picture = QImage(width * ratio, height * ratio, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(ratio)
    picture.fill(QApplication.palette().window().color())
    painter = QPainter(picture)
    painter.drawImage(0, 0, card)
    painter.drawImage(corner.x() - popover.width() // ratio, corner.y() + 2, popover)
    painter.end()
    return picture
