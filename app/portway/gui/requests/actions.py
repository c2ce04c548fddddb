"""What can be done with recorded requests: sent again, copied, saved as an archive, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QMessageBox, QWidget
from shiboken6 import isValid

import portway
from portway.core.errors import Problem
from portway.core.hub import RecordedRequest, ReplayRequest, RequestRow
from portway.core.target import parse_target
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.question_box import QuestionBox
from portway.gui.i18n.contexts import requests as tr
from portway.gui.i18n.words import sentence
from portway.gui.requests.detail.editor import Editor
from portway.gui.requests.words import line_of
from portway.gui.widgets.buttons import Weight
from portway.relay.capture.decoding import shown
from portway.relay.capture.export import as_curl, as_har
from portway.system.storage.files import write_whole

REPLAY = "replay"  # name among the questions that are asked once
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class RequestActions(QObject):
    """Main thread. `page` owns it, and is the parent of its dialogs."""

    began = Signal(int)  # a request is being sent again, by its number
    came = Signal(int, object)  # that number; the RequestRow that came of it, a Problem, or None if that was told
    said = Signal(str, bool)  # a sentence, and whether it tells of something that went wrong

    def __init__(self, dependencies: GuiDependencies, page: QWidget) -> None:
        super().__init__(page)
        self._dependencies = dependencies
        self._hub = dependencies.hub
        self._asked: RequestRow | None = None  # what question and editor are about
        self._box: QuestionBox | None = None
        self._known: QCheckBox | None = None
        self._editor: Editor | None = None  # the latest one, kept while Qt takes it down
        self._to_save: Sequence[RequestRow] = ()

    @property
    def _page(self) -> QWidget | None:
        """Not kept: it would hold what holds it."""
        parent = self.parent()
        return parent if isinstance(parent, QWidget) else None

    def replay(self, row: RequestRow) -> None:
        """Send it again; of what may change something there, a person is asked first."""
        if all(one.id != row.tunnel for one in self._hub.statuses()):
            self.said.emit(_left(), True)
            return
        if row.method.upper() in _SAFE or self._dependencies.app_state.answered(REPLAY):
            self._send(row, ReplayRequest())
            return
        self._asked = row
        if self._box is None:
            self._box = self._make_question()
        method, path = line_of(row.method), line_of(row.path)[:80]
        self._box.setText(tr("Send {method} {path} again?", method=method, path=path))
        self._box.open()

    def edit(self, row: RequestRow) -> None:
        """Let a person change it, then send it."""
        masked, whole = self._recorded(row), self._recorded(row, secrets=True)
        if all(one.id != row.tunnel for one in self._hub.statuses()):
            self.said.emit(_left(), True)
            return
        if masked is None or whole is None:
            self.said.emit(_gone(), True)
            return
        self._asked = row
        if self._editor is not None:
            self._editor.deleteLater()
        self._editor = Editor(masked, whole, self._page)
        self._editor.sent.connect(self._on_edited)
        self._editor.open()

    def copy_curl(self, row: RequestRow) -> None:
        """Copy it as a command to the local server, its secrets masked."""
        recorded = self._recorded(row)
        if recorded is None:
            self.said.emit(_gone(), True)
            return
        target = next((one.target_url for one in self._hub.statuses() if one.id == row.tunnel), None)
        if target is None:
            self.said.emit(_left(), True)
            return
        self._dependencies.clipboard.copy(as_curl(recorded, parse_target(target)))
        self.said.emit(tr("Copied as curl. Masked values stand there as $TOKEN."), False)

    def copy_path(self, row: RequestRow) -> None:
        """Copy its path, as it is shown."""
        self._dependencies.clipboard.copy(row.path)

    def copy_response(self, row: RequestRow) -> None:
        """Copy the body of its answer, where that is text."""
        recorded = self._recorded(row)
        if recorded is None:
            self.said.emit(_gone(), True)
            return

        def done(found: object) -> None:
            if isinstance(found, str):
                self._dependencies.clipboard.copy(found)
            else:
                self._say(tr("The answer has no text that could be copied."), wrong=True)

        body = recorded.response_body
        self._hub.aside(lambda: shown(body).text if body.data else None, done)

    def save(self, rows: Sequence[RequestRow]) -> None:
        """Ask where to save these, the oldest first, as an HTTP archive."""
        self._to_save = tuple(rows)
        title = tr("Save requests: secrets are masked, bodies are not")
        dialog = QFileDialog(self._page, title, "requests.har", tr("HTTP archive (*.har)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("har")
        dialog.fileSelected.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def save_to(self, path: str) -> None:
        """Write what was to be saved into a file."""
        rows, log = self._to_save, self._hub.requests
        urls = {status.id: status.public_url or status.target_url for status in self._hub.statuses()}

        def write() -> int:
            whole = (log.get(row.tunnel, row.id) for row in rows)
            kept = [one for one in whole if one is not None]
            write_whole(Path(path), as_har(kept, portway.__version__, urls).encode(), own_folder=False)
            return len(kept)

        def done(found: object) -> None:
            if isinstance(found, Problem):
                self._say(sentence(found), wrong=True)
            elif isinstance(found, int):
                self._say(tr("%n requests were saved. Secrets are masked.", "", found), wrong=False)

        self._hub.aside(write, done)

    def clear(self, tunnel: str) -> None:
        """Forget what was recorded of one tunnel, of all where it is empty."""
        for status in self._hub.statuses():
            if tunnel in ("", status.id):
                self._hub.requests.clear(status.id)

    def _make_question(self) -> QuestionBox:
        box = QuestionBox(tr("Send it again?"))
        box.setParent(self._page, box.windowFlags())
        box.setInformativeText(tr("Whatever it did on your server, it does again."))
        sends = box.add_answer(tr("Replay"), QMessageBox.ButtonRole.AcceptRole, Weight.SOLID, default=True)
        box.add_cancel(tr("Cancel"))
        self._known = QCheckBox(tr("Do not ask again"))  # kept: the box does not own it
        box.setCheckBox(self._known)
        sends.clicked.connect(self._on_agreed)
        return box

    def _recorded(self, row: RequestRow, *, secrets: bool = False) -> RecordedRequest | None:
        return self._hub.requests.get(row.tunnel, row.id, secrets=secrets)

    def _send(self, row: RequestRow, changes: ReplayRequest) -> None:
        self.began.emit(row.id)
        self._hub.replay(row.tunnel, row.id, changes, lambda found: self._tell(row, found))

    def _say(self, words: str, *, wrong: bool) -> None:
        """Say what came of work beside, unless the window was made anew meanwhile, in another language."""
        if isValid(self):
            self.said.emit(words, wrong)

    def _tell(self, row: RequestRow, came: object) -> None:
        """Tell what came of a replay, as above."""
        if isValid(self):
            self.came.emit(row.id, came)

    @Slot()
    def _on_agreed(self) -> None:
        if self._known is not None and self._known.isChecked():
            self._dependencies.app_state.remember_answer(REPLAY)
        row, self._asked = self._asked, None
        if row is not None:
            self._send(row, ReplayRequest())

    @Slot(object)
    def _on_edited(self, changes: object) -> None:
        editor, row = self._editor, self._asked
        if editor is None or not isinstance(changes, ReplayRequest) or row is None:
            return

        def done(found: RequestRow | Problem) -> None:
            """Keep what was written where it was refused."""
            if isinstance(found, Problem) and isValid(editor) and editor.isVisible():
                editor.refuse(sentence(found))
                self._tell(row, None)
                return
            if isValid(editor):
                editor.accept()
            self._tell(row, found)

        self.began.emit(row.id)
        editor.wait()
        self._hub.replay(row.tunnel, row.id, changes, done)


def _left() -> str:
    return tr("The tunnel of this request is not there any more.")


def _gone() -> str:
    return tr("This request is not kept any more: it made room for newer ones.")
