"""The window in its states, each as one picture. Qt has its platform by now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from portway.core.hub import Ask
from portway.core.status import Phase, Progress
from portway.gui.buttons import Button
from portway.gui.card import Card
from portway.gui.card_rules import Surrounding, card_of
from portway.gui.card_view import Doing
from portway.gui.labels import Line
from portway.gui.language import use_language
from portway.gui.live_card import LiveCard
from portway.gui.log_page import LogPage
from portway.gui.look import Ink
from portway.gui.qr_popover import QrPopover
from portway.gui.run_dialog import RunDialog
from portway.gui.words import tr
from portway.system.autostart import AutostartState
from tests.fakes.origin import origin_server
from tests.gui.states import STATES, status_in
from tests.pictures.stage import Stage, beside, dress, fit_height, photograph, settle

_LIGHT_WALL = "#cfd4d7"
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
_LOG = (
    ("lan", 58, "INFO", "listening on 203.0.113.24:30128"),
    ("cloudflared", 60, "INFO", "starting cloudflared 2026.8.2, protocol http2"),
    ("cloudflared", 61, "INFO", "address assigned: https://w-x-y-z.trycloudflare.com"),
    ("cloudflared", 63, "INFO", "edge connection 1 registered, the edge carries traffic"),
    ("tailscale", 72, "ERROR", "port_conflict: another Funnel uses port 443, left alone"),
    ("lan", 81, "WARNING", "203.0.113.57 closed the connection early"),
    ("cloudflared", 90, "WARNING", "edge connection 1 lost, trying again in 1 s"),
    ("cloudflared", 92, "INFO", "edge connection 1 registered, same address"),
    ("ngrok", 99, "INFO", "session open, heartbeat every 10 s"),
)


@contextmanager
def _stage(theme: str, language: str = "en") -> Iterator[Stage]:
    dress(theme)
    use_language(language)
    stage = Stage()
    try:
        yield stage
    finally:
        use_language("en")
        stage.close()


def _busy(stage: Stage) -> None:
    now = datetime.now(UTC)
    for name in ("stopped", "needs_token", "port_conflict"):
        _put(stage, name)
    stage.hub.show("cloudflared", phase=Phase.RUNNING, wanted=True, since=now - timedelta(hours=2, minutes=10),
                   public_url="https://w-x-y-z.trycloudflare.com")  # fmt: skip


def _put(stage: Stage, name: str) -> None:
    """Show a state with its times counted from now."""
    backend, changes, _ = STATES[name]
    stage.hub.show(backend, **status_in(changes, datetime.now(UTC)))


def tunnels(theme: str) -> QImage:
    # A server that answers, for the one that is open.
    with origin_server(port=20128), _stage(theme) as stage:
        _busy(stage)
        window = stage.window(880, 680)
        fit_height(window)
        return photograph(window)


def tunnels_dark() -> QImage:
    with _stage("dark") as stage:
        now = datetime.now(UTC)
        for name in ("origin_down", "starting"):
            _put(stage, name)
        extras = STATES["lan_firewall"][1]["extras"]
        stage.hub.show("lan", phase=Phase.RUNNING, wanted=True, since=now - timedelta(minutes=40),
                       public_url="http://203.0.113.24:30128", log_path=str(stage.services.folders.log / "lan.log"),
                       extras=type(extras)(listen_port=30128, last_visitor_at=now - timedelta(minutes=3)))  # fmt: skip
        _put(stage, "not_installed")
        stage.hub.command(stage.backends[3].id, "install", Ask())
        progress = Progress(step="download", message="Downloading", received=18_200_000, total=38_400_000)
        stage.hub.move_job("tailscale", "install", progress)
        _write_log(stage)
        window = stage.window(880, 680)
        window.tunnels.card("lan").open_log()
        settle()
        window.tunnels.verticalScrollBar().setValue(0)
        fit_height(window)
        return photograph(window)


def narrow() -> QImage:
    images = []
    for language in ("en", "de"):
        with origin_server(port=20128), _stage("light", language) as stage:
            _busy(stage)
            _put(stage, "waiting")
            stage.hub.show("ngrok", phase=Phase.RUNNING, wanted=True, problem=None,
                           since=datetime.now(UTC) - timedelta(hours=2, minutes=10),
                           public_url="https://a-rather-long-name-of-a-preview.example.com")  # fmt: skip
            _put(stage, "needs_login")
            window = stage.window(360, 900)
            fit_height(window)
            images.append(photograph(window))
    return beside(images, _LIGHT_WALL)


def first_run() -> QImage:
    with origin_server(port=20128), _stage("light") as stage:
        stage.services.app_state.update(answered=[])
        stage.autostart = AutostartState.OFF
        _put(stage, "token_at_rest")
        _put(stage, "not_installed")
        window = stage.window(720, 640, "first_run")
        return photograph(window)


def page(theme: str, key: str, width: int = 880, language: str = "en") -> QImage:
    with _stage(theme, language) as stage:
        _busy(stage)
        if key == "tailscale":
            _put(stage, "needs_login")
        stage.settings.set("ngrok.domain", "hooks.example.com")
        stage.hub.reload()
        window = stage.window(width, 720, key)
        fit_height(window)
        return photograph(window)


def general_and_about() -> QImage:
    return beside([page("light", "general", 480, language="de"), page("dark", "about", 480)], "#8b9196")


def log() -> QImage:
    with _stage("light") as stage:
        _write_log(stage)
        window = stage.window(1000, 540, "log")
        page = window.shown_page()
        if isinstance(page, LogPage):
            page.search.setText("edge")
        settle()
        return photograph(window)


def _write_log(stage: Stage) -> None:
    day = datetime.now(UTC).date().isoformat()
    for name in ("lan", "cloudflared", "ngrok", "tailscale"):
        lines = tuple(
            f"{day}T14:{second // 60 + 1:02}:{second % 60:02}.000Z {level:<7} portway.backends.{source}: {text}"
            for source, second, level, text in _LOG
            if source == name
        )
        stage.log(name, lines)


def states(theme: str, width: int = 600) -> QImage:
    columns = []
    names = list(STATES)
    with _stage(theme) as stage:
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
        with _stage(theme) as stage:
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
        with _stage(theme) as stage:
            _put(stage, "needs_login")
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
        with _stage(theme, language):
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


PICTURES: dict[str, Callable[[], QImage]] = {
    "tunnels-light": lambda: tunnels("light"),
    "tunnels-light-100": lambda: tunnels("light"),
    "tunnels-dark": tunnels_dark,
    "tunnels-narrow": narrow,
    "tunnels-first-run": first_run,
    "card-states-light": lambda: states("light"),
    "card-states-dark": lambda: states("dark"),
    "settings-ngrok-light": lambda: page("light", "ngrok"),
    "settings-tailscale-dark": lambda: page("violet", "tailscale"),
    "settings-general-about": general_and_about,
    "settings-api-narrow-dark": lambda: page("dark", "api", 360),
    "log-light": log,
    "qr": qr,
    "tailscale-login": login,
    "tailscale-install": install,
}
