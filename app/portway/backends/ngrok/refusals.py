"""What the service's answers mean. Its own texts are never shown: those of 105 to 107 repeat the token."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portway.backends.ngrok import causes
from portway.backends.ngrok.declaration import SERVICE, TOKEN_PAGE
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError
from portway.core.sentences import Cause

_DASHBOARD = "https://dashboard.ngrok.com"
_NUMBER = re.compile(r"ERR_NGROK_(\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """`page` is where a person can do something about it, `retry_after` in seconds."""

    cause: Code | Cause
    page: str | None = None
    retry_after: float | None = None


_REJECTED = _Meaning(Code.TOKEN_REJECTED, page=TOKEN_PAGE)
_SESSIONS = _Meaning(Code.TOO_MANY_SESSIONS, page=f"{_DASHBOARD}/agents")
_ADDRESS = _Meaning(causes.ADDRESS_REFUSED)
_VERSION = _Meaning(causes.SDK_TOO_OLD)
_FOREIGN = _Meaning(Code.DOMAIN_NOT_YOURS, page=f"{_DASHBOARD}/domains")
_ENDPOINTS = _Meaning(causes.TOO_MANY_ENDPOINTS, f"{_DASHBOARD}/endpoints")
_LIMITED = _Meaning(causes.LIMITED)

# https://ngrok.com/docs/errors
_MEANINGS: Mapping[int, _Meaning] = {
    4018: _Meaning(Code.NEEDS_TOKEN, page=TOKEN_PAGE),
    105: _REJECTED,
    106: _REJECTED,
    107: _REJECTED,
    108: _SESSIONS,
    348: _SESSIONS,
    102: _Meaning(causes.PAYMENT_FAILED, f"{_DASHBOARD}/billing"),
    103: _Meaning(causes.SUSPENDED, _DASHBOARD),
    115: _ADDRESS,
    116: _ADDRESS,
    9040: _ADDRESS,
    120: _VERSION,
    121: _VERSION,
    319: _FOREIGN,
    320: _FOREIGN,
    326: _Meaning(causes.DOMAIN_REFUSED, f"{_DASHBOARD}/domains"),
    15002: _Meaning(causes.DOMAIN_NEEDED, f"{_DASHBOARD}/domains"),
    324: _ENDPOINTS,
    18021: _ENDPOINTS,
    334: _Meaning(Code.URL_TAKEN, page=f"{_DASHBOARD}/endpoints"),
    734: _Meaning(causes.LIMITED, retry_after=60.0),  # counted by the minute
    718: _LIMITED,
    720: _LIMITED,
    351: _LIMITED,
    727: _Meaning(causes.MONTH_USED_UP, f"{_DASHBOARD}/usage"),
}


def refusal(error: BaseException, domain: str = "") -> TunnelError:
    """Return what an error of the SDK means. It keeps no trace of `error`, whose texts may hold the token."""
    text = " ".join(str(part) for part in error.args)
    found = _NUMBER.search(text)
    if found is not None:
        return service_refusal(int(found[1]), domain)
    if "tls" in text.lower():
        return TunnelError(Code.TLS_INTERCEPTED, service=SERVICE)
    # Connection refused, no such name, no route, or a session that died meanwhile: the SDK's texts tell no more.
    return TunnelError(Code.NO_NETWORK, "service", service=SERVICE)


def service_refusal(number: int, domain: str = "") -> TunnelError:
    """Return what ERR_NGROK_`number` means."""
    page = f"https://ngrok.com/docs/errors/err_ngrok_{number}"
    meaning = _MEANINGS.get(number, _Meaning(causes.REFUSED, page))
    code = meaning.cause.code if isinstance(meaning.cause, Cause) else meaning.cause
    kind = AuthNeeded if code.needs_auth else TunnelError
    return kind(
        meaning.cause,
        action_url=meaning.page,
        retry_after=meaning.retry_after,
        service=SERVICE,
        number=number,
        domain=domain,
        url=f"https://{domain}" if domain else "The URL",
    )


def stopped_by_service(error: BaseException | None, domain: str) -> TunnelError:
    """Return why an endpoint ended without us: its code where it had one, else somebody stopped it."""
    found = None if error is None else _NUMBER.search(" ".join(str(part) for part in error.args))
    if found is None:
        return TunnelError(causes.STOPPED, service=SERVICE)
    return service_refusal(int(found[1]), domain)


def silence() -> TunnelError:
    """Return what it means that the service does not answer."""
    return TunnelError(causes.SILENT, service=SERVICE)
