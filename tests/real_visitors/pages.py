"""All pages that a visitor may be shown, and how he comes to each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from portway.core.guard.rules import Guard
from tests.real_visitors.chromium import Person
from tests.real_visitors.site import ASKS, PASSWORD, Site

Way = Callable[[Person, Site], object]


def _ruled(guard: Guard, visits: int = 1) -> Way:
    def come(visitor: Person, site: Site) -> None:
        site.gate.guard_by(guard, None, None)
        for _ in range(visits):
            visitor.open(site.url)

    return come


def _wrong(visitor: Person, site: Site) -> None:
    visitor.open(site.url)
    visitor.type("wrong")


def _too_often(visitor: Person, site: Site) -> None:
    visitor.open(site.url)
    for number in range(5):
        visitor.type(f"wrong {number}")


def _linked(visitor: Person, site: Site) -> None:
    visitor.sent_to(site.link())


def _used(visitor: Person, site: Site) -> None:
    link = site.link()
    visitor.open(link)
    visitor.forget_cookies()
    visitor.open(link)


def _writing(visitor: Person, site: Site) -> None:
    """Send a form to what is for reading only."""
    site.gate.guard_by(Guard(), None, None)
    visitor.open(site.url)
    site.gate.guard_by(Guard(read_only=True), None, None)
    form = "Object.assign(document.createElement('form'), {method: 'post', action: '/upload'})"
    visitor.led_by(f"document.body.append(window.sent = {form}); sent.submit(); 0")


def _ended(visitor: Person, site: Site) -> None:
    site.gate.expire()
    visitor.open(site.url)


def _locked(visitor: Person, site: Site) -> None:
    site.gate.guard_by(ASKS, None, None)
    visitor.open(site.url)


_WAYS: Mapping[str, Way] = {
    "password": lambda visitor, site: visitor.open(site.url),
    "wrong": _wrong,
    "tries": _too_often,
    "link": _linked,
    "used": _used,
    "address": _ruled(Guard(allow=("203.0.113.7",))),
    "path": _ruled(Guard(paths=("/hook",))),
    "read only": _writing,
    "rate": _ruled(Guard(rate_limit=1), visits=2),
    "ended": _ended,
    "locked": _locked,
}
PAGES = tuple(_WAYS)


def show(visitor: Person, site: Site, page: str) -> None:
    """Let a visitor come to one of them."""
    site.gate.guard_by(ASKS, PASSWORD, None)
    _WAYS[page](visitor, site)
