"""Talks to the running Portway of this user over REST, and tells what an answer comes to.

Never through a proxy, never following a redirect.
"""

import contextlib
import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from portway.cli.failure import Exit, Failed, NotRunning
from portway.core.codes import Code
from portway.core.foreign_text import harmless_line
from portway.system.storage.files import DamagedFileError, read_trusted

ANSWER_LIMIT = 10.0  # seconds, for what is answered from memory
WAYS_ON = ("actionUrl", "authUrl", "enableUrl")
_LONGEST_LINE = 1 << 20

Record = dict[str, Any]
Hold = Callable[[http.client.HTTPConnection], None]


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

    def __init__(self, port: int, token: str, headers: Mapping[str, str] | None = None) -> None:
        self.port = port
        self._token = token
        self._headers = dict(headers or {})

    def saying(self, headers: Mapping[str, str]) -> "Client":
        """Return one that sends these headers, too, with every call."""
        return Client(self.port, self._token, headers)

    def call(  # noqa: PLR0913 - each is a part of the call
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        limit: float = ANSWER_LIMIT,
        *,
        hold: Hold | None = None,
        raw: bool = False,
    ) -> Answer:
        """Return what is answered within `limit` seconds, whatever its status.

        `hold` gets the connection once the call is sent: another thread may then cut it. `raw`: texts come as they
        are, and not fit for a terminal.
        """
        with self._connected(method, path, body, limit, hold) as response:
            return _answer(response, raw=raw)

    def fetch(self, path: str, limit: float = ANSWER_LIMIT) -> bytes:
        """Return what is read there, byte for byte: for a file, or to be made harmless where it is shown."""
        with self._connected("GET", path, None, limit) as response:
            if response.status != http.client.OK:
                raise failure(_answer(response).body)
            return response.read()

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
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None,
        limit: float | None,
        hold: Hold | None = None,
    ) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=limit)
        headers = {**self._headers, "Authorization": f"Bearer {self._token}"}
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        elif method != "GET":
            headers["Content-Length"] = "0"
        try:
            connection.request(method, path, content, headers)
            if hold is not None:
                hold(connection)
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


def show_json(record: Mapping[str, object]) -> None:
    """Print what REST answered."""
    click.echo(json.dumps(record, ensure_ascii=False, indent=2))


def checked(answer: Answer, *, as_json: bool = False) -> Record:
    """Return the body of an answer that says that all went well, else raise Failed. `as_json` prints it, too."""
    if as_json:
        show_json(answer.body)
    if answer.status < http.client.BAD_REQUEST and answer.body.get("success") is not False:
        return answer.body
    raise failure(answer.body)


def failure(body: Record) -> Failed:
    """Return the failure that a body tells: its own cause, else the one of the status that it holds."""
    status = body.get("status") or {}
    cause = body if body.get("code") else status
    code = cause.get("code")
    sentence = body.get("error") or status.get("lastError") or ""
    if code == Code.NOT_FOUND:
        return Failed("The running Portway has no such way or command. “portway status” lists its ways.", Exit.USAGE)
    if not sentence:
        sentence = "It is not done yet." if body.get("pending") else "Portway did not do it and gave no reason."
    if _goes_on(status):
        sentence += f"\nPortway keeps trying; “portway status {status.get('id')}” tells how it goes."
    urls = [body.get(name) or status.get(name) for name in WAYS_ON]
    return Failed(sentence, exit_for(code, cause.get("phase")), next(filter(None, urls), None))


def exit_for(code: str | None, phase: str | None = None) -> Exit:
    """Return the exit code for a cause."""
    if code == Code.BAD_REQUEST:
        return Exit.USAGE
    if phase == "needs_auth" or (code in set(Code) and Code(code).needs_auth):
        return Exit.NEEDS_AUTH
    return Exit.FAILED


def _goes_on(status: Record) -> bool:
    return bool(status.get("wanted")) and status.get("phase") == "starting"


def _answer(response: http.client.HTTPResponse, *, raw: bool = False) -> Answer:
    body = _object(response.read(), raw=raw)
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


def _object(content: bytes, *, raw: bool = False) -> Record:
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise Failed("What answered is not Portway. Another program may have taken its port.")
    return record if raw else {key: _harmless(value) for key, value in record.items()}


def _harmless(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a value of JSON with the text of others in it, such as a child's last words, fit for a terminal."""
    match value:
        case str():
            return harmless_line(value)
        case list():
            return [_harmless(item) for item in value]
        case dict():
            return {key: _harmless(item) for key, item in value.items()}
        case _:
            return value


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
