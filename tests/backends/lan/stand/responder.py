"""A multicast DNS responder: it answers for one name, as avahi does to a one-shot query (RFC 6762 §6.7)."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address

_GROUP, _PORT = "224.0.0.251", 5353
_ANSWER, _A, _IN_UNIQUE, _SECONDS = 0x8400, 1, 0x8001, 120


def labels(name: str) -> bytes:
    """Return a name as DNS writes it."""
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def answer(name: str, *addresses: IPv4Address, question: bool = False) -> bytes:
    """Return an answer that gives `name` these addresses; with the question repeated, by pointers to it."""
    head = struct.pack("!6H", 0, _ANSWER, int(question), len(addresses), 0, 0)
    asked = labels(name) + struct.pack("!2H", _A, 1) if question else b""
    owner = struct.pack("!H", 0xC000 | len(head)) if question else labels(name)
    records = (owner + struct.pack("!2HIH", _A, _IN_UNIQUE, _SECONDS, 4) + one.packed for one in addresses)
    return head + asked + b"".join(records)


@contextmanager
def responder(name: str, *addresses: IPv4Address, at: IPv4Address) -> Iterator[None]:
    """Answer on the network of `at`, in the network namespace of the calling thread."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("", _PORT))
    listening.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, IPv4Address(_GROUP).packed + at.packed)
    listening.settimeout(0.05)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                message, asker = listening.recvfrom(9000)
            except TimeoutError:
                continue
            if labels(name) in message:
                listening.sendto(answer(name, *addresses, question=True), asker)

    thread = threading.Thread(target=serve, name="responder")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        listening.close()
