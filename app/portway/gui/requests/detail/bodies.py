"""What a recorded body is shown as: formatted for reading, raw, as fields or as a picture. Pure; any thread."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from urllib.parse import parse_qsl

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from portway.core.foreign_text import harmless
from portway.core.hub import RecordedBody
from portway.relay.capture.decoding import shown

MOST_TEXT = 200_000  # characters that are shown
_LONGEST_LINE = 2_000  # characters: longer ones are broken, as laying them out would stop the window
_MOST_DUMPED = 4_096  # bytes
_DEEPEST = 60  # levels that are indented
_MOST_LEVELS = 500  # deeper is shown as text: a fixed limit, as how deep Python can read differs between its versions
_MOST_FIELDS = 200
_IMAGES = {  # Qt's name of the format, and how such a file begins: a wrong one it would complain about
    "image/png": ("png", b"\x89PNG"),
    "image/jpeg": ("jpeg", b"\xff\xd8\xff"),
    "image/gif": ("gif", b"GIF8"),
    "image/webp": ("webp", b"RIFF"),
    "image/bmp": ("bmp", b"BM"),
}
_MOST_PIXELS = 40_000_000
_LARGEST = QSize(720, 540)
# A string, a sign, or anything else that has no blank in it: what JSON consists of.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_OPENING, _CLOSING = frozenset("{["), frozenset("}]")


class Kind(StrEnum):
    """What there is to show."""

    EMPTY = "empty"
    GONE = "gone"  # it made room for newer ones, or nothing of it was kept
    TEXT = "text"
    JSON = "json"
    FIELDS = "fields"
    IMAGE = "image"
    BINARY = "binary"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyContent:
    """A body for people. `pretty` is for reading, `raw` are the bytes as text, else as a dump; both are harmless.

    `cut`: not all of it was kept. `shortened`: not all that was kept is shown. `text` is what is copied, None where it
    is no text.
    """

    kind: Kind
    size: int
    pretty: str = ""
    raw: str = ""
    text: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    image: QImage | None = None
    pixels: tuple[int, int] = (0, 0)
    cut: bool = False
    shortened: bool = False


def content_of(body: RecordedBody) -> BodyContent:
    """Read a body. May take some milliseconds."""
    if not body.data:
        return BodyContent(kind=Kind.GONE if body.size else Kind.EMPTY, size=body.size)
    content = shown(body)
    kind = (body.content_type or "").partition(";")[0].strip().lower()
    if content.text is None:
        return _binary(body, content.data, kind, cut=content.cut)
    text = content.text
    raw, shortened = displayed(text)
    fields = () if content.cut else _fields(kind, body.content_type, content.data, text)
    pretty = "" if fields else formatted_json(text)
    what = Kind.FIELDS if fields else Kind.JSON if pretty else Kind.TEXT
    pretty, pretty_shortened = displayed(pretty)
    return BodyContent(
        kind=what,
        size=body.size,
        pretty=pretty,
        raw=raw,
        text=text,
        fields=fields[:_MOST_FIELDS],
        cut=content.cut,
        shortened=shortened or pretty_shortened or len(fields) > _MOST_FIELDS,
    )


def displayed(text: str) -> tuple[str, bool]:
    """Return a text as it may be laid out: harmless, without endless lines, not too long; and whether it was longer."""
    safe = harmless(text[:MOST_TEXT])
    lines = (
        line[at : at + _LONGEST_LINE] for line in safe.split("\n") for at in range(0, max(len(line), 1), _LONGEST_LINE)
    )
    return "\n".join(lines), len(text) > MOST_TEXT


def formatted_json(text: str) -> str:
    """Return JSON with one value a line; empty where it is none, has nothing to format, or is nested too deeply.

    Its own words are kept: big numbers, doubled keys and escapes stay as they were sent.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return ""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return ""
    parts: list[str] = []
    depth, before = 0, ""
    for found in _TOKEN.finditer(text):
        word = found[0]
        opened, closes = before in _OPENING, word in _CLOSING
        depth -= closes
        if (opened and not closes) or before == "," or (closes and not opened):
            parts.append("\n" + "  " * min(depth, _DEEPEST))
        parts.append(": " if word == ":" else word)
        depth += word in _OPENING
        if depth > _MOST_LEVELS:
            return ""
        before = word
    return "".join(parts)


def dumped(data: bytes) -> str:
    """Return bytes as people read them: place, sixteen numbers, and the letters among them."""
    lines = []
    for at in range(0, min(len(data), _MOST_DUMPED), 16):
        part = data[at : at + 16]
        letters = "".join(chr(one) if 0x20 <= one < 0x7F else "." for one in part)  # noqa: PLR2004 - what ASCII prints
        lines.append(f"{at:06x}  {part.hex(' '):<47}  {letters}")
    return "\n".join(lines)


def _binary(body: RecordedBody, data: bytes, kind: str, *, cut: bool) -> BodyContent:
    image, pixels = (None, (0, 0)) if cut else _image(data, kind)
    return BodyContent(
        kind=Kind.BINARY if image is None else Kind.IMAGE,
        size=body.size,
        raw=dumped(data),
        image=image,
        pixels=pixels,
        cut=cut,
        shortened=len(data) > _MOST_DUMPED,
    )


def _image(data: bytes, kind: str) -> tuple[QImage | None, tuple[int, int]]:
    """Return a picture at the size at which it is shown, and its own size; read as the format that its type says."""
    name, beginning = _IMAGES.get(kind, ("", b""))
    if not name or not data.startswith(beginning):
        return None, (0, 0)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(name.encode()))
    reader.setAutoDetectImageFormat(False)
    whole = reader.size()
    if not whole.isValid() or whole.width() * whole.height() > _MOST_PIXELS:
        return None, (0, 0)
    if whole.width() > _LARGEST.width() or whole.height() > _LARGEST.height():
        reader.setScaledSize(whole.scaled(_LARGEST, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return (None, (0, 0)) if image.isNull() else (image, (whole.width(), whole.height()))


def _fields(kind: str, content_type: str | None, data: bytes, text: str) -> tuple[tuple[str, str], ...]:
    """Return the fields of a form, none where it is no form."""
    if kind == "application/x-www-form-urlencoded":
        try:
            return tuple(parse_qsl(text, keep_blank_values=True, max_num_fields=10 * _MOST_FIELDS))
        except ValueError:
            return ()
    if kind != "multipart/form-data":
        return ()
    from email.parser import BytesParser  # late: only such forms need it
    from email.policy import HTTP

    head = f"Content-Type: {content_type}\r\n\r\n".encode("utf-8", "replace")
    form = BytesParser(policy=HTTP).parsebytes(head + data)
    return tuple(_field(part) for part in form.walk() if not part.is_multipart() and part.get_filename() != "")


def _field(part: Message) -> tuple[str, str]:
    name = str(part.get_param("name", "", header="content-disposition"))
    file, held = part.get_filename(), part.get_payload(decode=True)
    data = held if isinstance(held, bytes) else b""
    if file is not None:
        return name, f"{file} ({part.get_content_type()}, {len(data)} B)"
    return name, data.decode("utf-8", "replace")
