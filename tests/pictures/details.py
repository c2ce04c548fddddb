"""Parts of the window, each as one picture: its cards, codes to scan, and the question before a script runs as root."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from portway.core.guard.rules import PASSWORD, Guard
from portway.core.hub import KeptOut
from portway.core.secret import Secret
from portway.core.status import SLOT, Phase, Traffic, TrafficSlot
from portway.gui.cards.card import Card
from portway.gui.cards.card_parts import Shape
from portway.gui.cards.live_card import LiveCard
from portway.gui.dialogs.run_dialog import RunDialog
from portway.gui.i18n.words import tr
from portway.gui.model.card_rules import Surrounding, card_of
from portway.gui.model.card_view import CardState
from portway.gui.platform.clipboard import Clipboard
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button
from portway.gui.widgets.labels import Line
from portway.gui.widgets.qr_popover import QrPopover
from portway.gui.widgets.surfaces import CardGround
from tests.fakes.origins.page import origin_server
from tests.gui.states import STATES, status_in
from tests.pictures.stage import Stage, beside, fit_height, photograph, settle, staged

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
                rows.addWidget(Line(name.replace("_", " "), tone=Tone.MUTED, size=0.92))
                rows.addWidget(_card(stage, name, column))
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


def _card(stage: Stage, name: str, column: QWidget) -> QWidget:
    backend_id, changes, _ = STATES[name]
    now = datetime.now(UTC)
    backend = next(one for one in stage.backends if one.id == backend_id)
    status = stage.hub.show(backend_id, **status_in(changes, now))
    card = Card(backend_id, tr(backend.title), Clipboard(QGuiApplication.clipboard().setText))
    card.show_view(card_of(backend, status, CardState(), Surrounding(now, _TARGET)))
    if card.shape is not Shape.OFF:
        return card
    ground = CardGround(parent=column)  # that of the list in which such a row stands
    inside = QVBoxLayout(ground)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.addWidget(card)
    return ground


def qr() -> QImage:
    images = []
    for theme, backend, url in (
        ("light", "cloudflared", "https://w-x-y-z.trycloudflare.com"),
        ("dark", "lan", "http://203.0.113.24:30128"),
    ):
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
            corner = card.urls.qr_button.mapTo(card, card.urls.qr_button.rect().bottomLeft())
            images.append(_below(picture, photograph(popover), corner))
            popover.close()
    return beside(images, "#8b9196")


def happy(theme: str) -> QImage:
    """Draw what the page of the project begins with: one server, open to two kinds of visitors."""
    now = datetime.now(UTC)
    with origin_server(port=3000), staged(theme) as stage:
        stage.settings.set("general.target", "3000")
        stage.settings.set("general.showApiUrl", False)
        stage.hub.reload()
        extras = STATES["lan_firewall"][1]["extras"]
        stage.hub.show(
            "lan",
            phase=Phase.RUNNING,
            wanted=True,
            public_url="http://192.168.178.24:30128",
            since=now - timedelta(minutes=47),
            extras=type(extras)(listen_port=30128, last_visitor_at=now - timedelta(seconds=4)),
            traffic=_passed(now, busy=0.2, visitors=1),
        )
        stage.hub.show(
            "cloudflared",
            phase=Phase.RUNNING,
            wanted=True,
            public_url="https://quiet-river-lamp-field.trycloudflare.com",
            since=now - timedelta(minutes=12),
            guard=Guard(password=True),
            expires_at=now + timedelta(minutes=48, seconds=30),
            traffic=_passed(now, busy=0.6, visitors=3),
        )
        window = stage.window(940, 600)
        fit_height(window)
        return photograph(window)


_ADDRESSES = ("203.0.113.7 # Home", "198.51.100.0/24 # Office 2026-11-12")


def protection(theme: str) -> QImage:
    """Draw who can open a tunnel: with a password, which webhooks do not need, and for an hour."""
    with origin_server(port=3000), staged(theme) as stage:
        stage.settings.set("general.target", "3000")
        stage.hub.reload()
        stage.hub.show(
            "cloudflared",
            phase=Phase.RUNNING,
            wanted=True,
            public_url="https://quiet-river-lamp-field.trycloudflare.com",
            since=datetime.now(UTC) - timedelta(minutes=12),
            guard=Guard(password=True, allow=_ADDRESSES, open=("POST /webhooks/*",)),
            expires_at=datetime.now(UTC) + timedelta(minutes=48, seconds=30),
        )
        now = datetime.now(UTC)
        stage.hub.visited["cloudflared"] = {"203.0.113.7": now - timedelta(minutes=2, seconds=5)}
        kept_out = KeptOut(address="192.0.2.44", at=now - timedelta(minutes=2), rule="address", path="/v1/models")
        stage.hub.kept["cloudflared"] = (kept_out,)
        stage.vault.secrets["cloudflared", PASSWORD] = Secret("quiet-river-72")
        window = stage.window(940, 1000)
        dialog = window.tunnels.card("cloudflared").show_protection()
        settle()
        picture = photograph(dialog)
        dialog.close()
        return picture


def _passed(now: datetime, *, busy: float, visitors: int) -> Traffic:
    """Make up five minutes, the same each time; in that share of them somebody was there."""
    chance = Random(7)
    number = int(now.timestamp() / SLOT)
    counts = {back: round(chance.expovariate(0.3)) for back in range(58, 0, -1) if chance.random() < busy}
    recent = tuple(TrafficSlot(number=number - back, requests=count) for back, count in counts.items() if count)
    last = now - timedelta(seconds=4)
    return Traffic(requests=sum(counts.values()), visitors=visitors, present=visitors, last_at=last, recent=recent)


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
    painter.drawImage(corner.x(), corner.y() + 2, popover)
    painter.end()
    return picture
