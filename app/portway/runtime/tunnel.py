"""One tunnel: what is wished of it, what its runs tell, and the status that follows, which nobody else writes."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QThread, Signal, Slot

from portway.core import lifecycle
from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.hub import Ask
from portway.core.lifecycle import AuthMissing, CameUp, Failed, OriginDown, Recovering, StillUp, WentDown
from portway.core.status import Phase, TunnelStatus
from portway.core.target import Target
from portway.runtime.leading import Leading
from portway.runtime.plan import restarts
from portway.runtime.recovery import Recovery
from portway.runtime.run import Happening, NotRetargetable, Recovered, Run, RunListener, Serving
from portway.runtime.runs import Runs
from portway.runtime.standing_wish import StandingWish
from portway.runtime.status_board import StatusBoard
from portway.runtime.surroundings import Surroundings


class Tunnel(QObject):
    """Lives on the main thread. Nothing blocks: what takes time is done by the worker."""

    status_changed = Signal(object)  # TunnelStatus
    came_up = Signal(object, object)  # TunnelStatus, Ask: the wish that is fulfilled now
    token_proved = Signal(str, object)  # backend, Ask: its token works, and was to be remembered then

    def __init__(self, backend: Backend, around: Surroundings, status: TunnelStatus, parent: QObject) -> None:
        super().__init__(parent)
        self.backend = backend
        self._around = around
        self._logger = logging.getLogger(f"portway.backends.{backend.id}")  # goes to that backend's file
        self.board = StatusBoard(backend, around, status, self)
        self.board.changed.connect(self.status_changed)
        self._wish = StandingWish(backend, around.wishes)
        self._attempt = 0
        self._closing = False
        self._declined = False  # wished off before an earlier program's wish could come back
        self._leading = Leading(backend.id, around.origins, self)
        self._leading.moved.connect(self._on_origin_moved)
        self._leading.answered.connect(self._on_origin_answered)
        self._leading.silent.connect(self._on_origin_silent)
        self._recovery = Recovery(backend, around.lane, around.services.timing, self)
        self._recovery.retry_due.connect(self._on_retry_due)
        self._recovery.steady.connect(self._on_steady)
        self._recovery.person_done.connect(self._on_person_done)
        self._runs = Runs(backend, around, self)
        self._runs.happened.connect(self._on_happened)
        self._runs.origin_hinted.connect(self._leading.hint)

    @property
    def status(self) -> TunnelStatus:
        """As of now."""
        return self.board.status

    @property
    def target(self) -> Target:
        """What is, or would be, exposed."""
        run = self._runs.latest
        return self._around.settings.target if self._wish.ask is None or run is None else run.target

    @property
    def listener(self) -> RunListener:
        """Takes the news of commands. Any thread."""
        return self._runs.command_listener

    @property
    def may_stay(self) -> bool:
        """Whether it could be left up when the program ends."""
        return self.backend.can_stay and self._wish.ask is not None and self.status.running

    def enable(self, ask: Ask) -> None:
        """Wish it on; what `ask` does not name stays as it was wished, else is as set."""
        run = self._runs.latest
        unchanged = self._is_open and run is not None and not restarts(self.backend, run, ask)
        wish = self._wish.join(ask)
        self._recovery.forget()
        if not unchanged:
            self._start(self._runs.new(wish), attempt=1)
            return
        self._wish.keep()
        if self.status.running:
            self._use_up(wish)

    def restore(self, ask: Ask, facts: Mapping[str, str], *, only_adopt: bool) -> None:
        """Bring a wish of an earlier program back, or only its tunnel if that is still up."""
        if self._runs.latest is not None:  # a newer wish came first
            return
        if self._declined:
            self.reclaim()
            return
        self._wish.join(ask)
        self._start(dataclasses.replace(self._runs.new(ask), facts=facts, only_adopt=only_adopt), attempt=1)

    def reclaim(self) -> None:
        """End what an earlier program left up, as nobody wants it."""
        if self._runs.latest is None:
            self._runs.reclaim()

    def disable(self, ask: Ask) -> None:
        """Wish it off. `ask` may name options for the way down, such as a password."""
        active = self.board.active
        self._declined = True
        self._drop_wish()
        self.board.advance(lifecycle.StopAsked())
        if active:
            self._close(ask)
        else:
            self.board.came_to_rest()
        self.board.publish()

    def try_again(self) -> None:
        """The world changed: do not wait for the next try."""
        if self.status.retry_at is not None:
            self._on_retry_due()
        else:
            self._recovery.look()

    def command_ended(self, *, well: bool) -> None:
        """A command did something, and what it did is seen: fulfil a wish that failed, or wait for who logs in."""
        status, ask = self.status, self._wish.ask
        if status.phase is Phase.NEEDS_AUTH and status.code is not None:
            self._recovery.await_person(status.code)
            if ask is not None:
                self._recovery.look()
        elif status.phase is Phase.ERROR and ask is not None and well:
            self.enable(Ask(lasting=ask.lasting))

    def finish(self, *, leave: bool) -> QThread:
        """Begin to end: cancel, then close or leave. The thread that is returned ends after that."""
        self._rest()
        return self._runs.finish(leave=leave)

    @property
    def _is_open(self) -> bool:
        """Whether a run is at work for the wish: starting, up, or getting its edge back; not between two tries."""
        return self._wish.ask is not None and self.board.active and self.status.retry_at is None

    def _start(self, run: Run, attempt: int) -> None:
        self._rest()
        self._attempt = attempt
        self._closing = False
        self._wish.bind(run.facts)
        self.board.advance(lifecycle.StartAsked(run.target.url, attempt))
        self._runs.open(run)
        self.board.publish()

    def _start_again(self, attempt: int) -> None:
        run = self._runs.latest
        if run is not None and self._wish.ask is not None:
            # Once it was up it belongs to its surroundings, in which a first try may still have been free.
            self._start(dataclasses.replace(run, facts=self._wish.facts), attempt)

    def _close(self, ask: Ask) -> None:
        self._closing = True
        self._runs.close(ask)

    @Slot(object)
    def _on_happened(self, happenings: tuple[Happening, ...]) -> None:
        for happening in happenings:
            self._take(happening)
        self.board.publish()

    def _take(self, happening: Happening) -> None:
        wanted = self._wish.ask is not None
        match happening:
            case WentDown() | StillUp():
                self._ended(happening)
            case lifecycle.Progressed() | lifecycle.Reported():
                self.board.advance(happening)
            case Failed(problem) | AuthMissing(problem) if wanted:
                self._failed(problem, needs_auth=isinstance(happening, AuthMissing) or problem.facts.needs_auth)
            case Failed() | AuthMissing() if not self._closing:  # one that could not be switched off ended by itself
                self._close(Ask())
            case _ if not wanted:
                self._logger.debug("Nobody wants it any more, so this is no news: %s", type(happening).__name__)
            case _:
                self._went_on(happening)

    def _went_on(self, happening: Happening) -> None:
        """Take news of a run that is wanted and not over."""
        match happening:
            case CameUp():
                self._came_up(happening)
            case Serving():
                self._serve(happening)
            case Recovered(public_url):
                self._came_up(CameUp(public_url, self.target.url, pid=self.status.pid))
                self._leading.resume()
            case Recovering():
                self._rest()
                self.board.advance(happening)
            case NotRetargetable():
                self._start_again(attempt=1)
            case OriginDown():
                self.board.advance(happening)
            case _:
                self._logger.error("A worker does not tell this: %s", type(happening).__name__)

    def _came_up(self, up: CameUp) -> None:
        self.board.advance(up)
        self._recovery.came_up()
        ask = self._wish.ask
        if ask is not None:
            self.came_up.emit(self.status, ask)
            self._use_up(ask)

    def _use_up(self, ask: Ask) -> None:
        """Do, once, what was asked for when it is up."""
        if ask.remember:
            self.token_proved.emit(self.backend.id, ask)
        self._wish.fulfilled()

    def _serve(self, serving: Serving) -> None:
        self._wish.bind(serving.facts)
        self._leading.begin(self.target, serving.origin, answers=serving.answers)
        if serving.answers:
            self.board.advance(lifecycle.OriginUp())

    def _failed(self, problem: Problem, *, needs_auth: bool) -> None:
        self._rest()
        self._runs.clear()
        if needs_auth:
            self.board.advance(AuthMissing(problem))
            self._recovery.await_person(problem.code)
            self._wish.drop_secrets()
        elif problem.code is Code.NETWORK_CHANGED:
            self._drop_wish()
            self.board.advance(WentDown(problem))
            self.board.came_to_rest()
        else:
            self._try_later(problem)

    def _try_later(self, problem: Problem) -> None:
        delay = self._recovery.retry_after(problem)
        if delay is None:
            self.board.advance(Failed(problem))
            self.board.look()
            return
        self.board.advance(Failed(problem, datetime.now(UTC) + timedelta(seconds=delay)))

    def _ended(self, event: WentDown | StillUp) -> None:
        self._drop_wish()
        self._closing = False
        if isinstance(event, StillUp) or self.board.active:
            self.board.advance(event)
        if isinstance(event, WentDown):
            self.board.came_to_rest()

    def _rest(self) -> None:
        """Stop everything that waits or watches for this run."""
        self._recovery.rest()
        self._leading.pause()

    def _drop_wish(self) -> None:
        self._wish.drop()
        self._rest()

    @Slot()
    def _on_retry_due(self) -> None:
        self._start_again(self._attempt + 1)

    @Slot()
    def _on_steady(self) -> None:
        self._attempt = 0

    @Slot()
    def _on_person_done(self) -> None:
        ask = self._wish.ask
        if ask is None:
            self.board.look()
        elif self.status.phase is Phase.NEEDS_AUTH:
            self._start(self._runs.new(ask), attempt=1)

    @Slot(object)
    def _on_origin_moved(self, origin: Target) -> None:
        if self._wish.ask is not None:
            self._logger.info("Visitors are served from %s from now on", origin.url)
            self._runs.retarget(origin)

    @Slot()
    def _on_origin_answered(self) -> None:
        self.board.advance(lifecycle.OriginUp())
        self.board.publish()

    @Slot()
    def _on_origin_silent(self) -> None:
        self.board.advance(OriginDown(Problem(Code.ORIGIN_DOWN, parameters={"target": self.target.url})))
        self.board.publish()
