"""All rules of a tunnel as one sentence, for the dialog that changes them. Pure."""

from datetime import datetime

from portway.core.guard.rules import plain_network
from portway.core.status import Reach, TunnelStatus
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.words import duration
from portway.gui.model.guard_rules import is_shut


def guard_sentence(status: TunnelStatus) -> str:
    """Say who can open it, what of it and until when."""
    parts = [_who(status), _what(status)]
    if status.expires_at is not None:
        parts.append(tr("It stops at {time}.", time=_time(status.expires_at)))
    elif status.until_logout:
        parts.append(tr("It stops when you log out."))
    if status.guard.password and status.guard.open:
        parts.append(tr("{paths} needs no password.", paths=", ".join(status.guard.open)))
    if status.guard.deny and not is_shut(status):
        parts.append(tr("%n addresses are kept out.", "", len(status.guard.deny)))
    if status.guard.rate_limit is not None:
        parts.append(tr("At most %n requests a minute each.", "", status.guard.rate_limit))
    return " ".join(filter(None, parts))


def end_sentence(status: TunnelStatus, now: datetime) -> str:
    """Say when it stops by itself, and what that means."""
    if status.until_logout:
        return tr("Stops when you log out, or the computer goes to sleep. It does not come back by itself.")
    if status.expires_at is None:
        return tr("It then closes without you, also while the computer sleeps.")
    left = duration((status.expires_at - now).total_seconds())
    return tr("Stops at {time}, in {left}, also while the computer sleeps.", time=_time(status.expires_at), left=left)


def exposure_sentence(status: TunnelStatus) -> str:
    """Say who reaches what once it is on, before it is for the first time."""
    guard, target = status.guard, status.target_url
    if is_shut(status):
        return tr("Nobody reaches {target}.", target=target)
    if guard.allow and guard.password:
        return tr("%n addresses reach {target}, with the password.", "", len(guard.allow), target=target)
    if guard.allow:
        return tr("Only %n addresses reach {target}.", "", len(guard.allow), target=target)
    if guard.password:
        return tr("Anyone with the link and the password reaches {target}.", target=target)
    return tr("Anyone with the link reaches {target}.", target=target)


def _who(status: TunnelStatus) -> str:
    guard, near = status.guard, status.reach is Reach.NETWORK
    if is_shut(status):
        return tr("Nobody can open it.")
    if guard.password and len(guard.allow) == 1:
        return tr("People with the password can open it, from {address}.", address=plain_network(guard.allow[0]))
    if guard.password and guard.allow:
        return tr("People with the password can open it, from %n addresses.", "", len(guard.allow))
    if guard.password:
        return tr("People with the password can open it.")
    if len(guard.allow) == 1:
        return tr("Only {address} can open it.", address=plain_network(guard.allow[0]))
    if guard.allow:
        return tr("Only %n addresses can open it.", "", len(guard.allow))
    return tr("Anyone on this network can open it.") if near else tr("Anyone with the link can open it.")


def _what(status: TunnelStatus) -> str:
    guard = status.guard
    if guard.paths and guard.read_only:
        return tr("They can only look, and only at {paths}.", paths=", ".join(guard.paths))
    if guard.paths:
        return tr("Only {paths} is open.", paths=", ".join(guard.paths))
    return tr("They can only look.") if guard.read_only else ""


def _time(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"
