"""What the controls of one card do to the hub, and what this window knows of it beside the status."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from portway.core.backend import Answer, Backend, Fetched
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.guard.deadline import Ends
from portway.core.hub import EnableRequest, Job, JobDone, JobEvent, JobFailed, end_request
from portway.core.options import check_value, declared, read_value
from portway.core.secret import Secret
from portway.core.status import Progress, Proof, Reach, TunnelStatus
from portway.core.target import parse_target
from portway.gui.cards.command_request import command_ask
from portway.gui.dependencies import GuiDependencies
from portway.gui.dialogs.consent import agree, needs_consent
from portway.gui.dialogs.remembered_password import RememberedPassword
from portway.gui.dialogs.run_question import RunQuestion
from portway.gui.i18n.contexts import cards as tr
from portway.gui.i18n.words import sentence
from portway.gui.model.callout_rules import named_command, token_option
from portway.gui.model.card_rules import Surrounding, card_of, takes_secret
from portway.gui.model.card_view import Act, Action, CardState, CardView, Question
from portway.gui.model.guard_rules import LONGER
from portway.gui.model.state_words import outside_words
from portway.system.secrets.store import Storage

_OUTSIDE = "outside_check"  # the question before the first look from there
_PERSON_NEEDED = (Code.NEEDS_PRIVILEGES, Code.WRONG_SUDO_PASSWORD)


class CardControl(QObject):
    """One per backend. Lives on the main thread."""

    changed = Signal()  # what the card shows may be another thing now
    log_asked = Signal()
    target_asked = Signal()
    settings_asked = Signal()

    def __init__(self, backend: Backend, dependencies: GuiDependencies, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.backend = backend
        self._dependencies = dependencies
        self._card_state = CardState()
        self._pending = EnableRequest(by_person=True)  # what is enabled once the person has agreed
        self._job: Job | None = None
        self._remembered = RememberedPassword(dependencies, backend.kind)
        self._question = RunQuestion(self._remembered, self)
        self._question.agreed.connect(self._on_agreed)
        self._question.declined.connect(self._on_declined)
        self._password: Secret | None = None  # that the running command was given
        self._asked_for = ""  # the command that the question is about

    @property
    def status(self) -> TunnelStatus:
        """As the hub has it."""
        return self._dependencies.hub.status(self.backend.id)

    @property
    def default_target(self) -> str:
        """What a new start exposes, in its full form."""
        return parse_target(self._dependencies.hub.settings.general.target).url

    @property
    def has_api(self) -> bool:
        """Whether the server has an API that its address can be given for."""
        return self._dependencies.has_api(self.status.target_url)

    def view(self) -> CardView:
        """Return what the card shows now."""
        self._join_running_job()
        general = self._dependencies.hub.settings.general
        show_api = general.show_api_url and self.has_api
        around = Surrounding(datetime.now(UTC), self.default_target, show_api)
        return card_of(self.backend, self.status, self._card_state, around)

    @Slot(bool)
    def switch(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        """Turn it on or off."""
        if on:
            self._enable(EnableRequest(by_person=True))
        else:
            self._forget()
            self._dependencies.hub.disable(self.backend.id)
        self.changed.emit()

    @Slot(object)
    def take(self, action: Action, secret: Secret | None = None) -> None:
        """Do what a button of the callout says. `secret` is what stands in its field."""
        self._actions()[action.act](action, secret)
        self.changed.emit()

    def hint(self, words: str) -> None:
        """Say what helps with what was just copied."""
        self._forget()
        if self._job is None:
            self._card_state = CardState(hint=words)
            self.changed.emit()

    def set_up(self) -> None:
        """Begin what has to be done before it can be turned on: enter a token, or what the card says."""
        view = self.view()
        asked = () if view.callout is None else view.callout.actions
        action = view.set_up or next((one for one in reversed(asked) if not one.link), None)
        if action is not None:
            self.take(action)

    def cancel(self) -> None:
        """Cancel the running command, else take the wish back."""
        if self._job is not None:
            self._job.cancel()
        else:
            self._dependencies.hub.disable(self.backend.id)

    @Slot(bool)
    def record(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        """Record its requests, or no more, for as long as it is wanted."""
        # Not lasting by itself: a wish that lasts stays so.
        self._dependencies.hub.enable(self.backend.id, EnableRequest(inspect=on, lasting=False))

    def end_after(self, ends: Ends | None) -> None:
        """Let it stop by itself then; None: it does not."""
        self._dependencies.hub.guard(self.backend.id, end_request(ends), self._on_ends)

    def _on_ends(self, problem: Problem | None) -> None:
        if problem is not None and isValid(self):
            self._card_state = CardState(failed=problem)
            self.changed.emit()

    @property
    def can_look(self) -> bool:
        """Whether there is a link on the internet to look at, and nothing else is under way."""
        status = self.status
        open_to_all = status.running and status.reach is Reach.INTERNET and status.public_url is not None
        return open_to_all and status.verified.state is not Proof.PENDING and self._job is None

    @Slot()
    def look(self) -> None:
        """Look at the link from outside; the first time say who learns of it, and ask."""
        if not self.can_look:
            return
        self._forget()
        if self._dependencies.app_state.answered(_OUTSIDE):
            self._look()
        else:
            self._card_state = CardState(question=Question.OUTSIDE)
        self.changed.emit()

    def run_command(self, name: str, secret: Secret | None = None) -> None:
        """Run a command of the backend, or first show what it would run, where that is foreign.

        The password is asked for only where it turns out to be needed.
        """
        command = named_command(self.backend, name)
        if command is None or self._job is not None:
            return
        if command.fetch is not None and self._question.fetched is None:
            self._card_state = CardState(command=command.name, running=True)
            self._follow(self._dependencies.hub.fetch(self.backend.id, command.name))
            return
        fetched = None if command.fetch is None else self._question.fetched
        try:
            ask = command_ask(command, self.status, secret, fetched)
        except TunnelError as error:
            self._card_state = self._after_failure(name, error.problem)
            return
        self._card_state = CardState(command=command.name, running=True)
        self._password = secret
        self._follow(self._dependencies.hub.command(self.backend.id, command.name, ask))

    def finish(self) -> None:
        """Leave nothing of what nobody has agreed to; at the end of the program."""
        self._question.end()

    def _actions(self) -> Mapping[Act, Callable[[Action, Secret | None], None]]:
        """What each act does. Made anew each time: kept on self it would keep self alive."""
        hub, identity = self._dependencies.hub, self.backend.id
        return {
            Act.COMMAND: lambda action, secret: self.run_command(action.value, secret),
            Act.OPEN_PAGE: lambda action, _: self._dependencies.open_url(action.value),
            Act.COPY_TEXT: lambda action, _: self._dependencies.clipboard.copy(action.value),
            Act.TRY_AGAIN: lambda _action, _: self._enable(EnableRequest(by_person=True)),
            Act.STOP: lambda _action, _: hub.disable(identity),
            Act.SWITCH_TARGET: lambda _action, _: self._enable(
                EnableRequest(target=parse_target(self.default_target), follows_default=True, by_person=True)
            ),
            Act.USE_TARGET: lambda action, _: self._use_target(action.value),
            Act.CHANGE_TARGET: lambda _action, _: self.target_asked.emit(),
            Act.ENTER_TOKEN: lambda _action, secret: self._take_token(secret),
            Act.USE_SETTING: lambda action, _: self._use_setting(*action.value.split("=", 1)),
            Act.SHOW_LOG: lambda _action, _: self.log_asked.emit(),
            Act.LONGER: lambda _action, _: self._enable(EnableRequest(expires_in=LONGER, by_person=True)),
            Act.AGREE: lambda _action, _: self._go_public(),
            Act.START_ANYWAY: lambda _action, _: self._enable(self._pending, sure=True),
            Act.LOOK: lambda _action, _: self._agree_to_look(),
            Act.CANCEL: lambda _action, _: self._forget(),
        }

    def _agree_to_look(self) -> None:
        self._dependencies.app_state.remember_answer(_OUTSIDE)
        self._forget()
        self._look()

    def _look(self) -> None:
        try:
            self._dependencies.hub.verify(self.backend.id, self._on_looked)
        except TunnelError as error:
            self._card_state = CardState(failed=error.problem)

    def _on_looked(self, status: TunnelStatus) -> None:
        if isValid(self):  # the tunnel may be gone meanwhile, and its card with it
            if status.verified.state is Proof.UNKNOWN:  # what it has found shows by itself
                self.hint(outside_words(status.verified))
            self.changed.emit()

    def _go_public(self) -> None:
        agree(self._dependencies.app_state)
        self._enable(self._pending)

    def _enable(self, ask: EnableRequest, *, sure: bool = False) -> None:
        """Turn it on, after what has to be asked. `sure`: the person was told that it may come to nothing."""
        self._forget()
        if needs_consent(self._dependencies.app_state, self.status):
            self._pending = ask
            self._card_state = CardState(question=Question.EXPOSURE)
            return
        caution = "" if sure or self.status.wanted else self._caution(ask)
        if caution:
            self._pending = ask
            self._card_state = CardState(question=Question.CAUTION, hint=tr(caution))
            return
        try:
            self._dependencies.hub.enable(self.backend.id, ask)
        except TunnelError as error:
            self._card_state = CardState(failed=error.problem)
            return
        default = self.status.target_url if self.status.own_target else self.default_target
        target = default if ask.target is None else ask.target.url
        self._dependencies.app_state.remember_target(target)

    def _caution(self, ask: EnableRequest) -> str:
        return self._dependencies.hub.caution(self.backend.kind, self.backend.id, ask.options)

    def _take_token(self, secret: Secret | None) -> None:
        token = token_option(self.backend)
        if token is None:
            return
        if self._card_state.question is not Question.TOKEN or not secret:
            self._card_state = self._token_question()
            return
        name, option = token
        try:
            text = check_value(option, secret.reveal(), field=tr(option.label))
        except TunnelError as error:
            self._card_state = self._token_question(error.problem)
            return
        self._enable(EnableRequest(options={name: Secret(str(text))}, remember=True, by_person=True))

    def _token_question(self, refused: Problem | None = None) -> CardState:
        kept = self._dependencies.services.secrets.state is not Storage.MEMORY
        return CardState(question=Question.TOKEN, failed=refused, kept=kept)

    def _use_setting(self, body: str, text: str) -> None:
        """Set an option of the backend, for good if it is a setting, and go on with it."""
        passing = {
            item.body: (name, item) for name, item in declared(self.backend.options).items() if not item.in_settings
        }
        if body in passing:
            name, item = passing[body]
            self._enable(EnableRequest(options={name: check_value(item, text)}, by_person=True))
            return
        try:
            key = self._dependencies.settings_file.key(f"{self.backend.kind}.{body}")
            value = read_value(key.option, text)
            self._dependencies.settings_file.set(key.name, value)
        except TunnelError as error:
            self._card_state = CardState(failed=error.problem)
            return
        self._dependencies.hub.reload()
        self._enable(EnableRequest(options={key.field: value}, by_person=True))

    def _use_target(self, url: str) -> None:
        """Lead to this server from now on; the default changes with a tunnel that follows it."""
        follows = not self.status.own_target and self._change_default(url)
        self._enable(EnableRequest(target=parse_target(url), follows_default=follows, by_person=True))

    def _change_default(self, url: str) -> bool:
        """Whether the default target is this one now: the environment may decide it."""
        if "general.target" in self._dependencies.hub.settings.locked:
            return False
        try:
            self._dependencies.settings_file.set("general.target", url)
        except TunnelError:
            return False  # for this tunnel it holds all the same
        self._dependencies.hub.reload()
        return True

    def _follow(self, job: Job) -> None:
        self._job = job
        job.subscribe(self._on_news)

    def _join_running_job(self) -> None:
        """Show a command that somebody else started, too."""
        if self._job is not None:
            return
        for command in self.backend.commands:
            job = self._dependencies.hub.job(self.backend.id, command.name)
            if job is not None:
                self._card_state = CardState(command=command.name, running=True)
                self._follow(job)
                return

    def _on_news(self, news: JobEvent) -> None:
        if not isValid(self):  # the window was made anew in another language
            return
        match news:
            case Progress():
                self._question.close()  # it runs
                self._card_state = replace(self._card_state, progress=news)
            case JobDone(answer):
                self._job = None
                self._take_answer(answer)
            case JobFailed(problem):
                self._job = None
                self._card_state = self._after_failure(self._card_state.command, problem)
                self._consult_memory(problem)
        self.changed.emit()

    def _take_answer(self, answer: Answer) -> None:
        command = named_command(self.backend, self._card_state.command)
        self._card_state = CardState()
        fetched = answer.get("fetched")
        if command is not None and isinstance(fetched, Fetched):
            self._asked_for = command.name
            self._question.ask(fetched, tr(command.label).rstrip("…"))
            return
        self._question.end()
        if self._password:
            self._remembered.keep(self._password)
        self._password = None
        page = answer.get("auth_url")
        if isinstance(page, str):
            self._dependencies.open_url(page)

    @Slot(object)
    def _on_agreed(self, password: Secret) -> None:
        """Run what was shown."""
        self.run_command(self._asked_for, password or None)
        self.changed.emit()

    @Slot()
    def _on_declined(self) -> None:
        if self._job is None:
            self._question.end()
        else:  # it clears away by itself, once it has ended
            self._question.close()
            self._job.cancel()

    def _after_failure(self, name: str, problem: Problem) -> CardState:
        command = named_command(self.backend, name)
        if problem.code in _PERSON_NEEDED and self._question.is_open:
            first = self._password is None
            self._question.ask_for_password(tr("This takes administrator rights.") if first else sentence(problem))
            return CardState()
        self._question.end()
        asks = command is not None and command.fetch is None and takes_secret(command)
        if problem.code in _PERSON_NEEDED and asks:
            return CardState(question=Question.PASSWORD, command=name, failed=problem)
        if problem.code is Code.CANCELLED:
            return CardState()
        return CardState(command=name, failed=problem)

    def _consult_memory(self, problem: Problem) -> None:
        """Use a remembered password where one is needed, and drop what was rejected."""
        given, self._password = self._password, None
        if problem.code is Code.WRONG_SUDO_PASSWORD:
            self._remembered.forget()
        elif self._card_state.question is Question.PASSWORD and not given and self._remembered.there:
            self._remembered.fetch(self._run_again)

    def _run_again(self, password: Secret | None) -> None:
        """Go on with the remembered password, unless the person was faster."""
        if password and self._card_state.question is Question.PASSWORD:
            self.run_command(self._card_state.command, password)
            self.changed.emit()

    def _forget(self) -> None:
        if self._job is None:
            self._card_state = CardState()
