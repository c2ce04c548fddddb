"""What tray, window, REST and command line may ask of the tunnels. All of it on the main thread, none of it blocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal, Protocol

from portway.core.backend import Answer, Backend
from portway.core.errors import Problem
from portway.core.guard.deadline import Ends
from portway.core.guard.rules import GuardChange
from portway.core.secret import Secret
from portway.core.settings import SavedTunnel, Settings
from portway.core.status import BackendId, Progress, StreamCheck, TunnelId, TunnelStatus
from portway.core.target import Target

NO_OPTIONS: Mapping[str, object] = MappingProxyType({})

Unsubscribe = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableRequest:
    """What a client asks with an enable, a disable or a command.

    `options` holds only what was named, by field name of the backend's (or the command's) options; secrets in it are
    wrapped. `remember` stores the one-shot token once it has worked; each of `on_stored` is then told what is wrong
    with that, None if nothing is. `by_person` tells a click in tray or window from a call (clipboard). `lasting` False
    keeps the wish out of the wishes file. `follows_default`: `target` is the default one, so that the tunnel has none
    of its own any more. `restored` marks the wish of an earlier start of the program, until it is
    fulfilled (notification). `inspect`: whether requests are recorded; None: as before, at first only for a person.
    `guard`: what is to be otherwise than the tunnel's guard, for this wish. `expires_in`: it stops by itself after so
    many seconds, those of sleep included, or when the person logs out; None: as before, at first never.
    """

    target: Target | None = None
    options: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    remember: bool = False
    on_stored: tuple[Callable[[Problem | None], None], ...] = field(default=(), compare=False, repr=False)
    by_person: bool = False
    lasting: bool = True
    restored: bool = False
    follows_default: bool = False
    inspect: bool | None = None
    guard: GuardChange | None = None
    expires_in: Ends | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRequest:
    """What is to be otherwise about who may open a tunnel, for good, and until when.

    `ends`: whether the time is named; `expires_in` None then takes it away.
    """

    change: GuardChange
    ends: bool = False
    expires_in: Ends | None = None


def end_request(ends: Ends | None) -> GuardRequest:
    """Return the request that changes nothing but when a tunnel stops by itself; None: it does not."""
    return GuardRequest(change=GuardChange(), ends=True, expires_in=ends)


@dataclass(frozen=True, slots=True)
class TunnelNews:
    """A tunnel was added, is called or set otherwise, or is gone."""

    tunnel: TunnelId
    change: Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class JobDone:
    """A command ended well. `answer` holds the extra fields that it declared."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A command ended badly."""

    problem: Problem


JobEvent = Progress | JobDone | JobFailed


class Job(Protocol):
    """One run of a command, which any number of clients may join."""

    def subscribe(self, listener: Callable[[JobEvent], None]) -> Unsubscribe:
        """Tell `listener` the latest progress at once, then each event; JobDone or JobFailed comes last, and once."""

    def cancel(self) -> None:
        """Ask it to end; JobFailed(cancelled) follows."""


StreamsTest = Callable[[Callable[[StreamCheck | None], None]], Unsubscribe]
"""Begins the test: tells what came of each part as it ends, within two minutes or so, then None. Leaving it ends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One recorded request in a list. Times in milliseconds, sizes in bytes of bodies as they passed.

    `path` has its secrets masked. `state` is `open`, `done`, `cut` (one side went before the end), `unanswered`
    (Portway answered, as the local server did not) or `refused` (by the rule `refused_by` of the guard). `replay_of` is
    the number of the one that was sent again.
    """

    id: int
    tunnel: str
    started_at: datetime
    method: str
    path: str
    status: int
    duration_ms: float | None
    first_byte_ms: float | None
    request_bytes: int
    response_bytes: int
    content_type: str | None
    client: str
    replay_of: int | None = None
    refused_by: str | None = None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedBody:
    """A body as it passed, without the sizes of its chunks. `encoding` is its Content-Encoding.

    `size` counts all bytes that passed; `whole` tells whether `data` lacks none of them.
    """

    data: bytes = field(repr=False)
    size: int
    whole: bool
    content_type: str | None
    encoding: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """All that is kept of one request and its answer. Header values that are no UTF-8 are read as Latin-1."""

    row: RequestRow
    request_headers: tuple[tuple[str, str], ...] = field(repr=False)
    request_body: RecordedBody
    response_headers: tuple[tuple[str, str], ...] = field(repr=False)
    response_body: RecordedBody


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilter:
    """Which rows of a tunnel are wanted. Empty: all. `status` is a number, or a class like `4xx`."""

    status: str = ""
    method: str = ""
    text: str = ""


ALL_REQUESTS = RequestFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRequest:
    """What is to be sent otherwise than it was. None: as it was."""

    method: str | None = None
    path: str | None = None
    headers: tuple[tuple[str, str], ...] | None = field(default=None, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOut:
    """A visitor who was kept out: when last, in UTC, by which rule, asking for which path, and how often in all.

    `address` is empty where the way in did not tell it.
    """

    address: str
    at: datetime
    rule: str
    path: str
    times: int = 1


class RequestLog(Protocol):
    """Recorded requests, kept in memory alone. Any thread; nothing waits for anything."""

    def rows(
        self, tunnel: str, wanted: RequestFilter = ALL_REQUESTS, *, limit: int = 100, before: int | None = None
    ) -> tuple[RequestRow, ...]:
        """Return the newest first; `before` a number: only older ones."""

    def get(self, tunnel: str, number: int, *, secrets: bool = False) -> RecordedRequest | None:
        """Return one whole, with its secrets masked unless asked for; None if it is not kept any more."""

    def count(self) -> int:
        """Return how many are kept, of all tunnels together."""

    def dropped(self, tunnel: str) -> int:
        """Return how many rows had to make room for newer ones."""

    def is_recording(self, tunnel: str) -> bool:
        """Whether requests of this tunnel are recorded from now on."""

    def record(self, tunnel: str, *, on: bool) -> None:
        """Record requests of this tunnel from now on, or no more; what was recorded stays."""

    def clear(self, tunnel: str) -> None:
        """Forget what was recorded of this tunnel."""

    def subscribe(self, listener: Callable[[RequestRow], None]) -> Unsubscribe:
        """Tell `listener` of each request that begins, is answered or ends. It is called on any thread."""


class Vault(Protocol):
    """Where secrets are stored. Answers later, on the main thread."""

    def get(self, owner: str, name: str, done: Callable[[Secret | None], None]) -> None:
        """Read what is stored, or held until exit. `done` gets None if there is nothing, or no keyring to ask."""

    def known(self, owner: str, name: str) -> bool | None:
        """Whether there is such a secret, without touching the keyring; None: nobody has looked yet."""

    def put(self, owner: str, name: str, secret: Secret, done: Callable[[Problem | None], None]) -> None:
        """Store it. `done` gets None, or no_secure_storage if it is held only until exit."""

    def remove(self, owner: str, name: str, done: Callable[[Problem | None], None]) -> None:
        """Remove it everywhere; removing what is not there is fine."""


class Hub(Protocol):
    """All tunnels."""

    @property
    def backends(self) -> tuple[Backend, ...]:
        """Every way to expose, in the order in which people see them: the objects of the built-in tunnels."""

    @property
    def tunnels(self) -> tuple[Backend, ...]:
        """Every tunnel, as its own backend object: built-in ones, then temporary and saved ones, the newest first.

        The saved ones that a person has moved stand as they were put.
        """

    @property
    def settings(self) -> Settings:
        """As of now."""

    @property
    def requests(self) -> RequestLog:
        """What was recorded of all tunnels."""

    def status(self, tunnel: TunnelId) -> TunnelStatus:
        """From memory. Raises KeyError for an unknown tunnel."""

    def statuses(self) -> tuple[TunnelStatus, ...]:
        """Of all tunnels, in their order."""

    def subscribe(self, listener: Callable[[TunnelStatus], None]) -> Unsubscribe:
        """Tell `listener` every changed status."""

    def follow_tunnels(self, listener: Callable[[TunnelNews], None]) -> Unsubscribe:
        """Tell `listener` when a tunnel was added, changed or removed; `tunnels` has it, or has it no more, by then."""

    def add(self, tunnel: SavedTunnel) -> None:
        """Save another tunnel; it is not turned on. Raises TunnelError(name_taken, bad_request, storage_failed)."""

    def add_temporary(self, backend: BackendId, word: str = "", name: str = "") -> TunnelId:
        """Make another tunnel that is gone once it was on and is off again, and return its word.

        Without a `word` one is chosen. Raises TunnelError(name_taken, bad_request).
        """

    def change(self, tunnel: SavedTunnel) -> None:
        """Save a saved tunnel otherwise: its name, its target, its options. A new target holds at once.

        Raises TunnelError(built_in) for one that is not saved, or would be of another backend; bad_request,
        storage_failed.
        """

    def remove(self, tunnel: TunnelId) -> None:
        """Remove a saved or temporary tunnel; one that is on is turned off first. Raises TunnelError(built_in)."""

    def move(self, tunnel: TunnelId, before: TunnelId | None) -> None:
        """Let a saved tunnel stand right before another saved one, or last; for good. Raises TunnelError(built_in)."""

    def caution(self, backend: BackendId, tunnel: TunnelId = "", options: Mapping[str, object] = NO_OPTIONS) -> str:
        """Return what a person should know before this tunnel is turned on, as a text to be translated; empty: nothing.

        Without `tunnel`: before another one of that backend is added and turned on. `options` are named for it.
        """

    def own_ports(self) -> frozenset[int]:
        """Ports of ours, which are never exposed."""

    def enable(self, tunnel: TunnelId, request: EnableRequest) -> None:
        """Want it up. The status says `starting` (or still `running`) when this returns.

        Where a running tunnel already is as asked, nothing happens. Raises TunnelError(bad_request) for a target
        that must not be exposed.
        """

    def disable(self, tunnel: TunnelId, request: EnableRequest | None = None) -> None:
        """Want it down. Always allowed."""

    def disable_all(self) -> None:
        """Want all of them down."""

    def guard(self, tunnel: TunnelId, request: GuardRequest, done: Callable[[Problem | None], None]) -> None:
        """Let other rules hold for this tunnel, at once and for good; the URL stays.

        `done` gets None, not_found where a stored password is asked for and there is none, or no_secure_storage if the
        new one is held only until exit.
        """

    def extend(self, tunnel: TunnelId, seconds: float) -> None:
        """Let it stop by itself so much later than it would, or so long from now. TunnelError(not_running) if off."""

    def verify(self, tunnel: TunnelId, done: Callable[[TunnelStatus], None]) -> None:
        """Look at its public URL from outside, once; `done` gets the status with what was found.

        A resolver on the internet is told the name. TunnelError(not_running) where there is no URL.
        """

    def test_streams(self, tunnel: TunnelId) -> StreamsTest:
        """Return what sends an event stream, a WebSocket, an upload and a long wait through its URL to our relay.

        A resolver on the internet is told the name. TunnelError(not_running) where there is no URL, too_busy while
        another such test goes on.
        """

    def one_time_link(self, tunnel: TunnelId) -> str | None:
        """Return a URL that lets one device in without the password; None where none is needed."""

    def link_waits(self, tunnel: TunnelId, link: str) -> bool:
        """Whether this one-time link was not used yet, and still lets somebody in."""

    def kept_out(self, tunnel: TunnelId) -> tuple[KeptOut, ...]:
        """Return those who were kept out since it came up, the latest first: a hundred at most."""

    def visits(self, tunnel: TunnelId) -> Mapping[str, datetime]:
        """Return when those who may come by their address were there last, in UTC, by entry of that rule.

        Without what is noted of the entry; from memory, since it came up.
        """

    def command(self, tunnel: TunnelId, name: str, request: EnableRequest) -> Job:
        """Start the command, or join its running job. GET commands are executed anew each time."""

    def fetch(self, tunnel: TunnelId, name: str) -> Job:
        """Fetch what the command would run, as `fetched` of its answer. The caller removes it, or hands it on."""

    def job(self, tunnel: TunnelId, name: str) -> Job | None:
        """Return the running job of a command, if there is one."""

    def replay(
        self, tunnel: TunnelId, number: int, changes: ReplayRequest, done: Callable[[RequestRow | Problem], None]
    ) -> None:
        """Send a recorded request again, to the target of its tunnel alone; `done` gets its row, or what went wrong.

        Not found, body_not_kept, bad_request for changes that make no request, origin_down where nobody listens.
        """

    def follow_requests(self, listener: Callable[[tuple[RequestRow, ...], Mapping[str, int]], None]) -> Unsubscribe:
        """Tell `listener` recorded requests that have ended, here, a few a second; and how many others by tunnel."""

    def aside(self, call: Callable[[], object], done: Callable[[object], None]) -> None:
        """Run `call` on a thread of its own; `done` gets its result here, or the Problem in which it ended."""

    def reload(self) -> None:
        """Read the settings file again."""

    def quit(self) -> None:
        """End the program, once this turn of the event loop is over."""
