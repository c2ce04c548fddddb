"""A named tunnel: under a host name of the person's own domain, by a token that Cloudflare's dashboard gives."""

import base64
import json
import uuid
from dataclasses import dataclass

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.foreign_text import PublicUrl
from portway.core.secret import Secret

_LONGEST_NAME = 253


@dataclass(frozen=True, slots=True)
class NamedTunnel:
    """One that Cloudflare knows by its id, and people by its host name."""

    hostname: str
    tunnel_id: str
    token: Secret

    @property
    def public_url(self) -> PublicUrl:
        """What a visitor opens."""
        return PublicUrl(f"https://{self.hostname}")


def tunnel_id_of(token: str) -> str:
    """Return the id of the tunnel that a token is for. Raises ValueError for what is no token."""
    try:
        content = json.loads(base64.b64decode(token, validate=True))
        account, tunnel, secret = (content[key] for key in ("a", "t", "s"))
        whole = bool(account) and bool(base64.b64decode(secret, validate=True))
        tunnel_id = str(uuid.UUID(tunnel))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole, tunnel_id = False, ""
    if not whole:
        raise ValueError("no token of a tunnel")
    return tunnel_id


def check_token(text: str, *, field: str) -> None:
    """Refuse what is no token of a tunnel."""
    try:
        tunnel_id_of(text)
    except ValueError:
        expected = "the token of a Cloudflare tunnel, which begins with eyJ"
        raise TunnelError(Code.BAD_REQUEST, "value_pattern", field=field, expected=expected) from None


def check_hostname(text: str, *, field: str) -> None:
    """Refuse a name that is too long for the DNS."""
    if len(text) > _LONGEST_NAME:
        raise TunnelError(Code.BAD_REQUEST, "value_long", field=field, limit=_LONGEST_NAME)
