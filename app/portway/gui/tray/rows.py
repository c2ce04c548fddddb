"""From statuses to the words of the tray menu. Pure: the menu only shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.settings import DEFAULT_TARGET
from portway.core.status import Phase, Reach, TunnelStatus
from portway.core.target import parse_target
from portway.gui.i18n.contexts import tray as tr
from portway.gui.model.callout_rules import callout_of
from portway.gui.model.card_rules import installs_by_itself
from portway.gui.model.card_view import Act, Action, CardState
from portway.gui.model.guard_rules import is_shut
from portway.gui.model.live_rules import visitors_now
from portway.gui.model.state_words import cause_word, shown_name
from portway.gui.model.summary import Summary, trouble_words

_LONGEST = 30  # characters of a link in the menu


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelRows:
    """The items of one tunnel."""

    built_in: bool
    shown: bool  # it has a place of its own; else it is one of those to start
    on: bool
    toggle_text: str
    start_text: str  # among those to start
    wanted: bool
    toggleable: bool
    active: bool  # whether More applies
    running: bool
    copy_text: str  # empty where there is no link
    more_text: str
    public_url: str | None
    api_url: str | None  # None also where the person does not want to see it
    action_text: str  # empty: there is none
    action: Action | None


def rows_of(backend: Backend, status: TunnelStatus, default_target: str, *, show_api: bool) -> TunnelRows:
    """Return what the menu says of the tunnel of `backend` now."""
    title = shown_name(status)
    network, built_in = backend.reach is Reach.NETWORK, backend.id == backend.kind
    action = _primary_action(backend, status, default_target)
    on = status.wanted or status.active
    can_start = _can_start(backend, status)
    return TunnelRows(
        built_in=built_in,
        shown=built_in or on,
        on=on,
        toggle_text=_toggle_text(title, status),
        start_text=title if can_start else _toggle_text(title, status),
        wanted=status.wanted,
        toggleable=status.wanted or can_start,
        active=status.active,
        running=status.running and status.public_url is not None,
        copy_text="" if status.public_url is None else tr("Copy {link}", link=short_link(status.public_url)),
        more_text=tr("More for local network") if network and built_in else tr("More for {service}", service=title),
        public_url=status.public_url,
        api_url=status.api_url if show_api else None,
        action_text="" if action is None else _action_text(title, action),
        action=action,
    )


def short_link(url: str) -> str:
    """Return a link as it stands in a menu: without its scheme, a long one as the name that it begins with.

    People tell one from another by that name; the menu is no wider for it.
    """
    link = url.partition("://")[2]
    if len(link) <= _LONGEST:
        return link
    name = link.partition(".")[0]
    return f"{name[:_LONGEST]}…"


def anything_on(statuses: Iterable[TunnelStatus]) -> bool:
    """Whether there is something to stop."""
    return any(status.wanted or status.active for status in statuses)


def target_url(text: str) -> str:
    """Return what a target, as it is set, looks like when it is exposed; the default one for a text that is none."""
    try:
        return parse_target(text).url
    except TunnelError:  # the reader of the settings warned of it
        return DEFAULT_TARGET


def tooltip_of(summary: Summary, now: datetime) -> str:
    """Say what works, who gets in, and what needs somebody; no link."""
    there = sum(visitors_now(status.traffic, now) for status in summary.open if status.traffic is not None)
    head = tr("{headline}, %n visitors now", "", there, headline=summary.headline) if there else summary.headline
    needs = (trouble_words(shown_name(status), status) for status in summary.troubled)
    return "\n".join(("Portway", *filter(None, (head, summary.reach)), *needs))


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
    match status.code:
        case None if is_shut(status):
            return tr("{service}: running, open to nobody", service=title)
        case None:
            return tr("{service}: running", service=title)
        case Code.HOST_REFUSED:
            return tr("{service}: server refuses visitors", service=title)
        case Code.ORIGIN_SCHEME:
            return tr("{service}: server is not understood", service=title)
        case _:
            return tr("{service}: server does not answer", service=title)


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


def _primary_action(backend: Backend, status: TunnelStatus, default_target: str) -> Action | None:
    """Return the primary button that the card has now."""
    callout = callout_of(backend, status, CardState(), default_target)
    buttons = () if callout is None else tuple(action for action in callout.actions if not action.link)
    return buttons[-1] if buttons else None


def _action_text(title: str, action: Action) -> str:
    match action.act:
        case _ if action.after_reading:
            return tr("Look at {service}…", service=title)
        case Act.ENTER_TOKEN:
            return tr("Enter {service} token…", service=title)
        case Act.COMMAND if action.value == "install":
            return tr("Install {service}…", service=title)
        case Act.COMMAND if action.value == "login":
            return tr("Log in to {service}…", service=title)
        case Act.STOP:
            return tr("Stop {service}", service=title)
        case Act.TRY_AGAIN:
            return tr("Try {service} again", service=title)
        case _:
            return action.label
