"""What may not be shown by chance: values of headers and queries that let somebody in."""

import re

MASK = "••••••••"

_TELLING = r"(?:token|key|secret|passw(?:or)?d|passwd|pwd|sig|signature|credential|session(?:[_-]?id)?|auth|jwt)"
_SECRET_HEADER = re.compile(
    rf"(?:proxy-)?authorization|x-.*{_TELLING}.*|.*(?:api-?key|token|secret|signature|jwt|jwt-assertion)", re.IGNORECASE
)
_COOKIE_HEADERS = ("cookie", "set-cookie")
# A word of its own, or the end of one: `api_key`, `accessToken`, `X-Amz-Signature`, but not `keyboard`.
_SECRET_PARAMETER = re.compile(rf"([?&;#][^=&#;]*{_TELLING}=)[^&#;]*", re.IGNORECASE)
_SCHEMES = ("basic", "bearer", "digest", "negotiate", "token")


def masked_path(path: str) -> str:
    """Return a path whose query, and what follows it, shows the names of its secrets, and not their values."""
    return _SECRET_PARAMETER.sub(rf"\1{MASK}", path)


def masked_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the headers with the values of their secrets masked."""
    return tuple((name, masked_value(name, value)) for name, value in headers)


def masked_value(name: str, value: str) -> str:
    """Return the value of a header as it may be shown."""
    lower = name.lower()
    if lower in _COOKIE_HEADERS:
        return _masked_cookies(value, only_first=lower == "set-cookie")
    if lower in ("referer", "location", "content-location"):
        return masked_path(value)
    if _SECRET_HEADER.fullmatch(lower) is None:
        return value
    scheme, blank, rest = value.partition(" ")
    return f"{scheme} {MASK}" if blank and rest and scheme.lower() in _SCHEMES else MASK


def is_masked(value: str) -> bool:
    """Whether something is left out of this value."""
    return MASK in value


def _masked_cookies(value: str, *, only_first: bool) -> str:
    """Of a Set-Cookie only the first pair is a cookie; the others say how long and where it is good."""
    pairs = value.split(";")
    return ";".join(
        part if "=" not in part or (only_first and index) else f"{part.partition('=')[0]}={MASK}"
        for index, part in enumerate(pairs)
    )
