"""Takes secrets out of texts that a person, a log or a client will see."""

import re
import threading

from portway.core.secret import Secret

HIDDEN = "[hidden]"
_SHORTEST = 6  # a shorter text would take half of an innocent log with it
_PATTERNS = (
    (re.compile(r"(?im)(your authtoken:).*"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)\b(bearer)\s+[0-9A-Za-z._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)\b(auth_token=)[^;,\s\"']{8,}"), rf"\1{HIDDEN}"),
    (re.compile(r"\btskey-[0-9A-Za-z-]{6,}"), HIDDEN),
    (re.compile(r"\b[0-9A-Za-z]{20,}_[0-9A-Za-z]{16,}"), HIDDEN),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@:]*:[^\s/@]+@"), rf"\1{HIDDEN}@"),
)


class Redactor:
    """Knows the secrets in use, and how tokens look. Safe on every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[str, ...] = ()

    def learn(self, secret: Secret) -> None:
        """Hide this text from now on, wherever it turns up. Very short ones cannot be hidden."""
        text = secret.reveal()
        if len(text) < _SHORTEST:
            return
        with self._lock:
            if text not in self._known:
                # The longest first, so that no part of it is left over. A new tuple: readers need no lock.
                self._known = tuple(sorted((*self._known, text), key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Return `text` without secrets."""
        for known in self._known:
            text = text.replace(known, HIDDEN)
        for pattern, shown in _PATTERNS:
            text = pattern.sub(shown, text)
        return text
