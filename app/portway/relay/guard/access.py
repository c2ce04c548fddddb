"""Who was let in: the password, the cookie that follows from it, and links that are good once."""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from collections import OrderedDict

from portway.core.secret import Secret
from portway.relay.guard.limits import Client, Tries

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # base32: no digit that looks like a letter
_GROUPS, _GROUP = 4, 4
_GENERATED = re.compile(r"[a-z2-7]{16}")
_GENERATED_LOOKS = re.compile(r"[A-Za-z2-7]{4}(?:[ -]?[A-Za-z2-7]{4}){3}")
_LEAST_LETTERS = 8  # of sixteen that are drawn, fewer differ once in some thousand times: those are drawn again
_COOKIE = re.compile(r"[0-9a-f]{16}\.[0-9a-f]{64}")
_MOST_LINKS = 20  # that wait to be used
_MOST_KNOWN = 1024  # cookies that need not be computed again


def generate_password() -> Secret:
    """Return a new password: 80 bits, sixteen letters and digits in groups, to be read out or typed on a telephone."""
    while True:
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP))
        if len(set(letters)) >= _LEAST_LETTERS:
            return Secret("-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)))


class Access:
    """Of one password of one tunnel, on the loop's thread. What it gave out is void as soon as there is another one.

    The password itself is not kept: a hash under a key of this run is. That is fast on purpose. It guards no file that
    could be stolen; and a slow one, at 55 ms a try on the one thread that serves all visitors, would let anybody stop
    them all. What makes guessing hopeless is the limit on tries, and the length of a generated password.
    """

    def __init__(self, tunnel: str, key: bytes, password: Secret) -> None:
        self._key = key
        self._digest = self._hashed(b"password", _plain(password.reveal()))
        self._strong = _is_generated(password.reveal())
        self._context = tunnel.encode() + b"\0" + self._digest
        self._tries = Tries()
        self._links: OrderedDict[bytes, None] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()  # cookies that were found good: a visitor asks often

    def same(self, password: Secret) -> bool:
        """Whether this is the password. For our own use: it counts as no try."""
        return hmac.compare_digest(self._digest, self._hashed(b"password", _plain(password.reveal())))

    def wait(self, client: Client, now: float) -> float:
        """Return for how many seconds tries of this client are not answered; 0 while they are."""
        return self._tries.wait(client, now)

    def opens(self, given: str, client: Client, now: float) -> bool:
        """Whether this is the password; a wrong one counts.

        Beyond the limit the answer is no, whatever was given, so that nobody can go on guessing. Only a password that
        Portway made is looked at all the same: that one nobody guesses, and so nobody can keep its owner out by
        guessing either.
        """
        waits = self._tries.wait(client, now) > 0
        if waits and not self._strong:
            return False
        right = hmac.compare_digest(self._digest, self._hashed(b"password", _plain(given)))
        if not right and not waits:
            self._tries.note(client, now)
        return right

    def new_cookie(self) -> str:
        """Return the value of a cookie that lets its owner in."""
        name = secrets.token_hex(8)
        return f"{name}.{self._mac(name)}"

    def knows_cookie(self, value: str) -> bool:
        """Whether this value was given out for this password."""
        if value in self._known:
            return True
        if _COOKIE.fullmatch(value) is None:
            return False
        name, _, mac = value.partition(".")
        good = hmac.compare_digest(self._mac(name), mac)
        if good:
            self._known[value] = None
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return good

    def new_link(self) -> str:
        """Return a word of 128 bits that lets one device in. The oldest unused one makes room."""
        word = secrets.token_urlsafe(16)
        self._links[self._hashed(b"link", word.encode())] = None
        if len(self._links) > _MOST_LINKS:
            self._links.popitem(last=False)
        return word

    def knows_link(self, word: str) -> bool:
        """Whether this link still waits to be used."""
        return self._hashed(b"link", word.encode()) in self._links

    def use_link(self, word: str) -> bool:
        """Whether this link lets somebody in; from then on it does not."""
        used = self._hashed(b"link", word.encode())
        return used in self._links and self._links.pop(used) is None

    def _mac(self, name: str) -> str:
        return self._hashed(b"cookie", self._context + b"\0" + name.encode()).hex()

    def _hashed(self, purpose: bytes, value: bytes) -> bytes:
        return hmac.digest(self._key, purpose + b"\0" + value, "sha256")


def _plain(password: str) -> bytes:
    """Return a password as it is compared: one that looks generated without regard to capitals, hyphens and blanks."""
    text = unicodedata.normalize("NFC", password.strip())
    if _GENERATED_LOOKS.fullmatch(text):
        text = text.replace("-", "").replace(" ", "").lower()
    return text.encode("utf-8", "surrogatepass")


def _is_generated(password: str) -> bool:
    plain = _plain(password).decode("utf-8", "replace")
    return _GENERATED.fullmatch(plain) is not None and len(set(plain)) >= _LEAST_LETTERS
