"""What can go wrong with ngrok alone, and how that is told."""

from portway.core.codes import Code
from portway.core.sentences import Cause

SILENT = Cause(
    code=Code.NO_NETWORK,
    variant="silent",
    text="{service} does not answer. Check the internet connection; Portway keeps trying.",
)
NO_TOKEN_SHAPE = Cause(
    code=Code.TOKEN_REJECTED,
    variant="shape",
    text=(
        "What is set as the token for {service} is not an authtoken. "
        "Copy it from the page “Your Authtoken” of your account."
    ),
)
LIMITED = Cause(
    code=Code.RATE_LIMITED,
    variant="ngrok",
    text="Your {service} account is over its limit for now (ERR_NGROK_{number}). Portway tries again later.",
)
REFUSED = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ngrok",
    text="{service} refused with ERR_NGROK_{number}. The page tells what that means.",
)
PAYMENT_FAILED = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ngrok_payment",
    text="A payment for your {service} account has failed (ERR_NGROK_{number}). Settle it in the dashboard.",
)
SUSPENDED = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ngrok_suspended",
    text="Your {service} account is suspended (ERR_NGROK_{number}). Its support can tell why.",
)
ADDRESS_REFUSED = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ngrok_address",
    text=(
        "{service} does not accept connections from this IP address (ERR_NGROK_{number}). "
        "Check the IP restrictions of your account, or use another network."
    ),
)
SDK_TOO_OLD = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ngrok_version",
    text=(
        "{service} no longer accepts the SDK in use (ERR_NGROK_{number}). "
        "Update Portway, or run it with Python 3.12 or newer, which gets a newer one."
    ),
)
DOMAIN_REFUSED = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ngrok_domain",
    text="{service} does not accept the domain {domain} (ERR_NGROK_{number}). Choose one of your account.",
)
DOMAIN_NEEDED = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ngrok_domain_needed",
    text=(
        "Your {service} plan needs a domain to be named (ERR_NGROK_{number}). Choose one of your account in Settings."
    ),
)
TOO_MANY_ENDPOINTS = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ngrok_endpoints",
    text=(
        "Your {service} account has as many endpoints online as its plan allows (ERR_NGROK_{number}). Stop another one."
    ),
)
MONTH_USED_UP = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ngrok_month",
    text=(
        "Your {service} account has used up this month's traffic (ERR_NGROK_{number}). "
        "It works again next month, or with another plan."
    ),
)
STOPPED = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ngrok_stopped",
    text="The tunnel was stopped in the dashboard of {service}. Turn it on again here.",
)
