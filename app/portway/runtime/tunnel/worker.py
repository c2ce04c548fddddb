"""The worker of one tunnel: opens and closes its sessions, on a thread of its own, one thing after the other."""

import dataclasses
import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QThread, Signal, Slot

from portway.core.backend import Backend, Context, Leadable, Retargetable, Session, StillUpError, WishKeeper
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Cancelled, Problem, TunnelError
from portway.core.lifecycle import AuthMissing, CameUp, Counted, Failed, OriginDown, StillUp, WentDown
from portway.core.status import Traffic
from portway.core.target import Target
from portway.core.timing import Timing
from portway.runtime.tunnel.attempt import Attempt, AttemptListener, EventBridge, NotRetargetable, Serving, TunnelEvent
from portway.runtime.tunnel.relays import TunnelRelay
from portway.runtime.tunnel.target_check import question_about
from portway.system.logs.logs import log_as
from portway.system.network.resolve import Resolved, resolve

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Open:
    """A session, and the context in which it was opened."""

    session: Session
    context: Context


class BackendWorker(QObject):
    """Has no parent and is moved to its thread before use. Everything but the constructor runs there.

    Events go out through `bridge`, which lives on the main thread. `settle` waits until what is wanted is on the disk:
    a tunnel begins, and its end is reported, only after that. So whatever a crash leaves up is known at the next start.
    """

    def __init__(
        self,
        backend: Backend,
        timing: Timing,
        bridge: EventBridge,
        settle: Callable[[], None],
        relay: TunnelRelay,
    ) -> None:
        super().__init__()
        self._relay = relay
        self._backend = backend
        self._timing = timing
        self._bridge = bridge
        self._settle = settle
        self._open: _Open | None = None
        self._reclaimed = False

    def event(self, event: QEvent) -> bool:
        """Let what the backend logs in any slot name this tunnel: all of them are called from here."""
        with log_as("" if self._backend.id == self._backend.kind else self._backend.id):
            return super().event(event)

    @Slot(object)
    def open(self, attempt: Attempt) -> None:
        """Close the older session, then open one for this attempt."""
        listener = AttemptListener(self._bridge, attempt.number)
        try:
            self._close_older()
            listener.emit(*self._opened(attempt, listener))
        except StillUpError as error:
            listener.emit(_still_up(error))
        except AuthNeeded as error:
            listener.emit(AuthMissing(error.problem))
        except TunnelError as error:
            if not attempt.cancel.cancelled:
                listener.emit(Failed(error.problem))
        except Exception:
            logger.exception("%s failed to start: an error of Portway", self._backend.title)
            listener.emit(Failed(Problem(Code.INTERNAL)))
        finally:
            if self._open is None:
                self._relay.close()

    @Slot(object)
    def close(self, attempt: Attempt) -> None:
        """End what is open, or what an earlier Portway left, and report it."""
        listener = AttemptListener(self._bridge, attempt.number)
        try:
            self._close(dataclasses.replace(attempt, cancel=CancelToken()), listener)
        except StillUpError as error:
            listener.emit(_still_up(error))
        else:
            self._settle()
            listener.emit(WentDown())

    @Slot(object)
    def clear(self, attempt: Attempt) -> None:
        """Tidy up after a session that ended by itself; an event only if it turns out to be still up."""
        try:
            self._close_older()
        except StillUpError as error:
            AttemptListener(self._bridge, attempt.number).emit(_still_up(error))

    @Slot(object)
    def reclaim(self, attempt: Attempt) -> None:
        """End what an earlier Portway left up although it is not wanted; an event only if it is still up."""
        listener = AttemptListener(self._bridge, attempt.number)
        try:
            self._end_leftover(self._context(attempt, attempt.target.first, listener, wanted=False))
        except StillUpError as error:
            listener.emit(_still_up(error))

    @Slot(int, object)
    def retarget(self, number: int, origin: Target) -> None:
        """Lead the open session to another literal address of its target."""
        listener = AttemptListener(self._bridge, number)
        if self._open is not None and self._relay.aim_at(origin):
            listener.emit(Serving(origin, self._facts(), answers=True))
            return
        if self._open is None or not isinstance(self._open.session, Retargetable):
            listener.emit(NotRetargetable())
            return
        try:
            self._open.session.retarget(origin)
        except Exception:
            logger.exception("%s could not switch to %s: an error of Portway", self._backend.title, origin.url)
            listener.emit(NotRetargetable())
        else:
            listener.emit(Serving(origin, self._facts(), answers=True))

    @Slot(object)
    def lead(self, attempt: Attempt) -> None:
        """Lead the open session to the target of this attempt, which is else the one that opened it."""
        listener = AttemptListener(self._bridge, attempt.number)
        try:
            resolved = resolve(attempt.target, self._timing, attempt.cancel)
        except TunnelError as error:
            if not attempt.cancel.cancelled:
                listener.emit(Failed(error.problem))
            return
        if self._open is None or not self._led(self._open.session, attempt, resolved.origin):
            listener.emit(NotRetargetable())
            return
        self._open = _Open(self._open.session, dataclasses.replace(self._open.context, target=attempt.target))
        listener.emit(*self._serving(attempt, resolved, str(self._open.session.public_url)))

    def _led(self, session: Session, attempt: Attempt, origin: Target) -> bool:
        if self._relay.lead(attempt, origin):
            return True
        try:
            return isinstance(session, Leadable) and session.lead(attempt.target, origin, attempt.host)
        except Exception:
            logger.exception("%s could not lead to %s: an error of Portway", self._backend.title, origin.url)
            return False

    @Slot(bool)
    def finish(self, leave: bool) -> None:  # noqa: FBT001 - a slot's arguments have no names
        """Let the session stay or close it, then end this thread."""
        try:
            if leave and self._open is not None:
                self._open.session.leave()
            else:
                self._close_older()
        except StillUpError as error:
            logger.warning("%s is still up at %s. %s", self._backend.title, error.public_url, error.problem.sentence)
        except Exception:
            logger.exception("%s could not be left up: an error of Portway", self._backend.title)
        finally:
            self._open = None
            self._relay.close()
            # Not through a signal: that would be queued to the main thread, which is waiting for us.
            QThread.currentThread().quit()

    def _opened(self, attempt: Attempt, listener: AttemptListener) -> tuple[TunnelEvent, ...]:
        """Return the events of this attempt; none where it was cancelled meanwhile."""
        misfit = self._misfit(attempt)
        if misfit is not None:
            return (Failed(misfit),)
        address = self._relayed(attempt, listener)
        self._unlock(attempt, listener)
        resolved = resolve(attempt.target, self._timing, attempt.cancel)
        self._relay.lead(attempt, resolved.origin)
        context = self._context(attempt, address or resolved.origin, listener, wanted=True)
        session = self._adopted(context)
        if session is None and attempt.only_adopt:
            return (WentDown(),)
        if session is None:
            self._settle()
            session = self._backend.open(context)
        self._open = _Open(session, context)
        if attempt.cancel.cancelled:
            return ()  # The close that follows reports the rest.
        return self._up(attempt, session, context, resolved)

    def _relayed(self, attempt: Attempt, listener: AttemptListener) -> Target | None:
        """Return what the backend is to lead to instead of the target; None where it is the target itself.

        This comes before everything else: what an earlier Portway left up leads there. Where another program listens
        there now, what was left is ended, so that no visitor gets there, and a new URL comes.
        """
        if not self._relay.serves(attempt):
            return None
        try:
            return self._relay.open(attempt, listener)
        except TunnelError as error:
            if error.code is not Code.RELAY_PORT_TAKEN:
                raise
            self._end_leftover(self._context(attempt, attempt.target.first, listener, wanted=False))
            address = self._relay.open_elsewhere(attempt, listener)
            if attempt.restored:
                raise
            return address

    def _unlock(self, attempt: Attempt, listener: AttemptListener) -> None:
        """Know the password that visitors are asked for; else what was left is ended, and nothing opens."""
        try:
            self._relay.unlock(attempt.cancel)
        except Cancelled:
            raise
        except TunnelError:
            self._end_leftover(self._context(attempt, attempt.target.first, listener, wanted=False))
            raise

    def _up(self, attempt: Attempt, session: Session, context: Context, resolved: Resolved) -> tuple[TunnelEvent, ...]:
        up = CameUp(str(session.public_url), context.target.url, session.since, session.pid)
        counted = (Counted(Traffic()),) if context.origin != resolved.origin else ()
        return (up, *counted, *self._serving(attempt, resolved, str(session.public_url)))

    def _serving(self, attempt: Attempt, resolved: Resolved, public_url: str) -> tuple[TunnelEvent, ...]:
        """Return where it leads, and what visitors meet there as far as that is known at once."""
        if not resolved.answers:
            down = Problem(Code.ORIGIN_DOWN, parameters={"target": attempt.target.url})
            return (Serving(resolved.origin, self._facts(), answers=False), OriginDown(down))
        from portway.relay.truth import problem_of  # late: only what is open needs it

        question = question_about(attempt, resolved.origin, public_url)
        problem, certain = problem_of(question, self._timing.resolve_address)
        serving = Serving(resolved.origin, self._facts(), answers=True, sure=certain)
        return (serving,) if problem is None or not certain else (serving, OriginDown(problem))

    def _adopted(self, context: Context) -> Session | None:
        if self._reclaimed:
            return None
        session = self._backend.reclaim(context)
        self._reclaimed = True
        return session

    def _end_leftover(self, context: Context) -> None:
        """End, once, what an earlier Portway left. Raises StillUpError."""
        if self._reclaimed:
            return
        try:
            session = self._backend.reclaim(context)
            self._reclaimed = True
        except TunnelError as error:
            logger.warning(
                "%s: it is not known whether an earlier Portway left something up. %s", self._backend.title, error
            )
            return
        except StillUpError:
            raise
        except Exception:
            logger.exception(
                "%s: looking for what an earlier Portway left up failed: an error of Portway", self._backend.title
            )
            return
        if session is not None:
            self._open = _Open(session, context)
            self._close_older()

    def _close_older(self) -> None:
        """Close what is open, if anything. Raises StillUpError."""
        if self._open is not None:
            self._end(dataclasses.replace(self._open.context, cancel=CancelToken()))

    def _close(self, attempt: Attempt, listener: AttemptListener) -> None:
        """Close with what the disable named, such as a password. Raises StillUpError."""
        origin = attempt.target.first if self._open is None else self._open.context.origin
        context = self._context(attempt, origin, listener, wanted=False)
        if self._open is None:
            self._end_leftover(context)
        else:
            self._end(context)

    def _end(self, context: Context) -> None:
        opened = self._open
        if opened is None:
            return
        public_url, since = str(opened.session.public_url), opened.session.since
        self._relay.shut_out()
        try:
            opened.session.close(context)
        except TunnelError as error:
            raise StillUpError(error.problem, public_url, since) from error
        except Exception as error:
            logger.exception("%s failed to close: an error of Portway", self._backend.title)
            raise StillUpError(Problem(Code.INTERNAL), public_url, since) from error
        self._open = None
        self._relay.close()

    def _context(self, attempt: Attempt, origin: Target, listener: AttemptListener, *, wanted: bool) -> Context:
        return Context(
            target=attempt.target,
            origin=origin,
            options=self._relay.without_host(attempt),
            cancel=attempt.cancel,
            secrets=attempt.secrets,
            listener=listener,
            wanted=wanted,
            recorder=self._relay.own_recorder(wanted=wanted),
            gate=self._relay.own_gate(wanted=wanted),
            expects=self._relay if self._relay.is_open else None,
        )

    def _misfit(self, attempt: Attempt) -> Problem | None:
        """Return why a restored wish must not come back here."""
        if not attempt.facts or not isinstance(self._backend, WishKeeper):
            return None
        return self._backend.fits(attempt.facts)

    def _facts(self) -> dict[str, str]:
        return dict(self._backend.wish_facts()) if isinstance(self._backend, WishKeeper) else {}


class WorkerThread(QObject):
    """Lives on the main thread. Each signal calls the slot of the same meaning, in order, on the worker's thread."""

    open_asked = Signal(object)  # Attempt
    close_asked = Signal(object)  # Attempt
    clear_asked = Signal(object)  # Attempt
    reclaim_asked = Signal(object)  # Attempt
    retarget_asked = Signal(int, object)  # attempt number, Target
    lead_asked = Signal(object)  # Attempt
    finish_asked = Signal(bool)  # whether to leave the session up

    def __init__(
        self, backend: Backend, timing: Timing, settle: Callable[[], None], relay: TunnelRelay, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.bridge = EventBridge(self)
        self.thread_of_worker = QThread()
        self.thread_of_worker.setObjectName(backend.id)
        self._worker = BackendWorker(backend, timing, self.bridge, settle, relay)
        self._worker.moveToThread(self.thread_of_worker)
        self.open_asked.connect(self._worker.open)
        self.close_asked.connect(self._worker.close)
        self.clear_asked.connect(self._worker.clear)
        self.reclaim_asked.connect(self._worker.reclaim)
        self.retarget_asked.connect(self._worker.retarget)
        self.lead_asked.connect(self._worker.lead)
        self.finish_asked.connect(self._worker.finish)
        self.thread_of_worker.finished.connect(self._worker.deleteLater)
        self.thread_of_worker.start()

    def finish(self, *, leave: bool) -> QThread:
        """Close or leave the session after all that was asked before; the returned thread ends after that."""
        self.finish_asked.emit(leave)
        return self.thread_of_worker


def _still_up(error: StillUpError) -> StillUp:
    return StillUp(error.problem, error.public_url, error.since)
