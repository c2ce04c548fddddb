"""Portway on a desktop: tray, window, notifications and clipboard, put together behind an icon that is there already.

The composition root shows the `Tray`, makes the `Parts`, connects `TunnelHub.came_up` to `take_up`, its `ends_soon` to
`take_ending`,
`TunnelHub.settings_changed` to `take_settings` and `SingleInstance.window_asked` to `open_window`, and calls `run`.
`parts.api` may answer later than everything else: only the settings ask it.
"""

from datetime import UTC, datetime

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from portway.core.hub import EnableRequest, TunnelNews
from portway.core.status import TunnelStatus
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.caller_question import CallerQuestions
from portway.gui.dialogs.quitting import CloseQuestion
from portway.gui.i18n.contexts import window as tr
from portway.gui.i18n.language import use_language
from portway.gui.model.state_words import shown_name
from portway.gui.model.summary import summary_of
from portway.gui.notifications.center import NotificationCenter, NotificationDelivery
from portway.gui.notifications.wording import NoteAction, portway_note, question_key, question_note
from portway.gui.platform.clipboard import SAID_FOR
from portway.gui.theme.icons import window_icon
from portway.gui.theme.light_and_dark import LightAndDark
from portway.gui.tray.actions import TrayActions
from portway.gui.tray.icon import Tray, shows_tooltips
from portway.gui.tray.menu import TrayMenu
from portway.gui.tray.rows import tooltip_of
from portway.gui.widgets.focus_ring import FocusRing
from portway.gui.window.desktop_windows import DesktopWindows
from portway.runtime.consents import Question

_LONGER = 3600.0  # seconds
FIRST_RUN, _TRAY_TOLD = "first_run", "tray_told"  # names among what is asked or said once


class Desktop(QObject):
    """Lives on the main thread. Fills the menu of `tray`."""

    def __init__(self, dependencies: GuiDependencies, tray: Tray, *, autostarted: bool) -> None:
        super().__init__()
        use_language(dependencies.hub.settings.general.language)  # before anything of the following says a word
        self._look = LightAndDark(dependencies.hub.settings.general.theme, self)
        self._ring = FocusRing(self)
        self._dependencies = dependencies
        self._autostarted = autostarted
        self._windows = DesktopWindows(dependencies, self._may_hide, self)
        self._windows.close_refused.connect(self._on_close_refused)
        self._windows.went_away.connect(self._on_window_away)
        self._actions = TrayActions(dependencies, self._windows, self)
        self._actions.refused.connect(self._on_refused)
        self._menu = TrayMenu(tray.menu, dependencies, self._actions, lambda: tray.is_exported)
        self._tray = tray
        self._tray.opened.connect(self.open_window)
        self._tray.message_clicked.connect(self.open_window)
        self._tray.missing.connect(self._on_tray_missing)
        self._delivery = NotificationDelivery(self._tray, dependencies.services.timing.probe_limit, self)
        self._delivery.acted.connect(self._on_acted)
        self._center = NotificationCenter(dependencies.hub, dependencies.services.timing, self)
        self._center.told.connect(self._delivery.show)
        self._center.taken_back.connect(self._delivery.take_back)
        self._actions.clicked.connect(self._center.clicked)
        dependencies.clipboard.copied.connect(self._on_copied)
        self._questions = CallerQuestions(dependencies.consents, self)
        dependencies.consents.asked.connect(self._on_question)
        dependencies.consents.over.connect(self._on_question_over)
        self._closing = CloseQuestion(dependencies, self)
        self._closing.kept.connect(self._windows.hide)
        self._unsubscribe = dependencies.hub.subscribe(self._on_status)
        self._leave_tunnels = dependencies.hub.follow_tunnels(self._on_tunnels)
        self._refresh()
        tray.watch()

    def run(self) -> int:
        """Open the window if this start means it, run until the application ends, and return its exit code."""
        QApplication.setWindowIcon(window_icon())
        if self._opens_at_start():
            self.open_window()
        code = QApplication.exec()
        self.close()
        return code

    def close(self) -> None:
        """Take icon and window away. Idempotent."""
        self._unsubscribe()
        self._leave_tunnels()
        self._center.close()
        self._questions.close()
        self._delivery.close()
        self._tray.hide()
        self._windows.close()

    @Slot()
    def open_window(self) -> None:
        """Raise the window, made if it was never open."""
        self._windows.show_tunnels()

    @Slot(object, object)
    def take_up(self, status: TunnelStatus, ask: EnableRequest) -> None:
        """Take from the hub that a wish is fulfilled: the URL of what a person turned on is copied, once."""
        if ask.restored:
            self._center.expect_restored(status.id)
        if ask.by_person and self._dependencies.hub.settings.general.copy_url and status.public_url is not None:
            self._dependencies.clipboard.copy(status.public_url)

    @Slot(object)
    def take_ending(self, status: TunnelStatus) -> None:
        """Take from the hub that a tunnel will stop by itself within minutes."""
        self._center.tell_ending(status)

    @Slot()
    def take_settings(self) -> None:
        """Take that what is shown of the tunnels has changed beside their statuses: a setting, or what a server has."""
        self._look.choose(self._dependencies.hub.settings.general.theme)
        self._refresh()
        self._windows.refresh()

    def tell_of_crash(self) -> None:
        """Tell that a fault ended the run before this one, and what helps."""
        words = tr(
            "What was on is turned on again. If it happens once more, give the diagnostics under About to those who "
            "make Portway."
        )
        self._delivery.show(portway_note(tr("Portway had ended unexpectedly"), words))

    def _opens_at_start(self) -> bool:
        """A person's start opens the window, the first one always; a start at login never does."""
        hidden = self._dependencies.hub.settings.general.start_hidden and self._dependencies.app_state.answered(
            FIRST_RUN
        )
        return not self._autostarted and not hidden

    def _may_hide(self) -> bool:
        """Whether there is a way back to a hidden window that a person sees."""
        return self._tray.is_available

    def _refresh(self) -> None:
        statuses = self._dependencies.hub.statuses()
        self._menu.refresh()
        summary = summary_of(statuses)
        self._tray.set_state(summary.tray_state, tooltip_of(summary, datetime.now(UTC)))

    def _on_status(self, _status: TunnelStatus) -> None:
        self._refresh()

    def _on_tunnels(self, _news: TunnelNews) -> None:
        self._refresh()
        self._windows.refresh()

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self._delivery.show(portway_note("Portway", sentence))

    @Slot()
    def _on_tray_missing(self) -> None:
        if self._autostarted:
            self._delivery.show(portway_note(tr("Portway is running"), tr("This desktop shows no tray icon.")))
        elif not self._windows.is_visible:
            self.open_window()

    @Slot()
    def _on_close_refused(self) -> None:
        self._closing.ask()

    @Slot()
    def _on_window_away(self) -> None:
        if not self._dependencies.app_state.answered(_TRAY_TOLD):
            self._dependencies.app_state.remember_answer(_TRAY_TOLD)
            self._delivery.show(portway_note(tr("Portway goes on"), tr("It is in the tray. Quit is in its menu.")))

    @Slot(str)
    def _on_copied(self, text: str) -> None:
        """Say it where no button of a window does: in the tooltip, by a notification where panels show none."""
        if QGuiApplication.focusWindow() is not None:
            return
        link = (shown_name(one) for one in self._dependencies.hub.statuses() if one.public_url == text)
        title = next(link, "")
        words = tr("Copied the link of {service}", service=title) if title else tr("Copied")
        self._tray.say_briefly(words, SAID_FOR)
        if not shows_tooltips(self._dependencies.services.environment):
            self._delivery.show(portway_note(words, text if title else ""))

    @Slot(object)
    def _on_question(self, question: Question) -> None:
        self._delivery.show(question_note(question))

    @Slot(object)
    def _on_question_over(self, question: Question) -> None:
        self._delivery.take_back(question_key(question))

    def _on_answered(self, question: Question, action: str) -> None:
        if action in (NoteAction.ALLOW, NoteAction.REFUSE):
            self._dependencies.consents.answer(question.number, allowed=action == NoteAction.ALLOW)
        else:
            self._questions.show_again()

    @Slot(str, str)
    def _on_acted(self, key: str, action: str) -> None:
        """Do what a button of a notification says; an empty key is the program itself."""
        for question in self._dependencies.consents.waiting:
            if key == question_key(question):
                self._on_answered(question, action)
                return
        known = next((one for one in self._dependencies.hub.statuses() if one.id == key), None)
        if known is None:  # the program itself, or a tunnel that was removed since
            self.open_window()
            return
        backend, url = known.id, known.public_url
        match action:
            case NoteAction.COPY if url is not None:
                self._dependencies.clipboard.copy(url)
            case NoteAction.OPEN_URL if url is not None:
                self._dependencies.open_url(url)
            case NoteAction.EXTEND if self._dependencies.hub.status(backend).wanted:
                self._dependencies.hub.extend(backend, _LONGER)
            case NoteAction.STOP:
                self._center.clicked(backend)
                self._dependencies.hub.disable(backend, EnableRequest(by_person=True))
            case _:
                self._windows.show_card(backend)
