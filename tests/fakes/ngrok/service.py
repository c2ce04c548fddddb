"""The rules of ngrok's service, as far as the agent meets them: accounts, tokens, sessions, domains, refusals.

The texts of the refusals are made up; their form, and that those of the token repeat it, are the service's.
"""

from __future__ import annotations

import itertools
import re
import secrets
import threading
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from tests.fakes.ngrok.muxado import Mux

RESERVED = frozenset({"theirs.ngrok-free.app"})
_TOKEN = re.compile(r"[0-9A-Za-z]{20,}_[0-9A-Za-z]{16,}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


class Kind(IntEnum):
    """What a stream is for."""

    AUTH = 0
    BIND = 1
    UNBIND = 2
    PROXY = 3
    RESTART = 4
    STOP = 5
    UPDATE = 6
    STOP_TUNNEL = 9


@dataclass
class Account:
    """Who may connect, and with what."""

    token: str
    domains: frozenset[str] = frozenset()
    sessions_allowed: int = 3
    revoked: bool = False


@dataclass
class Endpoint:
    """One public URL."""

    id: str
    host: str
    agent: Agent
    policy: str
    told_url: str = ""  # what the agent is told instead of the true one

    @property
    def url(self) -> str:
        return self.told_url or f"https://{self.host}"


@dataclass(eq=False)
class Agent:
    """One connection of an agent."""

    mux: Mux
    account: Account | None = None
    client: str = ""
    request: dict[str, Any] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)


class EventLog:
    """What happened, in order, for a test that waits for it. Any thread."""

    def __init__(self) -> None:
        self._events: list[tuple[str, str]] = []
        self._happened = threading.Condition()

    def note(self, event: str, detail: str = "") -> None:
        with self._happened:
            self._events.append((event, detail))
            self._happened.notify_all()

    def count(self, event: str) -> int:
        with self._happened:
            return self._count(event)

    def wait_for(self, event: str, times: int, seconds: float) -> None:
        with self._happened:
            seen = self._happened.wait_for(lambda: self._count(event) >= times, seconds)
            assert seen, f"{event} did not happen {times} times: {self._events}"

    def _count(self, event: str) -> int:
        return sum(name == event for name, _ in self._events)


class Service:
    """Answers the requests of agents. On the thread of the edge only."""

    def __init__(self, log: EventLog) -> None:
        self.accounts: list[Account] = []
        self.agents: list[Agent] = []
        self.refusals: dict[Kind, list[str]] = {}  # codes for the next requests of a kind
        self.told_url = ""  # of the endpoints to come: the service goes mad
        self._log = log
        self._granted: dict[str, Account] = {}  # random hosts, which the same account may have again
        self._numbers = itertools.count(1)

    def answer(self, kind: Kind, agent: Agent, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer, which may be a refusal."""
        token = request["Extra"]["AuthToken"] if kind is Kind.AUTH else None
        waiting = self.refusals.get(kind)
        if waiting:
            return {"Error": _refusal(waiting.pop(0), token)}
        try:
            return {Kind.AUTH: self._auth, Kind.BIND: self._bind, Kind.UNBIND: self._unbind}[kind](agent, request)
        except _RefusedError as refused:
            self._log.note(f"{kind.name.lower()} refused", str(refused))
            return {"Error": _refusal(str(refused), token)}

    def endpoint(self, host: str) -> Endpoint | None:
        """Return what serves this host."""
        for agent in self.agents:
            for endpoint in agent.endpoints.values():
                if endpoint.host == host:
                    return endpoint
        return None

    def _auth(self, agent: Agent, request: dict[str, Any]) -> dict[str, Any]:
        agent.request = request
        self._log.note("auth", request["ClientId"])
        account = self._account_of(request["Extra"]["AuthToken"])
        for former in [one for one in self.agents if one.client and one.client == request["ClientId"]]:
            former.mux.cut()  # it comes back, so its former connection is dead
            self.agents.remove(former)
        if sum(one.account is account for one in self.agents) >= account.sessions_allowed:
            raise _RefusedError("ERR_NGROK_108")
        agent.account, agent.client = account, request["ClientId"] or secrets.token_hex(8)
        return {"Version": "2", "ClientId": agent.client, "Extra": {"Cookie": "again", "Region": "test"}}

    def _account_of(self, token: str) -> Account:
        if not token:
            raise _RefusedError("ERR_NGROK_4018")
        if _TOKEN.fullmatch(token) is None:
            raise _RefusedError("ERR_NGROK_105")
        for account in self.accounts:
            if account.token == token and not account.revoked:
                return account
        raise _RefusedError("ERR_NGROK_107")

    def _bind(self, agent: Agent, request: dict[str, Any]) -> dict[str, Any]:
        options = request["Opts"]
        assert agent.account is not None
        host = self._granted_host(agent.account, options.get("Domain") or options["Hostname"] or "")
        name = request["Id"] or f"ep_{next(self._numbers)}"  # after a reconnect the agent goes on using the earlier one
        endpoint = Endpoint(name, host, agent, options.get("TrafficPolicy") or "", self.told_url)
        agent.endpoints[endpoint.id] = endpoint
        self._log.note("bind", host)
        return {
            "Id": endpoint.id,
            "URL": endpoint.url,
            "Proto": "https",
            "Opts": {**options, "Hostname": host},
            "Extra": {"Token": secrets.token_hex(4)},
        }

    def _granted_host(self, account: Account, wanted: str) -> str:
        if not wanted:
            host = f"{secrets.token_hex(2)}-{secrets.token_hex(3)}.ngrok-free.app"
            self._granted[host] = account
            return host
        if _HOST.fullmatch(wanted) is None:
            raise _RefusedError("ERR_NGROK_326")
        if wanted in RESERVED or any(wanted in one.domains for one in self.accounts if one is not account):
            raise _RefusedError("ERR_NGROK_320")
        if wanted not in account.domains and self._granted.get(wanted) is not account:
            raise _RefusedError("ERR_NGROK_319")
        if self.endpoint(wanted) is not None:
            raise _RefusedError("ERR_NGROK_334")
        return wanted

    def _unbind(self, agent: Agent, request: dict[str, Any]) -> dict[str, Any]:
        endpoint = agent.endpoints.pop(request["Id"], None)  # the agent asks three times
        if endpoint is not None:
            self._log.note("unbind", endpoint.host)
        return {}


class _RefusedError(Exception):
    """The service says no, with this code."""


def _refusal(code: str, token: str | None) -> str:
    shown = "" if token is None else f"Your authtoken: {token}\r\n"
    return f"The service refused.\r\n{shown}\r\n{code}\r\n"
