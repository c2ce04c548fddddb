"""What a visitor gets where the local server gives no answer: what happened, in the form that was asked for."""

import html
import json
from dataclasses import dataclass

from portway.relay.http.exchange import Exchange

_RETRY_AFTER = 5  # seconds
_STATUS_LINE = b"HTTP/1.1 502 Bad Gateway"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{seconds}"><meta name="robots" content="noindex"><title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 34em; padding: 0 1.5em;
  color: #1d2733; background: #fff; }}
h1 {{ font-size: 1.4em; }} p.small {{ color: #5b6673; font-size: .9em; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e6eaf0; background: #161a20; }}
  p.small {{ color: #9aa5b1; }} }}
</style></head>
<body><h1>{title}</h1><p>{what}</p><p class="small">This page tries again every {seconds} seconds.</p></body></html>
"""


@dataclass(frozen=True, slots=True)
class Pages:
    """`name` is the tunnel's, for people. Nothing of the target is told: visitors may be strangers."""

    name: str

    def unreachable(self, exchange: Exchange) -> bytes:
        """Answer for a target that takes no connection."""
        return self._answer(exchange, "The local server behind this address is not running right now.")

    def silent(self, exchange: Exchange) -> bytes:
        """Answer for a target that ended the connection instead of answering."""
        return self._answer(exchange, "The local server behind this address closed the connection without an answer.")

    def not_http(self, exchange: Exchange) -> bytes:
        """Answer for a target that said something else than HTTP."""
        return self._answer(exchange, "What runs behind this address does not speak HTTP.")

    def _answer(self, exchange: Exchange, what: str) -> bytes:
        kind, body = self._body(exchange.header(b"accept") or b"", what)
        lines = [
            _STATUS_LINE,
            b"Content-Type: " + kind,
            b"Content-Length: %d" % len(body),
            b"Retry-After: %d" % _RETRY_AFTER,
            b"Cache-Control: no-store",
            b"X-Content-Type-Options: nosniff",
            b"Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'",
        ]
        if not exchange.request.keeps:
            lines.append(b"Connection: close")
        head = b"\r\n".join([*lines, b"\r\n"])
        return head if exchange.request.method == b"HEAD" else head + body

    def _body(self, accepted: bytes, what: str) -> tuple[bytes, bytes]:
        if b"text/html" in accepted:
            title = html.escape(f"{self.name} is not answering")
            page = _PAGE.format(title=title, what=html.escape(what), seconds=_RETRY_AFTER)
            return b"text/html; charset=utf-8", page.encode()
        if b"json" in accepted:
            told = {"error": what, "code": "origin_down", "tunnel": self.name, "retryAfter": _RETRY_AFTER}
            return b"application/json", json.dumps(told).encode()
        return b"text/plain; charset=utf-8", f"{self.name}: {what}\n".encode()
