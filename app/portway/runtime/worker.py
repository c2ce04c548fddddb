"""The worker of one backend: opens and closes its sessions, on a thread of its own, one thing after the other."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, Slot

from portway.core.backend import Backend, Context, Retargetable, Session, StillUpError, WishKeeper
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, Problem, TunnelError
from portway.core.lifecycle import AuthMissing, CameUp, Failed, OriginDown, StillUp, WentDown
from portway.core.target import Target
from portway.core.timing import Timing
from portway.runtime.run import Happening, News, NotRetargetable, Run, RunListener, Serving
from portway.system.resolve import Resolved, resolve

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Open:
    """A session, and the context in which it was opened."""

    session: Session
    context: Context


class BackendWorker(QObject):
    """Has no parent and is moved to its thread before use. Everything but the constructor runs there.

    News go out through `news`, which lives on the main thread.
    """

    def __init__(self, backend: Backend, timing: Timing, news: News) -> None:
        super().__init__()
        self._backend = backend
        self._timing = timing
        self._news = news
        self._open: _Open | None = None
        self._reclaimed = False

    @Slot(object)
    def open(self, run: Run) -> None:
        """Close the older session, then open one for `run`."""
        listener = RunListener(self._news, run.number)
        try:
            self._close_older()
            listener.tell(*self._opened(run, listener))
        except StillUpError as error:
            listener.tell(_still_up(error))
        except AuthNeeded as error:
            listener.tell(AuthMissing(error.problem))
        except TunnelError as error:
            if not run.cancel.cancelled:
                listener.tell(Failed(error.problem))
        except Exception:
            logger.exception("%s failed to start in a way that nobody foresaw", self._backend.title)
            listener.tell(Failed(Problem(Code.INTERNAL)))

    @Slot(object)
    def close(self, run: Run) -> None:
        """End what is open, or what an earlier program left, and say so."""
        listener = RunListener(self._news, run.number)
        try:
            self._close(dataclasses.replace(run, cancel=CancelToken()), listener)
        except StillUpError as error:
            listener.tell(_still_up(error))
        else:
            listener.tell(WentDown())

    @Slot(object)
    def clear(self, run: Run) -> None:
        """Tidy up after a session that ended by itself; news only if it turns out to be still up."""
        try:
            self._close_older()
        except StillUpError as error:
            RunListener(self._news, run.number).tell(_still_up(error))

    @Slot(object)
    def reclaim(self, run: Run) -> None:
        """End what an earlier program of ours left up although nobody wants it; news only if it is still up."""
        listener = RunListener(self._news, run.number)
        try:
            self._end_leftover(self._context(run, run.target.at(run.target.candidates[0]), listener, wanted=False))
        except StillUpError as error:
            listener.tell(_still_up(error))

    @Slot(int, object)
    def retarget(self, number: int, origin: Target) -> None:
        """Switch the open session to another literal address of its target."""
        listener = RunListener(self._news, number)
        if self._open is None or not isinstance(self._open.session, Retargetable):
            listener.tell(NotRetargetable())
            return
        try:
            self._open.session.retarget(origin)
        except Exception:
            logger.exception("%s could not switch to %s", self._backend.title, origin.url)
            listener.tell(NotRetargetable())
        else:
            listener.tell(Serving(origin, self._facts(), answers=True))

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
            logger.exception("%s could not be left up", self._backend.title)
        finally:
            self._open = None
            # Not through a signal: that would be queued to the main thread, which is waiting for us.
            QThread.currentThread().quit()

    def _opened(self, run: Run, listener: RunListener) -> tuple[Happening, ...]:
        """Return what became true; nothing where the wish was taken back meanwhile."""
        misfit = self._misfit(run)
        if misfit is not None:
            return (Failed(misfit),)
        resolved = resolve(run.target, self._timing, run.cancel)
        context = self._context(run, resolved.origin, listener, wanted=True)
        session = self._adopted(context)
        if session is None and run.only_adopt:
            return (WentDown(),)
        if session is None:
            session = self._backend.open(context)
        self._open = _Open(session, context)
        if run.cancel.cancelled:
            return ()  # The close that follows tells the rest.
        return self._up(session, context, resolved)

    def _up(self, session: Session, context: Context, resolved: Resolved) -> tuple[Happening, ...]:
        target_url = context.target.url
        up = CameUp(session.public_url, target_url, session.since, session.pid)
        serving = Serving(resolved.origin, self._facts(), resolved.answers)
        if resolved.answers:
            return (up, serving)
        return (up, serving, OriginDown(_origin_down(context.target)))

    def _adopted(self, context: Context) -> Session | None:
        if self._reclaimed:
            return None
        session = self._backend.reclaim(context)
        self._reclaimed = True
        return session

    def _end_leftover(self, context: Context) -> None:
        """End, once, what an earlier program left. Raises StillUpError."""
        if self._reclaimed:
            return
        try:
            session = self._backend.reclaim(context)
            self._reclaimed = True
        except TunnelError as error:
            logger.warning("%s could not look for what was left: %s", self._backend.title, error)
            return
        except StillUpError:
            raise
        except Exception:
            logger.exception("%s could not look for what was left", self._backend.title)
            return
        if session is not None:
            self._open = _Open(session, context)
            self._close_older()

    def _close_older(self) -> None:
        """Close what is open, if anything. Raises StillUpError."""
        if self._open is not None:
            self._end(dataclasses.replace(self._open.context, cancel=CancelToken()))

    def _close(self, run: Run, listener: RunListener) -> None:
        """Close with what the disable named, such as a password. Raises StillUpError."""
        origin = run.target.at(run.target.candidates[0]) if self._open is None else self._open.context.origin
        context = self._context(run, origin, listener, wanted=False)
        if self._open is None:
            self._end_leftover(context)
        else:
            self._end(context)

    def _end(self, context: Context) -> None:
        opened = self._open
        if opened is None:
            return
        public_url, since = opened.session.public_url, opened.session.since
        try:
            opened.session.close(context)
        except TunnelError as error:
            raise StillUpError(error.problem, public_url, since) from error
        except Exception as error:
            logger.exception("%s failed to close in a way that nobody foresaw", self._backend.title)
            raise StillUpError(Problem(Code.INTERNAL), public_url, since) from error
        self._open = None

    def _context(self, run: Run, origin: Target, listener: RunListener, *, wanted: bool) -> Context:
        return Context(
            target=run.target, origin=origin, options=run.options, cancel=run.cancel, secrets=run.secrets,
            listener=listener, wanted=wanted,
        )  # fmt: skip

    def _misfit(self, run: Run) -> Problem | None:
        """Return why a restored wish must not come back here."""
        if not run.facts or not isinstance(self._backend, WishKeeper):
            return None
        return self._backend.fits(run.facts)

    def _facts(self) -> dict[str, str]:
        return dict(self._backend.wish_facts()) if isinstance(self._backend, WishKeeper) else {}


def _still_up(error: StillUpError) -> StillUp:
    return StillUp(error.problem, error.public_url, error.since)


def _origin_down(target: Target) -> Problem:
    return Problem(Code.ORIGIN_DOWN, parameters={"target": target.url})
