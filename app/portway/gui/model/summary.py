"""All tunnels in a few words, the same in head, sidebar, tray menu, tooltip and icon. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from portway.core.codes import Code
from portway.core.status import Phase, Reach, TunnelStatus
from portway.gui.i18n.contexts import common as tr
from portway.gui.model.guard_rules import is_protected, is_shut
from portway.gui.model.state_words import cause_word
from portway.gui.theme.tone import TrayState


@dataclass(frozen=True, slots=True)
class Summary:
    """Who works, who does not although it is wanted or open, and who starts; each in the order of people."""

    working: tuple[TunnelStatus, ...]
    troubled: tuple[TunnelStatus, ...]
    starting: tuple[TunnelStatus, ...]

    @property
    def on(self) -> int:
        """How many are wanted or open."""
        return len(self.working) + len(self.troubled) + len(self.starting)

    @property
    def open(self) -> tuple[TunnelStatus, ...]:
        """Those that let visitors in, whatever they find there."""
        return tuple(status for status in self._up if not is_shut(status))

    @property
    def shut(self) -> tuple[TunnelStatus, ...]:
        """Those that are up, and let nobody in."""
        return tuple(status for status in self._up if is_shut(status))

    @property
    def _up(self) -> tuple[TunnelStatus, ...]:
        return (*self.working, *(status for status in self.troubled if status.running))

    @property
    def tray_state(self) -> TrayState:
        """What the icon shows: a filled door is open, a mark beside it means that somebody has to look."""
        if self.troubled:
            return TrayState.SILENT if self.open else TrayState.TROUBLE
        if self.open:
            return TrayState.EXPOSED
        return TrayState.STARTING if self.starting else TrayState.IDLE

    @property
    def headline(self) -> str:
        """Say how many work."""
        if self.troubled:
            if self.working:
                total = len(self.working) + len(self.troubled)
                return tr("%n of {total} tunnels work", "", len(self.working), total=total)
            return tr("%n tunnels do not work", "", len(self.troubled))
        if self.working:
            up = self._up_words
            return tr("{up}, %n are starting", "", len(self.starting), up=up) if self.starting else up
        return tr("Starting…") if self.starting else tr("Nothing is open")

    @property
    def _up_words(self) -> str:
        if self.open:
            return tr("%n tunnels are up", "", len(self.working))
        return tr("%n tunnels are up, open to nobody", "", len(self.working))

    @property
    def reach(self) -> str:
        """Say who gets in; empty while nothing is up."""
        admitted = sum(map(is_protected, self.open))
        near = sum(status.reach is Reach.NETWORK for status in self.open if not is_protected(status))
        world = len(self.open) - admitted - near
        shut = len(self.shut)
        if len([count for count in (world, admitted, near, shut) if count]) > 1:
            return _counted(world, admitted, near, shut)
        if world:
            return tr("Anyone with the link can open %n of them.", "", world)
        if admitted:
            return tr("Only those whom you admit can open %n of them.", "", admitted)
        if shut:
            return tr("Nobody can open %n of them.", "", shut)
        return tr("Everyone on this network can open %n of them.", "", near) if near else ""


def _counted(world: int, admitted: int, near: int, shut: int) -> str:
    parts = (
        tr("%n are open to anyone with the link", "", world) if world else "",
        tr("%n are protected", "", admitted) if admitted else "",
        tr("%n are open to everyone on this network", "", near) if near else "",
        tr("%n let nobody in", "", shut) if shut else "",
    )
    return ", ".join(filter(None, parts)) + "."


def summary_of(statuses: Iterable[TunnelStatus]) -> Summary:
    """Sort the tunnels by what a person wants to know of them. One that nobody wants and that is down is no trouble."""
    working, troubled, starting = [], [], []
    for status in statuses:
        if _is_troubled(status):
            troubled.append(status)
        elif status.running:
            working.append(status)
        elif status.phase is Phase.STARTING:
            starting.append(status)
    return Summary(tuple(working), tuple(troubled), tuple(starting))


def trouble_words(title: str, status: TunnelStatus) -> str:
    """Say of a troubled tunnel, which people know as `title`, what is in its way."""
    if not status.running:
        return tr("{service}: {cause}", service=title, cause=cause_word(status))
    if not status.wanted:
        return tr("{service}: still open although it was turned off", service=title)
    match status.code:
        case Code.HOST_REFUSED:
            return tr("{service}: your server refuses visitors", service=title)
        case Code.ORIGIN_SCHEME:
            return tr("{service}: your server is not understood", service=title)
        case _:
            return tr("{service}: your server does not answer", service=title)


def _is_troubled(status: TunnelStatus) -> bool:
    if status.running:
        return status.problem is not None
    if status.phase is Phase.STARTING:
        # Also while a retry is at work: what is in its way is not gone yet.
        return status.retry_at is not None or (status.problem is not None and status.public_url is None)
    return status.phase is Phase.ERROR or (status.phase is Phase.NEEDS_AUTH and status.wanted)
