"""From statuses to the words of the tray menu. Pure: the menu only shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.status import Phase, Reach, TunnelStatus
from portway.core.target import parse_target
from portway.gui.callout_rules import callout_of
from portway.gui.card_rules import installs_by_itself
from portway.gui.card_view import Act, Doing, Way
from portway.gui.state_words import cause_word
from portway.gui.words import counted, tr

_ACTIVE = (Phase.STARTING, Phase.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendRows:
    """The items of one backend. `copy_text` is empty where copying does not apply."""

    toggle_text: str
    wanted: bool
    toggleable: bool
    active: bool  # whether Copy and More apply
    copy_text: str
    more_text: str
    public_url: str | None
    api_url: str | None  # None also where the person does not want to see it
    way_text: str  # empty: there is none
    way: Way | None


def rows_of(backend: Backend, status: TunnelStatus, default_target: str, *, show_api: bool) -> BackendRows:
    """Return what the menu says of `backend` now."""
    title = tr(backend.title)
    network = backend.reach is Reach.NETWORK
    way = _way_on(backend, status, default_target)
    return BackendRows(
        toggle_text=_toggle_text(title, status),
        wanted=status.wanted,
        toggleable=status.wanted or _can_start(backend, status),
        active=status.phase in _ACTIVE,
        copy_text=tr("Copy local address") if network else tr("Copy {service} URL", service=title),
        more_text=tr("More for local network") if network else tr("More for {service}", service=title),
        public_url=status.public_url,
        api_url=status.api_url if show_api else None,
        way_text="" if way is None else _way_text(title, way),
        way=way,
    )


def headline(statuses: Sequence[TunnelStatus]) -> str:
    """Say in a few words what is exposed, else what is about to be."""
    up = sum(status.running for status in statuses)
    if up:
        return counted(up, tr("{count} tunnel is up"), tr("{count} tunnels are up"))
    if any(status.phase is Phase.STARTING and status.retry_at is None for status in statuses):
        return tr("Starting…")
    return tr("Nothing is exposed")


def anything_on(statuses: Sequence[TunnelStatus]) -> bool:
    """Whether there is something to stop."""
    return any(status.wanted or status.phase in _ACTIVE for status in statuses)


def target_url(text: str) -> str:
    """Return what a target, as it is set, looks like when it is exposed."""
    try:
        return parse_target(text).url
    except TunnelError:  # the reader of the settings warned of it
        return text


def mnemonic_free(text: str, *, exported: bool = False) -> str:
    """Return `text` for a menu, which would take an ampersand as the mark of a key; an exported one an underscore too.

    https://github.com/AyatanaIndicators/libdbusmenu/blob/master/libdbusmenu-glib/dbus-menu.xml, property “label”
    """
    return (text.replace("_", "__") if exported else text).replace("&", "&&")


def _can_start(backend: Backend, status: TunnelStatus) -> bool:
    found = status.installation
    return found.supported and (found.installed or installs_by_itself(backend, status))


def _toggle_text(title: str, status: TunnelStatus) -> str:
    if not status.installation.supported:
        return tr("{service}: not available here", service=title)
    match status.phase:
        case Phase.STARTING | Phase.RUNNING if not status.wanted and status.problem is None:
            return tr("{service}: stopping", service=title)
        case Phase.RUNNING:
            return _running_text(title, status)
        case Phase.STARTING if status.public_url is not None:
            return tr("{service}: reconnecting", service=title)
        case Phase.STARTING if status.retry_at is None:
            return tr("{service}: starting", service=title)
        case Phase.STOPPED if not status.installation.installed:
            return tr("{service}: not installed", service=title)
        case Phase.STOPPED:
            return tr("{service}: off", service=title)
        case Phase.STARTING | Phase.NEEDS_AUTH | Phase.ERROR:
            return _trouble_text(title, status)


def _running_text(title: str, status: TunnelStatus) -> str:
    if not status.wanted:
        return tr("{service}: still running", service=title)
    if status.problem is not None:
        return tr("{service}: running, but your server does not answer", service=title)
    return tr("{service}: running", service=title)


def _trouble_text(title: str, status: TunnelStatus) -> str:
    match status.code:
        case Code.NEEDS_TOKEN:
            return tr("{service}: token needed", service=title)
        case Code.NEEDS_LOGIN:
            return tr("{service}: log-in needed", service=title)
        case Code.NO_NETWORK:
            return tr("{service}: no network", service=title)
        case _:
            return tr("{service}: {cause}", service=title, cause=cause_word(status))


def _way_on(backend: Backend, status: TunnelStatus, default_target: str) -> Way | None:
    """Return the primary button that the card has now."""
    callout = callout_of(backend, status, Doing(), default_target)
    buttons = () if callout is None else tuple(way for way in callout.ways if not way.link)
    return buttons[-1] if buttons else None


def _way_text(title: str, way: Way) -> str:
    match way.act:
        case Act.ENTER_TOKEN:
            return tr("Enter {service} token…", service=title)
        case Act.COMMAND if way.value == "install":
            return tr("Install {service}…", service=title)
        case Act.COMMAND if way.value == "login":
            return tr("Log in to {service}…", service=title)
        case Act.STOP:
            return tr("Stop {service}", service=title)
        case Act.TRY_AGAIN:
            return tr("Try {service} again", service=title)
        case _:
            return tr("{service}: {action}", service=title, action=way.label)
