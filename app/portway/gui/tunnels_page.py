"""The page with one card per backend: what is exposed, what of, and to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from portway.core.status import BackendId, Phase, Reach, TunnelStatus
from portway.gui.buttons import Button
from portway.gui.labels import Text
from portway.gui.live_card import LiveCard
from portway.gui.look import Ink
from portway.gui.page import Page
from portway.gui.parts import Parts
from portway.gui.target_box import TargetBox
from portway.gui.words import counted, tr

_MINUTE = timedelta(minutes=1)  # in the first one a card shows seconds, then minutes
_OFTEN, _SELDOM = 1000, 15_000  # ms between two looks at the clock


class TunnelsPage(Page):
    """Refreshed by the window when a status changed, and as often as a shown time passes."""

    log_asked = Signal(str)  # backend
    settings_asked = Signal(str)  # backend

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(tr("Tunnels"), parent)
        self._parts = parts
        self._title = Text(size=1.6, weight=QFont.Weight.DemiBold)
        self._reach = Text(ink=Ink.MUTED)
        self.stop_all = Button(tr("Stop all"))
        self.stop_all.clicked.connect(self._on_stop_all)
        self.target = TargetBox(parts)
        self.target.changed.connect(self.refresh)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._reach)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self.stop_all, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(head)
        self.column.addWidget(self.target)
        self.column.addSpacing(4)
        self.cards: dict[BackendId, LiveCard] = {}
        for backend in parts.hub.backends:
            card = LiveCard(backend, parts)
            card.whole_log_asked.connect(self.log_asked)
            card.settings_asked.connect(self.settings_asked)
            card.control.target_asked.connect(self._on_target_asked)
            self.cards[backend.id] = card
            self.column.addWidget(card)
        self.column.addStretch(1)
        QWidget.setTabOrder(self.stop_all, self.target.field)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._on_time_passed)
        self.refresh()

    def card(self, backend: str) -> LiveCard:
        """Return the card of a backend, scrolled into view."""
        card = self.cards[BackendId(backend)]
        self.ensureWidgetVisible(card)
        return card

    @Slot()
    def refresh(self) -> None:
        """Show what is so now."""
        statuses = self._parts.hub.statuses()
        up = [status for status in statuses if status.running]
        self._title.setText(headline(len(up)))
        words = reach_words(up)
        self._reach.setText(words)
        self._reach.setVisible(bool(words))
        self.stop_all.setVisible(any(status.wanted or status.running for status in statuses))
        self.target.refresh()
        for card in self.cards.values():
            card.refresh()
        self._keep_time(statuses)

    def finish(self) -> None:
        """Clear away what a card still asks; at the end of the program."""
        for card in self.cards.values():
            card.control.finish()

    def fit(self, *, narrow: bool) -> None:
        self._title.set_size(1.4 if narrow else 1.6)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _keep_time(self, statuses: tuple[TunnelStatus, ...]) -> None:
        """Let the clock run only while it has something to change and somebody sees it."""
        passing = [status for status in statuses if status.phase in (Phase.STARTING, Phase.RUNNING)]
        if not passing or not self.isVisible():
            self._clock.stop()
            return
        interval = _OFTEN if any(map(_in_seconds, passing)) else _SELDOM
        if not self._clock.isActive() or self._clock.interval() != interval:
            self._clock.start(interval)

    @Slot()
    def _on_time_passed(self) -> None:
        for card in self.cards.values():
            card.refresh()
        self._keep_time(self._parts.hub.statuses())

    @Slot()
    def _on_target_asked(self) -> None:
        self.ensureWidgetVisible(self.target)
        self.target.edit()

    @Slot()
    def _on_stop_all(self) -> None:
        self._parts.hub.disable_all()


def _in_seconds(status: TunnelStatus) -> bool:
    """Whether its card shows a time that changes each second."""
    young = status.since is not None and datetime.now(UTC) - status.since < _MINUTE
    return status.phase is Phase.STARTING or young


def headline(up: int) -> str:
    """Say how many tunnels are up."""
    if not up:
        return tr("Nothing is exposed")
    return counted(up, tr("{count} tunnel is up"), tr("{count} tunnels are up"))


def reach_words(up: list[TunnelStatus]) -> str:
    """Say who gets in."""
    if not up:
        return ""
    if all(status.problem is not None for status in up):
        return tr("Links to {target} work again once it answers.", target=up[0].target_url.partition("://")[2])
    if any(status.reach is Reach.INTERNET for status in up):
        return tr("Anyone with the link can reach your local server.")
    return tr("Devices on this network can reach your local server.")
