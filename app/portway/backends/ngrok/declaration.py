"""What the ngrok backend declares: its options, and the fields that its status adds."""

from __future__ import annotations

from dataclasses import dataclass

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.options import Kind, option
from portway.core.secret import Secret

SERVICE = "ngrok"
AUTH_TOKEN = "auth_token"  # noqa: S105 - the name of the option
TOKEN_PAGE = "https://dashboard.ngrok.com/get-started/your-authtoken"  # noqa: S105 - an address
SIGN_UP_PAGE = "https://dashboard.ngrok.com/signup"
TOKEN_SHAPE = r"[0-9A-Za-z]{20,}_[0-9A-Za-z]{16,}"  # noqa: S105 - the form of any token
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LONGEST_DOMAIN = 253


def check_domain(text: str, *, field: str) -> None:
    """Refuse a name that is too long for the DNS."""
    if len(text) > _LONGEST_DOMAIN:
        raise TunnelError(Code.BAD_REQUEST, "value_long", field=field, limit=_LONGEST_DOMAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NgrokOptions:
    """A token of the person's account is needed; all else may stay empty."""

    auth_token: Secret | None = option(  # noqa: RUF009 - it returns a field
        None, label="Authtoken", help="From your ngrok account. Kept in the keyring, never shown again.",
        kind=Kind.SECRET, body="authToken", stored=True, environment=("NGROK_AUTHTOKEN",), page=TOKEN_PAGE,
        sign_up_page=SIGN_UP_PAGE, pattern=TOKEN_SHAPE, expected="an ngrok authtoken",
    )  # fmt: skip
    domain: str = option(
        "", label="Domain", help="A domain of your ngrok account. Empty: ngrok chooses.", kind=Kind.TEXT, body="domain",
        pattern=rf"(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]",
        expected="a domain like mine.ngrok-free.app", grammar=check_domain,
        page="https://dashboard.ngrok.com/domains",
    )  # fmt: skip
    host_header: str = option(
        "", label="Host header", help="The Host that your local server gets. Empty: the public one.", kind=Kind.TEXT,
        body="hostHeader", pattern=rf"{_LABEL}(?:\.{_LABEL})*(?::\d{{1,5}})?", expected="a host like localhost:3000",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NgrokExtras:
    """`domain` is the one under which the tunnel is up; `sdk_version` that of the official package in use.

    `host_refused`: the local server turns visitors away because of the public Host; `host_header` may help.
    """

    domain: str | None = None
    sdk_version: str | None = None
    host_refused: bool = False
