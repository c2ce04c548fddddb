"""What a body is shown as: formatted, raw, as fields, as a picture, or told in a sentence; and never a burden."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from portway.core.hub import RecordedBody
from portway.gui.requests.detail.bodies import MOST_TEXT, Kind, content_of, displayed, dumped, formatted_json
from portway.gui.requests.detail.body_view import PRETTY, RAW, BodyView
from tests.gui.conftest import Desk
from tests.gui.hands import click


def body(data: bytes, kind: str = "", *, size: int | None = None, encoding: str | None = None) -> RecordedBody:
    count = len(data) if size is None else size
    return RecordedBody(data=data, size=count, whole=count == len(data), content_type=kind or None, encoding=encoding)


def png(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # the stubs know no device
    return bytes(buffer.data().data())


FORM = (
    b'--x\r\nContent-Disposition: form-data; name="who"\r\n\r\nme\r\n'
    b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89P\r\n'
    b"--x--\r\n"
)
KINDS = [
    (body(b""), Kind.EMPTY),
    (body(b"", size=9), Kind.GONE),
    (body(b"hello"), Kind.TEXT),
    (body(b'{"a":1}'), Kind.JSON),
    (body(b'{"a":1', "application/json"), Kind.TEXT),
    (body(gzip.compress(b'{"a":1}'), "application/json", encoding="gzip"), Kind.JSON),
    (body(zlib.compress(b"hello")[:6], encoding="deflate"), Kind.TEXT),
    (body(b"not packed at all \xff", encoding="gzip"), Kind.BINARY),
    (body(b"a=1&b=%20x", "application/x-www-form-urlencoded"), Kind.FIELDS),
    (body(FORM.replace(b"\x89", b"?"), "multipart/form-data; boundary=x"), Kind.FIELDS),
    (body(b"a\0b"), Kind.BINARY),
    (body(b"\x89PNG nonsense", "image/png"), Kind.BINARY),
    (body(b"<svg/>", "image/svg+xml"), Kind.TEXT),
    (body(b"[" * 5000, "application/json"), Kind.TEXT),
    (body(b"[" * 500 + b"]" * 500), Kind.JSON),
    (body(b"[" * 501 + b"]" * 501), Kind.TEXT),
    (body(b"[" * 5000 + b"]" * 5000), Kind.TEXT),
]


@pytest.mark.parametrize(("recorded", "kind"), KINDS, ids=lambda value: str(value)[:40])
def test_a_body_is_shown_as_what_it_is(recorded: RecordedBody, kind: Kind) -> None:
    assert content_of(recorded).kind is kind


def test_json_is_formatted_in_its_own_words() -> None:
    text = '{"big":123456789012345678901234567890,"twice":1,"twice":1.0e2,"\\u00e4":[],"o":{},"l":[1,[2]],"s":"a,{b"}'
    shown = formatted_json(text)
    assert shown.split("\n") == [
        "{",
        '  "big": 123456789012345678901234567890,',
        '  "twice": 1,',
        '  "twice": 1.0e2,',
        '  "\\u00e4": [],',
        '  "o": {},',
        '  "l": [',
        "    1,",
        "    [",
        "      2",
        "    ]",
        "  ],",
        '  "s": "a,{b"',
        "}",
    ]
    assert json.loads(shown) == json.loads(text)
    assert len(formatted_json("[" * 500 + "]" * 500)) < 300_000


def test_the_fields_of_a_form_are_names_and_values() -> None:
    simple = content_of(body(b"a=1&b=%20x&c=", "application/x-www-form-urlencoded"))
    assert simple.fields == (("a", "1"), ("b", " x"), ("c", ""))
    several = content_of(body(FORM.replace(b"\x89", b"?"), "multipart/form-data; boundary=x"))
    assert several.fields == (("who", "me"), ("photo", "a.png (image/png, 2 B)"))


def test_a_picture_is_shown_small_and_a_huge_one_is_not_read(qtbot: QtBot) -> None:
    shown = content_of(body(png(1600, 900), "image/png"))
    assert shown.image is not None
    assert (shown.kind, shown.pixels, shown.image.width()) == (Kind.IMAGE, (1600, 900), 720)
    assert content_of(body(png(4, 4), "image/jpeg")).kind is Kind.BINARY  # it is not what its type says
    huge = bytearray(png(10, 10))
    huge[16:24] = (60_000).to_bytes(4, "big") * 2
    huge[29:33] = zlib.crc32(bytes(huge[12:29])).to_bytes(4, "big")
    assert content_of(body(bytes(huge), "image/png")).image is None


def test_no_text_is_so_long_that_laying_it_out_stops_the_window() -> None:
    text, shortened = displayed("x" * (MOST_TEXT + 1))
    assert shortened
    assert max(len(line) for line in text.split("\n")) <= 2000
    bomb = content_of(body(gzip.compress(b"a" * 50_000_000), encoding="gzip"))
    assert bomb.cut
    assert len(bomb.raw) < MOST_TEXT + 1000
    assert displayed("\x1b[2J\r\nok\u202e") == ("\\x1b[2J\nok\\u202e", False)


def test_bytes_are_dumped_as_numbers_and_letters() -> None:
    assert dumped(b"GIF89a\0\xff" * 3) == (
        "000000  47 49 46 38 39 61 00 ff 47 49 46 38 39 61 00 ff  GIF89a..GIF89a..\n"
        "000010  47 49 46 38 39 61 00 ff                          GIF89a.."
    )


SENTENCES = [
    (body(b"", size=9000), "9.0 KB passed. They made room for newer requests."),
    (body(b"\0\1\2"), "3 B that are no text."),
    (body(b"begin", size=412_000), "412 KB passed; of a long body only the beginning is kept."),
    (body(b"x" * (MOST_TEXT + 1)), "Only the beginning is shown. A copy has all of it."),
    (body(b"hello"), ""),
]


@pytest.mark.parametrize(("recorded", "sentence"), SENTENCES, ids=lambda value: str(value)[:30])
def test_what_is_not_shown_is_told_in_a_sentence(
    desk: Desk, qtbot: QtBot, recorded: RecordedBody, sentence: str
) -> None:
    view = BodyView("Body", desk.dependencies.clipboard)
    qtbot.addWidget(view)
    view.show()
    view.show_content(content_of(recorded), recorded.content_type)
    assert view.note.text() == sentence
    assert view.note.isVisible() is bool(sentence)


def test_pretty_is_for_reading_raw_for_bytes_and_a_copy_has_all(desk: Desk, qtbot: QtBot) -> None:
    view = BodyView("Body", desk.dependencies.clipboard)
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    view.show_content(content_of(body(b'{"a": "<b>x</b>"}', "application/json")), "application/json")
    assert view.summary.text() == "17 B, JSON"
    assert view.text.toPlainText() == '{\n  "a": "<b>x</b>"\n}'
    click(view.mode.buttons[RAW])
    assert view.text.toPlainText() == '{"a": "<b>x</b>"}'
    click(view.copy)
    assert desk.clipboard.texts == ['{"a": "<b>x</b>"}']
    view.show_content(content_of(body(b"a=1", "application/x-www-form-urlencoded")), "")
    assert view.text.toPlainText() == "a=1"  # raw stays chosen
    click(view.mode.buttons[PRETTY])
    assert [row.shown for row in view.fields.rows] == ["1"]
    view.show_content(content_of(body(png(8, 4), "image/png")), "image/png")
    assert view.picture.isVisible()
    assert view.summary.text().endswith("8 x 4")
    assert not view.grab().isNull()
