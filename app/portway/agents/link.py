"""The way to the Portway that runs, for one client of the protocol: found, or started and tied to it. Any thread."""

from __future__ import annotations

import contextlib
import http.client
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portway.cli.client.client import ANSWER_LIMIT, WAYS_ON, Answer, Client, Frame, Hold, Record
from portway.cli.client.event_stream import REQUEST, STATUS, EventStream
from portway.cli.failure import Failed, NotRunning
from portway.cli.invocation import Invocation

if TYPE_CHECKING:
    from portway.cli.client.headless import HeadlessPortway

Listener = Callable[[Frame], None]
_PENDING = "It is not done yet."


class ToolFailed(Exception):  # noqa: N818 - what came of a call
    """What a tool could not do: a sentence for model and person, the code of the cause, and the page that helps."""

    def __init__(self, sentence: str, code: str | None = None, action_url: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.action_url = action_url


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of the REST API. `limit` in seconds; `hold` and `raw` are as `Client.call` takes them."""

    method: str
    path: str
    body: Mapping[str, object] | None = None
    limit: float = ANSWER_LIMIT
    hold: Hold | None = None
    raw: bool = False

    def of(self, client: Client) -> Answer:
        """Return the answer. Raises Failed."""
        return client.call(self.method, self.path, self.body, self.limit, hold=self.hold, raw=self.raw)


class Link:
    """Finds Portway at the first call, and again after it has ended.

    An event stream stays open meanwhile: with it ends what this client has opened, also when this process is killed.
    """

    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation
        self._session = secrets.token_hex(16)
        self._finding = threading.Lock()
        self._client: Client | None = None
        self._own: HeadlessPortway | None = None
        self._listeners: dict[object, Listener] = {}
        self._choosing = threading.Lock()
        self._chosen: set[str] = set()
        self._closed = False

    @property
    def is_own(self) -> bool:
        """Whether Portway was started for this client, and so ends with it."""
        return self._own is not None and not self._own.ended

    def call(self, program: str, ask: Ask) -> Record:
        """Return what Portway answers to this program. Raises ToolFailed."""
        try:
            answer = self._answered(program, ask)
        except Failed as failed:
            raise ToolFailed(failed.message, action_url=failed.action_url) from None
        return told(answer)

    @contextlib.contextmanager
    def following(self, listener: Listener) -> Iterator[None]:
        """Tell `listener` every event while this block runs, on a thread of ours."""
        key = object()
        self._listeners[key] = listener
        try:
            yield
        finally:
            del self._listeners[key]

    @contextlib.contextmanager
    def choosing(self, choose: Callable[[set[str]], str]) -> Iterator[str]:
        """Yield the tunnel that `choose` returns. It is told those that are used just now; one chooses at a time."""
        with self._choosing:
            tunnel = choose(self._chosen)
            self._chosen.add(tunnel)
        try:
            yield tunnel
        finally:
            self._chosen.discard(tunnel)

    def close(self) -> None:
        """End the Portway that was started for this client; what was opened in another one ends with this process."""
        self._closed = True
        with self._finding:
            own, self._own = self._own, None
        if own is not None:
            own.stop()

    def _answered(self, program: str, ask: Ask) -> Answer:
        client = self._found(program)
        try:
            return ask.of(client)
        except NotRunning:
            pass
        except Failed:  # one that ends may have taken the call: what changes nothing is asked of the next one
            if ask.method != "GET" or client.answers():
                raise
        self._forget(client)  # another one may be there, or is started
        return ask.of(self._found(program))

    def _found(self, program: str) -> Client:
        with self._finding:
            if self._closed:
                raise NotRunning
            if self._client is None:
                self._client = self._joined(self._running(), program)
            return self._client

    def _forget(self, client: Client) -> None:
        with self._finding:
            if self._client is client:
                self._client = None

    def _running(self) -> Client:
        client = self._invocation.living_client()
        if client is not None:
            return client
        from portway.cli.client.headless import HeadlessPortway  # late: few clients need it

        self._own = HeadlessPortway(self._invocation.program, self._invocation.environment, tied=True)
        return self._own.wait_until_ready(self._invocation.living_client)

    def _joined(self, found: Client, program: str) -> Client:
        """Return a client that says who calls, once its event stream is open."""
        headers = {"Portway-Client": "mcp", "Portway-Program": _in_a_header(program), "Portway-Session": self._session}
        client = found.saying(headers)
        first = threading.Event()
        ended: list[Failed] = []
        reader = threading.Thread(target=self._read, args=(client, first, ended), name="session", daemon=True)
        reader.start()
        if not first.wait(ANSWER_LIMIT) or ended:
            raise ended[0] if ended else NotRunning
        return client

    def _read(self, client: Client, first: threading.Event, ended: list[Failed]) -> None:
        try:
            for frame in EventStream(client, STATUS, REQUEST).frames():
                first.set()
                for listener in tuple(self._listeners.values()):
                    listener(frame)
        except Failed as failed:
            ended.append(failed)
            first.set()
            self._forget(client)


def told(answer: Answer) -> Record:
    """Return the body of an answer that says that all went well. Raises ToolFailed."""
    body: Record = answer.body
    if answer.status < http.client.BAD_REQUEST and (body.get("success") is not False or body.get("pending")):
        return body
    status = body.get("status") or {}
    cause = body if body.get("code") else status
    sentence = body.get("error") or status.get("lastError") or _PENDING
    pages = (body.get(name) or status.get(name) for name in WAYS_ON)
    raise ToolFailed(str(sentence), cause.get("code"), next(filter(None, pages), None))


def _in_a_header(name: str) -> str:
    """Return a name as a header may have it."""
    return name.encode("ascii", "replace").decode().replace("\n", " ").replace("\r", " ").strip() or "a program"
