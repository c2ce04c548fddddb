"""What the ngrok backend declares: its options, the fields that its status adds, and its time limits."""

from dataclasses import dataclass

from portway.core.backend import ClientHeader, Which
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.foreign_text import unwrap_host, unwrap_token
from portway.core.options import Kind, host_header_option, option
from portway.core.secret import Secret
from portway.core.status import Extras
from portway.core.texts import About, translatable
from portway.core.timing import Timing
from portway.system.installed import installed_version

SERVICE = "ngrok"
ABOUT = About(
    purpose="Public, the same address each time, free account",
    summary="A free account, the same address each time. On the free plan browsers see a notice of ngrok first.",
    cost="Free account. The same public address each time.",
    page="https://ngrok.com/docs/what-is-ngrok/",
)
# https://ngrok.com/docs/pricing-limits/free-plan-limits: one domain, which every endpoint without one of its own gets.
ONE_ADDRESS = translatable(
    "A free ngrok account has one address, and another tunnel has it already. "
    "For a second one, set a domain of your account, or choose another way."
)
SAME_DOMAIN = translatable("Another tunnel has this domain already. Set another domain of your account.")
# ngrok appends the visitor to what the visitor sent: https://ngrok.com/docs/http/headers/
VISITOR = ClientHeader("x-forwarded-for", Which.LAST)
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
        None,
        label="Authtoken",
        help="From your ngrok account. Never shown again.",
        kind=Kind.SECRET,
        body="authToken",
        stored=True,
        environment=("NGROK_AUTHTOKEN",),
        page=TOKEN_PAGE,
        sign_up_page=SIGN_UP_PAGE,
        question=translatable("{service} asks for the authtoken of your account."),
        unwrap=unwrap_token,
        pattern=TOKEN_SHAPE,
        expected="an ngrok authtoken",
    )
    domain: str = option(
        "",
        label="Domain",
        help="A domain of your ngrok account. Without one, ngrok chooses.",
        kind=Kind.TEXT,
        body="domain",
        unwrap=unwrap_host,
        pattern=rf"(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]",
        expected="a domain like mine.ngrok-free.app",
        grammar=check_domain,
        page="https://dashboard.ngrok.com/domains",
    )
    host_header: str = host_header_option()


@dataclass(frozen=True, slots=True, kw_only=True)
class NgrokExtras(Extras):
    """`domain` is the one under which the tunnel is up; `sdk_version` that of the official package in use."""

    domain: str | None = None
    sdk_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NgrokTiming(Timing):
    """How long things take with ngrok, beside the limits that all backends share. Seconds throughout."""

    connect: float = 15.0  # a session to be accepted by the service
    bind: float = 10.0  # an endpoint to be opened on it
    unbind: float = 1.0
    hang_up: float = 0.3
    heartbeat: float = 10.0  # whole seconds; the tolerance for a late one is as long again, and half
    settle: float = 1.0  # a reconnect that is not refused within this has succeeded
    reconnect_longest: float = 30.0  # between two of the session's own tries to come back
    forgotten_after: float = 120.0  # the service has noticed by then that a session of ours is over
    public_look: float = 600.0  # at our own URL from outside, where nothing else tells: each look counts as a visit


def sdk_version() -> str | None:
    """Return the version of the installed SDK without importing it, None where there is none."""
    return installed_version("ngrok")
