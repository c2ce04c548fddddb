"""From a status to the card that shows it: which words, which colour, which way on. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from portway.backends.lan.declaration import LanExtras
from portway.core.backend import Backend, Command
from portway.core.options import Kind, declared
from portway.core.status import Phase, Progress, Reach, TunnelStatus
from portway.gui.callout_rules import callout_of, install_command, question_callout
from portway.gui.card_view import Act, Bar, Callout, CardView, Doing, Way
from portway.gui.look import Ink
from portway.gui.state_words import about, cause_word, state_word
from portway.gui.words import clock_time, duration, megabytes, sentence, tr

_MOST_STEPS = 20  # a larger total counts bytes


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What a card needs to know beside its tunnel."""

    now: datetime
    default_target: str
    show_api: bool = True


def card_of(backend: Backend, status: TunnelStatus, doing: Doing, around: Surrounding) -> CardView:
    """Return what the card of `backend` shows."""
    view = _by_phase(backend, status, around)
    if doing.running:
        view = _with_command(view, backend, status, doing)
    elif status.progress is not None and status.phase is not Phase.RUNNING:
        # What merely starts is cancelled by its switch; a download looks as if it could only be waited for.
        downloads = (status.progress.total or 0) > _MOST_STEPS
        view = replace(view, bar=_bar(status.progress, can_cancel=downloads and status.wanted))
    asked = question_callout(backend, status, doing)
    callout = asked or (None if doing.running else callout_of(backend, status, doing, around.default_target))
    view = replace(view, callout=callout, ways=_menu_ways(backend, status, callout))
    return view if status.installation.supported or status.public_url is not None else _unsupported(status)


def installs_by_itself(backend: Backend, status: TunnelStatus) -> bool:
    """Whether turning it on can fetch what is missing. Where installing takes rights, a person has to ask for it."""
    command = install_command(backend, status)
    return command is not None and not takes_secret(command)


def takes_secret(command: Command) -> bool:
    """Whether a password may be needed for it."""
    return any(option.kind is Kind.SECRET for option in declared(command.options).values())


def has_button(command: Command) -> bool:
    """Whether a person can run it: one that only measures is for programs, the window looks by itself."""
    return command.run is not None and command.method != "GET"


def _by_phase(backend: Backend, status: TunnelStatus, around: Surrounding) -> CardView:
    match status.phase:
        case Phase.RUNNING:
            return _running(backend, status, around)
        case Phase.STARTING:
            return _starting(status, around)
        case Phase.NEEDS_AUTH:
            return CardView(glyph="padlock", ink=Ink.WARN, word=state_word(status), switch_on=status.wanted)
        case Phase.ERROR:
            when = "" if status.since is None else tr("at {time}", time=clock_time(status.since, around.now))
            return CardView(glyph="octagon", ink=Ink.BAD, word=state_word(status), detail=when, switch_on=status.wanted)
        case Phase.STOPPED:
            return _stopped(backend, status)


def _stopped(backend: Backend, status: TunnelStatus) -> CardView:
    missing = not status.installation.installed and not installs_by_itself(backend, status)
    if missing:
        return CardView(
            glyph="ring", ink=Ink.MUTED, word=tr("Not installed"), switch_on=status.wanted, switch_enabled=False,
            faded=True,
        )  # fmt: skip
    return CardView(
        glyph="ring", ink=Ink.MUTED, word=tr("Off"), detail=tr(about(backend.id, backend.reach).purpose),
        switch_on=status.wanted,
    )  # fmt: skip


def _starting(status: TunnelStatus, around: Surrounding) -> CardView:
    word = state_word(status)
    if not status.wanted:
        return CardView(glyph="busy", ink=Ink.BUSY, word=word, url=status.public_url or "")
    if status.public_url is not None:
        lost = "" if status.since is None else tr("lost at {time}", time=clock_time(status.since, around.now))
        view = CardView(
            glyph="busy", ink=Ink.BUSY, word=word, detail=tr("the address stays the same"), switch_on=True
        )  # fmt: skip
        return _with_url(view, status, around, lost)
    if status.retry_at is not None:
        wait = duration((status.retry_at - around.now).total_seconds())
        return CardView(
            glyph="octagon", ink=Ink.BAD, word=cause_word(status), detail=tr("next try in {time}", time=wait),
            switch_on=True,
        )  # fmt: skip
    took = "" if status.since is None else duration((around.now - status.since).total_seconds())
    again = tr("try {number}", number=status.attempt) if status.attempt > 1 else ""
    return CardView(
        glyph="busy", ink=Ink.BUSY, word=word, detail=", ".join(filter(None, (took, again))), switch_on=True
    )


def _running(backend: Backend, status: TunnelStatus, around: Surrounding) -> CardView:
    detail = _since(status, around)
    view = CardView(
        glyph="disc_tick", ink=Ink.OK, tile=Ink.OK, word=state_word(status), detail=detail, live=True,
        switch_on=status.wanted,
    )  # fmt: skip
    if not status.wanted and status.problem is None:
        view = replace(view, glyph="busy", ink=Ink.BUSY, tile=Ink.MUTED, live=False, detail="")
    elif not status.wanted:
        view = replace(view, glyph="triangle", ink=Ink.BAD, tile=Ink.BAD, detail=tr("although it was turned off"))
    elif status.problem is not None:
        view = replace(
            view, glyph="triangle", ink=Ink.WARN, tile=Ink.WARN, detail=tr("but your server does not answer")
        )
    return _with_url(view, status, around, _proof(backend, status, around))


def _since(status: TunnelStatus, around: Surrounding) -> str:
    if status.since is None:
        return ""
    lasted = duration((around.now - status.since).total_seconds())
    return tr("since {time}, {duration}", time=clock_time(status.since, around.now), duration=lasted)


def _with_url(view: CardView, status: TunnelStatus, around: Surrounding, note: str) -> CardView:
    return replace(
        view,
        url=status.public_url or "",
        api_url=(status.api_url or "") if around.show_api else "",
        target=tr("Target {url}", url=status.target_url),
        note=note,
    )


def _proof(backend: Backend, status: TunnelStatus, around: Surrounding) -> str:
    """Say what shows that visitors really get in."""
    extras = status.extras
    if isinstance(extras, LanExtras):
        if extras.last_visitor_at is None:
            return tr("no visitor from another device yet")
        return tr("last visitor {time}", time=clock_time(extras.last_visitor_at, around.now))
    if status.reach is Reach.NETWORK or status.problem is not None:
        return ""
    return tr("confirmed by {service}", service=tr(backend.title))


def _with_command(view: CardView, backend: Backend, status: TunnelStatus, doing: Doing) -> CardView:
    command = next((one for one in backend.commands if one.name == doing.command), None)
    label = doing.command if command is None else tr(command.label).rstrip("….")
    progress = doing.progress or status.progress or Progress(step=doing.command, message=label)
    view = replace(view, bar=_bar(progress, can_cancel=True))
    if status.phase in (Phase.RUNNING, Phase.STARTING):
        return view
    installing = command is not None and command.streams
    return replace(
        view,
        glyph="tray" if installing else "busy",
        ink=Ink.BUSY,
        word=tr("Installing") if installing else tr("Working"),
        detail="" if installing else label,
    )


def _bar(progress: Progress, *, can_cancel: bool) -> Bar:
    message = tr(progress.message)
    received, total = progress.received, progress.total
    if received is None or not total:
        return Bar(message, None, can_cancel)
    share = min(1.0, received / total)
    if total <= _MOST_STEPS:
        text = tr("Step {step} of {steps}: {what}", step=received, steps=total, what=message)
        return Bar(text, share, can_cancel)
    return Bar(tr("{what}, {amount}", what=message, amount=megabytes(received, total)), share, can_cancel)


def _menu_ways(backend: Backend, status: TunnelStatus, callout: Callout | None) -> tuple[Way, ...]:
    shown = {way.value for way in callout.ways if way.act is Act.COMMAND} if callout is not None else set()
    return tuple(
        Way(Act.COMMAND, _label(command, status), command.name)
        for command in backend.commands
        if has_button(command) and command.name not in shown and command.offered(status)
    )


def _label(command: Command, status: TunnelStatus) -> str:
    updates = any(option.body == "update" for option in declared(command.options).values())
    return tr("Update") if updates and status.installation.installed else tr(command.label)


def _unsupported(status: TunnelStatus) -> CardView:
    why = tr("there is none for this system") if status.problem is None else sentence(status.problem)
    return CardView(
        glyph="ring_slash", ink=Ink.MUTED, word=tr("Not available here"), detail=why, switch_shown=False, faded=True,
    )  # fmt: skip
