"""What the messages of the tailscale command, and the states of its daemon, mean for a Funnel. Pure. 1.52 to 1.102."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from portway.backends.tailscale import causes
from portway.backends.tailscale.causes import TAILSCALE
from portway.backends.tailscale.parse.node import NEEDS_APPROVAL, NEEDS_LOGIN, NOT_YET, RUNNING, STOPPED, Node
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError

OLDEST = "1.52"
ADMIN_FEATURES = "https://login.tailscale.com/admin/settings/features"
ADMIN_DNS = "https://login.tailscale.com/admin/dns"
ADMIN_MACHINES = "https://login.tailscale.com/admin/machines"
ABOUT_FUNNEL_RIGHTS = "https://tailscale.com/s/no-funnel"

_DENIED = re.compile(r"Access denied:|401 Unauthorized: must be root")
_DAEMON_DOWN = re.compile(r"failed to connect to local", re.IGNORECASE)
_GONE_ALREADY = re.compile(r"handler does not exist")
_RACE = re.compile(r"etag mismatch|Another client is changing the serve config")
_LINK = re.compile(r"https://[^\s\"'<>]+")
_ENABLE_LINK = re.compile(r"/f/(?:funnel|serve|https)\b")
_LINE_OF_LINK = re.compile(r"^\s*(https://[^\s\"'<>]+)\s*$", re.MULTILINE)
_PORTS = re.compile(r"port (\d+) is not allowed for funnel(?:; allowed ports are: ([\d,\- ]+))?", re.ASCII)
_VERSION_GAP = re.compile(r"^(?:Warning: client version .*|# Health check:.*|#\s.*)$", re.MULTILINE)
_KEY = re.compile(r"tskey-\S+")
_PATH = re.compile(r"(?<![\w/:])/[\w.+-]+(?:/[\w.+-]+)+", re.ASCII)

Refusal = Callable[[re.Match[str]], TunnelError]

_REFUSALS: tuple[tuple[re.Pattern[str], Refusal], ...] = (
    (
        re.compile(r"HTTPS must be enabled"),
        lambda _: AuthNeeded(causes.HTTPS_OFF, action_url=ADMIN_DNS),
    ),
    (
        re.compile(r'"funnel" node attribute not set'),
        lambda _: AuthNeeded(causes.NO_FUNNEL_ATTRIBUTE, action_url=ABOUT_FUNNEL_RIGHTS),
    ),
    (_PORTS, lambda found: port_not_allowed(int(found[1]), (found[2] or "").replace(",", ", "))),
    (
        re.compile(r"shields-up"),
        lambda _: TunnelError(causes.SHIELDS_UP, service=TAILSCALE),
    ),
    (
        re.compile(
            r"foreground (?:listener )?already exists|listener already exists for port"
            r"|background configuration already exists|already serving|cannot serve TCP"
        ),
        lambda _: TunnelError(causes.PORT_USED_SOMEHOW),
    ),
    (re.compile(r"Logged out\."), lambda _: AuthNeeded(Code.NEEDS_LOGIN, service=TAILSCALE)),
    (re.compile(r"Tailscale is stopped\."), lambda _: AuthNeeded(causes.SWITCHED_OFF)),
    (
        re.compile(r"not yet approved"),
        lambda _: AuthNeeded(causes.NEEDS_APPROVAL, action_url=ADMIN_MACHINES),
    ),
    (re.compile(r"unexpected state: (?:NoState|Starting)"), lambda _: not_connected("it has not connected yet")),
    (
        re.compile(r"Tailscale already in use"),
        lambda _: TunnelError(causes.OTHER_ACCOUNT, service=TAILSCALE),
    ),
    (
        re.compile(r"flag provided but not defined|CLI for serve and funnel has changed"),
        lambda _: TunnelError(Code.VERSION_TOO_OLD, program=TAILSCALE, version="here", needed=OLDEST),
    ),
)


def is_denied(text: str) -> bool:
    """Whether the call needs root or the operator."""
    return _DENIED.search(text) is not None


def is_daemon_down(text: str) -> bool:
    """Whether no daemon answered."""
    return _DAEMON_DOWN.search(text) is not None


def is_gone_already(text: str) -> bool:
    """Whether there was nothing to switch off."""
    return _GONE_ALREADY.search(text) is not None


def is_race(text: str) -> bool:
    """Whether somebody else changed the configuration at the same moment: worth another try."""
    return _RACE.search(text) is not None


def refusal_of(text: str) -> TunnelError:
    """Return what a failed call means. Denials and a missing daemon are the caller's, who knows the way on."""
    for pattern, refusal in _REFUSALS:
        found = pattern.search(text)
        if found is not None:
            return refusal(found)
    return TunnelError(Code.REFUSED_BY_SERVICE, service=TAILSCALE, reason=shown_reason(text))


def port_not_allowed(port: int, allowed: str) -> TunnelError:
    """The tailnet gives Funnel to other public ports only."""
    return AuthNeeded(
        causes.PORT_NOT_ALLOWED,
        action_url=ABOUT_FUNNEL_RIGHTS,
        port=port,
        allowed=allowed.strip() or "others",
    )


def not_connected(reason: str) -> TunnelError:
    """The control server cannot be reached: passes by itself."""
    return TunnelError(Code.EDGE_UNREACHABLE, service=TAILSCALE, reason=reason)


def not_enabled(link: str | None, *, has_https: bool) -> TunnelError:
    """Funnel or HTTPS is off for the tailnet; `link` is the page that switches it on, where one was named."""
    if link is not None:
        return AuthNeeded(causes.HTTPS_OFF if "/f/https" in link else causes.FUNNEL_OFF, action_url=link)
    if not has_https:
        return AuthNeeded(causes.HTTPS_OFF, action_url=ADMIN_DNS)
    return AuthNeeded(causes.FUNNEL_OFF, action_url=ADMIN_FEATURES)


def enable_link(text: str, control_host: str = "") -> str | None:
    """Return the page that switches Funnel on, if `text` names one that can be trusted."""
    for link in _pages(text):
        return trusted_link(link, control_host)
    return None


def asks_for_enabling(text: str) -> bool:
    """Whether the output, as far as it has come, sends a person to a page instead of announcing a Funnel."""
    return "Available" not in text and any(_pages(text))


def _pages(text: str) -> Iterator[str]:
    """Return the pages a person is sent to. The control server words that: a page may be known by its line only."""
    yield from (found[0] for found in _LINK.finditer(text) if _ENABLE_LINK.search(found[0]))
    yield from (found[1] for found in _LINE_OF_LINK.finditer(text))


def trusted_link(link: str, control_host: str = "") -> str | None:
    """Return `link` if it leads to Tailscale, or to the control server that this computer belongs to; else None.

    What a program prints is not believed: a link is shown with a button that opens it.
    """
    try:
        parts = urlsplit(link)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or "@" in parts.netloc or not link.isascii() or not link.isprintable():
        return None
    if host == "tailscale.com" or host.endswith(".tailscale.com"):
        return link if port in (None, 443) else None
    return link if control_host and host == control_host else None


def shown_reason(text: str) -> str:
    """Return the first telling line of a foreign message, without keys, paths and control characters."""
    lines = (line.strip() for line in _VERSION_GAP.sub("", text).splitlines())
    line = next((line for line in lines if line), "it gave no reason")
    line = re.sub(r"^(?:error|Error|tailscale): *", "", line)
    line = _PATH.sub("…", _KEY.sub("…", line))
    clean = "".join(character if character.isprintable() else " " for character in line)
    clean = clean if len(clean) <= 160 else clean[:159] + "…"  # noqa: PLR2004 - about two lines
    return clean.rstrip(". ") or "it gave no reason"


def blocked_by(node: Node) -> TunnelError | None:
    """Return what a person has to do before anything can be published, None if nothing."""
    if node.state == NEEDS_LOGIN:
        return waiting_for_login(node)
    if node.state == NEEDS_APPROVAL:
        return AuthNeeded(causes.NEEDS_APPROVAL, action_url=ADMIN_MACHINES)
    if node.state == STOPPED:
        return AuthNeeded(causes.SWITCHED_OFF)
    if is_on_its_way(node):
        return None
    return TunnelError(causes.OTHER_ACCOUNT, service=TAILSCALE)


def waiting_for_login(node: Node) -> TunnelError:
    """Return the way on for a computer that is not logged in: the page of a log-in that waits, where there is one."""
    page = trusted_link(node.auth_url) if node.auth_url else None
    if page is None and node.expired:
        return AuthNeeded(causes.LOGIN_BY_COMMAND, service=TAILSCALE, command="tailscale up --force-reauth")
    return AuthNeeded(Code.NEEDS_LOGIN, action_url=page, service=TAILSCALE)


def is_on_its_way(node: Node) -> bool:
    """Whether it will be ready by itself, or would be with a network."""
    return node.state in (RUNNING, *NOT_YET)


def offline(node: Node) -> TunnelError:
    """Return why a computer that is on its way has not arrived."""
    return not_connected(node.health[0].rstrip(". ") if node.health else "it is not connected yet")
