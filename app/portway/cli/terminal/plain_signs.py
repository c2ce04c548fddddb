"""Output in an encoding that lacks our signs, as on Windows behind a pipe: plain ones instead, never a crash."""

import codecs
import io
import sys

_NAME = "portway.plain"
_PLAIN = {
    "→": "->",
    "“": '"',
    "”": '"',
    "’": "'",  # noqa: RUF001 - the sign that is meant
    "…": "...",
    "–": "-",  # noqa: RUF001 - the sign that is meant
    "█": "#",
    "░": ".",
    "✓": "+",
    "·": ".",
}


def speak_plainly_where_needed() -> None:
    """Let standard output and error replace what their encoding lacks. UTF-8 lacks nothing."""
    codecs.register_error(_NAME, _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # none at all where a desktop started us on Windows
            stream.reconfigure(errors=_NAME)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(sign, "?") for sign in error.object[error.start : error.end]), error.end
