"""From a status to the card that shows it: which words, which colour, which way on. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from portway.core.backend import Backend, Command
from portway.core.codes import Code
from portway.core.options import Kind, declared
from portway.core.status import Phase, Progress, Proof, Reach, TunnelStatus, Verified
from portway.gui.i18n.contexts import cards as tr
from portway.gui.i18n.words import clock_time, duration, megabytes, sentence
from portway.gui.model.callout_rules import callout_of, install_command, question_callout
from portway.gui.model.card_view import Act, Action, Bar, Callout, CardState, CardView
from portway.gui.model.guard_rules import badges_of
from portway.gui.model.live_rules import live_of
from portway.gui.model.state_words import cause_word, state_word
from portway.gui.theme.tone import Tone

_MOST_STEPS = 20  # a larger total counts bytes
_JOINT = " · "  # between the parts of a detail; where there is no room the last ones are left out


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What a card needs to know beside its tunnel."""

    now: datetime
    default_target: str
    show_api: bool = True


def card_of(backend: Backend, status: TunnelStatus, card_state: CardState, around: Surrounding) -> CardView:
    """Return what the card of `backend` shows."""
    view = replace(_by_phase(backend, status, around), on=stands_above(status), server=_server(backend, status))
    if card_state.running:
        view = _with_command(view, backend, status, card_state)
    elif status.progress is not None and status.phase is not Phase.RUNNING:
        # What merely starts is cancelled by its switch; a download looks as if it could only be waited for.
        downloads = (status.progress.total or 0) > _MOST_STEPS
        view = replace(view, bar=_bar(status.progress, can_cancel=downloads and status.wanted))
    asked = question_callout(backend, status, card_state)
    callout = asked or (None if card_state.running else callout_of(backend, status, card_state, around.default_target))
    view = replace(view, callout=callout, actions=_menu_actions(backend, status, callout))
    if callout is not None and asked is None and card_state.failed is None and _is_unasked(status):
        view = _without_asking(view, callout)
    return view if status.installation.supported or status.public_url is not None else _unsupported(status)


def stands_above(status: TunnelStatus) -> bool:
    """Whether it is one of those that somebody wants: only a person's switch moves a card, no trouble does."""
    return status.wanted or status.active


def _server(backend: Backend, status: TunnelStatus) -> str:
    server = short_target(status.target_url)
    own_name = status.id != backend.kind
    return tr("{server} by {service}", server=server, service=tr(backend.title)) if own_name else server


def _at_rest(backend: Backend, status: TunnelStatus) -> str:
    """Say what one that is off is for: a built-in one its way, a person's own, or a temporary one, its server."""
    return tr(backend.about.purpose) if status.id == backend.kind else _server(backend, status)


def short_target(url: str) -> str:
    """Return the address of a server without what goes without saying."""
    return url.removeprefix("http://")


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


def _is_unasked(status: TunnelStatus) -> bool:
    """Whether something is missing that nobody has asked for yet."""
    missing = status.phase is Phase.STOPPED and status.problem is None and not status.installation.installed
    return not status.wanted and (missing or status.phase is Phase.NEEDS_AUTH)


def _without_asking(view: CardView, callout: Callout) -> CardView:
    """Leave a quiet way on in place of a callout: its last button; its links go into the menu."""
    ways = [action for action in callout.actions if not action.link]
    links = tuple(action for action in callout.actions if action.link)
    if not ways:
        return replace(view, callout=None, actions=(*view.actions, *links))
    return replace(view, callout=None, set_up=ways[-1], switch_enabled=False, actions=(*view.actions, *links))


def _by_phase(backend: Backend, status: TunnelStatus, around: Surrounding) -> CardView:
    match status.phase:
        case Phase.RUNNING:
            return _running(backend, status, around)
        case Phase.STARTING:
            return _starting(status, around)
        case Phase.NEEDS_AUTH if not status.wanted:  # nobody has asked for it: nothing is wrong
            return CardView(glyph="ring", tone=Tone.MUTED, word=state_word(status), detail=_at_rest(backend, status))
        case Phase.NEEDS_AUTH:
            return CardView(glyph="padlock", tone=Tone.WARN, word=state_word(status), switch_on=status.wanted)
        case Phase.ERROR:
            when = "" if status.since is None else tr("at {time}", time=clock_time(status.since, around.now))
            return CardView(
                glyph="octagon", tone=Tone.BAD, word=state_word(status), detail=when, switch_on=status.wanted
            )
        case Phase.STOPPED:
            return _stopped(backend, status, around)


def _stopped(backend: Backend, status: TunnelStatus, around: Surrounding) -> CardView:
    missing = not status.installation.installed and not installs_by_itself(backend, status)
    detail = _at_rest(backend, status)
    if status.code is Code.EXPIRED and status.since is not None:
        detail = tr("stopped by itself at {time}", time=clock_time(status.since, around.now))
    return CardView(
        glyph="ring",
        tone=Tone.MUTED,
        word=tr("Not installed") if missing else tr("Off"),
        detail=detail,
        switch_on=status.wanted,
        switch_enabled=not missing,
        faded=missing,
    )


def _starting(status: TunnelStatus, around: Surrounding) -> CardView:
    word = state_word(status)
    if not status.wanted:
        return CardView(glyph="busy", tone=Tone.BUSY, word=word, url=status.public_url or "")
    if status.public_url is not None:
        lost = "" if status.since is None else tr("lost at {time}", time=clock_time(status.since, around.now))
        detail = _joined(tr("the link stays the same"), lost)
        return _with_url(
            CardView(glyph="busy", tone=Tone.BUSY, word=word, detail=detail, switch_on=True), status, around
        )
    if status.retry_at is not None:
        wait = duration((status.retry_at - around.now).total_seconds())
        return CardView(
            glyph="octagon",
            tone=Tone.BAD,
            word=cause_word(status),
            detail=tr("next try in {time}", time=wait),
            switch_on=True,
        )
    took = "" if status.since is None else duration((around.now - status.since).total_seconds())
    again = tr("try {number}", number=status.attempt) if status.attempt > 1 else ""
    return CardView(glyph="busy", tone=Tone.BUSY, word=word, detail=_joined(took, again), switch_on=True)


def _running(backend: Backend, status: TunnelStatus, around: Surrounding) -> CardView:
    since = "" if status.since is None else tr("since {time}", time=clock_time(status.since, around.now))
    view = CardView(
        glyph="disc_tick",
        tone=Tone.OK,
        tile=Tone.OK,
        word=state_word(status),
        detail=_joined(since, _proof(backend, status, around)),
        live=True,
        switch_on=status.wanted,
    )
    if not status.wanted and status.problem is None:
        view = replace(view, glyph="busy", tone=Tone.BUSY, tile=Tone.MUTED, live=False, detail="")
    elif not status.wanted:
        view = replace(view, glyph="triangle", tone=Tone.BAD, tile=Tone.BAD, detail=tr("although it was turned off"))
    elif status.problem is not None:
        view = replace(view, glyph="triangle", tone=Tone.WARN, tile=Tone.WARN, word=_up_but(status), detail=since)
    return _with_url(view, status, around)


def _up_but(status: TunnelStatus) -> str:
    """Say what visitors meet in place of the server."""
    match status.code:
        case Code.HOST_REFUSED:
            return tr("Up, but your server refuses visitors")
        case Code.ORIGIN_SCHEME:
            return tr("Up, but your server is not understood")
        case _:
            return tr("Up, but your server is not")


def _with_url(view: CardView, status: TunnelStatus, around: Surrounding) -> CardView:
    return replace(
        view,
        url=status.public_url or "",
        api_url=(status.api_url or "") if around.show_api else "",
        badges=badges_of(status, around.now),
        traffic=None if status.traffic is None else live_of(status.traffic, around.now),
    )


def _proof(backend: Backend, status: TunnelStatus, around: Surrounding) -> str:
    """Say what shows that visitors really get in."""
    seen = _seen_from_outside(status.verified, around.now) if status.problem is None else ""
    if seen:
        return seen
    note = status.extras.note()
    if note is not None:
        return tr(note.text, **{name: _shown(value, around.now) for name, value in note.values.items()})
    if status.reach is Reach.NETWORK or status.problem is not None:
        return ""
    return tr("confirmed by {service}", service=tr(backend.title))


def _seen_from_outside(verified: Verified, now: datetime) -> str:
    """Say what a look from there has found, where a person has asked for one."""
    at = "" if verified.at is None else clock_time(verified.at, now)
    match verified.state:
        case Proof.PENDING:
            return tr("checking from outside…")
        case Proof.OK if at:
            return tr("verified from outside {time}", time=at)
        case Proof.FAILED if at:
            return tr("not there from outside {time}", time=at)
        case _:
            return ""


def _shown(value: str | datetime, now: datetime) -> str:
    return clock_time(value, now) if isinstance(value, datetime) else value


def _joined(*parts: str) -> str:
    return _JOINT.join(filter(None, parts))


def _with_command(view: CardView, backend: Backend, status: TunnelStatus, card_state: CardState) -> CardView:
    command = next((one for one in backend.commands if one.name == card_state.command), None)
    label = card_state.command if command is None else tr(command.label).rstrip("….")
    progress = card_state.progress or status.progress or Progress(step=card_state.command, message=label)
    view = replace(view, bar=_bar(progress, can_cancel=True))
    if status.active:
        return view
    installing = command is not None and command.streams
    return replace(
        view,
        glyph="tray" if installing else "busy",
        tone=Tone.BUSY,
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


def _menu_actions(backend: Backend, status: TunnelStatus, callout: Callout | None) -> tuple[Action, ...]:
    shown = {action.value for action in callout.actions if action.act is Act.COMMAND} if callout is not None else set()
    return tuple(
        Action(Act.COMMAND, _label(command, status), command.name)
        for command in backend.commands
        if has_button(command) and command.name not in shown and command.offered(status)
    )


def _label(command: Command, status: TunnelStatus) -> str:
    updates = any(option.body == "update" for option in declared(command.options).values())
    return tr("Update") if updates and status.installation.installed else tr(command.label)


def _unsupported(status: TunnelStatus) -> CardView:
    why = tr("there is none for this system") if status.problem is None else sentence(status.problem)
    return CardView(
        glyph="ring_slash",
        tone=Tone.MUTED,
        word=tr("Not available here"),
        detail=why,
        switch_shown=False,
        faded=True,
    )
