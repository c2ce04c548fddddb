"""The dialog that says who can open a tunnel and until when. What is changed in it holds at once: there is no Save."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QFont, QFontDatabase, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.guard.deadline import Until
from portway.core.guard.rules import PASSWORD, Guard, plain_network, read_change
from portway.core.hub import EnableRequest, GuardRequest, TunnelNews, end_request
from portway.core.options import HOST_OPTION, Option, check_value, declared
from portway.core.secret import Secret
from portway.core.status import TunnelId, TunnelStatus
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.address_list import AddressRule, KeptOutRow
from portway.gui.dialogs.rule_row import HostRule, OneTimeCode, RuleList, RuleRow, entry_for, line_of, show_entries
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.words import duration, sentence
from portway.gui.model.guard_rules import LONGER, TIMES, ends_of, is_protected
from portway.gui.model.guard_sentence import end_sentence, guard_sentence
from portway.gui.model.kept_out import admitted, held_up, turned_away
from portway.gui.theme.look import BETWEEN_BUTTONS, CONTROL, IN_CARD, MARGIN
from portway.gui.theme.tone import Tone
from portway.gui.widgets.buttons import Button, CopyIconButton, IconButton, LinkButton, Weight
from portway.gui.widgets.entry import Entry
from portway.gui.widgets.labels import Text
from portway.gui.widgets.segments import Segments
from portway.gui.widgets.surfaces import Ground

_WIDTH = 580
_AROUND = 48  # px of the window that stay visible around it
_LEAST_ROWS = 120  # px that can be scrolled in, however low the window is
_PASSWORD_WIDTH = 186
_SECOND = 1000  # ms
_NEVER = "never"


class ProtectionDialog(QDialog):
    """Follows the status of its tunnel while it is open. Main thread."""

    def __init__(
        self, tunnel: TunnelId, name: str, dependencies: GuiDependencies, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Who can open {tunnel}", tunnel=name))
        self._tunnel = tunnel
        self._is_over = False
        self._hub = dependencies.hub
        self._vault = dependencies.vault
        self._clipboard = dependencies.clipboard
        self._fitted = 0
        self._clock = QTimer(self)  # how long ago somebody was there
        self._clock.setInterval(_SECOND)
        self._clock.timeout.connect(self._on_time_passed)
        head = Text(self.windowTitle(), size=1.3, weight=QFont.Weight.DemiBold)
        self.ground = Ground()
        self.summary = Text()
        _box(self.ground).addWidget(self.summary)
        self.rows = RuleList(self.windowTitle())
        self._add_password()
        self._add_lists()
        self._add_end()
        self._add_rare()
        self.trouble = Text(tone=Tone.BAD)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, MARGIN, 0, MARGIN)
        self._column.setSpacing(IN_CARD)
        self._column.addLayout(_beside_margins(head))
        self._column.addLayout(_beside_margins(self.ground))
        self._column.addWidget(self.rows, 1)
        self._column.addLayout(_beside_margins(self.trouble))
        self._column.addLayout(_beside_margins(self._foot()))
        self.rows.grown.connect(self._fit)
        self._leaves = (self._hub.subscribe(self._on_status), self._hub.follow_tunnels(self._on_tunnels))
        self.finished.connect(self._on_finished)
        self._take(self._hub.status(tunnel))
        self._read_password()

    # Rows

    def _add_password(self) -> None:
        self.password = RuleRow(
            "lock", tr("Password"), tr("Visitors type it once; their browser then stays in until it stops.")
        )
        self.field = QLineEdit()
        self.field.setReadOnly(True)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(tr("Password for visitors"))
        self.field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.field.setMinimumHeight(CONTROL)
        self.field.setFixedWidth(_PASSWORD_WIDTH)
        self.eye = IconButton("eye", tr("Show the password"))
        self.copy = CopyIconButton(self._clipboard, tr("Copy the password"))
        self.renew = IconButton("replay", tr("Make a new password"))
        self.link = Button(tr("Copy one-time link"), weight=Weight.TONAL)
        self.link.setToolTip(tr("It lets one device in without the password."))
        self.basic = QCheckBox(tr("Also as Basic login, for programs"))
        self.exceptions = entry_for(tr("Paths without a password, like POST /webhooks/*"))
        except_for = Text(tr("Except for"))
        except_for.setWordWrap(False)
        self.code = OneTimeCode()
        column = QVBoxLayout()
        column.setSpacing(BETWEEN_BUTTONS)
        column.addLayout(line_of(self.field, self.eye, self.copy, self.renew, None))
        column.addLayout(line_of(self.link, None))
        column.addWidget(self.basic)
        column.addLayout(line_of(except_for, self.exceptions))
        column.addStretch(1)
        beside = line_of(None, self.code)
        beside.setSpacing(IN_CARD)
        beside.insertLayout(0, column, 1)
        beside.setStretch(1, 0)
        self.password.add(beside)
        self.password.switch.clicked.connect(self._on_password)
        self.eye.clicked.connect(self._on_eye)
        self.renew.clicked.connect(self._on_renew)
        self.link.clicked.connect(self._on_link)
        self.basic.clicked.connect(lambda on: self._change({"basic": on}))
        self.exceptions.editingFinished.connect(lambda: self._set_list("open", self.exceptions))
        self.rows.add(self.password)

    def _add_lists(self) -> None:
        self.addresses = AddressRule()
        self.allow = self.addresses.field
        self.addresses.switch.clicked.connect(lambda on: self._on_list("allow", self.addresses, self.allow, on=on))
        self.addresses.asked.connect(self._on_addresses)
        self.reading = RuleRow(
            "eye", tr("Read only"), tr("Visitors can look but not send: no forms, no uploads, no WebSocket.")
        )
        self.reading.switch.clicked.connect(lambda on: self._change({"readOnly": on}))
        self.some_paths = RuleRow("path", tr("Only some paths"), tr("For a webhook, allow /webhooks/* alone."))
        self.paths = entry_for(tr("Paths, like /webhooks/*"))
        self.some_paths.add(self.paths)
        self.some_paths.switch.clicked.connect(lambda on: self._on_list("paths", self.some_paths, self.paths, on=on))
        self.paths.editingFinished.connect(lambda: self._set_list("paths", self.paths))
        for row in (self.addresses, self.reading, self.some_paths):
            self.rows.add(row)

    def _add_end(self) -> None:
        self.longer = LinkButton(tr("1 h longer"))
        self.end = RuleRow("clock", tr("Stop by itself"), "", choice=self.longer)
        times = {f"{seconds:.0f}": duration(seconds) for seconds in TIMES}
        others = {Until.LOGOUT: tr("Until I log out"), _NEVER: tr("Never")}
        self.times = Segments(tr("Stop by itself"), {**times, **others})
        self.end.add(line_of(self.times, None))
        self.times.chosen.connect(self._on_time)
        self.longer.clicked.connect(self._on_longer)
        self.rows.add(self.end)
        self.host = HostRule() if self._host_option is not None else None
        if self.host is not None:
            self.host.asked.connect(self._on_host)
            self.rows.add(self.host)
        self.kept_out = KeptOutRow()
        self._kept_out_parts = self.rows.add(self.kept_out)

    def _add_rare(self) -> None:
        self.others = RuleRow("shield", tr("Not these addresses"), tr("They are kept out, whatever else holds."))
        self.deny = entry_for(tr("Addresses to keep out, like 192.0.2.0/24"))
        self.others.add(self.deny)
        self.others.switch.clicked.connect(lambda on: self._on_list("deny", self.others, self.deny, on=on))
        self.deny.editingFinished.connect(lambda: self._set_list("deny", self.deny))
        self.pace = RuleRow("requests", tr("Not too often"), tr("Who asks more often in a minute is told to wait."))
        self.rate = entry_for(tr("Requests a minute of one visitor, like 60"))
        self.pace.add(self.rate)
        self.pace.switch.clicked.connect(lambda on: self._on_list("rateLimit", self.pace, self.rate, on=on))
        self.rate.editingFinished.connect(self._on_rate)
        for row in (self.others, self.pace):
            self.rows.add(row, rare=True)

    def _foot(self) -> QHBoxLayout:
        self.done_button = Button(tr("Done"), weight=Weight.SOLID)
        self.done_button.clicked.connect(self.accept)
        note = Text(tr("Applies at once, also to visitors who are already in."), tone=Tone.MUTED)
        self.more = LinkButton(tr("More…"), name=tr("More rules"))
        self.more.clicked.connect(self._on_more)
        foot = line_of(note, self.more, self.done_button)
        foot.setStretch(0, 1)
        return foot

    # What is so

    def _on_status(self, status: TunnelStatus) -> None:
        if status.id == self._tunnel:
            self._take(status)

    def _on_tunnels(self, news: TunnelNews) -> None:
        """Close with the tunnel: somebody else may remove it meanwhile."""
        if (news.tunnel, news.change) == (self._tunnel, "removed"):
            self.reject()

    def _take(self, status: TunnelStatus) -> None:
        guard = status.guard
        self.summary.setText(guard_sentence(status))
        self.ground.set_tone(Tone.OK if is_protected(status) else Tone.WARN)
        self.password.show_on(on=guard.password)
        self.basic.setChecked(guard.basic)
        show_entries(self.exceptions, guard.open)
        self._show_kept_out(guard)
        self.reading.show_on(on=guard.read_only)
        self.some_paths.show_on(on=bool(guard.paths) or self.paths.hasFocus())
        show_entries(self.paths, guard.paths)
        self.others.show_on(on=bool(guard.deny) or self.deny.hasFocus())
        show_entries(self.deny, tuple(map(plain_network, guard.deny)))
        self.pace.show_on(on=guard.rate_limit is not None or self.rate.hasFocus())
        show_entries(self.rate, () if guard.rate_limit is None else (str(guard.rate_limit),))
        if guard.deny or guard.rate_limit is not None:
            self._show_rare()
        self.link.setEnabled(status.running and guard.password)
        self._show_code(status)
        if self.host is not None:
            self.host.show_host(status)
        self.times.setEnabled(status.wanted)
        self.end.text.setText(end_sentence(status, datetime.now(UTC)))
        self.longer.setVisible(status.wanted and status.expires_at is not None)
        if status.expires_at is None:
            self.times.choose(Until.LOGOUT if status.until_logout else _NEVER)
        self.trouble.setVisible(bool(self.trouble.text()))
        self._fit()

    def _show_kept_out(self, guard: Guard) -> None:
        kept_out, now = self._hub.kept_out(self._tunnel), datetime.now(UTC)
        visits = self._hub.visits(self._tunnel)
        self.addresses.show_rule(admitted(guard, visits, now), turned_away(kept_out, guard, now) if guard.allow else ())
        if visits:
            self._clock.start()
        else:
            self._clock.stop()
        others = held_up(kept_out, guard, now)
        self.kept_out.list.show_entries((), others)
        for part in self._kept_out_parts:
            part.setVisible(bool(others))

    def _show_code(self, status: TunnelStatus) -> None:
        """Show a link that nobody has used yet, as long as there can be one."""
        if not status.running or not status.guard.password:
            self.code.show_link("")
        elif not self.code.link or not self._hub.link_waits(self._tunnel, self.code.link):
            self.code.show_link(self._hub.one_time_link(self._tunnel) or "")

    @Slot()
    def _fit(self) -> None:
        """Be as high as what is shown, where there is room, else the rows scroll; and no row is cut at its side."""
        least = max(_WIDTH, self.rows.minimumWidth())
        self.setMinimumWidth(min(least, self.screen().availableGeometry().width() - _AROUND))
        width = max(self.width(), self.minimumWidth())
        rows = self.rows.needed(width)
        self.rows.setFixedHeight(0)
        rest = self._column.totalHeightForWidth(width)
        shown = max(min(rows, self._room() - rest), min(rows, _LEAST_ROWS))
        self.rows.setMinimumHeight(shown)
        self.rows.setMaximumHeight(rows)
        self.setMinimumHeight(rest + shown)
        if self._fitted != rest + shown:  # else a person's own height would not last
            self._fitted = rest + shown
            self.resize(width, self._fitted)

    def _room(self) -> int:
        """Return how high it may be: less than the window that it lies on, and than the screen."""
        room = self.screen().availableGeometry().height()
        parent = self.parentWidget()
        return (room if parent is None else min(room, parent.window().height())) - _AROUND

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _read_password(self) -> None:
        if self._hub.status(self._tunnel).guard.password:
            self._vault.get(self._tunnel, PASSWORD, self._show_password)

    def _show_password(self, password: Secret | None) -> None:
        if self._is_over:
            return
        text = "" if password is None else password.reveal()
        self.field.setText(text)
        self.copy.set_content(text)

    # What a person asks

    def _change(self, record: dict[str, object]) -> bool:
        """Let it hold at once; False where it is no rule, which is then said."""
        try:
            self._apply(GuardRequest(change=read_change(record)))
        except TunnelError as error:
            self._say(self._in_words(error.problem))
            return False
        return True

    def _in_words(self, problem: Problem) -> Problem:
        """Call the field as it is called here."""
        rows = {"allow": self.addresses, "deny": self.others, "paths": self.some_paths, "rateLimit": self.pace}
        row = rows.get(str(problem.parameters.get("field")))
        name = tr("Except for") if row is None else row.switch.accessibleName()
        return replace(problem, parameters={**problem.parameters, "field": name})

    def _apply(self, request: GuardRequest) -> None:
        self._say(None)
        self._hub.guard(self._tunnel, request, self._say)

    def _say(self, problem: Problem | None) -> None:
        if self._is_over:  # the keyring answered too late
            return
        # Without a keyring it holds all the same, until Portway ends.
        known = problem is not None and problem.code is Code.NO_SECURE_STORAGE
        self.trouble.set_tone(Tone.WARN if known else Tone.BAD)
        self.trouble.setText("" if problem is None else sentence(problem))
        self.trouble.setVisible(problem is not None)
        self._fit()

    @Slot(bool)
    def _on_password(self, on: bool) -> None:  # noqa: FBT001 - a slot's arguments have no names
        if not on:
            self._show_password(None)
            self._change({"password": False})
        else:
            self._on_renew()

    @Slot()
    def _on_renew(self) -> None:
        from portway.relay.guard.access import generate_password  # late: only who asks for one needs it

        password = generate_password()
        self._show_password(password)
        self._change({"password": password.reveal()})

    @Slot()
    def _on_eye(self) -> None:
        hidden = self.field.echoMode() is QLineEdit.EchoMode.Password
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self.eye.set_icon("eye_off" if hidden else "eye")
        self.eye.rename(tr("Hide the password") if hidden else tr("Show the password"))

    @Slot()
    def _on_link(self) -> None:
        link = self._hub.one_time_link(self._tunnel)
        if link is None:
            self._say(Problem(Code.NOT_FOUND, "guard_link"))
        else:
            self._clipboard.copy(link)

    def _on_list(self, key: str, row: RuleRow, field: Entry, *, on: bool) -> None:
        row.show_on(on=on)
        self._fit()
        if on:
            field.setFocus()
        else:
            field.clear()
            self._change({key: None})

    def _set_list(self, key: str, field: Entry) -> None:
        if field.isModified():
            field.setModified(False)
            self._change({key: [part.strip() for part in field.text().split(",") if part.strip()]})

    @Slot(list)
    def _on_addresses(self, addresses: list[str]) -> None:
        self._change({"allow": addresses or None})

    @property
    def _host_option(self) -> Option | None:
        """What is declared of the name that the server is asked under; None where the way out has none."""
        backend = next((one for one in self._hub.tunnels if one.id == self._tunnel), None)
        return None if backend is None else declared(backend.options).get(HOST_OPTION)

    @Slot(str)
    def _on_host(self, host: str) -> None:
        """Ask the server under this name from now on. Not lasting by itself: a wish that lasts stays so."""
        self._say(None)
        try:
            name = check_value(self._host_option, host) if self._host_option is not None and host else host
            self._hub.enable(self._tunnel, EnableRequest(options={HOST_OPTION: name}, lasting=False))
        except TunnelError as error:
            self._say(error.problem)

    @Slot()
    def _on_rate(self) -> None:
        if self.rate.isModified():
            self.rate.setModified(False)
            text = self.rate.text().strip()
            self._change({"rateLimit": int(text) if text.isdecimal() else text or None})

    @Slot()
    def _on_more(self) -> None:
        self._show_rare()
        self.others.switch.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._on_more_laid_out)

    @Slot()
    def _on_more_laid_out(self) -> None:
        self.rows.ensureWidgetVisible(self.pace)

    def _show_rare(self) -> None:
        self.rows.show_rare()
        self.more.hide()

    @Slot(str)
    def _on_time(self, value: str) -> None:
        self._apply(end_request(None if value == _NEVER else ends_of(value)))

    @Slot()
    def _on_longer(self) -> None:
        self._hub.extend(self._tunnel, LONGER)

    @Slot()
    def _on_time_passed(self) -> None:
        self._show_kept_out(self._hub.status(self._tunnel).guard)

    @Slot()
    def _on_finished(self) -> None:
        self._is_over = True
        self._clock.stop()
        for leave in self._leaves:
            leave()


def _beside_margins(part: QWidget | QLayout) -> QHBoxLayout:
    line = line_of(part) if isinstance(part, QWidget) else QHBoxLayout()
    if isinstance(part, QLayout):
        line.addLayout(part)
    line.setContentsMargins(MARGIN, 0, MARGIN, 0)
    return line


def _box(ground: Ground) -> QVBoxLayout:
    box = QVBoxLayout(ground)
    box.setContentsMargins(12, 10, 12, 10)
    return box
