"""Talks to the running Portway of this user over REST: never through a proxy, never following a redirect."""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portway.cli.failure import Failed, NotRunning
from portway.system.files import DamagedFileError, read_trusted

ANSWER_LIMIT = 10.0  # seconds, for what is answered from memory
_LONGEST_LINE = 1 << 20

Record = dict[str, Any]


class PortTakenError(Exception):
    """Portway runs without its REST API: the port was taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the API: the HTTP status and the JSON object."""

    status: int
    body: Record


@dataclass(frozen=True, slots=True)
class Frame:
    """One server-sent event."""

    event: str
    data: Record


class Client:
    """Makes one connection for each call. Every method raises NotRunning where nobody answers."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self._token = token

    def call(
        self, method: str, path: str, body: Mapping[str, object] | None = None, limit: float = ANSWER_LIMIT
    ) -> Answer:
        """Return what is answered within `limit` seconds, whatever its status."""
        with self._connected(method, path, body, limit) as response:
            return _answer(response)

    def answers(self) -> bool:
        """Whether it gets in: an `api.json` may be left by a run that was killed."""
        try:
            return self.call("GET", "/api/tunnels").status == http.client.OK
        except Failed:
            return False

    @contextlib.contextmanager
    def stream(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> Iterator[Answer | Iterator[Frame]]:
        """Yield the frames of an event stream, without a limit; or the answer, if it is a refusal."""
        with self._connected(method, path, body, None) as response:
            if response.headers.get_content_type() == "text/event-stream":
                yield _frames(response)
            else:
                yield _answer(response)

    @contextlib.contextmanager
    def _connected(
        self, method: str, path: str, body: Mapping[str, object] | None, limit: float | None
    ) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=limit)
        headers = {"Authorization": f"Bearer {self._token}"}
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        elif method != "GET":
            headers["Content-Length"] = "0"
        try:
            connection.request(method, path, content, headers)
            yield connection.getresponse()
        except TimeoutError:
            raise Failed(f"Portway did not answer within {limit:.0f} seconds.") from None
        except ConnectionRefusedError:
            raise NotRunning from None
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"The connection to Portway broke off: {_reason(error)}.") from None
        finally:
            connection.close()


def find_client(run_folder: Path) -> Client:
    """Return a client of the program whose `api.json` is in this folder. Raises NotRunning, PortTakenError."""
    try:
        content = read_trusted(run_folder / "api.json")
        record = {} if content is None else json.loads(content)
        port, token = record.get("port"), record.get("token")
    except (DamagedFileError, ValueError, RecursionError, AttributeError):
        raise NotRunning from None
    if not isinstance(token, str):
        raise NotRunning
    if not isinstance(port, int):
        raise PortTakenError
    return Client(port, token)


def _answer(response: http.client.HTTPResponse) -> Answer:
    body = _object(response.read())
    if response.status == http.client.UNAUTHORIZED:  # A later program listens there: the token is of an earlier run.
        raise NotRunning
    return Answer(response.status, body)


def _frames(response: http.client.HTTPResponse) -> Iterator[Frame]:
    """Yield each event; a connection that breaks off is the end, like one that is closed."""
    event, data = "", ""
    while line := _line(response):
        name, _, value = line.decode(errors="replace").rstrip("\r\n").partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            data = value
        elif not name and data:
            yield Frame(event, _object(data.encode()))
            event, data = "", ""


def _line(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.readline(_LONGEST_LINE)
    except (OSError, http.client.HTTPException):
        return b""


def _object(content: bytes) -> Record:
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise Failed("What answered is not Portway. Another program may have taken its port.")
    return record


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
