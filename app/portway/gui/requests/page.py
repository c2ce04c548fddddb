"""The Requests page: what visitors asked for, as it comes. Nothing of it is listened to while nobody looks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from portway.core.hub import EnableRequest, RequestRow
from portway.core.status import TunnelStatus
from portway.gui.dependencies import GuiDependencies
from portway.gui.i18n.contexts import requests as tr
from portway.gui.i18n.words import clock_time
from portway.gui.model.state_words import shown_name
from portway.gui.navigation import TUNNELS, Navigation
from portway.gui.requests.actions import RequestActions
from portway.gui.requests.controls import RequestControls
from portway.gui.requests.feed import RequestFeed
from portway.gui.requests.finder import Finder
from portway.gui.requests.layout import RequestsLayout
from portway.gui.requests.words import ended

_A_SECOND = 1000  # milliseconds


class RequestsPage(RequestsLayout):
    """Uses the full width. Keys: those of RequestControls; Space pauses, Ctrl+S saves, Ctrl+L clears."""

    def __init__(self, dependencies: GuiDependencies, navigation: Navigation, parent: QWidget | None = None) -> None:
        titles: dict[str, str] = {}  # of tunnels by their ids; the parts of this page have the same
        super().__init__(dependencies, titles, parent)
        self._titles = titles
        self._hub, self._navigation = dependencies.hub, navigation
        self._paused = False
        self._plotted = ""  # the tunnel that the plot counts, empty for all
        self.feed = RequestFeed(self._hub, self)
        self.finder = Finder(self._hub, self)
        self.commands = RequestActions(dependencies, self)
        self._controls = RequestControls(self.commands, self)
        self._clock = QTimer(self)
        self._clock.setInterval(_A_SECOND)
        self._clock.timeout.connect(self._on_second)
        self._connect()
        self.refresh()

    @property
    def is_paused(self) -> bool:
        """Whether the list stands still. What comes is recorded all the same."""
        return self._paused

    @Slot()
    def refresh(self) -> None:
        """Show what holds now of the tunnels: their names, whether they are open and recorded."""
        names = {status.id: shown_name(status) for status in self._hub.statuses()}
        self._titles.update(names)  # those that are gone keep theirs: their requests may still be in the list
        self.filters.offer(names)
        self._show_counts()

    def choose_tunnel(self, tunnel: str) -> None:
        """Show the requests of one tunnel, of all where it is empty."""
        self._leave_detail()
        self.filters.choose_tunnel(tunnel)

    def search_now(self) -> None:
        """Put the cursor into the search."""
        if not self.is_wide:
            self._leave_detail()
        self.filters.search_now()

    def go_back(self) -> bool:
        """Take back one step, as Esc does: an open request, then a search; False where there was none."""
        if not self.detail.isHidden():
            self._leave_detail()
            return True
        return self.filters.clear_search()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._paused:
            self.feed.start()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.feed.stop()
        self._clock.stop()

    def show_part(self) -> None:
        super().show_part()
        if self.shows_empty:
            self._show_empty()

    def _connect(self) -> None:
        self.pause.clicked.connect(self.toggle_pause)
        self.clear.clicked.connect(self._on_clear)
        self.save.clicked.connect(self._on_save)
        for keys, slot in (("Ctrl+S", self._on_save), ("Ctrl+L", self._on_clear)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self.feed.loaded.connect(self._on_loaded)
        self.feed.came.connect(self._on_came)
        self.finder.changed.connect(self._filter)
        self.filters.changed.connect(self._on_filter)
        self.table.opened.connect(self._on_opened)
        self.table.moved_to.connect(self._on_moved_to)
        self.table.pause_asked.connect(self.toggle_pause)
        self.detail.closed.connect(self._leave_detail)
        self.detail.show_asked.connect(self._on_show)
        self.notice.record_asked.connect(self._on_record)
        self.empty.tunnels_asked.connect(self._on_tunnels)
        self.empty.record_asked.connect(self._on_record)

    # What comes

    @Slot(object)
    def _on_loaded(self, rows: object) -> None:
        if isinstance(rows, list):
            self.model.load(rows)
            self.finder.look("", ())
            self._begin_plot()
            self._on_filter()
            self._renew_detail()

    @Slot(object)
    def _on_came(self, rows: object) -> None:
        if not isinstance(rows, list):
            return
        known = self.model.all_rows
        over = [row for row in rows if ended(row) and not ((old := known.get(row.id)) is not None and ended(old))]
        tunnel = self.filters.chosen_tunnel
        for row in over:
            if tunnel in ("", row.tunnel):
                self.plot.pace.count(row)
        self.finder.look_also(over)
        self.model.add(rows)
        self._show_counts()
        self._renew_detail()

    def _renew_detail(self) -> None:
        row = self.model.all_rows.get(self.detail.number)
        if row is not None and not self.detail.isHidden():
            self.detail.show_request(row)

    def _begin_plot(self) -> None:
        tunnel = self.filters.chosen_tunnel
        self.plot.pace.begin_anew(row for row in self.model.all_rows.values() if tunnel in ("", row.tunnel))
        self.plot.refresh()

    @Slot()
    def _on_second(self) -> None:
        self.plot.refresh()
        if any(row.duration_ms is None for row in self._in_sight()):
            self.table.viewport().update()  # what is open gets older

    def _in_sight(self) -> Sequence[RequestRow]:
        first, last = self.table.rowAt(0), self.table.rowAt(self.table.viewport().height() - 1)
        return () if first < 0 else self.model.rows[first : (last if last >= 0 else len(self.model.rows)) + 1]

    @Slot()
    def _on_filter(self) -> None:
        if self.filters.chosen_tunnel != self._plotted:
            self._plotted = self.filters.chosen_tunnel
            self._begin_plot()
        self.finder.look(self.filters.text, self.model.all_rows.values())
        self._filter()

    @Slot()
    def _filter(self) -> None:
        self.model.filter(self.filters.wanted(self.finder.found))
        self._show_counts()

    # What is said about it

    def _show_counts(self) -> None:
        rows, shown = self.model.all_rows, self.model.rowCount()
        parts = []
        if rows:
            first = next(iter(rows.values()))
            since = clock_time(first.started_at, datetime.now(UTC))
            parts.append(tr("%n since {time}.", "", len(rows), time=since))
        parts.append(tr("Kept in memory only: gone when Portway quits, never written to disk."))
        self.head.summary.setText(" ".join(parts))
        self.filters.shown.setText(tr("%n shown", "", shown))
        for button in (self.pause, self.clear, self.save):
            button.setVisible(bool(rows) or (button is self.pause and self._paused))
        self._show_state()
        self.show_part()

    def _show_state(self) -> None:
        """Say what is not in the list, and why."""
        log, tunnel = self._hub.requests, self.filters.chosen_tunnel
        off = [one for one in self._looked_at() if one.running and not log.is_recording(one.id)]
        off = off if self.model.all_rows else []
        self.notice.show_state(
            paused=self._paused,
            dropped=sum(log.dropped(one.id) for one in self._hub.statuses() if tunnel in ("", one.id)),
            unrecorded=[self._title_of(one.id) for one in off],
            can_record=any(one.traffic is not None for one in off),
        )

    def _show_empty(self) -> None:
        looked_at = self._looked_at()
        status = next((one for one in looked_at if self._hub.requests.is_recording(one.id)), None)
        status = status or next(iter(looked_at), None)
        records = status is not None and self._hub.requests.is_recording(status.id)
        self.empty.show_status(status, "" if status is None else self._title_of(status.id), records=records)

    def _looked_at(self) -> list[TunnelStatus]:
        """Return the open tunnels among those that are looked at."""
        tunnel = self.filters.chosen_tunnel
        return [one for one in self._hub.statuses() if one.public_url is not None and tunnel in ("", one.id)]

    def _title_of(self, tunnel: str) -> str:
        return self._titles.get(tunnel, tunnel)

    # What is done with the list

    @Slot()
    def toggle_pause(self) -> None:
        """Let the list stand still, or go on with all that came meanwhile."""
        self._paused = not self._paused
        self.pause.call(tr("Go on") if self._paused else tr("Pause"))
        self.pause.set_icon("play" if self._paused else "pause")
        if self._paused:
            self.feed.stop()
        elif self.isVisible():
            self.feed.start()
        self._show_counts()

    @Slot()
    def _on_clear(self) -> None:
        tunnel = self.filters.chosen_tunnel
        self.commands.clear(tunnel)
        self._leave_detail()
        self.model.forget(tunnel)
        self._begin_plot()
        self._show_counts()
        self._navigation.renew()

    @Slot()
    def _on_save(self) -> None:
        if self.model.rowCount():
            self.commands.save(sorted(self.model.rows, key=lambda row: row.id))

    @Slot(int)
    def _on_opened(self, number: int) -> None:
        row = self.model.all_rows.get(number)
        if row is None:
            return
        self.detail.show_request(row)
        if self.detail.isHidden():
            self.detail.show()
            self.place_detail()
        if not self.is_wide:
            self.detail.close_button.setFocus()

    @Slot(int)
    def _on_moved_to(self, number: int) -> None:
        """Follow the arrow keys, where a request is open."""
        row = self.model.all_rows.get(number)
        if row is not None and not self.detail.isHidden():
            self.detail.show_request(row)

    @Slot(int)
    def _on_show(self, number: int) -> None:
        if number in self.model.all_rows:
            self.table.choose(number)
            self._on_opened(number)

    @Slot()
    def _leave_detail(self) -> None:
        if self.detail.isHidden():
            return
        self.detail.hide()
        self.place_detail()
        self.table.setFocus()

    @Slot()
    def _on_tunnels(self) -> None:
        self._navigation.go_to(TUNNELS)

    @Slot()
    def _on_record(self) -> None:
        for status in self._looked_at():
            if status.running and status.traffic is not None and not self._hub.requests.is_recording(status.id):
                # Not lasting by itself: a wish that lasts stays so.
                self._hub.enable(status.id, EnableRequest(inspect=True, lasting=False))
        self._show_counts()
