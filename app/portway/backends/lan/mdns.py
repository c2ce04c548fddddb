"""Whether HOST.local is ours: a one-shot multicast DNS query (RFC 6762 §5.1). Nothing is published."""

import re
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address

GROUP = ("224.0.0.251", 5353)
MAY_ASK = sys.platform != "darwin"
LARGEST_ANSWER = 9000
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_A, _IN = 1, 1
_IS_ANSWER = 0x8000
_UNIQUE = 0x8000  # the cache-flush bit shares the class field
_POINTER = 0xC0
_MOST_LABELS = 64


def local_name(host: str) -> str | None:
    """Return the multicast DNS name that this computer may have, None where its host name cannot be one."""
    label = host.partition(".")[0]
    return f"{label.lower()}.local" if _LABEL.fullmatch(label) and label.lower() != "localhost" else None


def ask(name: str, address: IPv4Address) -> socket.socket:
    """Send one query into the network of `address`; the answers arrive at the socket returned, which does not block.

    Raises OSError where multicast is not possible.
    """
    asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        asking.setblocking(False)
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, address.packed)
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        asking.bind((str(address), 0))
        asking.sendto(query(name), GROUP)
    except BaseException:
        asking.close()
        raise
    return asking


def query(name: str) -> bytes:
    """Return the message that asks for the IPv4 addresses of `name`."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", 0, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", _A, _IN)


def addresses_in(message: bytes, name: str) -> frozenset[IPv4Address]:
    """Return the addresses that an answer gives to `name`; none if it is not an answer, or damaged."""
    with suppress(struct.error, IndexError, ValueError):
        _, flags, questions, answers, *_ = struct.unpack_from("!6H", message)
        if flags & _IS_ANSWER:
            return frozenset(_addresses(message, name, questions, answers))
    return frozenset()


def _addresses(message: bytes, name: str, questions: int, answers: int) -> Iterator[IPv4Address]:
    at = 12
    for _ in range(questions):
        _, at = _read_name(message, at)
        at += 4
    for _ in range(answers):
        owner, at = _read_name(message, at)
        kind, family, _, length = struct.unpack_from("!2HIH", message, at)
        at += 10
        if (kind, family & ~_UNIQUE, owner) == (_A, _IN, name):
            yield IPv4Address(message[at : at + length])
        at += length


def _read_name(message: bytes, at: int) -> tuple[str, int]:
    """Return the name that begins at `at`, and where it ends. Raises ValueError for one without an end."""
    labels: list[str] = []
    end: int | None = None
    for _ in range(_MOST_LABELS):
        length = message[at]
        if length & _POINTER == _POINTER:
            end = at + 2 if end is None else end
            at = struct.unpack_from("!H", message, at)[0] & 0x3FFF
        elif length == 0:
            return ".".join(labels).lower(), at + 1 if end is None else end
        else:
            labels.append(message[at + 1 : at + 1 + length].decode("utf-8", "replace"))
            at += 1 + length
    raise ValueError("a name without an end")
