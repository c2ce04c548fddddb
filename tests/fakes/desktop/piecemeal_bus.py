"""A message bus and its notification daemon in one, for one client, that chooses in which pieces bytes arrive."""

from __future__ import annotations

import itertools
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from jeepney import DBusAddress, HeaderFields, Message, Parser, new_method_return, new_signal

from tests.limits import SEEN

_EMITTER = DBusAddress("/org/freedesktop/Notifications", interface="org.freedesktop.Notifications")


class PiecemealBus:
    """The first notification is shown and its button `action` pressed at once.

    What tells of that comes in one piece with the answer; with `cut`, only so many bytes of it come then, and the rest
    with the answer to the next notification.
    """

    def __init__(self, listener: socket.socket, action: str, cut: int | None) -> None:
        self._listener = listener
        self._press = new_signal(_EMITTER, "ActionInvoked", "us", (1, action))
        self._cut = cut
        self._held = b""
        self._serials = itertools.count(1)
        self._numbers = itertools.count(1)

    def serve(self) -> None:
        """Serve one client until it goes."""
        client, _ = self._listener.accept()
        with client:
            while not client.recv(1024).endswith(b"\r\n"):
                pass
            client.sendall(b"OK 1234deadbeef\r\n")
            parser, begun = Parser(), b""
            while not begun.endswith(b"BEGIN\r\n"):
                begun += client.recv(1)
            while data := client.recv(4096):
                parser.add_data(data)
                while (call := parser.get_next_message()) is not None:
                    for piece in self._answers(call):
                        client.sendall(piece)

    def _answers(self, call: Message) -> Iterator[bytes]:
        match call.header.fields.get(HeaderFields.member):
            case "Hello":
                yield self._bytes(new_method_return(call, "s", (":1.1",)))
            case "GetCapabilities":
                yield self._bytes(new_method_return(call, "as", (["actions"],)))
            case "Notify":
                number = next(self._numbers)
                answer = self._bytes(new_method_return(call, "u", (number,)))
                if number > 1:
                    yield self._held + answer
                    return
                press = self._bytes(self._press)
                self._held = b"" if self._cut is None else press[self._cut :]
                yield from (answer + press,) if self._cut is None else (answer, press[: self._cut])
            case _:
                yield self._bytes(new_method_return(call))

    def _bytes(self, message: Message) -> bytes:
        whole: bytes = message.serialise(serial=next(self._serials))
        return whole


@contextmanager
def piecemeal_bus(action: str, cut: int | None) -> Iterator[str]:
    """Serve one client, which has to be gone at the end of the block. Yields the address of the bus."""
    with tempfile.TemporaryDirectory(prefix="pwp") as folder, socket.socket(socket.AF_UNIX) as listener:
        path = f"{folder}/bus"
        listener.bind(path)
        listener.listen()
        serving = threading.Thread(target=PiecemealBus(listener, action, cut).serve, daemon=True)
        serving.start()
        yield f"unix:path={path}"
        serving.join(SEEN)
        assert not serving.is_alive()
