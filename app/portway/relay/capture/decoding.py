"""Bodies as they were before they were packed: decoded for showing alone, and never beyond a limit.

A few bytes can unpack to gigabytes (80 bytes of Brotli made 50 MB), so every decoder is stopped at `MOST_SHOWN`.
"""

import codecs
import contextlib
import importlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message

from portway.core.hub import RecordedBody

MOST_SHOWN = 1 << 20  # bytes

_GZIP, _ZLIB, _RAW_DEFLATE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_MOST_LAYERS = 4
_LONGEST_TYPE = 1024  # characters of a header that are read
_UTF_8 = "utf-8"
# Made by Python for its own use: they take time with the square of what comes, or make half a character.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A body for people. `text` is None where it is no text. `cut`: there is more than `data` holds."""

    data: bytes
    text: str | None
    cut: bool


class UndecodableError(Exception):
    """The body is not packed as its header says, or nothing here can unpack it."""


def shown(body: RecordedBody) -> Shown:
    """Return a body unpacked and read as text where it is one. Any thread; may take some milliseconds."""
    try:
        data = unpacked(body.data, body.encoding)
    except UndecodableError:
        return Shown(body.data, None, cut=not body.whole)
    return Shown(data, text_of(data, body.content_type), cut=not body.whole or len(data) >= MOST_SHOWN)


def unpacked(data: bytes, encoding: str | None) -> bytes:
    """Undo Content-Encoding, the last one first; at most `MOST_SHOWN` bytes. Raises UndecodableError."""
    names = [name.strip().lower() for name in (encoding or "").split(",") if name.strip()]
    if len(names) > _MOST_LAYERS:
        message = "too many layers"
        raise UndecodableError(message)
    for name in reversed(names):
        decode = _DECODERS.get(name)
        if decode is None:
            message = f"{name} is not known here"
            raise UndecodableError(message)
        data = decode(data)[:MOST_SHOWN]
    return data


def text_of(data: bytes, content_type: str | None) -> str | None:
    """Return bytes as text by the charset that their type names, else UTF-8; None where they are none."""
    try:
        # Incremental: what was cut off may end within a character.
        text: str | None = codecs.getincrementaldecoder(_charset(content_type))().decode(data)
    except ValueError:
        text = _utf8(data)
    return None if text is None or "\0" in text else text


def _charset(content_type: str | None) -> str:
    """Return what a type names, if it is a charset: Python calls `bz2` and `hex` codecs as well."""
    header = Message()
    header["Content-Type"] = (content_type or "")[:_LONGEST_TYPE]
    named = header.get_content_charset() or _UTF_8
    try:
        " ".encode(named)  # refuses what is made for bytes alone
        return _UTF_8 if codecs.lookup(named).name in _NO_CHARSETS else named
    except (LookupError, ValueError):
        return _UTF_8


def _utf8(data: bytes) -> str | None:
    try:
        return codecs.getincrementaldecoder(_UTF_8)().decode(data)
    except UnicodeDecodeError:
        return None


def _inflated(data: bytes, *windows: int) -> bytes:
    """Unpack by the first way that takes it: some servers send deflate without its two bytes of head."""
    for bits in windows:
        with contextlib.suppress(zlib.error):
            return zlib.decompressobj(bits).decompress(data, MOST_SHOWN)
    message = "it is not packed as it says"
    raise UndecodableError(message)


def _brotli(data: bytes) -> bytes:
    brotli = importlib.import_module("brotli")  # late: only such bodies need it
    decoder = brotli.Decompressor()
    parts, size = [], 0
    try:
        part = decoder.process(data, output_buffer_limit=MOST_SHOWN)
        while part and size < MOST_SHOWN:
            parts.append(part)
            size += len(part)
            part = b"" if decoder.can_accept_more_data() else decoder.process(b"", output_buffer_limit=MOST_SHOWN)
    except brotli.error:
        message = "it is not packed as it says"
        raise UndecodableError(message) from None
    return b"".join(parts)


def _zstd(data: bytes) -> bytes:
    """Python brings it from 3.14 on; before that such a body is shown as bytes."""
    try:
        zstd = importlib.import_module("compression.zstd")
    except ImportError:
        message = "zstd is not known here"
        raise UndecodableError(message) from None
    try:
        unpacked_data: bytes = zstd.ZstdDecompressor().decompress(data, MOST_SHOWN)
    except zstd.ZstdError:
        message = "it is not packed as it says"
        raise UndecodableError(message) from None
    return unpacked_data


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": lambda data: data,
    "gzip": lambda data: _inflated(data, _GZIP),
    "x-gzip": lambda data: _inflated(data, _GZIP),
    "deflate": lambda data: _inflated(data, _ZLIB, _RAW_DEFLATE),
    "br": _brotli,
    "zstd": _zstd,
}
