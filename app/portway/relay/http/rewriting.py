"""Names in heads: what the target gets as its own, and what visitors get back instead of it.

Many local servers serve only those who ask for them by their own name, and check that a form comes from there. So the
public name goes in as the target's in all places at once, and comes back in all that a browser acts on.
"""

import re
from collections.abc import Collection

from portway.core.target import Target
from portway.relay.http.heads import AnswerHead, Header, RequestHead

_WITH_ADDRESS_IN = frozenset({b"origin", b"referer"})
_WITH_ADDRESS_OUT = frozenset({b"location", b"content-location", b"access-control-allow-origin"})
_DOMAIN = re.compile(rb";[ \t]*domain=\.?([^;]*)", re.IGNORECASE)


class HostRewriting:
    """Stateless: the public name is the one that each visitor asked for.

    `sent` is what the target gets as Host, `scheme` its own; `others` are further authorities by which it may call
    itself. `public_scheme` is how visitors come where no header of theirs tells.
    """

    def __init__(self, sent: str, scheme: str, others: Collection[str], public_scheme: str = "https") -> None:
        self._sent = sent.encode()
        self._own_origin = f"{scheme}://{sent}".encode()
        self._public_scheme = public_scheme.encode()
        names = b"|".join(re.escape(name.encode()) for name in sorted({sent, *others}, key=len, reverse=True))
        self._own_address = re.compile(rb"https?://(?:" + names + rb")(?=[/?#]|\Z)", re.IGNORECASE)
        self._own_domains = {_without_port(name.encode().lower()) for name in (sent, *others)}

    def request(self, head: RequestHead) -> tuple[Header, ...]:
        """Return the headers for the target."""
        public = re.compile(rb"https?://" + re.escape(head.host) + rb"(?=[/?#]|\Z)", re.IGNORECASE)
        return tuple((name, self._inwards(name.lower(), value, head.host, public)) for name, value in head.headers)

    def answer(self, head: AnswerHead, request: RequestHead) -> tuple[Header, ...]:
        """Return the headers for the visitor."""
        public = self._scheme_of(request) + b"://" + request.host
        return tuple((name, self._outwards(name.lower(), value, public, request.host)) for name, value in head.headers)

    def _inwards(self, name: bytes, value: bytes, host: bytes, public: re.Pattern[bytes]) -> bytes:
        if name == b"host":
            return self._sent
        if name == b"x-forwarded-host":
            return self._sent if value.lower() == host.lower() else value
        if name in _WITH_ADDRESS_IN:
            return public.sub(lambda _: self._own_origin, value, count=1)
        return value

    def _outwards(self, name: bytes, value: bytes, public: bytes, host: bytes) -> bytes:
        if name in _WITH_ADDRESS_OUT:
            return self._own_address.sub(lambda _: public, value, count=1)
        if name == b"set-cookie":
            return _DOMAIN.sub(lambda found: self._domain(found, host), value)
        return value

    def _domain(self, found: re.Match[bytes], host: bytes) -> bytes:
        return b"; Domain=" + _without_port(host) if found[1].strip().lower() in self._own_domains else found[0]

    def _scheme_of(self, request: RequestHead) -> bytes:
        for name, value in request.headers:
            if name.lower() == b"x-forwarded-proto" and value in {b"http", b"https"}:
                return value
        return self._public_scheme


def rewriting_to(host: str, target: Target, public_scheme: str = "https") -> HostRewriting | None:
    """Return what sends `host` to this target as its own name; None where that is empty."""
    own = [f"{name}:{target.port}" for name in ("localhost", "127.0.0.1", "[::1]")]
    return HostRewriting(host, target.scheme, own, public_scheme) if host else None


def _without_port(authority: bytes) -> bytes:
    return re.sub(rb":\d+\Z", b"", authority)
