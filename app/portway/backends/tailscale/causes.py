"""What can go wrong with Tailscale alone, and how that is told."""

from portway.core.codes import Code
from portway.core.sentences import Cause
from portway.core.texts import Offer, OfferKind, translatable

TAILSCALE = "Tailscale"

_FUNNEL_OFF = translatable("Funnel is off in your tailnet")
_ENABLE = translatable("Enable Funnel…")
_CONSOLE = translatable("Open the admin console")
_NOT_RUNNING = translatable("Service not running")

LOGIN_BY_COMMAND = Cause(
    code=Code.NEEDS_LOGIN,
    variant="command",
    text="The log-in of this computer to {service} has to be renewed. Run: {command}",
)
KEY_REJECTED = Cause(
    code=Code.NEEDS_LOGIN,
    variant="key_rejected",
    text="{service} did not accept the auth key. Set a valid one, or log in.",
)
FUNNEL_OFF = Cause(
    code=Code.FUNNEL_NOT_ENABLED,
    text="Funnel is turned off for your tailnet. Open the page and turn it on; Portway goes on by itself.",
    word=_FUNNEL_OFF,
    page=_ENABLE,
)
NO_FUNNEL_ATTRIBUTE = Cause(
    code=Code.FUNNEL_NOT_ENABLED,
    variant="attribute",
    text=(
        "The rules of your tailnet do not let this computer use Funnel. "
        "An admin has to add the “funnel” attribute; Portway goes on by itself."
    ),
    word=_FUNNEL_OFF,
    page=_ENABLE,
)
PORT_NOT_ALLOWED = Cause(
    code=Code.FUNNEL_NOT_ENABLED,
    variant="port",
    text=(
        "Your tailnet does not allow Funnel on public port {port}, only on {allowed}. "
        "Choose another public port in Settings."
    ),
    word=_FUNNEL_OFF,
    page=_ENABLE,
)
HTTPS_OFF = Cause(
    code=Code.HTTPS_NOT_ENABLED,
    text="HTTPS certificates are turned off for your tailnet. Turn them on in the admin console.",
    word="HTTPS is off in your tailnet",
    page=_CONSOLE,
)
NEEDS_APPROVAL = Cause(
    code=Code.NEEDS_APPROVAL,
    text="An admin of your tailnet has to approve this computer first.",
    word="Approval needed",
    page=_CONSOLE,
)
SWITCHED_OFF = Cause(
    code=Code.TAILSCALE_STOPPED,
    text="Tailscale is turned off on this computer. Turn it on; Portway goes on by itself.",
    word="Tailscale is turned off",
)
DAEMON_DOWN = Cause(
    code=Code.DAEMON_NOT_RUNNING,
    text="The Tailscale service is not running. Start it, or run: {command}",
    word=_NOT_RUNNING,
)
DAEMON_FAILED = Cause(
    code=Code.DAEMON_NOT_RUNNING,
    variant="failed",
    text="The Tailscale service did not start: {reason}. To see why, run: {command}",
    word=_NOT_RUNNING,
)
SCRIPT_NOT_AGREED = Cause(
    code=Code.CHECKSUM_MISMATCH,
    variant="unexpected",
    text=(
        "The install script of {program} is not the one that you agreed to, so it was not run. "
        "Start again to see the present one."
    ),
)
SCRIPT_CHANGED = Cause(
    code=Code.CHECKSUM_MISMATCH,
    variant="changed",
    text="The install script of {program} was changed after it was fetched, so it was not run.",
)
PORT_USED = Cause(
    code=Code.PORT_CONFLICT,
    variant="funnel",
    text=(
        "Public port {port} is already used by another Serve or Funnel ({holder}), which is left alone. "
        "Choose public port {free} in Settings, or turn that one off."
    ),
    offers=(Offer(kind=OfferKind.SETTING, label="Use port {free}", value="publicPort={free}"),),
)
PORT_USED_SOMEHOW = Cause(
    code=Code.PORT_CONFLICT,
    variant="funnel_unknown",
    text=(
        "The public port is already used by another Serve or Funnel, which is left alone. "
        "Choose another public port in Settings, or turn that one off."
    ),
)
NO_PORT_LEFT = Cause(
    code=Code.PORT_CONFLICT,
    variant="funnel_full",
    text="Funnel has three public ports, and all of them are used ({holders}). Turn one of these off first.",
)
SHIELDS_UP = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="shields_up",
    text=(
        "{service} blocks incoming connections on this computer. "
        "Allow them in its settings (tailscale set --shields-up=false), then turn it on again."
    ),
)
OTHER_ACCOUNT = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="other_account",
    text="{service} is used by another account of this computer. Log out there first.",
)
FUNNEL_GONE = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="funnel_gone",
    text="{service} Funnel was turned off outside Portway, which turns it on again.",
)
NOT_CONFIRMED = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="not_confirmed",
    text="{service} accepted the Funnel but does not serve it. Turn it on again.",
)
STILL_ON = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="still_on",
    text="{service} still serves the Funnel. Turn it off again, or run: tailscale serve status",
)
NOT_RENAMED = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="not_renamed",
    text="{service} did not accept the host name {name}. Choose another one.",
)
OFFLINE = Cause(
    code=Code.EDGE_UNREACHABLE,
    variant="offline",
    text="{service} has lost its connection. It comes back by itself with the network.",
)
FORWARDS_TO_IPV4_ONLY = Cause(
    code=Code.VERSION_TOO_OLD,
    variant="address",
    text="{program} {version} forwards only to 127.0.0.1. Update it to {needed} or newer for {target}.",
)
