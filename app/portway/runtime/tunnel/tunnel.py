"""One tunnel: what is wanted of it, what its attempts report, and the status that follows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from portway.core import lifecycle
from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.rules import OWN_PASSWORD
from portway.core.hub import EnableRequest
from portway.core.lifecycle import AuthMissing, CameUp, Failed, OriginDown, Recovering, StillUp, WentDown
from portway.core.options import host_of
from portway.core.status import Phase, TunnelStatus
from portway.core.target import Target
from portway.runtime.tunnel.attempt import (
    Attempt,
    AttemptListener,
    HostSuspect,
    NotRetargetable,
    Recovered,
    Serving,
    TunnelEvent,
)
from portway.runtime.tunnel.attempts import Attempts
from portway.runtime.tunnel.origin_watch import OriginTracker
from portway.runtime.tunnel.protection import Protection
from portway.runtime.tunnel.retry import RetryScheduler
from portway.runtime.tunnel.services import TunnelServices, logger_of
from portway.runtime.tunnel.status_board import StatusBoard
from portway.runtime.tunnel.target_check import TargetCheck, question_about
from portway.runtime.tunnel.wish import DesiredState, joined, led_on, restarts

if TYPE_CHECKING:
    from portway.relay.truth import Question

_WITHOUT_ANSWERS = frozenset({Code.ORIGIN_DOWN, Code.ORIGIN_SCHEME})
_OF_THE_TARGET = _WITHOUT_ANSWERS | {Code.HOST_REFUSED}


class Tunnel(QObject):
    """Lives on the main thread. Nothing blocks: what takes time is done by the worker."""

    status_changed = Signal(object)  # TunnelStatus
    rested = Signal(str)  # its id: nothing is wanted, and nothing is open any more
    came_up = Signal(object, object)  # TunnelStatus, EnableRequest: the wish that is fulfilled now
    ends_soon = Signal(object)  # TunnelStatus: it will stop by itself within minutes
    password_done = Signal(str)  # tunnel: the password of its wish has done its work
    token_proved = Signal(str, object)  # tunnel, EnableRequest: its token works, and was to be remembered then

    def __init__(self, backend: Backend, services: TunnelServices, status: TunnelStatus, parent: QObject) -> None:
        super().__init__(parent)
        self.backend = backend
        self._services = services
        self._logger = logger_of(backend)
        self.board = StatusBoard(backend, services, status, self)
        self.board.changed.connect(self.status_changed)
        settings = services.settings
        self._wish = DesiredState(
            backend, services.wishes, lambda: settings.guard(backend.id), lambda: settings.now.general.record
        )
        self._tries = 0
        self._closing = False
        self._declined = False  # switched off before the wish of an earlier Portway was restored
        self._origin = OriginTracker(backend.id, services.origins, self)
        self._origin.moved.connect(self._on_origin_moved)
        self._origin.answered.connect(self._on_origin_answered)
        self._origin.silent.connect(self._on_origin_silent)
        self._check = TargetCheck(services.timing, self)
        self._check.found.connect(self._on_target_checked)
        self._retry = RetryScheduler(backend, services.probes, services.timing, self)
        self._retry.retry_due.connect(self._on_retry_due)
        self._retry.steady.connect(self._on_steady)
        self._retry.person_done.connect(self._on_person_done)
        self._attempts = Attempts(backend, services, self)
        self._attempts.happened.connect(self._on_happened)
        self._attempts.origin_hinted.connect(self._on_visit)
        self._ran_out: Problem | None = None
        self.protection = Protection(self._wish, self._attempts.relay, self.board, self._logger, services.clock, self)
        self.protection.changed.connect(self._on_other_terms)
        self.protection.expired.connect(self._on_expired)
        self.protection.ends_soon.connect(self._on_ends_soon)
        self.protection.hold()

    @property
    def status(self) -> TunnelStatus:
        """As of now."""
        return self.board.status

    @property
    def target(self) -> Target:
        """What is, or would be, exposed."""
        latest = self._attempts.latest
        if self._wish.wanted and latest is not None:
            return latest.target
        return self._services.settings.target_of(self.backend.id)[0]

    @property
    def host(self) -> str:
        """What the target gets, or would get, as Host; empty: what the visitor sent."""
        latest = self._attempts.latest
        if self._wish.wanted and latest is not None:
            return latest.host
        return host_of(self.target, self._services.settings.options(self.backend))

    @property
    def listener(self) -> AttemptListener:
        """Takes the events of commands. Any thread."""
        return self._attempts.command_listener

    @property
    def may_stay(self) -> bool:
        """Whether it could be left up when the program ends."""
        relayed = self._attempts.can_lead_elsewhere  # what leads to this program cannot outlive it
        return self.backend.can_stay and not relayed and self._wish.wanted and self.status.running

    def enable(self, request: EnableRequest) -> None:
        """Want it up. What `request` does not name stays as it was wanted, else is as set."""
        stays = self._stays(request)
        wish = self._wish.join(request)
        if request.expires_in is not None:
            self.protection.end_in(request.expires_in)
        self._retry.forget()
        if not stays or not self.protection.keeps_out(self._attempts.latest):
            self._start(self._attempts.new(wish), tries=1)
            return
        self.protection.hold()
        self._lead_on(wish, request.target)
        self._record(self._attempts.latest)
        if self._own_target != self.status.own_target:
            self.board.advance(lifecycle.Retargeted(self.target.url, self._own_target, self.host or None))
        self._wish.keep()
        if self.status.running:
            self._use_up(wish)
        self.board.publish()

    def settings_changed(self) -> None:
        """Show what would be exposed now, to whom, and with what; what is open keeps to its guard at once."""
        self.board.show_target()
        if self._is_open:
            self._record(self._attempts.latest)
            self.board.publish()
        self.protection.follow((), None)
        self.board.inspect()

    def _stays(self, request: EnableRequest) -> bool:
        """Whether what is open can go on as it is, at most with another target behind it."""
        latest = self._attempts.latest
        if latest is None or not self._is_open or restarts(self.backend, latest, request):
            return False
        meant = led_on(latest, joined(self._wish.request, request), request.target)
        same = (meant.target, meant.host) == (latest.target, latest.host)
        return same or (self.status.running and self._attempts.can_lead_elsewhere)

    def _lead_on(self, wish: EnableRequest, target: Target | None) -> None:
        """Lead visitors to this target, under the name that it is to get, if either is another one now."""
        latest = self._attempts.latest
        if latest is None:
            return
        meant = led_on(latest, wish, target)
        if (meant.target, meant.host) == (latest.target, latest.host):
            return
        self._origin.pause()
        self._check.forget()
        self._attempts.lead(meant)
        self.board.advance(lifecycle.Retargeted(meant.target.url, self._own_target, meant.host or None))

    def restore(self, request: EnableRequest, facts: Mapping[str, str], *, only_adopt: bool) -> None:
        """Restore the wish of an earlier Portway, or only adopt its tunnel if that is still up."""
        if self._attempts.latest is not None:  # a newer wish came first
            return
        if self._declined:
            self.reclaim()
            return
        if isinstance(request.expires_in, float) and request.expires_in <= 0:
            self._logger.info("Its time was over before this start")
            self.reclaim()
            self._wish.drop()
            self.protection.ran_out(Problem(Code.EXPIRED))
            return
        self._wish.join(request)
        self.protection.end_in(request.expires_in)
        if only_adopt and self.protection.stands:  # what was left up passes no relay, so nobody would be kept out
            self._wish.drop()
            self.reclaim()
            return
        attempt = self._attempts.new(request)
        self._start(dataclasses.replace(attempt, facts=facts, only_adopt=only_adopt, restored=True), tries=1)

    def reclaim(self) -> None:
        """End what an earlier Portway left up, as it is not wanted."""
        if self._attempts.latest is None:
            self._attempts.reclaim()

    def disable(self, request: EnableRequest) -> None:
        """Want it down. `request` may name options for the way down, such as a password."""
        active = self.status.active
        self._declined = True
        self._drop_wish()
        self.board.advance(lifecycle.StopAsked())
        if active:
            self._close(request)
        else:
            self.board.came_to_rest()
        self.board.publish()
        if not active:
            self.rested.emit(self.backend.id)

    def follow_settings(self) -> None:
        """Its own target was set anew: what is up leads there, unless a wish names another one."""
        request = self._wish.request
        if request is not None and request.target is None:
            target, _own = self._services.settings.target_of(self.backend.id)
            self.enable(EnableRequest(target=target, follows_default=True, lasting=request.lasting))

    def end_leftover(self) -> None:
        """End what an earlier Portway left up, and be at rest after that."""
        self._closing = True
        self._attempts.end_leftover()

    def try_again(self) -> None:
        """The computer woke up, or its network changed: do not wait for the next try."""
        self.protection.look()
        if self.status.retry_at is not None:
            self._on_retry_due()
        else:
            self._retry.probe()

    def command_ended(self, *, well: bool) -> None:
        """A command ended and the machine was inspected: try a failed wish again, or wait for the person to log in."""
        status, request = self.status, self._wish.request
        if status.phase is Phase.NEEDS_AUTH and status.code is not None:
            self._retry.await_person(status.code)
            if request is not None:
                self._retry.probe()
        elif status.phase is Phase.ERROR and request is not None and well:
            self.enable(EnableRequest(lasting=request.lasting))

    def finish(self, *, leave: bool) -> QThread:
        """Begin to end: cancel, then close or leave. The thread that is returned ends after that."""
        self._rest()
        return self._attempts.finish(leave=leave)

    @property
    def _own_target(self) -> bool:
        """Whether its target was named for it, by a wish or in the settings of this tunnel."""
        return self._wish.own_target or self._services.settings.target_of(self.backend.id)[1]

    @property
    def _is_open(self) -> bool:
        """Whether an attempt serves the wish: starting, up, or getting its edge back; not between two tries."""
        return self._wish.wanted and self.status.active and self.status.retry_at is None

    def _start(self, attempt: Attempt, tries: int) -> None:
        self._rest()
        self._tries = tries
        self._closing, self._ran_out = False, None
        attempt = self.protection.needed_by(attempt)
        self._wish.bind(attempt.facts)
        self.protection.hold()
        if not self._wish.wanted:  # its time is over
            return
        self._record(attempt)
        self.board.advance(lifecycle.StartAsked(attempt.target.url, tries, self._own_target, attempt.host or None))
        self._attempts.open(attempt)
        self.board.publish()

    def _record(self, attempt: Attempt | None) -> None:
        """Record requests from now on, if that is wanted and visitors pass through a relay; what is there stays."""
        relayed = attempt is not None and attempt.relayed and not attempt.only_adopt
        on = relayed and self._wish.inspect
        self._services.relays.requests.record(self.backend.id, on=on)
        self.board.advance(lifecycle.RecordingSet(on))

    def _start_again(self, tries: int) -> None:
        latest = self._attempts.latest
        if latest is not None and self._wish.wanted:
            # Once it was up it belongs to its surroundings; a first try is not bound to any yet.
            self._start(dataclasses.replace(latest, facts=self._wish.facts), tries)

    def _close(self, request: EnableRequest) -> None:
        self._closing = True
        self._attempts.close(request)

    @Slot(object)
    def _on_happened(self, events: tuple[TunnelEvent, ...]) -> None:
        for event in events:
            self._take(event)
        self.board.publish()

    def _take(self, event: TunnelEvent) -> None:
        wanted = self._wish.wanted
        match event:
            case WentDown() | StillUp():
                self._ended(event)
            case lifecycle.Progressed() | lifecycle.Reported() | lifecycle.Counted():
                self.board.advance(event)
            case lifecycle.Inspected(installation):
                self.board.inspected(installation)
            case Failed(problem) | AuthMissing(problem) if wanted:
                self._failed(problem, needs_auth=isinstance(event, AuthMissing) or problem.code.needs_auth)
            case Failed() | AuthMissing() if not self._closing:  # one that could not be switched off ended by itself
                self._close(EnableRequest())
            case _ if not wanted:
                self._logger.debug("It is not wanted any more, so this event is dropped: %s", type(event).__name__)
            case _:
                self._went_on(event)

    def _went_on(self, event: TunnelEvent) -> None:
        """Take an event of an attempt that is wanted and not over."""
        match event:
            case CameUp():
                self._came_up(event)
            case Serving():
                self._serve(event)
            case Recovered(public_url):
                self._came_up(CameUp(public_url, self.target.url, pid=self.status.pid))
                self._origin.resume()
            case Recovering():
                self._rest()
                self.board.advance(event)
            case NotRetargetable():
                self._start_again(tries=1)
            case HostSuspect(path):
                self._ask_target(path)
            case OriginDown():
                self.board.advance(event)
            case _:
                self._logger.error("No worker reports this: %s", type(event).__name__)

    def _came_up(self, up: CameUp) -> None:
        self.board.advance(up)
        self._retry.came_up()
        request = self._wish.request
        if request is not None:
            self.came_up.emit(self.status, request)
            self._use_up(request)

    def _use_up(self, request: EnableRequest) -> None:
        """Do, once, what is to be done when it is up."""
        if request.remember:
            self.token_proved.emit(self.backend.id, request)
        self._wish.fulfilled()

    def _serve(self, serving: Serving) -> None:
        self._wish.bind(serving.facts)
        self._origin.begin(self.target, serving.origin, answers=serving.answers)
        if serving.answers:
            self.board.advance(lifecycle.OriginUp())
            if not serving.sure:
                self._ask_target()

    def _failed(self, problem: Problem, *, needs_auth: bool) -> None:
        self._rest()
        self._attempts.clear()
        if needs_auth:
            self.board.advance(AuthMissing(problem))
            self._retry.await_person(problem.code)
            self._wish.drop_secrets()
        elif problem.code is Code.NETWORK_CHANGED:
            self._drop_wish()
            self.board.advance(WentDown(problem))
            self.board.came_to_rest()
        else:
            self._try_later(problem)

    def _try_later(self, problem: Problem) -> None:
        delay = self._retry.retry_after(problem)
        if delay is None:
            self.board.advance(Failed(problem))
            self.board.inspect()
            return
        self.board.advance(Failed(problem, datetime.now(UTC) + timedelta(seconds=delay)))

    def _ended(self, event: WentDown | StillUp) -> None:
        self._drop_wish()
        self._closing = False
        if self._ran_out is not None and isinstance(event, WentDown):
            event = WentDown(self._ran_out)
        if isinstance(event, StillUp) or self.status.active:
            self.board.advance(event)
        if isinstance(event, WentDown):
            self.board.came_to_rest()
            self.rested.emit(self.backend.id)

    def _rest(self) -> None:
        """Stop everything that waits or watches for this attempt."""
        self._retry.rest()
        self._origin.pause()
        self._check.forget()

    def _drop_wish(self) -> None:
        request = self._wish.request
        if request is not None and request.lasting and self._wish.password_name == OWN_PASSWORD:
            self.password_done.emit(self.backend.id)
        self._wish.drop()
        self.protection.rest()
        self._record(None)
        self._rest()

    @Slot(object)
    def _on_expired(self, problem: Problem) -> None:
        self.disable(EnableRequest())
        if self.status.active:
            self._ran_out = problem
        else:
            self.protection.ran_out(problem)

    @Slot()
    def _on_other_terms(self) -> None:
        """Start anew where visitors pass no relay that could keep anybody out."""
        if self._is_open and not self.protection.keeps_out(self._attempts.latest):
            self._start_again(tries=1)

    @Slot()
    def _on_ends_soon(self) -> None:
        self.ends_soon.emit(self.status)

    @Slot()
    def _on_retry_due(self) -> None:
        self._start_again(self._tries + 1)

    @Slot()
    def _on_steady(self) -> None:
        self._tries = 0

    @Slot()
    def _on_person_done(self) -> None:
        request = self._wish.request
        if request is None:
            self.board.inspect()
        elif self.status.phase is Phase.NEEDS_AUTH:
            self._start(self._attempts.new(request), tries=1)

    @Slot(object)
    def _on_origin_moved(self, origin: Target) -> None:
        if self._wish.wanted:
            self._logger.info("The local server answers at %s now", origin.url)
            self._attempts.retarget(origin)

    @Slot()
    def _on_origin_answered(self) -> None:
        """Something takes connections, which alone proves nothing."""
        if self.status.code in _OF_THE_TARGET:
            self._ask_target()

    @Slot(bool)
    def _on_visit(self, answered: bool) -> None:  # noqa: FBT001 - a slot's arguments have no names
        """A visitor was served, or met nobody who could."""
        if answered and self.status.code in _WITHOUT_ANSWERS:
            self.board.advance(lifecycle.OriginUp())
            self.board.publish()
        self._origin.hint(answered)

    def _ask_target(self, path: str = "/") -> None:
        """Find out what visitors meet at the target."""
        latest, origin, public_url = self._attempts.latest, self._origin.origin, self.status.public_url
        if latest is not None and origin is not None and self.status.running:
            self._check.ask(question_about(latest, origin, public_url or "", path))

    @Slot(object, object)
    def _on_target_checked(self, question: Question, problem: Problem | None) -> None:
        if not self.status.running or not self._wish.wanted:
            return
        if problem is None and self.status.code is Code.HOST_REFUSED and question.path != "/":
            return  # that visitors of this path are served says nothing of the others
        self.board.advance(lifecycle.OriginUp() if problem is None else OriginDown(problem))
        self.board.publish()

    @Slot()
    def _on_origin_silent(self) -> None:
        self.board.advance(OriginDown(Problem(Code.ORIGIN_DOWN, parameters={"target": self.target.url})))
        self.board.publish()
