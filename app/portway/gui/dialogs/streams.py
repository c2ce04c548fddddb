"""What gets through the way out of a tunnel: tried when a person asks for it, and told in a small table."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from portway.core.errors import TunnelError
from portway.core.hub import TunnelNews, Unsubscribe
from portway.core.status import Passage, StreamCheck, StreamTest, TunnelId
from portway.core.texts import TranslatableTable
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.rule_row import line_of
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.words import sentence
from portway.gui.model.state_words import why_words
from portway.gui.theme.look import IN_CARD, MARGIN
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, Weight
from portway.gui.widgets.labels import Text
from portway.gui.widgets.state_line import StateLine
from portway.gui.widgets.surfaces import CardGround

_WIDTH = 560
_NAMES: TranslatableTable[StreamTest] = {
    StreamTest.EVENTS: "Event stream",
    StreamTest.WEBSOCKET: "WebSocket",
    StreamTest.UPLOAD: "Upload",
    StreamTest.WAIT: "Long wait",
}
_WORDS: TranslatableTable[Passage] = {
    Passage.OK: "gets through",
    Passage.HELD: "held back",
    Passage.REFUSED: "refused",
    Passage.UNKNOWN: "not known",
}
_LOOKS: Mapping[Passage, tuple[str, Tone]] = {
    Passage.OK: ("disc_tick", Tone.OK),
    Passage.HELD: ("triangle", Tone.WARN),
    Passage.REFUSED: ("octagon", Tone.BAD),
    Passage.UNKNOWN: ("ring", Tone.MUTED),
}


class StreamsDialog(QDialog):
    """Nothing is sent before its button is pressed; closing it ends the test. Main thread."""

    def __init__(
        self, tunnel: TunnelId, name: str, dependencies: GuiDependencies, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("What gets through {tunnel}", tunnel=name))
        self.setMinimumWidth(_WIDTH)
        self._tunnel = tunnel
        self._hub = dependencies.hub
        self._leave: Unsubscribe | None = None
        self._is_over = False
        self._unfollow = self._hub.follow_tunnels(self._on_tunnels)
        self.words = Text(
            tr(
                "An event stream, a WebSocket, an upload of 0.3 MB and a wait of 110 s are sent through the link. "
                "Portway answers them itself. Cloudflare's resolver, or Google's, is told the name of the link."
            ),
            tone=Tone.MUTED,
        )
        self.states: dict[StreamTest, StateLine] = {}
        self.reasons: dict[StreamTest, Text] = {}
        self.trouble = Text(tone=Tone.BAD)
        self.trouble.hide()
        self.start = Button(tr("Try it"), weight=Weight.SOLID)
        self.start.clicked.connect(self._on_start)
        self.end = Button(tr("Close"))
        self.end.clicked.connect(self.reject)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(IN_CARD)
        column.addWidget(Text(self.windowTitle(), size=1.3, weight=QFont.Weight.DemiBold))
        column.addWidget(self.words)
        column.addWidget(self._table())
        column.addWidget(self.trouble)
        column.addLayout(line_of(None, self.end, self.start))
        self.finished.connect(self._on_finished)

    def _table(self) -> CardGround:
        ground = CardGround(self.windowTitle())
        grid = QGridLayout(ground)
        grid.setContentsMargins(IN_CARD, IN_CARD, IN_CARD, IN_CARD)
        grid.setHorizontalSpacing(IN_CARD)
        grid.setColumnStretch(2, 1)
        for row, (test, name) in enumerate(_NAMES.items()):
            title = Text(tr(name), weight=QFont.Weight.DemiBold)
            title.setWordWrap(False)
            self.states[test] = StateLine()
            self.reasons[test] = Text(tone=Tone.MUTED)
            self._say(test, "ring", Tone.MUTED, tr("not tried"))
            for place, part in enumerate((title, self.states[test], self.reasons[test])):
                grid.addWidget(part, row, place)
        return ground

    @Slot()
    def _on_start(self) -> None:
        self.trouble.hide()
        try:
            begin = self._hub.test_streams(self._tunnel)
        except TunnelError as error:
            self.trouble.setText(sentence(error.problem))
            self.trouble.show()
            return
        self.start.setEnabled(False)
        for test in _NAMES:
            self._say(test, "busy", Tone.BUSY, tr("under way"))
        self._leave = begin(self._take)

    def _on_tunnels(self, news: TunnelNews) -> None:
        """Close with the tunnel: somebody else may remove it meanwhile."""
        if (news.tunnel, news.change) == (self._tunnel, "removed"):
            self.reject()

    def _take(self, check: StreamCheck | None) -> None:
        if self._is_over:
            return
        if check is None:
            self.start.call(tr("Try it again"))
            self.start.setEnabled(True)
            return
        glyph, tone = _LOOKS[check.state]
        self._say(check.test, glyph, tone, tr(_WORDS[check.state]), why_words(check.reason))

    def _say(self, test: StreamTest, glyph: str, tone: Tone, word: str, reason: str = "") -> None:
        state = self.states[test]
        state.show_state(glyph, tone, word)
        state.setMinimumWidth(state.sizeHint().width())  # here it is a column of its own, and never shortened
        self.reasons[test].setText(reason)
        QTimer.singleShot(0, self, self._on_said)

    @Slot()
    def _on_said(self) -> None:
        """Be as high as all texts need, where a longer one has come."""
        needed = self._column.totalHeightForWidth(self.width())
        if self.height() < needed:
            self.resize(self.width(), needed)

    @Slot()
    def _on_finished(self) -> None:
        self._is_over = True
        self._unfollow()
        if self._leave is not None:
            self._leave()
