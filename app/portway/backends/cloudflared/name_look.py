"""Whether a host name is in the DNS at all: without a record nobody finds the tunnel, though its edge has it."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from portway.core.cancel import Deadline
from portway.core.foreign_text import PublicUrl
from portway.core.guard.reasons import Reason

if TYPE_CHECKING:
    from portway.system.network.outside import Outside

NameKnown = Callable[[str, float], bool | None]

# Which nobody can register (RFC 2606, RFC 6761, RFC 6762): a resolver can only deny them.
_RESERVED = frozenset({"test", "example", "invalid", "localhost", "local", "internal"})


def name_is_known(name: str, limit: float, outside: "Outside | None" = None) -> bool | None:
    """Ask Cloudflare's resolver, as it is Cloudflare that has the name. Blocks; None: it does not say.

    That of this computer is left out: it would remember a missing name for up to half an hour. `limit` is for each
    step, in seconds; `outside` says whom else to ask.
    """
    from portway.system.network.outside import RESOLVERS, NotKnownError, Outside  # late: the first start alone needs it

    own = tuple(resolver for resolver in RESOLVERS if resolver.name == "Cloudflare")
    try:
        (outside or Outside(resolvers=own, limit=limit)).look_up(name)
    except NotKnownError as error:
        return False if error.why.reason is Reason.NAME_UNKNOWN else None
    return True


class NameLook:
    """One question, asked on a thread beside a start; that ends by itself. `found` is None while nobody has said."""

    def __init__(self, name: str, known: NameKnown, limit: float) -> None:
        self._name, self._known, self._limit = name, known, limit
        self._deadline = Deadline.after(limit)
        self._over = threading.Event()
        self.found: bool | None = None
        threading.Thread(target=self._ask, name=f"look for {name}", daemon=True).start()

    @property
    def settled(self) -> bool:
        """Whether nothing is waited for any more."""
        return self._over.is_set() or self._deadline.over

    def _ask(self) -> None:
        self.found = self._known(self._name, self._limit)
        self._over.set()


def name_look(url: PublicUrl, environment: Mapping[str, str], known: NameKnown, limit: float) -> NameLook | None:
    """Begin to ask for the name of a URL; None where no answer would tell anything."""
    from portway.system.network.outside import unseen_from_here  # late: a quick tunnel needs none of it

    if url.host.rpartition(".")[2] in _RESERVED or unseen_from_here(url, environment) is not None:
        return None
    return NameLook(url.host, known, limit)
