"""What the controls of one card do to the hub, and what this window knows of it beside the status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal, Slot

from portway.core.backend import Answer, Backend, Fetched
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.hub import Ask, Job, JobDone, JobFailed, JobNews
from portway.core.option_values import check_value, read_value
from portway.core.secret import Secret
from portway.core.status import Progress, TunnelStatus
from portway.core.target import parse_target
from portway.gui.callout_rules import named_command, token_option
from portway.gui.card_rules import Surrounding, card_of, takes_secret
from portway.gui.card_view import Act, CardView, Doing, Question, Way
from portway.gui.command_ask import command_ask
from portway.gui.consent import agree, needs_consent
from portway.gui.parts import Parts
from portway.gui.remembered_password import RememberedPassword
from portway.gui.run_question import RunQuestion
from portway.gui.words import sentence, tr

_PERSON_NEEDED = (Code.NEEDS_PRIVILEGES, Code.WRONG_SUDO_PASSWORD)


class CardControl(QObject):
    """One per backend. Lives on the main thread."""

    changed = Signal()  # what the card shows may be another thing now
    log_asked = Signal()
    target_asked = Signal()
    settings_asked = Signal()

    def __init__(self, backend: Backend, parts: Parts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.backend = backend
        self._parts = parts
        self._doing = Doing()
        self._pending = Ask(by_person=True)  # what is enabled once the person has agreed
        self._job: Job | None = None
        self._remembered = RememberedPassword(parts, backend.id)
        self._question = RunQuestion(self._remembered, self)
        self._question.agreed.connect(self._on_agreed)
        self._question.declined.connect(self._on_declined)
        self._password: Secret | None = None  # that the running command was given
        self._asked_for = ""  # the command that the question is about

    @property
    def status(self) -> TunnelStatus:
        """As the hub has it."""
        return self._parts.hub.status(self.backend.id)

    @property
    def default_target(self) -> str:
        """What a new start exposes, in its full form."""
        return parse_target(self._parts.hub.settings.general.target).url

    def view(self) -> CardView:
        """Return what the card shows now."""
        self._join_running_job()
        general = self._parts.hub.settings.general
        around = Surrounding(datetime.now(UTC), self.default_target, general.show_api_url)
        return card_of(self.backend, self.status, self._doing, around)

    @Slot(bool)
    def switch(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        """Wish it on or off."""
        if on:
            self._enable(Ask(by_person=True))
        else:
            self._forget()
            self._parts.hub.disable(self.backend.id)
        self.changed.emit()

    @Slot(object)
    def take(self, way: Way, secret: Secret | None = None) -> None:
        """Do what a button of the callout says. `secret` is what stands in its field."""
        self._deeds()[way.act](way, secret)
        self.changed.emit()

    def ask_for_token(self) -> None:
        """Open the field for the token."""
        if token_option(self.backend) is not None:
            self._doing = Doing(question=Question.TOKEN)
            self.changed.emit()

    def hint(self, words: str) -> None:
        """Say what helps with what was just copied."""
        self._forget()
        if self._job is None:
            self._doing = Doing(hint=words)
            self.changed.emit()

    def set_up(self) -> None:
        """Begin what has to be done before it can be turned on: enter a token, or what the card says."""
        view = self.view()
        way = None if view.callout is None else next((one for one in reversed(view.callout.ways) if not one.link), None)
        if way is not None:
            self.take(way)

    def cancel(self) -> None:
        """Cancel the running command, else take the wish back."""
        if self._job is not None:
            self._job.cancel()
        else:
            self._parts.hub.disable(self.backend.id)

    def run_command(self, name: str, secret: Secret | None = None) -> None:
        """Run a command of the backend, or first show what it would run, where that is foreign.

        The password is asked for only where it turns out to be needed.
        """
        command = named_command(self.backend, name)
        if command is None or self._job is not None:
            return
        if command.fetch is not None and self._question.fetched is None:
            self._doing = Doing(command=command.name, running=True)
            self._follow(self._parts.hub.fetch(self.backend.id, command.name))
            return
        fetched = None if command.fetch is None else self._question.fetched
        try:
            ask = command_ask(command, self.status, secret, fetched)
        except TunnelError as error:
            self._doing = self._after_failure(name, error.problem)
            return
        self._doing = Doing(command=command.name, running=True)
        self._password = secret
        self._follow(self._parts.hub.command(self.backend.id, command.name, ask))

    def finish(self) -> None:
        """Leave nothing of what nobody has agreed to; at the end of the program."""
        self._question.end()

    def _deeds(self) -> Mapping[Act, Callable[[Way, Secret | None], None]]:
        """What each act does. Made anew each time: kept on self it would keep self alive."""
        hub, identity = self._parts.hub, self.backend.id
        return {
            Act.COMMAND: lambda way, secret: self.run_command(way.value, secret),
            Act.OPEN_PAGE: lambda way, _: self._parts.open_url(way.value),
            Act.COPY_TEXT: lambda way, _: self._parts.clipboard.copy(way.value),
            Act.TRY_AGAIN: lambda _way, _: self._enable(Ask(by_person=True)),
            Act.STOP: lambda _way, _: hub.disable(identity),
            Act.SWITCH_TARGET: lambda _way, _: self._enable(
                Ask(target=parse_target(self.default_target), by_person=True)
            ),
            Act.CHANGE_TARGET: lambda _way, _: self.target_asked.emit(),
            Act.ENTER_TOKEN: lambda _way, secret: self._take_token(secret),
            Act.USE_SETTING: lambda way, _: self._use_setting(*way.value.split("=", 1)),
            Act.SHOW_LOG: lambda _way, _: self.log_asked.emit(),
            Act.AGREE: lambda _way, _: self._go_public(),
            Act.CANCEL: lambda _way, _: self._forget(),
        }

    def _go_public(self) -> None:
        agree(self._parts.app_state)
        self._enable(self._pending)

    def _enable(self, ask: Ask) -> None:
        self._forget()
        if needs_consent(self._parts.app_state, self.status):
            self._pending = ask
            self._doing = Doing(question=Question.EXPOSURE)
            return
        try:
            self._parts.hub.enable(self.backend.id, ask)
        except TunnelError as error:
            self._doing = Doing(failed=error.problem)
            return
        target = self.default_target if ask.target is None else ask.target.url
        self._parts.app_state.remember_target(target)

    def _take_token(self, secret: Secret | None) -> None:
        token = token_option(self.backend)
        if token is None:
            return
        if self._doing.question is not Question.TOKEN or not secret:
            self._doing = Doing(question=Question.TOKEN)
            return
        name, option = token
        try:
            text = check_value(option, secret.reveal(), field=tr(option.label))
        except TunnelError as error:
            self._doing = Doing(question=Question.TOKEN, failed=error.problem)
            return
        self._enable(Ask(options={name: Secret(str(text))}, remember=True, by_person=True))

    def _use_setting(self, body: str, text: str) -> None:
        """Set an option of the backend for good, and go on with it."""
        try:
            key = self._parts.settings_file.key(f"{self.backend.id}.{body}")
            value = read_value(key.option, text)
            self._parts.settings_file.set(key.name, value)
        except TunnelError as error:
            self._doing = Doing(failed=error.problem)
            return
        self._parts.hub.reload()
        self._enable(Ask(options={key.field: value}, by_person=True))

    def _follow(self, job: Job) -> None:
        self._job = job
        job.subscribe(self._on_news)

    def _join_running_job(self) -> None:
        """Show a command that somebody else started, too."""
        if self._job is not None:
            return
        for command in self.backend.commands:
            job = self._parts.hub.job(self.backend.id, command.name)
            if job is not None:
                self._doing = Doing(command=command.name, running=True)
                self._follow(job)
                return

    def _on_news(self, news: JobNews) -> None:
        match news:
            case Progress():
                self._question.close()  # it runs
                self._doing = replace(self._doing, progress=news)
            case JobDone(answer):
                self._job = None
                self._take_answer(answer)
            case JobFailed(problem):
                self._job = None
                self._doing = self._after_failure(self._doing.command, problem)
                self._consult_memory(problem)
        self.changed.emit()

    def _take_answer(self, answer: Answer) -> None:
        command = named_command(self.backend, self._doing.command)
        self._doing = Doing()
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
            self._parts.open_url(page)

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

    def _after_failure(self, name: str, problem: Problem) -> Doing:
        command = named_command(self.backend, name)
        if problem.code in _PERSON_NEEDED and self._question.is_open:
            first = self._password is None
            self._question.ask_for_password(tr("This takes administrator rights.") if first else sentence(problem))
            return Doing()
        self._question.end()
        asks = command is not None and command.fetch is None and takes_secret(command)
        if problem.code in _PERSON_NEEDED and asks:
            return Doing(question=Question.PASSWORD, command=name, failed=problem)
        if problem.code is Code.CANCELLED:
            return Doing()
        return Doing(command=name, failed=problem)

    def _consult_memory(self, problem: Problem) -> None:
        """Use a remembered password where one is needed, and drop what was rejected."""
        given, self._password = self._password, None
        if problem.code is Code.WRONG_SUDO_PASSWORD:
            self._remembered.forget()
        elif self._doing.question is Question.PASSWORD and not given and self._remembered.there:
            self._remembered.fetch(self._run_again)

    def _run_again(self, password: Secret | None) -> None:
        """Go on with the remembered password, unless the person was faster."""
        if password and self._doing.question is Question.PASSWORD:
            self.run_command(self._doing.command, password)
            self.changed.emit()

    def _forget(self) -> None:
        if self._job is None:
            self._doing = Doing()
