"""One HTTP exchange: bytes in, a checked call out, answers as bytes. Alone knows h11. Pure."""

import math
from http import HTTPStatus

import h11

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.rest.http.answers import EVENT_STREAM, FIXED_HEADERS, Headers, Response, refusal
from portway.rest.http.policy import LARGEST_BODY, LARGEST_HEAD, Call, Head, Policy, Refused, too_large_head

_FIXED = [*FIXED_HEADERS, ("Connection", "close")]
_HEADERS_TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


class Exchange:
    """Reads one request and writes its answer. Asks the policy as soon as the head is there."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEAD)
        self._received: bytes = b""
        self._body = bytearray()  # may come byte by byte
        self.call: Call | None = None
        self.is_head = False
        self.whole = False  # the request has arrived to its end

    def receive(self, data: bytes) -> None:
        """Take bytes that arrived; none are skipped. Raises Refused. Afterwards `whole` tells whether to answer."""
        if not data:
            return  # To h11 that would be the end of the connection.
        if self.call is None:
            self._received += data
        self._http.receive_data(data)
        try:
            self._read()
        except h11.RemoteProtocolError as error:
            # Its text quotes the request, token included: neither sent nor logged.
            if error.error_status_hint == _HEADERS_TOO_LARGE:
                raise too_large_head() from None
            raise Refused(Problem(Code.BAD_REQUEST, "syntax")) from None

    def _read(self) -> None:
        while True:
            match self._http.next_event():
                case h11.Request() as request:
                    self._admit(request)
                case h11.Data() as data:
                    self._body += data.data
                case h11.EndOfMessage():
                    self.whole = True
                    return
                case _:
                    return

    def _admit(self, request: h11.Request) -> None:
        self.is_head = request.method == b"HEAD"
        rest, _ = self._http.trailing_data
        raw = self._received[: len(self._received) - len(rest)]
        self._received = b""
        head = Head(request.method.decode("ascii"), request.target, request.http_version, list(request.headers))
        try:
            self._policy.check_raw(raw)
            self.call = self._policy.check_head(head)
        except Refused:
            self.whole = len(rest) >= _announced(head)
            raise

    @property
    def body(self) -> bytes:
        """What came after the head."""
        return bytes(self._body)

    def go_on(self) -> bytes:
        """Return the 100 Continue that the client waits for, if it does."""
        if self.call is None or not self._http.they_are_waiting_for_100_continue:
            return b""
        return self._send(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue"))

    def refuse(self, refused: Refused) -> bytes:
        """Return the whole answer to a request that does not get in."""
        return self.answer(refusal(refused.problem, refused.headers))

    def answer(self, response: Response) -> bytes:
        """Return a whole answer; without its body to a HEAD."""
        length = ("Content-Length", str(len(response.body)))
        head = self._head(response.status, [("Content-Type", response.content_type), length], response.headers)
        data = b"" if self.is_head else self._send(h11.Data(data=response.body))
        return head + data + self._send(h11.EndOfMessage())

    def begin_stream(self) -> bytes:
        """Return the head of an endless answer."""
        return self._head(HTTPStatus.OK, [("Content-Type", EVENT_STREAM)])

    def stream(self, frame: bytes) -> bytes:
        """Return one frame of it."""
        return self._send(h11.Data(data=frame))

    def end_stream(self) -> bytes:
        """Return its end."""
        return self._send(h11.EndOfMessage())

    def _head(self, status: int, headers: list[tuple[str, str]], more: Headers = ()) -> bytes:
        reason = HTTPStatus(status).phrase.encode()
        return self._send(h11.Response(status_code=status, headers=[*headers, *_FIXED, *more], reason=reason))

    def _send(self, event: h11.Event) -> bytes:
        return self._http.send(event) or b""


def _announced(head: Head) -> float:
    """Return how many bytes come after a head; without end where it does not say so."""
    if head.values(b"transfer-encoding"):
        return math.inf
    length = b"".join(head.values(b"content-length"))
    return int(length) if length.isdigit() and len(length) <= len(str(LARGEST_BODY)) else math.inf if length else 0
