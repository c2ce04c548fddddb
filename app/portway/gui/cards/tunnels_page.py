"""The page of all tunnels: what is open, to what, and for whom."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QFont, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from portway.core.backend import Backend
from portway.core.status import Phase, TunnelId, TunnelStatus
from portway.gui.cards.live_card import LiveCard
from portway.gui.cards.moving import can_move, gap_at, place_at, put
from portway.gui.cards.off_head import OffHead
from portway.gui.cards.tunnel_list import TunnelList
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import cards as tr
from portway.gui.model.card_rules import stands_above
from portway.gui.model.state_words import shown_name
from portway.gui.model.summary import Summary, summary_of, trouble_words
from portway.gui.navigation import Navigation
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, IconButton, LinkButton
from portway.gui.widgets.labels import Line, Text
from portway.gui.widgets.page import Page
from portway.gui.widgets.state_line import Glyph

_MINUTE = timedelta(minutes=1)  # in the first one a card shows seconds, then minutes
_SHOWN = timedelta(minutes=5)  # of what passed
_OFTEN, _BAR, _SELDOM = 1000, 5000, 15_000  # ms between two looks at the clock
_MOST_LARGE = 3  # cards; of more that are wanted, one is large and the others are rows


class TunnelsPage(Page):
    """Refreshed by the window when a status changed, and as often as a shown time passes.

    Tunnels may come and go: a card is made when one is there, and goes with it.
    """

    def __init__(self, dependencies: GuiDependencies, navigation: Navigation, parent: QWidget | None = None) -> None:
        super().__init__(tr("Tunnels"), parent)
        self._dependencies = dependencies
        self._navigation = navigation
        self._title = Text(size=1.6, weight=QFont.Weight.DemiBold)
        self._reach = Text(tone=Tone.MUTED)
        self.stop_all = Button(tr("Stop all"))
        self.stop_all.clicked.connect(self._on_stop_all)
        self.add = Button(tr("Add tunnel…"), icon="plus")
        self.add_icon = IconButton("plus", self.add.text())  # where there is no room for words
        for button in (self.add, self.add_icon):
            button.setToolTip(tr("Add tunnel… (Ctrl+N)"))
            button.clicked.connect(self.add_tunnel)
            button.hide()  # until the page knows its width, which is less than both need
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._reach)
        words.addLayout(self._trouble_line())
        head = QHBoxLayout()
        head.addLayout(words, 1)
        for button in (self.add, self.add_icon, self.stop_all):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(head)
        self.column.addSpacing(4)
        self.off_head = OffHead(dependencies)
        self.off_head.changed.connect(self.refresh)
        self.target = self.off_head.target
        self._list = TunnelList(self.off_head)
        self.column.addWidget(self._list)
        self.column.addStretch(1)
        self.cards: dict[TunnelId, LiveCard] = {}
        self._above: tuple[TunnelId, ...] = ()
        self._groups: list[list[TunnelId]] = []  # those that can be moved, wanted ones and those that are off
        self._moved: TunnelId = ""
        self._to_start: TunnelId = ""  # once a person has said who can open it
        self._opened: TunnelId | None = None  # the one that is large where there are many
        QWidget.setTabOrder(self.stop_all, self.show_trouble)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._on_time_passed)
        self.refresh()

    def card(self, backend: str) -> LiveCard:
        """Return the card of a tunnel, scrolled into view."""
        card = self.cards[backend]
        if not stands_above(card.control.status):
            self.off_head.unfold()
        self.ensureWidgetVisible(card)
        return card

    @Slot()
    def add_tunnel(self) -> None:
        """Ask for another tunnel."""
        from portway.gui.dialogs.add_tunnel import AddTunnelDialog  # late: the window does not wait for it

        dialog = AddTunnelDialog(self._dependencies, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.added.connect(self._on_added)
        dialog.open()

    @Slot()
    def refresh(self) -> None:
        """Show what is so now."""
        statuses = self._dependencies.hub.statuses()
        summary = summary_of(statuses)
        self._title.setText(summary.headline)
        self._reach.setText(summary.reach)
        self._reach.setVisible(bool(summary.reach))
        self._show_trouble(summary)
        self.stop_all.setVisible(any(status.wanted or status.running for status in statuses))
        self.off_head.refresh()
        self._take_tunnels()
        for card in self.cards.values():
            card.refresh()
        self._place(statuses)
        self._keep_time(statuses)

    def _take_tunnels(self) -> None:
        """Make the cards of tunnels that have come, or have another name, and remove those of tunnels that are gone."""
        backends = {backend.id: backend for backend in _in_order(self._dependencies.hub.tunnels)}
        names = {status.id: shown_name(status) for status in self._dependencies.hub.statuses()}
        for gone in [one for one, card in self.cards.items() if names.get(one) != card.shown_name]:
            card = self.cards.pop(gone)
            card.control.finish()
            card.hide()
            card.deleteLater()
        for identity, backend in backends.items():
            if identity not in self.cards:
                card = LiveCard(backend, self._dependencies, self._navigation, self._list)
                card.control.target_asked.connect(self._on_target_asked)
                card.control.changed.connect(self._on_card_changed)
                card.opened.connect(self._on_opened)
                card.step_asked.connect(self._on_step)
                card.dragged.connect(self._on_dragged)
                card.dropped.connect(self._on_dropped)
                card.duplicated.connect(self._on_duplicated)
                self.cards[identity] = card
        self.cards = {identity: self.cards[identity] for identity in backends}

    def _place(self, statuses: tuple[TunnelStatus, ...]) -> None:
        """Put those that are wanted above; of many, the one that came last is shown in full."""
        wanted = {status.id for status in statuses if stands_above(status)}
        above = tuple(identity for identity in self.cards if identity in wanted)
        come = [identity for identity in above if identity not in self._above]
        if come and self._above:
            self._opened = come[-1]
        if self._opened not in above:
            self._opened = above[0] if above else None
        self._above = above
        many = len(above) > _MOST_LARGE
        for identity, card in self.cards.items():
            card.fold(folded=many and identity != self._opened)
        below = [card for identity, card in self.cards.items() if identity not in above]
        self.off_head.show_count(len(below), many=many)
        shown = [self.cards[identity] for identity in above]
        self._list.show_cards(shown, below, folded=self.off_head.is_folded)
        movable = {status.id for status in statuses if can_move(status)}
        off = (card.control.backend.id for card in below)
        self._groups = [[one for one in group if one in movable] for group in (above, off)]
        for group in self._groups:
            for place, identity in enumerate(group):
                self.cards[identity].show_steps(up=place > 0, down=place < len(group) - 1)

    def _group_of(self, card: LiveCard) -> list[TunnelId]:
        """Return those that stand together with it and can be moved, from top to bottom; empty where it cannot."""
        return next((group for group in self._groups if card.control.backend.id in group), [])

    def _others_of(self, card: LiveCard) -> list[LiveCard]:
        return [self.cards[one] for one in self._group_of(card) if one != card.control.backend.id]

    def _put(self, card: LiveCard, place: int) -> None:
        """Let it stand at another place of those that it stands together with."""
        group = self._group_of(card)
        if group and put(self._dependencies.hub, group, card.control.backend.id, place):
            self.refresh()
            QTimer.singleShot(0, self, self._on_put)  # once it is laid out
            self._moved = card.control.backend.id

    def _trouble_line(self) -> QHBoxLayout:
        """Make the line that names the first tunnel that needs somebody, and leads to its card."""
        self._trouble_mark = Glyph()
        self._trouble_mark.show_drawing("triangle", Tone.WARN)
        self._trouble = Line(tone=Tone.WARN, weight=QFont.Weight.Medium)
        self.show_trouble = LinkButton(tr("Show"))
        self.show_trouble.clicked.connect(self._on_show_trouble)
        self._troubled = ""
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._trouble_mark)
        line.addWidget(self._trouble)
        line.addWidget(self.show_trouble)
        line.addStretch(1)
        return line

    def _show_trouble(self, summary: Summary) -> None:
        for part in (self._trouble_mark, self._trouble, self.show_trouble):
            part.setVisible(bool(summary.troubled))
        if summary.troubled:
            first = summary.troubled[0]
            self._troubled = first.id
            self._trouble.setText(trouble_words(shown_name(first), first))

    def finish(self) -> None:
        """Clear away what a card still asks; at the end of the program."""
        for card in self.cards.values():
            card.control.finish()

    def fit(self, *, narrow: bool) -> None:
        self._title.set_size(1.4 if narrow else 1.6)
        self.add.setVisible(not narrow)
        self.add_icon.setVisible(narrow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _keep_time(self, statuses: tuple[TunnelStatus, ...]) -> None:
        """Let the clock run only while it has something to change and somebody sees it."""
        intervals = [interval for status in statuses if (interval := _interval(status))]
        if not intervals or not self.isVisible():
            self._clock.stop()
            return
        interval = min(intervals)
        if not self._clock.isActive() or self._clock.interval() != interval:
            self._clock.start(interval)

    @Slot()
    def _on_time_passed(self) -> None:
        for card in self.cards.values():
            card.refresh()
        self._keep_time(self._dependencies.hub.statuses())

    @Slot()
    def _on_card_changed(self) -> None:
        """What a card asks makes it more than a row."""
        self._place(self._dependencies.hub.statuses())

    @Slot()
    def _on_opened(self) -> None:
        card = self.sender()
        if isinstance(card, LiveCard):
            self._opened = card.control.backend.id
            self._place(self._dependencies.hub.statuses())
            card.more.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(card)

    @Slot(int)
    def _on_step(self, step: int) -> None:
        card = self.sender()
        if isinstance(card, LiveCard):
            group = self._group_of(card)
            self._put(card, group.index(card.control.backend.id) + step if group else 0)

    @Slot(int)
    def _on_dragged(self, height: int) -> None:
        card = self.sender()
        if isinstance(card, LiveCard):
            others = self._others_of(card)
            place = place_at(others, height)
            stays = not others or place == self._group_of(card).index(card.control.backend.id)
            self._list.show_gap(None if stays else gap_at(others, place))

    @Slot(int)
    def _on_dropped(self, height: int) -> None:
        self._list.show_gap(None)
        card = self.sender()
        if isinstance(card, LiveCard):
            self._put(card, place_at(self._others_of(card), height))

    @Slot()
    def _on_put(self) -> None:
        card = self.cards.get(self._moved)
        if card is not None:
            self.ensureWidgetVisible(card)

    @Slot()
    def _on_target_asked(self) -> None:
        self.off_head.edit()
        self.ensureWidgetVisible(self.target)

    @Slot()
    def _on_show_trouble(self) -> None:
        card = self.card(self._troubled)
        card.more.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str, bool, str)
    def _on_added(self, tunnel: str, start: bool, admitted: str) -> None:  # noqa: FBT001 - Qt's signal
        from portway.gui.dialogs.add_tunnel import Admitted  # late, as above

        self.refresh()
        card = self.card(tunnel)
        card.more.setFocus(Qt.FocusReason.OtherFocusReason)
        if admitted != Admitted.ANYONE:
            dialog = card.show_protection()
            if admitted == Admitted.PASSWORD:
                dialog.password.switch.click()  # as a person would: it holds before it is started, and is shown
            elif start:
                self._to_start = tunnel
                dialog.finished.connect(self._on_admitted)
                return
        if start:
            card.control.switch(True)

    @Slot(str, bool)
    def _on_duplicated(self, tunnel: str, asks_password: bool) -> None:  # noqa: FBT001 - Qt's signal
        """Lead to the copy. Where the other one has a password, this one gets its own, and shows it."""
        self.refresh()
        card = self.card(tunnel)
        card.more.setFocus(Qt.FocusReason.OtherFocusReason)
        if asks_password:
            card.show_protection().password.switch.click()

    @Slot()
    def _on_admitted(self) -> None:
        """Start what was added, now that a person has said who can open it."""
        card = self.cards.get(self._to_start)
        if card is not None:
            card.control.switch(True)

    @Slot()
    def _on_stop_all(self) -> None:
        self._dependencies.hub.disable_all()


def _in_order(tunnels: Sequence[Backend]) -> tuple[Backend, ...]:
    """Return people's own tunnels, as they are put, then the built-in ones from near to far."""
    own = (tunnel for tunnel in tunnels if tunnel.id != tunnel.kind)
    return (*own, *(tunnel for tunnel in tunnels if tunnel.id == tunnel.kind))


def _interval(status: TunnelStatus) -> int | None:
    """Return how often its card shows something else though nothing happens: each second, bar or minute, or never."""
    now = datetime.now(UTC)
    last = None if status.traffic is None else status.traffic.last_at
    if status.phase is Phase.STARTING or (last is not None and now - last < _MINUTE):
        return _OFTEN
    if status.expires_at is not None:
        return _OFTEN if status.expires_at - now < _MINUTE else _SELDOM
    if last is None or not status.running:
        return None
    return _BAR if now - last < _SHOWN else _SELDOM
