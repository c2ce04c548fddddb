"""A text that must not be shown: tokens and passwords travel wrapped in it."""

from typing import NoReturn, final


@final
class Secret:
    """Holds a secret text. Nothing but `reveal` gives it away: not repr, not str, not format, not pickle."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself. Easy to search for, and meant to be rare."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac  # late: the tray icon does not wait for OpenSSL

        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> NoReturn:
        message = "a secret is never serialised"
        raise TypeError(message)
