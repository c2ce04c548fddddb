"""The daemon's own HTTP API: answers at once where the command would take a process, wait, or refuse.

Its makers call it unstable, so it is an extra: whatever goes wrong, the caller goes on without it. It changes one
thing, and with an ETag: it takes our mount out while Tailscale is asleep, where the command refuses.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from portway.backends.tailscale.daemon.socket import LocalApiConnection, LocalApiTransport
from portway.backends.tailscale.parse.node import FUNNEL, Node, UnreadableError, parse_node, parse_object
from portway.backends.tailscale.parse.serve_config import Funnel, ServeConfig, parse_config, without
from portway.backends.tailscale.parse.texts import trusted_link
from portway.core.cancel import CancelToken

if TYPE_CHECKING:
    from http.client import HTTPResponse

logger = logging.getLogger(__name__)

Read = TypeVar("Read")
_PATH = "/localapi/v0/"
_HOST = "local-tailscaled.sock"  # any other is refused
_OK, _CHANGED_MEANWHILE = 200, 412
_LARGEST = 1 << 20
_TRIES = 3
# 2: begin with the state. 16: without private keys, for which daemons before 1.84 ask of everybody but the operator.
_BUS = "watch-ipn-bus?mask=18"


class NoAnswerError(Exception):
    """The interface is not there, may not be used, or answered with something else than what was asked for."""


class DaemonGoneError(NoAnswerError):
    """No daemon is behind the interface, or it ended while it was asked."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Whether the tailnet has it, and the page that switches it on, where one is named that can be trusted."""

    complete: bool
    page: str | None


@dataclass(frozen=True, slots=True)
class LocalApi:
    """Safe on every thread. Each step of a call blocks for at most `limit` seconds, and ends when cancelled."""

    transport: LocalApiTransport
    limit: float

    def node(self, cancel: CancelToken | None = None) -> Node:
        """Ask for the state. Raises NoAnswerError, Cancelled."""
        return _read(parse_node, self._call("GET", "status?peers=false", cancel=cancel)[0])

    def config(self, cancel: CancelToken | None = None) -> ServeConfig:
        """Ask what is published. Raises NoAnswerError, Cancelled."""
        return _read(parse_config, self._call("GET", "serve-config", cancel=cancel)[0])

    def funnel(self, node: Node, cancel: CancelToken) -> Feature | None:
        """Ask the control server whether the tailnet of `node` has Funnel; None where that cannot be found out."""
        try:
            self._require_daemon_of(node, cancel)
            record = _read(parse_object, self._call("POST", f"query-feature?feature={FUNNEL}", cancel=cancel)[0])
        except NoAnswerError as error:
            logger.info("The daemon could not be asked whether the tailnet has Funnel: %s", error)
            return None
        link = record.get("URL")
        return Feature(record.get("Complete") is True, trusted_link(link) if isinstance(link, str) else None)

    def remove(self, funnel: Funnel, node: Node) -> bool:
        """Take the mount of `funnel` out of the configuration of `node`, if it is ours; return whether it is gone."""
        try:
            self._require_daemon_of(node)
            return any(self._removed(funnel) for _ in range(_TRIES))
        except NoAnswerError as error:
            logger.info("The daemon did not remove the Funnel: %s", error)
            return False

    @contextlib.contextmanager
    def bus(self, cancel: CancelToken) -> Iterator[HTTPResponse]:
        """Open the stream of what changes, which begins at once and then blocks as long as nothing does.

        Cancelling ends it: it then reads as its end. Raises NoAnswerError; also what goes wrong inside is one.
        """
        with self._connected(cancel) as connection, _answer(connection, "GET", _BUS) as answer:
            if not answer.peek(1):
                message = "the bus ended at once"
                raise NoAnswerError(message)
            connection.link.settimeout(None)
            yield answer

    def _removed(self, funnel: Funnel) -> bool:
        """Try once; false where somebody else changed something at the same moment."""
        text, etag = self._call("GET", "serve-config")
        config = _read(parse_config, text)
        if not config.holds(funnel):
            return True
        if not etag:  # without one the edit could overwrite somebody else's
            return False
        self._call("POST", "serve-config", json.dumps(without(config, funnel)), etag)
        return not self.config().holds(funnel)

    def _require_daemon_of(self, node: Node, cancel: CancelToken | None = None) -> None:
        # The command may have been told another socket, or be that of a container: then this is another computer.
        if self.node(cancel).id != node.id:
            message = "it belongs to another computer than the command"
            raise NoAnswerError(message)

    def _call(
        self, method: str, call: str, body: str | None = None, etag: str = "", cancel: CancelToken | None = None
    ) -> tuple[str, str]:
        """Return body and ETag of an answer."""
        with self._connected(cancel) as connection, _answer(connection, method, call, body, etag) as answer:
            return answer.read(_LARGEST).decode(errors="replace"), answer.headers.get("Etag", "")

    @contextlib.contextmanager
    def _connected(self, cancel: CancelToken | None) -> Iterator[LocalApiConnection]:
        """Open a connection for one call. What goes wrong with it is a NoAnswerError."""
        from http.client import HTTPException  # late: it loads all of email

        cancel = cancel or CancelToken()
        try:
            with self.transport.open(self.limit) as connection, cancel.calling(connection.hang_up):
                yield connection
        except (OSError, HTTPException) as error:
            cancel.check()
            is_gone = isinstance(error, ConnectionError | FileNotFoundError)
            kind = DaemonGoneError if is_gone else NoAnswerError
            raise kind(str(error) or type(error).__name__) from error


@contextlib.contextmanager
def _answer(
    connection: LocalApiConnection, method: str, call: str, body: str | None = None, etag: str = ""
) -> Iterator[HTTPResponse]:
    """Send one request and return the answer, if it is a good one."""
    from http.client import HTTPConnection

    client = HTTPConnection(_HOST)
    client.sock = connection.link
    headers = {**connection.headers, "If-Match": etag} if etag else connection.headers
    client.request(method, f"{_PATH}{call}", body, headers)
    with client.getresponse() as answer:
        if answer.status not in (_OK, _CHANGED_MEANWHILE):
            message = f"tailscaled answered {answer.status}"
            raise NoAnswerError(message)
        yield answer


def _read(parse: Callable[[str], Read], text: str) -> Read:
    try:
        return parse(text)
    except UnreadableError as error:
        raise NoAnswerError(str(error)) from error
