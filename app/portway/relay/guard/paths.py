"""The one reading of a path on which all programs agree; none where they could differ."""

import re
import unicodedata

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_DIGITS = re.compile(rb"[0-9A-Fa-f]{2}")
# Whole names of letters, digits and a few signs between single slashes: what is below finds nothing in these.
_ORDINARY = re.compile(rb"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def plain_path(target: bytes) -> str | None:
    """Return the decoded path of a request's target, None where another program may take it for another path.

    Rules about paths hold only as far as the local server reads the same path as we do. So what some decode twice,
    fold, cut or climb is refused, whatever this one would make of it: encoded slashes, dots as segments (also encoded,
    with blanks or parameters), doubled slashes, backslashes, bytes that are no UTF-8, wide dots and slashes.
    """
    raw = target.partition(b"?")[0]
    if raw and _ORDINARY.fullmatch(raw):  # most are, and then this takes a sixth of the time
        return raw.decode("ascii")
    return _checked(raw)


def _checked(raw: bytes) -> str | None:
    if not raw.startswith(b"/") or b"#" in raw or b"\\" in raw or b"//" in raw:
        return None
    path = _decoded(raw)
    if path is None or path.count("/") != raw.count(b"/") or "\\" in path or _CONTROL.search(path):
        return None
    if _ESCAPE.search(path):  # another decoding would change it once more
        return None
    folded = unicodedata.normalize("NFKC", path)
    if folded.count("/") != path.count("/") or "\\" in folded:
        return None
    return None if any(map(_climbs, folded.split("/"))) else path


def _decoded(raw: bytes) -> str | None:
    """Return it decoded once, as strictly as it goes."""
    parts = raw.split(b"%")
    decoded = bytearray(parts[0])
    for part in parts[1:]:
        if not _DIGITS.match(part):
            return None
        decoded.append(int(part[:2], 16))
        decoded += part[2:]
    try:
        return decoded.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _climbs(segment: str) -> bool:
    """Whether a segment is a dot or two to some program: without its parameters, blanks or further dots."""
    return segment != "" and not segment.partition(";")[0].strip(". ")
