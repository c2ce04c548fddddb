"""What a card asks for or offers: the sentence of a cause, and the buttons that go on. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from string import Formatter

from portway.core.backend import Backend, Command, Role
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.options import Kind, Option, declared
from portway.core.status import Phase, Proof, TunnelStatus
from portway.core.target import parse_target
from portway.core.texts import Offer, OfferKind, translatable
from portway.gui.i18n.contexts import cards as tr
from portway.gui.i18n.words import sentence
from portway.gui.model.card_view import Act, Action, Callout, CardState, Question
from portway.gui.model.guard_sentence import exposure_sentence
from portway.gui.model.state_words import outside_words
from portway.gui.theme.tone import Tone

_TOKENS = (Code.NEEDS_TOKEN, Code.TOKEN_REJECTED)

# The command that answers a cause, if the backend has one in that role.
_ANSWERS: dict[Code, Role] = {
    Code.NOT_INSTALLED: Role.INSTALL,
    Code.INSTALL_FAILED: Role.INSTALL,
    Code.CHECKSUM_MISMATCH: Role.INSTALL,
    Code.VERSION_TOO_OLD: Role.INSTALL,
    Code.NEEDS_LOGIN: Role.LOG_IN,
    Code.NEEDS_PRIVILEGES: Role.GRANT,
    Code.WRONG_SUDO_PASSWORD: Role.GRANT,
    Code.DAEMON_NOT_RUNNING: Role.START,
}

_TIME_OVER = ("expired", "expired.summary")
_ACTS = {OfferKind.COPY: Act.COPY_TEXT, OfferKind.SETTING: Act.USE_SETTING}


def callout_of(backend: Backend, status: TunnelStatus, card_state: CardState, default_target: str) -> Callout | None:
    """Return what the card has to say now; of a cause also its code."""
    callout = _callout(backend, status, card_state, default_target)
    problem = card_state.failed or status.problem
    return callout if callout is None or problem is None else replace(callout, code=str(problem.code))


def _callout(backend: Backend, status: TunnelStatus, card_state: CardState, default_target: str) -> Callout | None:
    if card_state.failed is not None:
        return _failed_command(backend, status, card_state.failed, card_state.command)
    match status.phase:
        case Phase.RUNNING:
            return _while_running(status, default_target)
        case Phase.STARTING if status.problem is not None and status.public_url is None and status.wanted:
            # Also while a retry is at work: the cause stays until it is gone, and no button moves away.
            more = (*_page(status.problem, link=True), Action(Act.TRY_AGAIN, tr("Try now")))
            return Callout(Tone.BAD, sentence(status.problem), (*more, *_answer(backend, status, status.problem)))
        case Phase.NEEDS_AUTH | Phase.ERROR if status.problem is not None:
            tone = Tone.WARN if status.phase is Phase.NEEDS_AUTH else Tone.BAD
            if status.phase is Phase.NEEDS_AUTH and not status.wanted:
                tone = Tone.MUTED  # nobody has asked for it
            return Callout(tone, sentence(status.problem), _actions(backend, status, status.problem))
        case Phase.STOPPED:
            return _at_rest(backend, status)
        case _:
            return None


def question_callout(backend: Backend, status: TunnelStatus, card_state: CardState) -> Callout | None:
    """Return what the card asks because of a click."""
    cancel = Action(Act.CANCEL, tr("Cancel"))
    match card_state.question:
        case Question.EXPOSURE:
            protect = Action(Act.PROTECT, tr("Protect…"))
            return Callout(Tone.WARN, exposure_sentence(status), (cancel, protect, Action(Act.AGREE, tr("Go public"))))
        case Question.OUTSIDE:
            words = tr("This tells Cloudflare's resolver, or Google's, the name of this link.")
            return Callout(Tone.MUTED, words, (cancel, Action(Act.LOOK, tr("Check"))))
        case Question.CAUTION:
            return Callout(Tone.WARN, card_state.hint, (cancel, Action(Act.START_ANYWAY, tr("Start anyway"))))
        case Question.TOKEN:
            return _ask_for_token(backend, status, card_state)
        case Question.PASSWORD:
            command = named_command(backend, card_state.command)
            words = tr("This takes administrator rights.") if card_state.failed is None else sentence(card_state.failed)
            label = tr("Continue") if command is None else tr(command.label)
            return Callout(
                Tone.WARN,
                words,
                (cancel, Action(Act.COMMAND, label, card_state.command)),
                tr("Your password on this computer"),
            )
        case None if card_state.hint:
            return Callout(Tone.MUTED, card_state.hint, (Action(Act.CANCEL, tr("Close")),))
        case None:
            return None


def install_command(backend: Backend, status: TunnelStatus) -> Command | None:
    """Return the command that installs what the backend needs, where it is offered."""
    return _in_role(backend, status, Role.INSTALL)


def named_command(backend: Backend, name: str) -> Command | None:
    """Find a command that can be run by its name, dashes or underscores alike."""
    wanted = name.replace("_", "-")
    return next((one for one in backend.commands if one.run and one.name.replace("_", "-") == wanted), None)


def token_option(backend: Backend) -> tuple[str, Option] | None:
    """Return name and declaration of the token that the backend keeps, if it has one."""
    options = declared(backend.options).items()
    return next(((name, option) for name, option in options if option.stored and option.kind is Kind.SECRET), None)


def _while_running(status: TunnelStatus, default_target: str) -> Callout | None:
    if not status.wanted and status.problem is None:
        return None
    if not status.wanted:
        words = "" if status.problem is None else sentence(status.problem)
        return Callout(Tone.BAD, words, (Action(Act.SHOW_LOG, tr("Show log")), Action(Act.STOP, tr("Stop"))))
    if status.code is Code.HOST_REFUSED:
        own = status.target_url.partition("://")[2]
        send = Action(Act.USE_SETTING, tr("Send {host}", host=own), f"hostHeader={own}")
        return Callout(Tone.WARN, sentence(status.problem), (send,)) if status.problem else None
    if status.code is Code.ORIGIN_SCHEME and status.problem is not None:
        return Callout(Tone.WARN, sentence(status.problem), (_other_scheme(status.problem),))
    if status.problem is not None:
        words = tr(
            "Visitors get an error page: nothing answers at {target}. The tunnel stays up.",
            target=status.target_url.partition("://")[2],
        )
        return Callout(Tone.WARN, words, (Action(Act.CHANGE_TARGET, tr("Choose server…")),))
    if status.verified.state is Proof.FAILED:
        return Callout(Tone.WARN, outside_words(status.verified), (Action(Act.LOOK, tr("Check again")),))
    hint = status.extras.hint(status.target_url)
    if hint is not None:
        return Callout(Tone.MUTED, tr(hint.text, **hint.values), tuple(_offers(hint.offers, hint.values)))
    return _left_behind(status, default_target)


def _other_scheme(problem: Problem) -> Action:
    """Return the button that takes the scheme that would work, where one does."""
    better = problem.parameters.get("better", "")
    if not better:
        return Action(Act.CHANGE_TARGET, tr("Choose server…"))
    return Action(Act.USE_TARGET, tr("Use {scheme}", scheme=better.partition("://")[0]), better)


def _left_behind(status: TunnelStatus, default_target: str) -> Callout | None:
    """Offer to follow the default target, unless the tunnel has a target of its own or the same server is meant."""
    if status.own_target or parse_target(status.target_url).may_be(parse_target(default_target)):
        return None
    words = tr(
        "This address still leads to {old}. Your server is now {new}.", old=status.target_url, new=default_target
    )
    return Callout(Tone.MUTED, words, (Action(Act.SWITCH_TARGET, tr("Switch")),))


def _at_rest(backend: Backend, status: TunnelStatus) -> Callout | None:
    if status.problem is not None:
        again = Action(Act.TRY_AGAIN, tr("Turn on again"))
        if status.problem.key in _TIME_OVER:
            again = Action(Act.LONGER, tr("1 h more"))
        return Callout(Tone.MUTED, sentence(status.problem), (again,) if status.installation.installed else ())
    if status.installation.installed:
        return None
    command = install_command(backend, status)
    page = backend.about.page
    more = (Action(Act.OPEN_PAGE, tr("What is it?"), page, link=True),) if page else ()
    if command is None:
        words = tr("{service} is not on this computer yet.", service=tr(backend.title))
        return Callout(Tone.MUTED, words, more)
    if not any(option.kind is Kind.SECRET for option in declared(command.options).values()):
        return None  # turning it on installs it
    words = tr("{service} is not on this computer yet.", service=tr(backend.title))
    return Callout(Tone.MUTED, words, (*more, Action(Act.COMMAND, tr("Install…"), command.name)))


def _actions(backend: Backend, status: TunnelStatus, problem: Problem) -> tuple[Action, ...]:
    """Return the buttons that go on from a cause; the most useful one last."""
    if problem.code in _TOKENS:
        return (
            *_token_page(backend, problem),
            *_sign_up(backend, problem),
            Action(Act.ENTER_TOKEN, tr("Enter token…")),
        )
    offers = tuple(_offers(problem.cause.offers, problem.parameters))
    if offers:
        changes = any(action.act is Act.USE_SETTING for action in offers)  # which starts it again
        retry = () if changes else (Action(Act.TRY_AGAIN, tr("Try again")),)
        return (*(_page(problem, link=True) or (Action(Act.SHOW_LOG, tr("Show log")),)), *retry, *offers)
    if problem.action_url is not None:
        # Logging in is the one page that a phone does as well: it is where people are logged in already.
        code = (Action(Act.SHOW_QR, tr("QR code…"), problem.action_url),) if problem.code is Code.NEEDS_LOGIN else ()
        return (Action(Act.COPY_TEXT, tr("Copy link"), problem.action_url), *code, *_page(problem))
    typed = problem.parameters.get("command", "")
    copy = (Action(Act.COPY_TEXT, tr("Copy command"), typed),) if typed else ()
    answer = _answer(backend, status, problem)
    if answer:
        return (*copy, *answer)
    again = Action(Act.TRY_AGAIN, tr("Try again"))
    if status.phase is Phase.NEEDS_AUTH:
        return (*copy, again)
    return (*(copy or (Action(Act.SHOW_LOG, tr("Show log")),)), again)


def _token_page(backend: Backend, problem: Problem | None) -> tuple[Action, ...]:
    """Return the link to where an account shows its token."""
    token = token_option(backend)
    page = (None if problem is None else problem.action_url) or (None if token is None else token[1].page)
    return (Action(Act.OPEN_PAGE, tr("Get a token"), page, link=True),) if page else ()


def _sign_up(backend: Backend, problem: Problem | None) -> tuple[Action, ...]:
    """Return the link to where one gets an account; whoever had a token has one."""
    token = token_option(backend)
    had_one = problem is not None and problem.code is Code.TOKEN_REJECTED
    page = None if token is None or had_one else token[1].sign_up_page
    return (Action(Act.OPEN_PAGE, tr("Sign up"), page, link=True),) if page else ()


def _offers(offers: Iterable[Offer], values: Mapping[str, str]) -> Iterator[Action]:
    """Yield the buttons of what is offered, where all that they name is known."""
    for offer in offers:
        named = {name for _, name, _, _ in Formatter().parse(offer.value) if name}
        if all(values.get(name) for name in named):
            label, value = tr(offer.label, **values), offer.value.format_map(values)
            yield Action(_ACTS[offer.kind], label, value, after_reading=offer.after_reading)


def _answer(backend: Backend, status: TunnelStatus, problem: Problem) -> tuple[Action, ...]:
    """Return the command of the backend that answers the cause, where it is offered."""
    command = _in_role(backend, status, _ANSWERS.get(problem.code))
    return () if command is None else (Action(Act.COMMAND, tr(command.label), command.name),)


def _in_role(backend: Backend, status: TunnelStatus, role: Role | None) -> Command | None:
    """Return the command of the backend in that role, where it is offered."""
    fitting = (one for one in backend.commands if role is not None and one.role is role and one.offered(status))
    return next(fitting, None)


def _page(problem: Problem, *, link: bool = False) -> tuple[Action, ...]:
    if problem.action_url is None:
        return ()
    other = translatable("Open the log-in page") if problem.code is Code.NEEDS_LOGIN else translatable("Open the page")
    label = tr(problem.cause.page or other)
    return (Action(Act.OPEN_PAGE, label, problem.action_url, link=link),)


def _failed_command(backend: Backend, status: TunnelStatus, problem: Problem, name: str) -> Callout:
    close = Action(Act.CANCEL, tr("Close"))
    if problem.code is Code.CANCELLED:
        return Callout(Tone.MUTED, sentence(problem), (close,))
    page = _page(problem)
    if page:
        return Callout(Tone.WARN, sentence(problem), (close, *page))
    typed = problem.parameters.get("command", "")
    copy = (Action(Act.COPY_TEXT, tr("Copy command"), typed),) if typed else ()
    command = named_command(backend, name)
    again = (Action(Act.COMMAND, tr("Try again"), name),) if command is not None and command.offered(status) else ()
    return Callout(Tone.BAD, sentence(problem), (close, *copy, *again))


def _ask_for_token(backend: Backend, status: TunnelStatus, card_state: CardState) -> Callout:
    token = token_option(backend)
    asks = "" if token is None else token[1].question
    words = tr(asks or translatable("{service} asks for your token."), service=tr(backend.title))
    place = tr("Portway keeps it in the system keyring.") if card_state.kept else tr("It is held until Portway ends.")
    words = f"{words} {place}" if card_state.failed is None else sentence(card_state.failed)
    return Callout(
        Tone.WARN,
        words,
        (
            *_token_page(backend, status.problem),
            *_sign_up(backend, status.problem),
            Action(Act.CANCEL, tr("Cancel")),
            Action(Act.ENTER_TOKEN, tr("Save and start")),
        ),
        tr("Authtoken") if token is None else tr(token[1].label),
    )
