"""One ngrok tunnel, for the worker's thread."""

from __future__ import annotations

from datetime import datetime

from portway.backends.ngrok.declaration import NgrokExtras
from portway.backends.ngrok.keeper import Keeper
from portway.backends.ngrok.loop_thread import LoopThread
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.timing import Timing


class NgrokSession:
    """Implements Session. The work is done on the loop."""

    def __init__(self, keeper: Keeper, thread: LoopThread, timing: Timing, rest: NgrokExtras) -> None:
        self._keeper = keeper
        self._thread = thread
        self._timing = timing
        self._rest = rest
        self._closed = False

    @property
    def public_url(self) -> str:
        """As the service gave it."""
        return self._keeper.public_url

    @property
    def since(self) -> datetime | None:
        """None: it is never adopted."""
        return None

    @property
    def pid(self) -> int | None:
        """None: the SDK runs in this process."""
        return None

    def close(self, context: Context) -> None:
        """Take the URL off the service. The connection stays for the next tunnel, or is hung up if it is dead."""
        if self._closed:
            return
        self._closed = True
        self._thread.run(self._keeper.close(), CancelToken(), self._timing.close_limit)
        context.listener.report(self._rest)

    def leave(self) -> None:
        """Nothing can stay: the tunnel ends with this process. The runtime asks `can_stay` before."""
