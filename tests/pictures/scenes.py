"""All pictures by their names, and the ones of the whole window. Qt has its platform by now."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtGui import QImage

from portway.core.hub import EnableRequest
from portway.core.status import BackendId, Phase, Progress, Traffic
from portway.gui.log.page import LogPage
from portway.gui.requests.page import RequestsPage
from portway.gui.window.first_run_page import FirstRunPage
from portway.gui.window.main_window import MainWindow
from portway.system.desktop.autostart import AutostartState
from tests.fakes.origins.page import origin_server
from tests.gui.requests.visits import Visit, live_through, pay
from tests.gui.states import STATES
from tests.pictures.details import happy, install, login, protection, qr, states
from tests.pictures.stage import Stage, beside, fit_height, photograph, settle, staged
from tests.pictures.visitors import pages
from tests.real_visitors.chromium import CHROMIUM

_LIGHT_WALL = "#cfd4d7"
_DARK_WALL = "#0e1012"
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


def _busy(stage: Stage) -> None:
    now = datetime.now(UTC)
    for name in ("stopped", "needs_token", "port_conflict"):
        stage.put(name)
    stage.hub.show(
        "cloudflared",
        phase=Phase.RUNNING,
        wanted=True,
        since=now - timedelta(hours=2, minutes=10),
        public_url="https://w-x-y-z.trycloudflare.com",
    )


def tunnels(theme: str) -> QImage:
    # A server that answers, for the one that is open.
    with origin_server(port=20128), staged(theme) as stage:
        _busy(stage)
        window = stage.window(880, 680)
        fit_height(window)
        return photograph(window)


def tunnels_dark() -> QImage:
    with staged("dark") as stage:
        now = datetime.now(UTC)
        for name in ("origin_down", "starting"):
            stage.put(name)
        extras = STATES["lan_firewall"][1]["extras"]
        stage.hub.show(
            "lan",
            phase=Phase.RUNNING,
            wanted=True,
            since=now - timedelta(minutes=40),
            public_url="http://203.0.113.24:30128",
            log_path=str(stage.services.folders.log / "lan.log"),
            extras=type(extras)(listen_port=30128, last_visitor_at=now - timedelta(minutes=3)),
        )
        stage.put("not_installed")
        stage.hub.command(stage.backends[3].id, "install", EnableRequest())
        progress = Progress(step="download", message="Downloading", received=18_200_000, total=38_400_000)
        stage.hub.move_job("tailscale", "install", progress)
        _write_log(stage)
        window = stage.window(880, 680)
        settle()
        window.tunnels.verticalScrollBar().setValue(0)
        fit_height(window)
        return photograph(window)


def narrow() -> QImage:
    images = []
    for language in ("en", "de"):
        with origin_server(port=20128), staged("light", language) as stage:
            _busy(stage)
            stage.put("waiting")
            stage.hub.show(
                "ngrok",
                phase=Phase.RUNNING,
                wanted=True,
                problem=None,
                since=datetime.now(UTC) - timedelta(hours=2, minutes=10),
                public_url="https://a-rather-long-name-of-a-preview.example.com",
            )
            stage.put("needs_login")
            window = stage.window(360, 900)
            fit_height(window)
            images.append(photograph(window))
    return beside(images, _LIGHT_WALL)


def first_run() -> QImage:
    with origin_server(port=20128), staged("light") as stage:
        window = _first_page(stage, 720, 684)
        return beside([photograph(window), photograph(_opened(stage, window))], _LIGHT_WALL)


def first_link() -> QImage:
    """What comes after Start: in the dark and with a visitor, narrow and in German, and where it does not come up."""
    images = []
    with origin_server(port=20128), staged("dark") as stage:
        images.append(photograph(_opened(stage, _first_page(stage, 720, 684), visited=True)))
    with origin_server(port=20128), staged("light", "de") as stage:
        window = _opened(stage, _first_page(stage, 360, 684))
        fit_height(window)
        images.append(photograph(window))
    with origin_server(port=20128), staged("light") as stage:
        window = _first_page(stage, 720, 684)
        _press_start(window, "cloudflared")
        stage.put("waiting")
        images.append(photograph(window))
    return beside(images, "#8b9196")


def _first_page(stage: Stage, width: int, height: int) -> MainWindow:
    stage.services.app_state.update(answered=[])
    stage.autostart = AutostartState.OFF
    stage.put("token_at_rest")
    stage.put("not_installed")
    return stage.window(width, height, "first_run")


def _press_start(window: MainWindow, way: str) -> None:
    page = window.shown_page()
    if isinstance(page, FirstRunPage):
        page.ways[BackendId(way)].setChecked(True)
        page.start.click()


def _opened(stage: Stage, window: MainWindow, *, visited: bool = False) -> MainWindow:
    """Open it to the local network."""
    _press_start(window, "lan")
    came = datetime.now(UTC)
    if visited:
        stage.hub.requests.record("lan", on=True)
        pay(stage.hub.requests.store, Visit(path="/", ago=-1, took=12, status=200, kind="html", tunnel="lan"))
    traffic = Traffic(requests=3, visitors=1, last_at=came) if visited else Traffic()
    stage.hub.show(
        "lan",
        phase=Phase.RUNNING,
        since=came,
        target_url="http://localhost:3000",
        public_url="http://203.0.113.24:30128",
        traffic=traffic,
    )
    settle()
    return window


def page(theme: str, key: str, width: int = 880, language: str = "en") -> QImage:
    with staged(theme, language) as stage:
        _busy(stage)
        if key == "tailscale":
            stage.put("needs_login")
        stage.settings.set("ngrok.domain", "hooks.example.com")
        stage.hub.reload()
        window = stage.window(width, 720, key)
        fit_height(window)
        return photograph(window)


def general_and_about() -> QImage:
    return beside([page("light", "general", 480, language="de"), page("dark", "about", 480)], "#8b9196")


def log() -> QImage:
    with staged("light") as stage:
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


def requests(
    theme: str, width: int, height: int, *, chosen: int = 0, language: str = "en", empty: bool = False
) -> QImage:
    with origin_server(port=20128), staged(theme, language) as stage:
        _busy(stage)
        stage.hub.requests.record("cloudflared", on=True)
        if not empty:
            _ten_minutes(stage)
            live_through(stage.hub.requests.store)
        window = stage.window(width, height, "requests")
        page = window.shown_page()
        if chosen and isinstance(page, RequestsPage):
            settle()
            number = page.model.rows[chosen].id
            page.table.choose(number)
            page.table.opened.emit(number)
        settle()
        return photograph(window)


def _ten_minutes(stage: Stage) -> None:
    """Visits of the time before, a few a second at times."""
    chance = random.Random(7)
    for ago in range(590, 90, -3):
        for _ in range(chance.choice((0, 0, 1, 1, 2, 3, 5 if ago % 100 < 20 else 1))):
            status = 500 if chance.random() < 0.04 else 200
            took = chance.uniform(4, 60)
            pay(stage.hub.requests.store, Visit(path="/api/products", ago=ago, took=took, status=status, kind="json"))


PICTURES: dict[str, Callable[[], QImage]] = {
    "happy-light": lambda: happy("light"),
    "happy-dark": lambda: happy("dark"),
    "tunnels-light": lambda: tunnels("light"),
    "tunnels-light-100": lambda: tunnels("light"),
    "tunnels-dark": tunnels_dark,
    "tunnels-narrow": narrow,
    "tunnels-first-run": first_run,
    "first-link": first_link,
    "card-states-light": lambda: states("light"),
    "card-states-dark": lambda: states("dark"),
    "settings-ngrok-light": lambda: page("light", "ngrok"),
    "settings-tailscale-dark": lambda: page("violet", "tailscale"),
    "settings-general-about": general_and_about,
    "settings-api-narrow-dark": lambda: page("dark", "api", 360),
    "log-light": log,
    "requests-light": lambda: requests("light", 1200, 800, chosen=2),
    "requests-dark": lambda: requests("dark", 1200, 800),
    "requests-empty": lambda: requests("light", 880, 560, empty=True),
    "requests-narrow": lambda: beside(
        [requests("light", 380, 760, language="de"), requests("light", 380, 760, language="de", chosen=2)], _LIGHT_WALL
    ),
    "protection-light": lambda: protection("light"),
    "protection-dark": lambda: protection("dark"),
    "qr": qr,
    "tailscale-login": login,
    "tailscale-install": install,
}
if CHROMIUM is not None:
    PICTURES |= {
        "visitors-light": lambda: pages(
            ("password", "wrong", "link", "address", "ended"), languages="en-GB,en", dark=False, wall=_LIGHT_WALL
        ),
        "visitors-dark": lambda: pages(
            ("password", "tries", "used", "read only", "locked"), languages="de-DE,de", dark=True, wall=_DARK_WALL
        ),
    }
