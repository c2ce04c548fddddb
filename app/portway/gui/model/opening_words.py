"""What a program wants to open, in words for the person who is to allow it. Pure."""

from portway.core.guard.callers import Opening
from portway.core.status import Reach
from portway.gui.i18n.contexts import dialogs as tr
from portway.gui.i18n.words import duration


def opening_title(opening: Opening) -> str:
    """Say who wants what."""
    return tr("{program} wants to open a tunnel", program=opening.caller.name)


def opening_text(opening: Opening) -> str:
    """Say what would be open, by which way, for whom, and for how long."""
    what = tr("{target} by {service}.", target=opening.target_url, service=tr(opening.way))
    return " ".join((what, _who(opening), _how_long(opening)))


def _who(opening: Opening) -> str:
    if opening.password:
        return tr("People with the password can open it.")
    is_near = opening.reach is Reach.NETWORK
    return tr("Anyone on this network can open it.") if is_near else tr("Anyone with the link can open it.")


def _how_long(opening: Opening) -> str:
    if opening.seconds is not None:
        return tr("It stops after {time}.", time=duration(opening.seconds))
    if opening.lasting:
        return tr("It stays until you turn it off.")
    return tr("It ends with {program}.", program=opening.caller.name)
