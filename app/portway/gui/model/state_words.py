"""The few words that say a tunnel's state, the same in window and tray, and why it is not seen from outside."""

from portway.core.codes import Code
from portway.core.guard.reasons import Why
from portway.core.status import Phase, Proof, TunnelStatus, Verified
from portway.core.texts import TranslatableTable, translatable
from portway.gui.i18n.contexts import cards as tr

_CAUSES: TranslatableTable[Code] = {
    Code.NOT_INSTALLED: "Not installed",
    Code.UNSUPPORTED_PLATFORM: "Not available here",
    Code.VERSION_TOO_OLD: "Too old",
    Code.INSTALL_FAILED: "Not installed",
    Code.CHECKSUM_MISMATCH: "Download refused",
    Code.STORAGE_FAILED: "Disk trouble",
    Code.NEEDS_TOKEN: "Token needed",
    Code.TOKEN_REJECTED: "Token refused",
    Code.NEEDS_LOGIN: "Log-in needed",
    Code.NEEDS_PRIVILEGES: "Rights needed",
    Code.WRONG_SUDO_PASSWORD: "Password refused",
    Code.RATE_LIMITED: "Limited for a while",
    Code.TOO_MANY_SESSIONS: "Too many sessions",
    Code.DOMAIN_NOT_YOURS: "Domain is not yours",
    Code.URL_TAKEN: "Address is taken",
    Code.OTHER_TARGET: "Leads elsewhere",
    Code.REFUSED_BY_SERVICE: "Refused",
    Code.NO_NETWORK: "No network",
    Code.EDGE_UNREACHABLE: "Not reachable",
    Code.TLS_INTERCEPTED: "Connection intercepted",
    Code.NETWORK_CHANGED: "Another network",
    Code.START_TIMEOUT: "Did not come up",
    Code.PROCESS_DIED: "Stopped by itself",
    Code.BINARY_UNUSABLE: "Program not usable",
    Code.PORT_CONFLICT: "Port taken",
    Code.INTERNAL: "Fault in Portway",
}


def shown_name(status: TunnelStatus) -> str:
    """Return what people call a tunnel: the built-in ones as their backends, in the language in use."""
    return tr(status.name) if status.id == status.backend else status.name


def cause_word(status: TunnelStatus) -> str:
    """Say the cause in a word or two."""
    problem = status.problem
    if problem is None:
        return tr("Trouble")
    return tr(problem.cause.word or _CAUSES.get(problem.code, translatable("Trouble")))


def state_word(status: TunnelStatus) -> str:
    """Say the state in a word or two, as it stands on a card and in the menu."""
    if not status.installation.supported:
        return tr("Not available here")
    if not status.wanted and status.phase is Phase.STARTING:
        return tr("Stopping")
    if not status.wanted and status.phase is Phase.RUNNING and status.problem is None:
        return tr("Stopping")
    match status.phase:
        case Phase.RUNNING:
            return tr("Running")
        case Phase.STARTING if status.public_url is not None:
            return tr("Reconnecting")
        case Phase.STARTING if status.retry_at is None:
            return tr("Starting")
        case Phase.STARTING | Phase.ERROR | Phase.NEEDS_AUTH:
            return cause_word(status)
        case Phase.STOPPED:
            #: The state of a tunnel, not a button.
            return tr("Off") if status.installation.installed else tr("Not installed")


def outside_words(verified: Verified) -> str:
    """Say why it is not verified; nothing where it is."""
    match verified.state:
        case Proof.FAILED:
            return tr("Visitors from outside do not get in: {reason}.", reason=why_words(verified.reason))
        case Proof.UNKNOWN:
            return tr("It could not be found out whether visitors get in: {reason}.", reason=why_words(verified.reason))
        case _:
            return ""


def why_words(reason: Why | None) -> str:
    """Say a reason, as the end of a sentence."""
    return "" if reason is None else tr(reason.text, **reason.values)
