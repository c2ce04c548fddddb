"""One request: what is shown of it, what stays hidden until it is asked for, and what can be done with it."""

from __future__ import annotations

import http.client
import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.hub import RecordedRequest, ReplayRequest
from portway.gui.navigation import Navigation
from portway.gui.requests.detail.editor import Draft, DraftError, Editor, draft_of, editable
from portway.gui.requests.detail.pane import OVERVIEW, REQUEST, TIMING
from portway.gui.requests.page import RequestsPage
from portway.relay.capture.masking import MASK
from portway.relay.capture.store import ExchangeStore
from tests.fakes.backends.toy import ToyWorld
from tests.fakes.origins.http import http_origin
from tests.gui.conftest import Desk
from tests.gui.hands import click
from tests.gui.requests.conftest import OpenPage
from tests.gui.requests.visits import TUNNEL, Visit, live_through, pay
from tests.limits import SEEN
from tests.runtime.conftest import TOY, Build, build, house, timing, world

__all__ = ["build", "house", "timing", "world"]  # fixtures


def opened(page: RequestsPage, number: int = 0) -> RequestsPage:
    """Open a request, the newest if none is named."""
    page.table.choose(number or page.model.rows[0].id)
    page.table.opened.emit(page.table.chosen)
    return page


def read_out(widget: QWidget) -> list[str]:
    """Return what is read out of the names and values in it."""
    QApplication.processEvents()
    return [one.accessibleName() for one in widget.findChildren(QWidget) if one.isVisible() and one.accessibleName()]


def test_head_and_tabs_tell_all_that_is_known(store: ExchangeStore, open_page: OpenPage) -> None:
    live_through(store)
    page = opened(open_page(), 14)
    detail = page.detail
    assert detail.state.text == "500 412 ms · 130 B · Cloudflare · from 203.0.113.7"
    assert "X-Request-Id: req_8Jd02mKq" in read_out(detail)
    assert detail._got_body.text.toPlainText().startswith('{\n  "error": "card_declined"')
    detail.tabs.setCurrentIndex(REQUEST)
    assert f"Authorization: Bearer {MASK}" in read_out(detail)
    assert detail._sent_body.text.toPlainText() == '{\n  "card": "4242"\n}'
    detail.tabs.setCurrentIndex(OVERVIEW)
    assert {"Visitor: 203.0.113.7", "Number: 14", "Status: 500. It came to its end."} <= set(read_out(detail))
    detail.tabs.setCurrentIndex(TIMING)
    assert {"First byte after: 330 ms", "Received in: 82 ms", "All in all: 412 ms"} <= set(read_out(detail))


def test_an_eye_shows_one_masked_value_and_hides_it_again(store: ExchangeStore, open_page: OpenPage) -> None:
    pay(store, Visit(path="/?token=t0p", headers=("Cookie: a=s3cret", "X-Api-Key: k3y", "Accept: */*")))
    detail = opened(open_page()).detail
    detail.tabs.setCurrentIndex(REQUEST)
    rows = {row._field.name: row for row in detail._sent_headers.rows}
    assert {name for name, row in rows.items() if row.eye is not None} == {"Cookie", "X-Api-Key"}
    assert rows["Cookie"].shown == f"a={MASK}"
    click(rows["Cookie"].eye)
    assert (rows["Cookie"].shown, rows["X-Api-Key"].shown) == ("a=s3cret", MASK)
    click(rows["Cookie"].eye)
    assert rows["Cookie"].shown == f"a={MASK}"
    detail.tabs.setCurrentIndex(OVERVIEW)
    path = detail._facts.rows[0]
    assert path.shown == f"/?token={MASK}"
    click(path.eye)
    assert path.shown == "/?token=t0p"


def test_what_others_send_is_plain_text_wherever_it_is_shown(store: ExchangeStore, open_page: OpenPage) -> None:
    evil = "<img/src='file:///etc/passwd'>"
    pay(
        store,
        Visit(
            path=f"/{evil}" + "a" * 30_000,
            client=evil * 9,
            headers=("X-Name: \x80ümlaut", f"X-Mark: {evil}"),
            answered=(f"X-Mark: {evil}",),
            body=b"\x1b[31m<b>red</b>",
            kind="text/html",
        ),
    )
    page = opened(open_page())
    page.detail.tabs.setCurrentIndex(REQUEST)
    page.detail.tabs.setCurrentIndex(2)
    labels = [one for one in page.findChildren(QLabel) if one.text()]
    assert labels
    assert {one.textFormat() for one in labels} == {Qt.TextFormat.PlainText}
    tips = [one.toolTip() for one in page.findChildren(QWidget) if "img" in one.toolTip()]
    assert tips
    assert all("&lt;img" in tip and "<img" not in tip for tip in tips)
    assert page.detail._got_body.text.toPlainText() == "<b>red</b>"
    assert not page.grab().isNull()


def test_a_request_that_made_room_says_so(store: ExchangeStore, open_page: OpenPage) -> None:
    number = pay(store, Visit())
    page = open_page()
    store.clear(TUNNEL)
    detail = opened(page, number).detail
    assert not detail.replay.isEnabled()
    assert "made room for newer ones" in detail._headings[2].text()


def answer_box(text: str, *, known: bool = False) -> None:
    """Press a button of the question that is open."""
    box = next(one for one in QApplication.topLevelWidgets() if isinstance(one, QMessageBox) and one.isVisible())
    if known:
        check = box.checkBox()
        assert check is not None
        check.setChecked(True)
    next(one for one in box.findChildren(QPushButton) if one.text() == text).click()


def test_a_get_is_sent_again_at_once_and_what_came_of_it_is_one_click_away(
    desk: Desk, store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    pay(store, Visit(path="/peer"))
    with http_origin() as origin:
        desk.hub.show(TUNNEL, target_url=origin.target.url)
        page = opened(open_page())
        click(page.detail.replay)
        qtbot.waitUntil(lambda: page.detail.came.text().startswith("Sent again: 200, "))
    qtbot.waitUntil(lambda: page.model.rowCount() == 2)
    click(page.detail.show_it)
    assert page.detail.number == page.model.rows[0].id
    assert page.model.rows[0].replay_of == 1
    assert page.detail.replay.text() == "Replay"


def test_a_post_asks_whether_it_is_to_be_done_again(
    desk: Desk, store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    pay(store, Visit(path="/upload", method="POST", sent=b"hello"))
    with http_origin() as origin:
        desk.hub.show(TUNNEL, target_url=origin.target.url)
        page = opened(open_page())
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        QTest.keyClick(page.table, Qt.Key.Key_R)
        answer_box("Cancel")
        assert page.detail.came.text() == ""
        QTest.keyClick(page.table, Qt.Key.Key_R)
        answer_box("Replay", known=True)
        qtbot.waitUntil(lambda: page.detail.came.text().startswith("Sent again: 200"))
        click(page.detail.replay)  # asked once
        qtbot.waitUntil(lambda: len(store.rows(TUNNEL)) == 3)
    assert [row.request_bytes for row in store.rows(TUNNEL)] == [5, 5, 5]


def test_what_stops_a_replay_is_said(desk: Desk, store: ExchangeStore, open_page: OpenPage) -> None:
    pay(store, Visit())
    desk.hub.show(TUNNEL, target_url="http://127.0.0.1:1")
    page = opened(open_page())
    click(page.detail.replay)
    assert "127.0.0.1:1" in page.detail.came.text()
    assert page.detail.replay.isEnabled()


def editor_of(page: RequestsPage) -> Editor:
    return next(one for one in page.findChildren(Editor) if one.isVisible())


def test_an_edited_request_is_sent_as_it_was_written_with_its_masked_values(
    desk: Desk, store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    sent = b"hello\r\nworld"
    pay(store, Visit(path="/nowhere", method="POST", headers=("Authorization: Bearer abc", "X-A: 1"), sent=sent))
    with http_origin() as origin:
        desk.hub.show(TUNNEL, target_url=origin.target.url)
        page = opened(open_page())
        click(page.detail.edit)
        editor = editor_of(page)
        assert f"Authorization: Bearer {MASK}" in editor.head.text
        assert "abc" not in editor.head.text
        editor.head.setPlainText(editor.head.text.replace("/nowhere", "/upload?x").replace("X-A: 1", "X-A: two"))
        editor.body.selectAll()
        editor.body.insertPlainText("bye\nworld")
        click(editor.send)
        qtbot.waitUntil(lambda: page.detail.came.text().startswith("Sent again: 200"))
    again = store.get(TUNNEL, store.rows(TUNNEL)[0].id, secrets=True)
    assert again is not None
    assert again.row.path == "/upload?x"
    assert again.request_body.data == b"bye\r\nworld"
    assert {("Authorization", "Bearer abc"), ("X-A", "two")} <= set(again.request_headers)


def test_what_was_written_is_kept_where_it_is_refused(
    desk: Desk, store: ExchangeStore, open_page: OpenPage, qtbot: QtBot
) -> None:
    pay(store, Visit(headers=("Authorization: Bearer abc",)))
    desk.hub.show(TUNNEL, target_url="http://127.0.0.1:1")
    page = opened(open_page())
    click(page.detail.edit)
    editor = editor_of(page)
    for written, said in (
        ("GET", "The first line is method and path: GET /path"),
        ("GET /\nno header", "This line is no header: no header"),
        (f"GET /\nAuthorization: Basic {MASK}", "A masked value cannot be changed in part"),
        (f"GET /?token={MASK}", "A masked value cannot be changed in part"),
        ("GET /\nHost: a", "127.0.0.1:1"),
    ):
        editor.head.setPlainText(written)
        click(editor.send)
        assert said in editor.problem.text()
        assert editor.isVisible()
        assert editor.send.isEnabled()
    editor.reject()


RAW = [
    (b"plain", None, "plain"),
    (b"a\r\nb", None, "a\nb"),
    (b"a\r\nb\nc", None, None),
    (b"a\rb", None, None),
    (b"\xff", None, None),
    (b"a\0b", None, None),
    ("a\u2028b".encode(), None, None),
    ("a\u00a0b".encode(), None, "a\u00a0b"),
    (b"packed", "gzip", None),
]


@pytest.mark.parametrize(("data", "encoding", "text"), RAW)
def test_a_body_is_edited_as_text_only_where_it_comes_back_byte_for_byte(
    store: ExchangeStore, qtbot: QtBot, data: bytes, encoding: str | None, text: str | None
) -> None:
    recorded = store.get(TUNNEL, pay(store, Visit(method="PUT", sent=data)))
    assert recorded is not None
    body = replace(recorded.request_body, encoding=encoding)
    assert editable(body)[0] == text
    editor = Editor(replace(recorded, request_body=body), replace(recorded, request_body=body))
    qtbot.addWidget(editor)
    assert editor.body.isEnabled() is (text is not None)
    editor.body.insertPlainText("+")
    asked: list[ReplayRequest] = []
    editor.sent.connect(asked.append)
    editor.send.click()
    assert asked[0].body == (None if text is None else b"+" + data)


def test_an_untouched_draft_is_the_request_itself(store: ExchangeStore) -> None:
    number = pay(store, Visit(path="/?token=t", headers=("Cookie: a=1", "Cookie: b=2", "X-Empty:"), method="POST"))
    masked, whole = _both(store, number)
    draft: Draft = draft_of(masked)
    changes = draft.changes(draft.head, None, masked, whole)
    assert (changes.method, changes.path, changes.headers) == ("POST", "/?token=t", whole.request_headers)
    with pytest.raises(DraftError):
        draft.changes(draft.head.replace("a=", "x="), None, masked, whole)


def _both(store: ExchangeStore, number: int) -> tuple[RecordedRequest, RecordedRequest]:
    masked, whole = store.get(TUNNEL, number), store.get(TUNNEL, number, secrets=True)
    assert masked is not None
    assert whole is not None
    return masked, whole


def test_it_is_copied_as_curl_and_its_answer_as_text(desk: Desk, store: ExchangeStore, open_page: OpenPage) -> None:
    live_through(store)
    page = opened(open_page(), 14)
    click(page.detail.curl)
    words = shlex.split(desk.clipboard.texts[0].replace("\\\n", ""))
    assert words[:3] == ["curl", "--request", "POST"]
    assert "Authorization: Bearer $TOKEN" in words
    page.commands.copy_response(page.model.all_rows[14])
    assert desk.clipboard.texts[1].startswith('{"error":"card_declined"')
    page.commands.copy_response(page.model.all_rows[8])
    assert page.detail.came.text() == "The answer has no text that could be copied."
    assert len(desk.clipboard.texts) == 2


def test_what_is_shown_is_saved_as_an_archive_without_secrets(
    desk: Desk, store: ExchangeStore, open_page: OpenPage, tmp_path: Path
) -> None:
    live_through(store)
    page = open_page()
    file = tmp_path / "requests.har"
    page.commands.save(sorted(page.model.rows, key=lambda row: row.id))
    page.commands.save_to(str(file))
    entries = json.loads(file.read_text(encoding="utf-8"))["log"]["entries"]
    assert len(entries) == page.model.rowCount()
    assert entries[0]["request"]["url"].endswith("/")
    assert "Bearer abc" not in file.read_text(encoding="utf-8")
    assert page.notice.text.text().startswith("16 requests were saved. Secrets are masked.")
    page.commands.save_to(str(tmp_path / "nowhere" / "x" / "requests.har"))
    assert page.notice.text.text() != ""
    assert Code.STORAGE_FAILED


def test_it_follows_a_real_relay_and_replays_through_a_real_hub(
    desk: Desk, build: Build, world: ToyWorld, qtbot: QtBot, make_real: Callable[[Build], RequestsPage]
) -> None:
    page = make_real(build)
    address = world.opened[0].origin
    connection = http.client.HTTPConnection(address.host, address.port, timeout=SEEN)
    connection.request("GET", "/shop?token=abc", headers={"Cookie": "a=b"})
    connection.getresponse().read()
    connection.close()
    qtbot.waitUntil(lambda: [row.state for row in page.model.rows] == ["done"])
    assert page.model.rows[0].path == f"/shop?token={MASK}"
    click(opened(page).detail.replay)
    qtbot.waitUntil(lambda: page.detail.came.text().startswith("Sent again: 200"))
    qtbot.waitUntil(lambda: [row.replay_of for row in page.model.rows] == [1, None])


@pytest.fixture
def make_real(desk: Desk, qtbot: QtBot) -> Callable[[Build], RequestsPage]:
    """Make the page over a hub that records what passes its relay."""

    def make(build: Build) -> RequestsPage:
        house = build()
        house.wait(lambda: house.status.installation.version)
        house.up(inspect=True)
        assert house.hub.requests.is_recording(TOY)
        page = RequestsPage(replace(desk.dependencies, hub=house.hub), Navigation())
        qtbot.addWidget(page)
        page.resize(1100, 700)
        page.show()
        return page

    return make
