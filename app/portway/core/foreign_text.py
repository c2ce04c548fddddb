"""Text of others: what people paste is taken apart, what programs print made harmless, URLs of services checked."""

import re
from collections.abc import Callable
from typing import Self

from portway.core.codes import Code
from portway.core.errors import TunnelError

# What moves the cursor, starts an escape sequence, turns the direction of reading or cannot be encoded:
# C0 but tab and newline, DEL and C1, the bidi controls of Unicode UAX #9, line and paragraph separators, the byte
# order mark, lone surrogates, and the invisible tag characters.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
# Colours of a program that believes to write to a terminal: left out, as nothing is lost with them.
_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")


def harmless(text: str) -> str:
    """Return `text` with every control character shown as its escape, in ASCII.

    Tabs and newlines stay; a carriage return before a newline or the end and colours are left out.
    """
    if _HARMFUL.search(text) is None:
        return text
    plain = _COLOUR.sub("", text).replace("\r\n", "\n").removesuffix("\r")
    return _HARMFUL.sub(lambda found: ascii(found[0])[1:-1], plain)


def harmless_line(text: str) -> str:
    """Return the same where one line is shown: newlines and tabs are shown, too."""
    return harmless(text).replace("\n", "\\n").replace("\t", "\\t")


_TOKEN_WORDS = re.compile(
    r"""(?:^|\s)(?:
        [A-Z][A-Z0-9_]*=(?=[^=\s])           # NGROK_AUTHTOKEN=…, also behind `export` or `$env:`
        | authtoken:\s*                      # the line of ngrok's own file
        | (?:--token|--authtoken)[=\s]\s*    # an option of ngrok or cloudflared
        | (?:add-authtoken|authtoken|install)\s+  # the last word of their commands
    )(?P<token>\S+)""",
    re.VERBOSE,
)
_QUOTES = "\"'`“”‘’"  # noqa: RUF001 - as word processors and chats make them of plain ones
_HOST = re.compile(r"(?:https?://)?(?P<host>[^/?#@]+)/?", re.IGNORECASE)


def check_command(text: str, *, field: str = "command") -> tuple[str, ...]:
    """Return program and arguments. Raises TunnelError(bad_request) that names `field` for an open quote."""
    import shlex  # late: commands are rare

    try:
        return tuple(shlex.split(text))
    except ValueError:
        raise TunnelError(Code.BAD_REQUEST, "command", field=field) from None


def unwrap_token(text: str) -> str:
    """Return a token without the command, the assignment or the quotes with which it was copied."""
    found = _TOKEN_WORDS.search(text.strip(_QUOTES + " ").removeprefix("$env:"))
    token = text if found is None else found["token"]
    return token.strip().strip(_QUOTES)


def unwrap_host(text: str) -> str:
    """Return the host of what may be a whole address; what is no address of a host comes back as it is."""
    found = _HOST.fullmatch(text.strip().strip(_QUOTES))
    return text if found is None else found["host"]


_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_URL = re.compile(rf"(?P<scheme>https?)://(?P<host>{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[1-9][0-9]{{0,4}}))?")
_LONGEST_HOST = 253  # of a name in the DNS
_LONGEST = len("https://") + _LONGEST_HOST + len(":65535")
_HIGHEST_PORT = 65535


class PublicUrl(str):
    """Scheme, host and perhaps a port, in lower case and ASCII: no user, path, query or fragment.

    Made from a text; raises ValueError for one that is anything else. What a service answers is untrusted: such a
    text is shown, copied, opened, drawn as a QR code and handed to hooks.
    """

    __slots__ = ("host", "port", "scheme")

    host: str
    port: int | None
    scheme: str

    def __new__(cls, text: str) -> Self:
        """Check the text; one slash at its end is left out."""
        found = _URL.fullmatch(text.removesuffix("/").lower()) if len(text) <= _LONGEST + 1 and text.isascii() else None
        if found is None or len(found["host"]) > _LONGEST_HOST:
            raise ValueError("no plain address of a web server")
        port = None if found["port"] is None else int(found["port"])
        if port is not None and port > _HIGHEST_PORT:
            raise ValueError("no port")
        made = super().__new__(cls, found[0])
        made.scheme, made.host, made.port = found["scheme"], found["host"], port
        return made


def checked_url(text: str, service: str, fits: Callable[[PublicUrl], bool]) -> PublicUrl:
    """Return what `service` gave as the public URL of a tunnel, if it is one.

    `fits` is the backend's own rule, for host and port. Raises TunnelError(refused_by_service), which does not repeat
    the text; whoever calls ends what was begun.
    """
    try:
        url = PublicUrl(text)
    except ValueError:
        url = None
    if url is None or url.scheme != "https" or not fits(url):
        raise TunnelError(Code.REFUSED_BY_SERVICE, "url", service=service) from None
    return url
