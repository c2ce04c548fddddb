"""The local servers that a person may want to expose: what listens on this computer now."""

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from portway.system.network.page_titles import page_titles

_ANYWHERE = frozenset({"127.0.0.1", "::1", "0.0.0.0", "::", "*"})  # noqa: S104 - what others listen on
# Never a local web server: shells, mail, name service, file sharing, printing, databases.
_TUNNEL_PROGRAMS = frozenset({"cloudflared", "tailscaled", "ngrok"})
_OTHER_SERVICES = frozenset({22, 25, 53, 111, 139, 445, 631, 3306, 5432, 6379, 27017})


@dataclass(frozen=True, slots=True)
class ListeningPort:
    """A local server. `program` is what the system calls its program, `title` that of its first page, if known."""

    port: int
    program: str | None
    title: str | None = None


def listening_ports(own: Collection[int] = ()) -> tuple[ListeningPort, ...]:
    """Return what listens on a loopback address or on all, by port.

    Left out are `own` ports, this process, and the programs of tunnels, which listen for their own purposes. Takes some
    10 ms, more where many processes run: not for the main thread.
    """
    left_out = _OTHER_SERVICES.union(own)
    owners: dict[int, int | None] = {}
    for address, port, pid in _listeners():
        if address in _ANYWHERE and port not in left_out and pid != os.getpid():
            owners[port] = owners.get(port) or pid
    found = [ListeningPort(port, _program(owners[port])) for port in sorted(owners)]
    return tuple(one for one in found if (one.program or "").removesuffix(".exe") not in _TUNNEL_PROGRAMS)


def titled(found: Sequence[ListeningPort]) -> tuple[ListeningPort, ...]:
    """Return the same with the titles of their pages, as far as they tell them at once. Not for the main thread."""
    titles = page_titles([one.port for one in found])
    return tuple(replace(one, title=titles.get(one.port)) for one in found)


def _listeners() -> Iterator[tuple[str, int, int | None]]:
    """Yield address, port and process of every TCP listener that the system tells of."""
    import psutil  # late: 80 ms

    try:
        for one in psutil.net_connections("tcp"):
            if one.status == psutil.CONN_LISTEN and one.laddr:
                yield one.laddr.ip, one.laddr.port, one.pid
    except psutil.AccessDenied:  # macOS tells only root of all; everybody may ask about their own processes
        yield from _own_listeners()


def _own_listeners() -> Iterator[tuple[str, int, int | None]]:
    import psutil

    for process in psutil.process_iter():
        try:
            connections = process.net_connections("tcp")
        except psutil.Error:
            continue
        for one in connections:
            if one.status == psutil.CONN_LISTEN and one.laddr:
                yield one.laddr.ip, one.laddr.port, process.pid


def _program(pid: int | None) -> str | None:
    import psutil

    try:
        return None if pid is None else psutil.Process(pid).name() or None
    except psutil.Error:
        return None
