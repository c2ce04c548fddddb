"""What a card asks for or offers: the sentence of a cause, and the buttons that go on. Pure."""

from __future__ import annotations

from portway.backends.lan.declaration import LanExtras
from portway.core.backend import Backend, Command
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.options import Kind, Option, declared
from portway.core.status import Phase, TunnelStatus
from portway.gui.card_view import Act, Callout, Doing, Question, Way
from portway.gui.look import Ink
from portway.gui.state_words import about, marked
from portway.gui.words import sentence, tr

_TOKENS = (Code.NEEDS_TOKEN, Code.TOKEN_REJECTED)

# The command that answers a cause, if the backend has one of that name.
_ANSWERS: dict[Code, str] = {
    Code.NOT_INSTALLED: "install",
    Code.INSTALL_FAILED: "install",
    Code.CHECKSUM_MISMATCH: "install",
    Code.VERSION_TOO_OLD: "install",
    Code.NEEDS_LOGIN: "login",
    Code.NEEDS_PRIVILEGES: "operator",
    Code.WRONG_SUDO_PASSWORD: "operator",
    Code.DAEMON_NOT_RUNNING: "start-daemon",
}

# Where a problem names a port that is free: the option that takes it, by the variant of the problem.
_TAKES_PORT = {"lan": "listenPort", "funnel": "publicPort"}

_PAGES: dict[Code, str] = {
    Code.NEEDS_LOGIN: marked("Open the log-in page"),
    Code.FUNNEL_NOT_ENABLED: marked("Enable Funnel…"),
    Code.HTTPS_NOT_ENABLED: marked("Open the admin console"),
    Code.NEEDS_APPROVAL: marked("Open the admin console"),
}


def callout_of(backend: Backend, status: TunnelStatus, doing: Doing, default_target: str) -> Callout | None:
    """Return what the card has to say now."""
    if doing.failed is not None:
        return _failed_command(backend, status, doing.failed, doing.command)
    match status.phase:
        case Phase.RUNNING:
            return _while_running(status, default_target)
        case Phase.STARTING if status.retry_at is not None and status.problem is not None:
            more = (*_page(status.problem, link=True), Way(Act.TRY_AGAIN, tr("Try now")))
            return Callout(Ink.BAD, sentence(status.problem), (*more, *_answer(backend, status, status.problem)))
        case Phase.NEEDS_AUTH | Phase.ERROR if status.problem is not None:
            ink = Ink.WARN if status.phase is Phase.NEEDS_AUTH else Ink.BAD
            return Callout(ink, sentence(status.problem), _ways(backend, status, status.problem))
        case Phase.STOPPED:
            return _at_rest(backend, status)
        case _:
            return None


def question_callout(backend: Backend, status: TunnelStatus, doing: Doing) -> Callout | None:
    """Return what the card asks because of a click."""
    cancel = Way(Act.CANCEL, tr("Cancel"))
    match doing.question:
        case Question.EXPOSURE:
            words = tr("Anyone with the link reaches {target}.", target=status.target_url)
            return Callout(Ink.WARN, words, (cancel, Way(Act.AGREE, tr("Go public"))))
        case Question.TOKEN:
            return _ask_for_token(backend, status, doing.failed)
        case Question.PASSWORD:
            command = named_command(backend, doing.command)
            words = tr("This takes administrator rights.") if doing.failed is None else sentence(doing.failed)
            label = tr("Continue") if command is None else tr(command.label)
            return Callout(
                Ink.WARN, words, (cancel, Way(Act.COMMAND, label, doing.command)), tr("Your password on this computer")
            )
        case None if doing.hint:
            return Callout(Ink.MUTED, doing.hint, (Way(Act.CANCEL, tr("Close")),))
        case None:
            return None


def install_command(backend: Backend, status: TunnelStatus) -> Command | None:
    """Return the command that installs what the backend needs, where it is offered."""
    command = named_command(backend, "install")
    return command if command is not None and command.offered(status) else None


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
        return Callout(Ink.BAD, words, (Way(Act.SHOW_LOG, tr("Show log")), Way(Act.STOP, tr("Stop"))))
    if status.target_url != default_target:
        words = tr("This address still leads to {old}. The local server is now {new}.", old=status.target_url,
                   new=default_target)  # fmt: skip
        return Callout(Ink.MUTED, words, (Way(Act.SWITCH_TARGET, tr("Switch")),))
    if status.problem is not None:
        words = tr("Visitors get an error page: nothing answers at {target}. The tunnel stays up.",
                   target=status.target_url.partition("://")[2])  # fmt: skip
        return Callout(Ink.WARN, words, (Way(Act.CHANGE_TARGET, tr("Change target…")),))
    extras = status.extras
    if isinstance(extras, LanExtras) and extras.may_be_blocked:
        return _firewall(extras)
    return _host_refused(status) if getattr(extras, "host_refused", False) else None


def _host_refused(status: TunnelStatus) -> Callout:
    own = status.target_url.partition("://")[2]
    words = tr("Your server turns visitors away, as it does not know the public name. It can be given its own.")
    return Callout(Ink.MUTED, words, (Way(Act.USE_SETTING, tr("Use {host}", host=own), f"hostHeader={own}"),))


def _firewall(extras: LanExtras) -> Callout:
    words = tr("A firewall may block visitors. Allow port {port} for this network.", port=extras.listen_port)
    if extras.firewall_command is None:
        return Callout(Ink.MUTED, words)
    return Callout(Ink.MUTED, words, (Way(Act.COPY_TEXT, tr("Copy command"), extras.firewall_command),))


def _at_rest(backend: Backend, status: TunnelStatus) -> Callout | None:
    if status.problem is not None:
        again = () if not status.installation.installed else (Way(Act.TRY_AGAIN, tr("Turn on again")),)
        return Callout(Ink.MUTED, sentence(status.problem), again)
    if status.installation.installed:
        return None
    command = install_command(backend, status)
    page = about(backend.id, backend.reach).page
    more = (Way(Act.OPEN_PAGE, tr("What is it?"), page, link=True),) if page else ()
    if command is None:
        words = tr("{service} is not on this computer yet.", service=tr(backend.title))
        return Callout(Ink.MUTED, words, more)
    if not any(option.kind is Kind.SECRET for option in declared(command.options).values()):
        return None  # turning it on installs it
    words = tr("{service} is not on this computer yet.", service=tr(backend.title))
    return Callout(Ink.MUTED, words, (*more, Way(Act.COMMAND, tr("Install…"), command.name)))


def _ways(backend: Backend, status: TunnelStatus, problem: Problem) -> tuple[Way, ...]:
    """Return the buttons that go on from a cause; the most useful one last."""
    if problem.code in _TOKENS:
        return (*_token_page(backend, problem), *_sign_up(backend, problem), Way(Act.ENTER_TOKEN, tr("Enter token…")))
    if problem.action_url is not None:
        # Logging in is the one page that a phone does as well: it is where people are logged in already.
        code = (Way(Act.SHOW_QR, tr("QR code…"), problem.action_url),) if problem.code is Code.NEEDS_LOGIN else ()
        return (Way(Act.COPY_TEXT, tr("Copy link"), problem.action_url), *code, *_page(problem))
    free, option = problem.parameters.get("free", ""), _TAKES_PORT.get(problem.variant)
    if problem.code is Code.PORT_CONFLICT and free and option is not None:
        return (
            Way(Act.SHOW_LOG, tr("Show log")),
            Way(Act.USE_SETTING, tr("Use port {port}", port=free), f"{option}={free}"),
        )
    typed = problem.parameters.get("command", "")
    copy = (Way(Act.COPY_TEXT, tr("Copy command"), typed),) if typed else ()
    answer = _answer(backend, status, problem)
    if answer:
        return (*copy, *answer)
    again = Way(Act.TRY_AGAIN, tr("Try again"))
    if status.phase is Phase.NEEDS_AUTH:
        return (*copy, again)
    return (*(copy or (Way(Act.SHOW_LOG, tr("Show log")),)), again)


def _token_page(backend: Backend, problem: Problem | None) -> tuple[Way, ...]:
    """Return the link to where an account shows its token."""
    token = token_option(backend)
    page = (None if problem is None else problem.action_url) or (None if token is None else token[1].page)
    return (Way(Act.OPEN_PAGE, tr("Get a token"), page, link=True),) if page else ()


def _sign_up(backend: Backend, problem: Problem) -> tuple[Way, ...]:
    """Return the link to where one gets an account; whoever had a token has one."""
    token = token_option(backend)
    page = None if token is None or problem.code is Code.TOKEN_REJECTED else token[1].sign_up_page
    return (Way(Act.OPEN_PAGE, tr("Sign up"), page, link=True),) if page else ()


def _answer(backend: Backend, status: TunnelStatus, problem: Problem) -> tuple[Way, ...]:
    """Return the command of the backend that answers the cause, where it is offered."""
    command = named_command(backend, _ANSWERS.get(problem.code, ""))
    if command is None or not command.offered(status):
        return ()
    return (Way(Act.COMMAND, tr(command.label), command.name),)


def _page(problem: Problem, *, link: bool = False) -> tuple[Way, ...]:
    if problem.action_url is None:
        return ()
    label = tr(_PAGES.get(problem.code, marked("Open the page")))
    return (Way(Act.OPEN_PAGE, label, problem.action_url, link=link),)


def _failed_command(backend: Backend, status: TunnelStatus, problem: Problem, name: str) -> Callout:
    close = Way(Act.CANCEL, tr("Close"))
    if problem.code is Code.CANCELLED:
        return Callout(Ink.MUTED, sentence(problem), (close,))
    page = _page(problem)
    if page:
        return Callout(Ink.WARN, sentence(problem), (close, *page))
    typed = problem.parameters.get("command", "")
    copy = (Way(Act.COPY_TEXT, tr("Copy command"), typed),) if typed else ()
    command = named_command(backend, name)
    again = (Way(Act.COMMAND, tr("Try again"), name),) if command is not None and command.offered(status) else ()
    return Callout(Ink.BAD, sentence(problem), (close, *copy, *again))


def _ask_for_token(backend: Backend, status: TunnelStatus, refused: Problem | None) -> Callout:
    token = token_option(backend)
    words = tr("{service} asks for the authtoken of your account. Portway keeps it in the system keyring.",
               service=tr(backend.title))  # fmt: skip
    words = words if refused is None else sentence(refused)
    return Callout(
        Ink.WARN, words,
        (*_token_page(backend, status.problem), Way(Act.CANCEL, tr("Cancel")),
         Way(Act.ENTER_TOKEN, tr("Save and start"))),
        tr("Authtoken") if token is None else tr(token[1].label),
    )  # fmt: skip
