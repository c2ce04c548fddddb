"""What visitors see who are not let in, or not yet: short pages without script, in English and German."""

import base64
import hashlib
import html
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from portway.relay.guard.policy import Rule
from portway.system.storage.resources import resource

LOG_IN = "/.portway/log-in"
LINK = "/.portway/in"

_STYLE = """:root{color-scheme:light dark}
body{margin:0 auto;max-width:24rem;padding:12vh 1.5rem 3rem;font:1.0625rem/1.5 system-ui,sans-serif;
color:#1f2328;background:#fff}
svg{width:2rem;height:2rem;stroke:#2a71c8}
.no svg{stroke:#5b6673}
h1{font-size:1.5rem;line-height:1.25;margin:1rem 0 .5rem}
p{margin:0 0 1.25rem;color:#5b6673}
.wrong{color:#b3261e}
label{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
input,button{box-sizing:border-box;width:100%;font:inherit;padding:.625rem .75rem;border-radius:.5rem;margin:0 0 .75rem}
input{border:2px solid #6b7480;background:transparent;color:inherit}
input::placeholder{color:#5b6673;opacity:1}
input:focus-visible{outline:2px solid #2a71c8;outline-offset:-2px}
button{border:0;background:#2a71c8;color:#fff;font-weight:600;cursor:pointer}
button:focus-visible{outline:2px solid #2a71c8;outline-offset:2px}
code{display:block;padding:.75rem 1rem;border-radius:.5rem;background:#f0f1f2;color:#1f2328;
font:1.0625rem ui-monospace,monospace;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{color:#e6eaf0;background:#1b1e22}p{color:#a3adb8}.wrong{color:#ff8a80}
svg{stroke:#3daee9}.no svg{stroke:#a3adb8}code{background:#2a2e33;color:#e6eaf0}input{border-color:#8a949f}
input::placeholder{color:#a3adb8}
button{background:#3daee9;color:#14171a}input:focus-visible,button:focus-visible{outline-color:#3daee9}}"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LOCK, _SHIELD = "lock", "shield"  # drawings in resources/icons/glyphs

_STATUSES: Mapping[Rule, int] = {
    Rule.EXPIRED: 410,
    Rule.RATE: 429,
    Rule.PASSWORD: 401,
    Rule.TRIES: 429,
    Rule.LOCKED: 503,
    Rule.PROTOCOL: 400,
}
_REASONS = {
    200: "OK",
    303: "See Other",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    410: "Gone",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


class _Words(NamedTuple):
    """A page in one language. `what` may tell {address} or {seconds}."""

    title: str
    what: str


# The language of visitors is theirs, not the one of the person at this computer: so these are not with the others.
_ENGLISH: Mapping[Rule, _Words] = {
    Rule.PASSWORD: _Words("This page asks for a password", "Who sent you the link can tell you."),
    Rule.TRIES: _Words("Too many wrong passwords", "Try again in {seconds} seconds."),
    Rule.ADDRESS: _Words(
        "Not for this address",
        "This link opens only for some addresses. Send yours to the person who gave you the link:",
    ),
    Rule.PATH: _Words("Not open", "This part of the page is not open to visitors."),
    Rule.READ_ONLY: _Words("Only for reading", "Visitors can look at this page, but send nothing to it."),
    Rule.PROTOCOL: _Words("Not possible here", "This kind of connection is not open to visitors."),
    Rule.RATE: _Words("Too many requests", "Wait a moment, then load the page again."),
    Rule.EXPIRED: _Words("This link has ended", "It was open for a limited time. Ask the person who gave it to you."),
    Rule.LOCKED: _Words("Closed for now", "The person who shares this page has to unlock it first. Try again later."),
}
_GERMAN: Mapping[Rule, _Words] = {
    Rule.PASSWORD: _Words("Diese Seite fragt nach einem Passwort", "Wer Ihnen den Link geschickt hat, kennt es."),
    Rule.TRIES: _Words("Zu viele falsche Passwörter", "Versuchen Sie es in {seconds} Sekunden noch einmal."),
    Rule.ADDRESS: _Words(
        "Nicht für diese Adresse",
        "Dieser Link öffnet sich nur für einige Adressen. Schicken Sie Ihre der Person, von der Sie den Link haben:",
    ),
    Rule.PATH: _Words("Nicht offen", "Dieser Teil der Seite ist für Besucher nicht offen."),
    Rule.READ_ONLY: _Words("Nur zum Lesen", "Besucher können diese Seite ansehen, aber nichts an sie senden."),
    Rule.PROTOCOL: _Words("Hier nicht möglich", "Diese Art von Verbindung ist für Besucher nicht offen."),
    Rule.RATE: _Words("Zu viele Anfragen", "Warten Sie einen Moment und laden Sie die Seite dann neu."),
    Rule.EXPIRED: _Words(
        "Dieser Link ist abgelaufen",
        "Er war nur für begrenzte Zeit offen. Fragen Sie die Person, von der Sie ihn haben.",
    ),
    Rule.LOCKED: _Words(
        "Vorerst geschlossen", "Wer diese Seite teilt, muss sie erst entsperren. Versuchen Sie es später noch einmal."
    ),
}


class _Form(NamedTuple):
    """The words around the field, in one language."""

    label: str
    button: str
    wrong: str
    link: str
    stays: str
    used: str


_ENGLISH_FORM = _Form(
    "Password",
    "Go on",
    "That is not the password.",
    "This link lets you in once",
    "After that your browser stays in.",
    "This link was used already.",
)
_GERMAN_FORM = _Form(
    "Passwort",
    "Weiter",
    "Das ist nicht das Passwort.",
    "Dieser Link lässt Sie einmal ein",
    "Danach bleibt Ihr Browser eingelassen.",
    "Dieser Link wurde schon benutzt.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """What an answer depends on: the headers of the request, as texts, and the address that came with it."""

    method: str
    accepts: str
    languages: str
    keeps: bool
    address: str | None = None

    @property
    def html(self) -> bool:
        """Whether a person looks at the answer."""
        return "text/html" in self.accepts

    @property
    def german(self) -> bool:
        """Whether German is liked better than English."""
        likes = {_tag(part): _liking(part) for part in reversed(self.languages.split(","))}
        return likes.get("de", 0.0) > likes.get("en", 0.0)


class Answer(NamedTuple):
    """A whole answer, and its status."""

    status: int
    content: bytes


def refusal(rule: Rule, asker: Asker, *, seconds: float = 0.0, basic: bool = False) -> Answer:
    """Return the answer to a request that this rule refused."""
    status = _STATUSES.get(rule, 403)
    words = (_GERMAN if asker.german else _ENGLISH)[rule]
    what = words.what.format(seconds=max(1, math.ceil(seconds)))
    more = [b"Retry-After: %d" % max(1, math.ceil(seconds or 5))] if status in {429, 503} else []
    if rule is Rule.PASSWORD and basic:
        more.append(b'WWW-Authenticate: Basic realm="Portway", charset="UTF-8"')
    if not asker.html:
        return _answer(status, "application/json", _json(rule, asker), asker, more)
    address = f"<code>{html.escape(asker.address)}</code>" if rule is Rule.ADDRESS and asker.address else ""
    return _page(status, words.title, f"<p>{html.escape(what)}</p>{address}", asker, more)


def password_page(asker: Asker, to: str, *, wrong: bool = False, used: bool = False, basic: bool = False) -> Answer:
    """Return the page that asks for the password, and leads to the path `to` after that."""
    if not asker.html:
        return refusal(Rule.PASSWORD, asker, basic=basic)
    words = (_GERMAN if asker.german else _ENGLISH)[Rule.PASSWORD]
    form = _GERMAN_FORM if asker.german else _ENGLISH_FORM
    note = form.wrong if wrong else form.used if used else ""
    body = (
        f"<p>{words.what}</p>"
        + (f'<p class="wrong" role="alert">{note}</p>' if note else "")
        + f'<form method="post" action="{LOG_IN}"><input type="hidden" name="to" value="{html.escape(to)}">'
        # For password managers, which keep a password under a name; it is not sent.
        '<input autocomplete="username" value="visitor" hidden>'
        f'<label for="password">{form.label}</label>'
        '<input id="password" name="password" type="password" required autofocus autocomplete="current-password" '
        f'autocapitalize="none" spellcheck="false" placeholder="{form.label}">'
        f'<button type="submit">{form.button}</button></form>'
    )
    more = [b'WWW-Authenticate: Basic realm="Portway", charset="UTF-8"'] if basic else []
    return _page(401, words.title, body, asker, more, icon=_LOCK)


def link_page(asker: Asker, word: str) -> Answer:
    """Return the page of a link that is good once: what looks at links for people must not use it up."""
    form = _GERMAN_FORM if asker.german else _ENGLISH_FORM
    body = (
        f'<p>{form.stays}</p><form method="post" action="{LOG_IN}">'
        f'<input type="hidden" name="t" value="{html.escape(word)}">'
        f'<button type="submit">{form.button}</button></form>'
    )
    return _page(200, form.link, body, asker, [], icon=_LOCK)


def let_in(asker: Asker, to: str, cookie: str) -> Answer:
    """Return the answer that sets the cookie and leads on."""
    place = to.encode("ascii", "ignore")
    return _answer(303, "text/plain", b"", asker, [b"Location: " + place, b"Set-Cookie: " + cookie.encode()])


def plain(asker: Asker, content: bytes) -> Answer:
    """Return an answer that is this content alone."""
    return _answer(200, "text/plain", content, asker, [])


def no_http() -> bytes:
    """Return the answer to what is no HTTP/1."""
    asker = Asker(method="GET", accepts="", languages="", keeps=False)
    return _answer(400, "application/json", _json(Rule.PROTOCOL, asker), asker, []).content


def no_form(asker: Asker) -> Answer:
    """Return the answer to a log-in that did not come from our page."""
    return _answer(403, "text/plain", b"", replace(asker, keeps=False), [])


def safe_place(to: str) -> str:
    """Return a path of the same site, `/` where that is none: nobody is led elsewhere by a link to the log-in."""
    return to if re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", to) and not to.startswith("/.portway/") else "/"


def _page(  # noqa: PLR0913, PLR0917 - the parts of a page
    status: int, title: str, body: str, asker: Asker, more: list[bytes], icon: str = _SHIELD
) -> Answer:
    language = "de" if asker.german else "en"
    kind = "ask" if icon == _LOCK else "no"
    page = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head>\n"
        f'<body class="{kind}">{_drawing(icon)}'
        f"<h1>{html.escape(title)}</h1>{body}</body></html>\n"
    )
    return _answer(
        status, "text/html; charset=utf-8", page.encode(), asker, [*more, b"Content-Language: " + language.encode()]
    )


@lru_cache
def _drawing(icon: str) -> str:
    """Return a drawing for a page; what it says is said in words beside it."""
    drawing = resource(f"icons/glyphs/{icon}.svg").read_text(encoding="utf-8").strip()
    return drawing.replace("xmlns=", 'aria-hidden="true" xmlns=', 1)


def _json(rule: Rule, asker: Asker) -> bytes:
    words = _ENGLISH[rule]
    told = {"error": f"{words.title}.", "code": rule.value}
    if rule is Rule.ADDRESS and asker.address:
        told["address"] = asker.address
    return json.dumps(told).encode() + b"\n"


def _answer(status: int, kind: str, body: bytes, asker: Asker, more: list[bytes]) -> Answer:
    lines = [
        b"HTTP/1.1 %d %b" % (status, _REASONS[status].encode()),
        b"Content-Type: " + kind.encode(),
        b"Content-Length: %d" % len(body),
        b"Cache-Control: no-store",
        b"Content-Security-Policy: " + _POLICY.encode(),
        b"X-Content-Type-Options: nosniff",
        b"X-Robots-Tag: noindex",
        b"Referrer-Policy: no-referrer",
        b"Cross-Origin-Resource-Policy: same-origin",
        b"Vary: Accept, Accept-Language, Cookie",
        *more,
        *([] if asker.keeps else [b"Connection: close"]),
    ]
    head = b"\r\n".join([*lines, b"\r\n"])
    return Answer(status, head if asker.method == "HEAD" else head + body)


def _tag(part: str) -> str:
    return part.partition(";")[0].strip().lower().partition("-")[0]


def _liking(part: str) -> float:
    weight = re.search(r";\s*q=([01](?:\.\d{0,3})?)\s*$", part, re.ASCII)
    return float(weight[1]) if weight else 1.0
