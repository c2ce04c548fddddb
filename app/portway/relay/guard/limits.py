"""How often somebody may do something: counted for each client and in all, in bounded memory."""

from collections import OrderedDict, deque
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from portway.relay.guard.policy import Address

_MOST_CLIENTS = 4096  # of which more is remembered than that they exist
_MINUTE = 60.0
_ONE_DEVICE = 64
_LONGEST_ADDRESS = 64  # with the name of a network card behind it
_KNOWN_AGAIN = 1024  # addresses: a visitor asks often

Client = str


def parse_client(text: str | None) -> Address | None:
    """Read the address of a visitor, None where it is none. One of IPv4 within IPv6 is the former."""
    return None if text is None or len(text) > _LONGEST_ADDRESS else _parsed(text)


@lru_cache(_KNOWN_AGAIN)
def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def key_of(client: Address | None) -> Client:
    """Return what counts as one client: of IPv6 a /64, as one device has all of it; one for all that are unknown."""
    if isinstance(client, IPv6Address):
        return str(ip_network((int(client), _ONE_DEVICE), strict=False))
    return str(client)


class Rate:
    """So many a minute for each client. Saved up for a few seconds, so that a page with its parts passes."""

    def __init__(self, a_minute: int) -> None:
        self._a_second = a_minute / _MINUTE
        self._most = float(max(1, min(a_minute, a_minute // 2 + 5)))
        self._left: OrderedDict[Client, tuple[float, float]] = OrderedDict()

    def spent(self, client: Client, now: float) -> bool:
        """Whether the client has to wait. Changes nothing. `now` is monotonic, in seconds."""
        return self._now(client, now) < 1

    def take(self, client: Client, now: float) -> None:
        """Count one."""
        self._left[client] = (self._now(client, now) - 1, now)
        self._left.move_to_end(client)
        if len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)

    def _now(self, client: Client, now: float) -> float:
        left, at = self._left.get(client, (self._most, now))
        return min(self._most, left + max(0.0, now - at) * self._a_second)


class Tries:
    """Wrong passwords within the last minute, of each client and of all together."""

    def __init__(self, *, of_one: int = 5, of_all: int = 30) -> None:
        self._of_one = of_one
        self._of_all = of_all
        self._all: deque[float] = deque(maxlen=of_all)
        self._by_client: OrderedDict[Client, deque[float]] = OrderedDict()

    def wait(self, client: Client, now: float) -> float:
        """Return for how many seconds no further try counts; 0 while one does."""
        own = self._by_client.get(client)
        return max(_wait(self._all, self._of_all, now), 0.0 if own is None else _wait(own, self._of_one, now))

    def note(self, client: Client, now: float) -> None:
        """One more was wrong."""
        self._all.append(now)
        self._by_client.setdefault(client, deque(maxlen=self._of_one)).append(now)
        self._by_client.move_to_end(client)
        if len(self._by_client) > _MOST_CLIENTS:
            self._by_client.popitem(last=False)


def _wait(tries: deque[float], most: int, now: float) -> float:
    return max(0.0, tries[0] + _MINUTE - now) if len(tries) >= most else 0.0
