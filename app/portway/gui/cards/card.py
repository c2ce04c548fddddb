"""The card of one tunnel: draws a CardView in the width that there is, and tells what was pressed."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from portway.gui.cards.card_parts import CardParts, Shape
from portway.gui.cards.link import Room
from portway.gui.i18n.contexts import cards as tr
from portway.gui.model.card_view import CardView
from portway.gui.platform.clipboard import Clipboard
from portway.gui.theme.look import CARD_RADIUS, colours
from portway.gui.theme.tone import Tone


class Card(CardParts):
    """One card. Controls are made once, in the order of the keyboard, and shown as the view asks."""

    switched = Signal(bool)
    chosen = Signal(object)  # Action: of the callout, or the way on of what is off
    cancelled = Signal()
    opened = Signal()  # a row, to be shown in full
    protection_asked = Signal()

    def __init__(self, drawing: str, title: str, clipboard: Clipboard, parent: QWidget | None = None) -> None:
        super().__init__(drawing, title, clipboard, parent)
        self._folded = False  # one of many
        self._arranged: tuple[Shape, Room, bool] | None = None
        self._view: CardView | None = None
        self.set_up.clicked.connect(self._on_set_up)
        self.switch.clicked.connect(self._on_switched)
        self.callout.chosen.connect(self.chosen)
        self.cancel.clicked.connect(self.cancelled)
        self.badges.clicked.connect(self.protection_asked)

    @property
    def view(self) -> CardView | None:
        """What it shows."""
        return self._view

    @property
    def menu(self) -> QMenu:
        """What the ⋯ opens."""
        return self.more.menu()

    @property
    def shape(self) -> Shape:
        """How much it shows: a row that has something to say shows all of it."""
        view = self._view
        if view is None or not view.on:
            return Shape.OFF
        if self._folded and view.callout is None and view.bar is None:
            return Shape.ROW
        return Shape.LARGE if view.url else Shape.PLAIN

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the keyboard goes through, in its order."""
        parts = (self.set_up, self.more, self.switch, *self.urls.all, *self.badges.all, *self.callout.controls)
        return (*parts, self.cancel, self.live)

    def show_view(self, view: CardView) -> None:
        """Draw it. The same one again costs nothing."""
        if view == self._view:
            self.switch.setChecked(view.switch_on)
            return
        before, self._view = self._view, view
        self._state.show_state(view.glyph, view.tone, view.word, view.detail)
        self._tile.show_state(Tone.MUTED, faded=view.faded)
        self._server.setText(view.server)
        self._detail.setText(view.summary)
        self.switch.setChecked(view.switch_on)
        self.switch.setEnabled(view.switch_enabled)
        self.urls.show_link(view.url, live=view.live)
        if before is None or before.badges != view.badges:
            self._show_badges(view)
        if view.callout is not None:
            self.callout.show_callout(view.callout)
        if view.traffic is not None:
            self.live.show_live(view.traffic)
            self._bars.show_live(view.traffic)
            self._count.setText(str(view.traffic.requests))
        if view.bar is not None:
            self._bar.show_share(view.bar.share or 0, view.bar.text)
            self._bar_text.setText(view.bar.text)
        if view.set_up is not None:
            self.set_up.setText(tr("Set up…"))
            self.set_up.setAccessibleName(tr("Set up… {title}", title=self._title_text))
        self._arrange()
        self._tell(before, view)

    def fold(self, *, folded: bool) -> None:
        """Be a row as long as there is nothing else to say, or all of it."""
        if folded is not self._folded:
            self._folded = folded
            self._arrange()

    def ring(self) -> tuple[QRectF, float]:
        """Return what the ring of the focus goes around, and how round that is; for a row, which can be opened."""
        return QRectF(self.rect()).adjusted(4, 4, -4, -4), CARD_RADIUS - 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room = Room.of(self.width())
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._arranged = None
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.hasFocus() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.shape is Shape.ROW and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit()
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.shape in (Shape.LARGE, Shape.PLAIN):
            super().paintEvent(event)
        elif self.shape is Shape.ROW and self.underMouse():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours().row_hover)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), CARD_RADIUS - 4, CARD_RADIUS - 4)

    def _arrange(self) -> None:
        """Lay it out anew where shape, width or badges ask for that, then show what belongs there."""
        if self._view is None:
            return
        shape = self.shape
        beside = self._badges_fit()
        if (shape, self._room, beside) != self._arranged:
            self._arranged = shape, self._room, beside
            self._lay_out(shape)
            self.updateGeometry()
            self.update()
        self._show_parts(shape, self._view)

    def _show_parts(self, shape: Shape, view: CardView) -> None:
        compact = self._room is Room.COMPACT
        large, row, off = shape is Shape.LARGE, shape is Shape.ROW, shape is Shape.OFF
        if row:
            self._glyph.show_drawing(view.glyph, view.tone)
            self._detail.setText(view.url.partition("://")[2] if view.live else view.summary)
            self._detail.set_tone(Tone.TEXT if view.live else view.tone)
            self._detail.shorten(Qt.TextElideMode.ElideMiddle)
        else:
            self._glyph.show_drawing(self._drawing, Tone.TEXT)
            self._detail.setText(view.summary)
            self._detail.set_tone(Tone.MUTED)
            self._detail.shorten(Qt.TextElideMode.ElideRight)
        has_link = bool(view.url)
        shown: dict[QWidget, bool] = {
            self._tile: not row and not (large and not compact),
            self._glyph: row or (large and not compact),
            self._server: not off and not (row and compact),
            self._state: not row and not off,
            self._detail: row or off,
            self.set_up: off and view.set_up is not None,
            self.switch: view.switch_shown,
            self.urls.tile: large and not compact,
            self.urls.url: large,
            self.urls.copy_button: large,
            self.urls.copy_icon: row and has_link,
            self.urls.qr_icon: large and compact,
            self.urls.open_button: large and not compact,
            self.urls.open_icon: large and compact,
            self.badges: large and bool(view.badges),
            self.callout: view.callout is not None,
            self._bar: view.bar is not None and view.bar.share is not None,
            self._bar_row: view.bar is not None,
            self.cancel: view.bar is not None and view.bar.can_cancel,
            self.live: large and view.traffic is not None,
            self._bars: row and self._room is Room.ONE_ROW and view.traffic is not None,
            self._count: row and self._room is Room.ONE_ROW and view.traffic is not None,
        }
        for part, is_shown in shown.items():
            part.setVisible(is_shown)
        if not row:
            margins = self._foot.contentsMargins()
            margins.setBottom(14 if view.callout is not None or view.bar is not None else 0)
            self._foot.setContentsMargins(margins)

    def _show_badges(self, view: CardView) -> None:
        self.badges.show_badges(
            (
                one.icon,
                one.text,
                tr("{rule}: change who can open {title}", rule=one.text, title=self._title_text),
                one.outlined,
            )
            for one in view.badges
        )

    def _tell(self, before: CardView | None, view: CardView) -> None:
        """Name the group by its state; a change of the state is announced to those who listen."""
        if before is not None and before.word == view.word:
            return
        name = f"{self._title_text}, {view.word.lower()}"
        self.setAccessibleName(name)
        if before is not None and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, name))

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.switch.setChecked(not on if self._view is None else self._view.switch_on)
        self.switched.emit(on)

    @Slot()
    def _on_set_up(self) -> None:
        if self._view is not None and self._view.set_up is not None:
            self.chosen.emit(self._view.set_up)


def chain(widgets: Iterable[QWidget]) -> None:
    """Let the keyboard go through them in this order."""
    before: QWidget | None = None
    for widget in widgets:
        if before is not None:
            QWidget.setTabOrder(before, widget)
        before = widget
