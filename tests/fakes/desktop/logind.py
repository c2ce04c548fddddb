"""Stands in for logind on a message bus: one session of this user, which can end, and a sleep that waits for locks."""

from __future__ import annotations

import os
import select

from jeepney import DBusAddress, HeaderFields, Message, new_error, new_method_return, new_signal

from portway.system.desktop.login_watch import PATH, SERVICE
from tests.fakes.desktop.bus_peer import BusPeer

_SESSION, _USER = f"{PATH}/session/_31", f"{PATH}/user/_1000"
_MANAGER = DBusAddress(PATH, interface=f"{SERVICE}.Manager")


class Logind(BusPeer):
    """`session` and `user` are their states, empty once they are gone; without `has_session` this is a service's."""

    def __init__(self, address: str, *, has_session: bool = True, gives_locks: bool = True) -> None:
        super().__init__(address, SERVICE, sends_files=True)
        self.session, self.user = "active", "active"
        self.asked: list[str] = []  # for which paths a state was asked
        self.why: list[tuple[str, ...]] = []  # what each lock was taken for
        self._has_session = has_session
        self._gives_locks = gives_locks
        self._locks: list[int] = []
        self.start()

    @property
    def is_held_back(self) -> bool:
        """Whether a sleep would have to wait for somebody."""
        return any(not select.select([lock], [], [], 0)[0] for lock in self._locks)

    def goes_to_sleep(self) -> None:
        """Tell that it is about to."""
        self.send(new_signal(_MANAGER, "PrepareForSleep", "b", (True,)))

    def wakes_up(self) -> None:
        """Tell that it slept."""
        self.send(new_signal(_MANAGER, "PrepareForSleep", "b", (False,)))

    def session_ends(self, name: str = "1") -> None:
        """Tell that a session is gone; whose state is what says that it was the last one."""
        self.send(new_signal(_MANAGER, "SessionRemoved", "so", (name, f"{PATH}/session/_3{name}")))

    def take_call(self, call: Message) -> None:
        if self._gives_locks and call.header.fields.get(HeaderFields.member) == "Inhibit":
            self.why.append(call.body)
            reading, writing = os.pipe()
            self._locks.append(reading)
            with os.fdopen(writing, "wb") as lock:  # the other side has the only one after that
                self.send(new_method_return(call, "h", (lock,)))
        else:
            self.send(self._answer(call))

    def end(self) -> None:
        super().end()
        for lock in self._locks:
            os.close(lock)
        self._locks.clear()

    def _answer(self, call: Message) -> Message:
        match call.header.fields.get(HeaderFields.member):
            case "GetSessionByPID" if self._has_session:
                return new_method_return(call, "o", (_SESSION,))
            case "GetUser":
                return new_method_return(call, "o", (_USER,))
            case "Get":
                path = call.header.fields[HeaderFields.path]
                state = self.session if path == _SESSION else self.user
                self.asked.append(path)
                if state:
                    return new_method_return(call, "v", (("s", state),))
            case _:
                pass
        return new_error(call, f"{SERVICE}.NoSuchThing")
