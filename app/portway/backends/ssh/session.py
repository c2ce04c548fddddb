"""One open connection to a server: watched by the end of its process."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portway.backends.ssh import causes
from portway.backends.ssh.declaration import PROGRAM, SshExtras, SshTiming
from portway.backends.ssh.output import Reader
from portway.core.backend import Context, Listener
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError, problem_of
from portway.core.foreign_text import PublicUrl
from portway.system.logs.logs import logging_alike
from portway.system.processes.child import Process
from portway.system.processes.file_alarm import watch_file

logger = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0  # between two looks at what ssh has written, where nobody tells that it has


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A process whose tunnel is proven. `port` is the one that the server chose."""

    process: Process
    reader: Reader
    public_url: PublicUrl
    remote: str
    port: int | None = None
    since: datetime | None = None


class SshSession:
    """Implements core.backend.Session. A thread of its own watches the process until close or leave.

    `ended` is called once it is over, however that came; any thread.
    """

    def __init__(self, forward: Forward, listener: Listener, timing: SshTiming, ended: Callable[[], None]) -> None:
        self.public_url = forward.public_url
        self.since = forward.since
        self.pid: int | None = forward.process.identity.pid
        self.extras = SshExtras(
            server=forward.reader.findings.server.name,
            remote=forward.remote,
            encrypted=forward.public_url.scheme == "https",
        )
        self._forward = forward
        self._listener = listener
        self._timing = timing
        self._ended = ended
        self._over = CancelToken()  # nothing is told any more
        self._alarm = watch_file(forward.reader.path, timing.words_look)
        watch, await_end = logging_alike(self._watch), logging_alike(self._await_end)
        self._watcher = threading.Thread(target=watch, name=f"watch of {self.pid}", daemon=True)
        self._end_watcher = threading.Thread(target=await_end, name=f"end of {self.pid}", daemon=True)

    def begin(self) -> None:
        """Report what is known, and watch it from now on."""
        self._listener.report(self.extras, self.pid)
        self._watcher.start()
        self._end_watcher.start()

    def close(self, context: Context) -> None:  # noqa: ARG002 - of the Protocol
        """End the process, which frees the port there. Raises TunnelError if it is still up."""
        self._over.cancel()
        self._alarm.ring()
        stopped = self._forward.process.stop(self._timing.stop_grace)
        self._join()
        if not stopped:
            raise TunnelError(Code.PROCESS_DIED, program=PROGRAM, reason=f"process {self.pid} cannot be ended")
        self._ended()
        self._listener.report(SshExtras())

    def leave(self) -> None:
        """Never asked for: without Portway there is no relay, and nobody would get in."""

    def _join(self) -> None:
        for thread in (self._watcher, self._end_watcher):
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(self._timing.stop_grace)

    def _await_end(self) -> None:
        """Wake the watching thread as soon as the process has ended."""
        self._forward.process.ended.wait()
        self._alarm.ring()

    def _watch(self) -> None:
        reader, process = self._forward.reader, self._forward.process
        try:
            while not (process.ended.is_set() or self._over.cancelled):
                self._alarm.wait(_LONGEST_PAUSE)
                reader.read()
            if not self._over.cancelled:
                self._tell_end()
        except Exception:
            logger.exception("Watching ssh failed: an error of Portway")
        finally:
            self._alarm.close()

    def _tell_end(self) -> None:
        self._forward.reader.read(last=True)
        problem = _lost(self._forward.reader.findings.ended(self._forward.process.code), self.extras)
        logger.warning("%s ended: %s", PROGRAM, problem.sentence)
        self._over.cancel()
        self._ended()
        self._listener.lost(problem)


def _lost(problem: Problem, extras: SshExtras) -> Problem:
    """Return why a connection that was up is gone: that it cannot be made does not apply."""
    if problem.declared is causes.UNREACHABLE:
        return problem_of(causes.LOST, server=extras.server)
    return problem
