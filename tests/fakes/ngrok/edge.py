"""A loopback stand-in for ngrok's service, on a thread of its own: what a test sees of it, and how it misbehaves."""

from __future__ import annotations

import asyncio
import secrets
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import trustme

from tests.fakes.ngrok.agents import AgentTalk
from tests.fakes.ngrok.doorway import Doorway
from tests.fakes.ngrok.front import serve_visitor
from tests.fakes.ngrok.muxado import Mux
from tests.fakes.ngrok.service import Account, EventLog, Kind, Service
from tests.limits import SEEN

__all__ = ["Account", "Kind", "NgrokEdge", "ngrok_edge"]

T = TypeVar("T")


class NgrokEdge:
    """All methods are for the test's thread."""

    def __init__(self, folder: Path, *, trusted: bool = True) -> None:
        authority, other = trustme.CA(), trustme.CA()
        self.ca_file = folder / "ngrok-ca.pem"
        (authority if trusted else other).cert_pem.write_to_path(self.ca_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost", "*.ngrok-free.app").configure_cert(context)
        self._log = EventLog()
        self._service = Service(self._log)
        self._talk = AgentTalk(self._service, self._log, context)
        self._door = Doorway(self._talk.serve)
        self._front = Doorway(partial(serve_visitor, self._service, self._log, context))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ngrok edge", daemon=True)

    @property
    def address(self) -> str:
        """What PORTWAY_NGROK_SERVER_ADDR takes."""
        return f"localhost:{self._door.port}"

    @property
    def proxy(self) -> str:
        """The proxy through which a visitor reaches the public URLs."""
        return f"http://127.0.0.1:{self._front.port}"

    def start(self) -> None:
        self._thread.start()
        self._call(self._door.open())
        self._call(self._front.open())

    def stop(self) -> None:
        self._call(self._door.close())
        self._call(self._front.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SEEN)
        self._loop.close()

    def account(self, domains: frozenset[str] = frozenset(), sessions_allowed: int = 3) -> Account:
        """Make an account with a token that occurs nowhere else."""
        account = Account(self.unknown_token(), domains, sessions_allowed)
        self._service.accounts.append(account)
        return account

    def unknown_token(self) -> str:
        """Make a token that belongs to no account, in the right form."""
        return f"2{secrets.token_hex(14)}_{secrets.token_hex(11)}"

    # Trouble

    def refuse(self, kind: Kind, code: str) -> None:
        """Answer the next request of this kind with a refusal."""
        self._do(lambda: self._service.refusals.setdefault(kind, []).append(code))

    def tell_url(self, url: str) -> None:
        """Tell agents that this is the public URL of the endpoints to come."""
        self._do(lambda: setattr(self._service, "told_url", url))

    def hold(self, kind: Kind) -> None:
        """Leave requests of this kind unanswered until `release`."""
        self._do(lambda: self._talk.held.setdefault(kind, asyncio.Event()))

    def release(self, kind: Kind) -> None:
        self._do(lambda: self._talk.held.pop(kind).set())

    def cut(self) -> None:
        """Break every agent's connection."""
        self._each(Mux.cut)

    def go_away(self) -> None:
        """Tell every agent to connect anew."""
        self._each(Mux.go_away)

    def freeze(self) -> None:
        """Make every agent's path dead: connections stay, nothing moves."""
        self._each(Mux.freeze)

    def close_door(self) -> None:
        """Refuse new connections."""
        self._call(self._door.shut())

    def open_door(self) -> None:
        """Accept connections again, at the same port."""
        self._call(self._door.open())

    def be_mute(self) -> None:
        """Accept connections and never answer."""
        self._talk.is_mute = True

    def command(self, kind: Kind) -> dict[str, Any]:
        """Send Stop, Restart or Update to the agent; returns what it answers."""
        return self._call(self._talk.command(kind))

    def stop_endpoint(self, code: str | None = None) -> None:
        """Close every endpoint from the dashboard."""
        self._call(self._talk.stop_endpoints(code))

    # What happened

    def count(self, event: str) -> int:
        return self._log.count(event)

    def wait_for(self, event: str, times: int = 1, seconds: float = SEEN) -> None:
        """Return once that happened: connected, held, auth, beat, bind, bind refused, unbind, visit, offline, gone."""
        self._log.wait_for(event, times, seconds)

    @property
    def urls(self) -> list[str]:
        """Public URLs that are online."""
        return [endpoint.url for agent in tuple(self._service.agents) for endpoint in tuple(agent.endpoints.values())]

    @property
    def sessions(self) -> int:
        """Agents that are connected and authenticated."""
        return sum(agent.account is not None for agent in tuple(self._service.agents))

    @property
    def last_request(self) -> dict[str, Any]:
        """The Extra of the latest agent's Auth request."""
        extra: dict[str, Any] = self._service.agents[-1].request["Extra"]
        return extra

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(SEEN)

    def _each(self, trouble: Callable[[Mux], None]) -> None:
        def make() -> None:
            for agent in tuple(self._service.agents):
                trouble(agent.mux)

        self._do(make)

    def _do(self, change: Callable[[], object]) -> None:
        async def changed() -> None:
            change()

        self._call(changed())


@contextmanager
def ngrok_edge(folder: Path, *, trusted: bool = True) -> Iterator[NgrokEdge]:
    """Run an edge. `trusted` False: its certificate is not from the authority that the agent is told to trust."""
    edge = NgrokEdge(folder, trusted=trusted)
    edge.start()
    try:
        yield edge
    finally:
        edge.stop()
