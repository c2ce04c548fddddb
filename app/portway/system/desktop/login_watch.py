"""The end of a log-in, and the computer's sleep before it begins, as logind of Linux tells them over the system bus."""

from __future__ import annotations

import collections
import contextlib
import logging
import os
import selectors
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

logger = logging.getLogger(__name__)

SERVICE, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
_MANAGER, _PROPERTIES = f"{SERVICE}.Manager", "org.freedesktop.DBus.Properties"
_LOGGED_IN = frozenset({"online", "active", "opening"})  # states of sessions and users, without "closing", "lingering"


class LoginWatch:
    """Calls `ends` once, on a thread of its own, when the person logs out or the computer is about to sleep.

    Until `close`, which may follow that, the sleep is held back for as long as logind bears. Where there is no logind
    it is silent. `limit` is that of each call, in seconds; `every` is how often a session is looked at in which
    programs go on after its end: of such a one logind tells nothing.
    """

    def __init__(
        self, ends: Callable[[], None], *, bus: str = "SYSTEM", limit: float = 5.0, every: float = 15.0
    ) -> None:
        self._ends = ends
        self._address = bus
        self._limit = limit
        self._every = every
        self._reading, self._writing = os.pipe()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="login", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hear nothing more, and let the computer sleep. Idempotent; does not wait."""
        if not self._closed:
            self._closed = True
            os.close(self._writing)

    def _run(self) -> None:
        from jeepney import DBusErrorResponse  # late: few tunnels end with a log-in

        try:
            self._watch()
        except (OSError, ValueError, DBusErrorResponse) as error:
            logger.info("logind does not tell when somebody logs out: %s", error)
        finally:
            os.close(self._reading)

    def _watch(self) -> None:
        from jeepney import MatchRule, message_bus
        from jeepney.io.blocking import open_dbus_connection

        with open_dbus_connection(self._address, enable_fds=True, auth_timeout=self._limit) as bus:
            rule = MatchRule(type="signal", interface=_MANAGER, path=PATH)
            bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=self._limit)
            signals: collections.deque[Message] = collections.deque()
            logind = _Logind(bus, self._limit)
            with bus.filter(rule, queue=signals), logind.sleep_held_back():
                if self._waited(bus, logind, signals):
                    with contextlib.suppress(RuntimeError):  # the program ended meanwhile
                        self._ends()
                    os.read(self._reading, 1)  # the sleep waits for what has to end

    def _waited(self, bus: DBusConnection, logind: _Logind, signals: collections.deque[Message]) -> bool:
        """Wait for the one or the other; False if nobody wants to know any longer."""
        was_in = logind.is_logged_in
        with selectors.DefaultSelector() as awaited:
            awaited.register(bus.sock, selectors.EVENT_READ)
            awaited.register(self._reading, selectors.EVENT_READ)
            while True:
                _read_all(bus)
                while signals:
                    if _goes_to_sleep(signals.popleft()):
                        return True
                is_in = logind.is_logged_in
                if was_in and not is_in:
                    return True
                was_in = is_in
                if signals:  # they came with an answer
                    continue
                if any(key.fd == self._reading for key, _ in awaited.select(self._every)):
                    return False


class _Logind:
    """The other side of the bus. Its thread only. Methods raise OSError, and DBusErrorResponse where it refuses."""

    def __init__(self, bus: DBusConnection, limit: float) -> None:
        self._bus = bus
        self._limit = limit
        self._session = self._path("GetSessionByPID", "u", os.getpid())

    @property
    def is_logged_in(self) -> bool:
        """Whether the session of this program goes on; of a program without one, any session of its owner."""
        if self._session is not None:
            return self._state(self._session, f"{SERVICE}.Session") in _LOGGED_IN
        user = self._path("GetUser", "u", os.getuid())
        return user is not None and self._state(user, f"{SERVICE}.User") in _LOGGED_IN

    @contextlib.contextmanager
    def sleep_held_back(self) -> Any:  # noqa: ANN401 - nothing is yielded
        """Let logind wait with the sleep until the end of this block, if it does that for us."""
        from jeepney import DBusErrorResponse

        words = ("sleep", "Portway", "Closes what is open until you log out", "delay")
        try:
            lock = self._call(PATH, _MANAGER, "Inhibit", "ssss", words)
        except DBusErrorResponse as error:
            logger.info("logind does not wait with the sleep: %s", error)
            lock = None
        try:
            yield
        finally:
            if lock is not None:
                lock.close()

    def _path(self, member: str, signature: str, of: int) -> str | None:
        """Return the object of something, None where logind knows none."""
        from jeepney import DBusErrorResponse

        try:
            return str(self._call(PATH, _MANAGER, member, signature, (of,)))
        except DBusErrorResponse:
            return None

    def _state(self, path: str, interface: str) -> str:
        """Return the state of a session or a user; empty where that is gone."""
        from jeepney import DBusErrorResponse

        try:
            _kind, state = self._call(path, _PROPERTIES, "Get", "ss", (interface, "State"))
        except DBusErrorResponse:
            return ""
        return str(state)

    def _call(self, path: str, interface: str, member: str, signature: str, body: tuple[object, ...]) -> Any:  # noqa: ANN401 - as the bus has it
        from jeepney import DBusAddress, new_method_call
        from jeepney.wrappers import unwrap_msg

        address = DBusAddress(path, bus_name=SERVICE, interface=interface)
        call = new_method_call(address, member, signature, body)
        return unwrap_msg(self._bus.send_and_get_reply(call, timeout=self._limit))[0]


def watch_login(ends: Callable[[], None]) -> LoginWatch | None:
    """Watch the log-in of this program's owner; None on a system that tells nobody."""
    return LoginWatch(ends) if sys.platform == "linux" else None


def _goes_to_sleep(signal: Message) -> bool:
    from jeepney import HeaderFields

    return signal.header.fields.get(HeaderFields.member) == "PrepareForSleep" and bool(signal.body[0])


def _read_all(bus: DBusConnection) -> None:
    """Read all that has come: also what came in one piece with an answer."""
    with contextlib.suppress(TimeoutError):
        while True:
            bus.recv_messages(timeout=0)
