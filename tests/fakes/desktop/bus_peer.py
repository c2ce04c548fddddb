"""What the programs that a test plays on a message bus share: a name of their own, and a thread that answers."""

from __future__ import annotations

import threading
import time

from jeepney import MatchRule, Message, MessageType, message_bus
from jeepney.io.blocking import open_dbus_connection

from tests.limits import SEEN

_OWNER = (1, 4)  # answers of RequestName: it is ours now, or was already
_DO_NOT_QUEUE = 4
_LOOK = 0.05  # seconds after which it looks whether it has to end


class BusPeer(threading.Thread):
    """Owns the name until `end`, or as long as there is its bus. Subclasses start it once they are whole."""

    def __init__(self, address: str, name: str, heard: MatchRule | None = None, *, sends_files: bool = False) -> None:
        super().__init__(daemon=True)
        self._bus = open_dbus_connection(address, enable_fds=sends_files)
        self._sending = threading.Lock()
        self._ended = False
        if heard is not None:
            self._bus.send_and_get_reply(message_bus.AddMatch(heard))
        until = time.monotonic() + SEEN
        while self._bus.send_and_get_reply(message_bus.RequestName(name, _DO_NOT_QUEUE)).body[0] not in _OWNER:
            assert time.monotonic() < until, f"somebody else is {name}"  # one that ended may not have gone yet

    def run(self) -> None:
        while not self._ended:
            try:
                message = self._bus.receive(timeout=_LOOK)
            except TimeoutError:
                continue
            except OSError:
                return
            if message.header.message_type is MessageType.method_call:
                self.take_call(message)
            elif message.header.message_type is MessageType.signal:
                self.take_signal(message)

    def take_call(self, call: Message) -> None:
        """Answer it. On this thread."""
        raise NotImplementedError

    def take_signal(self, signal: Message) -> None:
        """Hear of it. On this thread."""

    def send(self, message: Message) -> None:
        """Send an answer or a signal, on any thread."""
        with self._sending:
            self._bus.send(message)

    def end(self) -> None:
        """Go away like a program that ends. Idempotent."""
        if not self._ended:
            self._ended = True
            self.join(SEEN)
            self._bus.close()
