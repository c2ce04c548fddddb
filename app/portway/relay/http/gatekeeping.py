"""What stands between a visitor's request and the target, as the connections know it."""

from typing import NamedTuple, Protocol

from portway.relay.http.exchange import Exchange
from portway.relay.http.stage import Part


class OwnAnswer(NamedTuple):
    """What a visitor gets instead of the target's answer. Without `content`: it depends on the body that follows."""

    status: int
    content: bytes


class Gatekeeper(Protocol):
    """Judges requests, on the loop's thread."""

    @property
    def stands(self) -> bool:
        """Whether requests are judged at all; what is no request then gets nowhere."""

    @property
    def not_http(self) -> bytes:
        """The answer to what is no HTTP/1."""

    def proof(self, exchange: Exchange) -> OwnAnswer | None:
        """Return the answer to a request of ours that came from outside, once; None for every other one."""

    def part(self, exchange: Exchange) -> Part | None:
        """Return what answers a request of a test of ours, each once; None for every other one."""

    def judge(self, exchange: Exchange) -> OwnAnswer | None:
        """Return what the visitor gets instead of the target's answer, None where the request may pass.

        The exchange then has the request as the target, and a recording, are to see it: without what let it in.
        """

    def log_in(self, exchange: Exchange, body: bytes) -> OwnAnswer:
        """Return the answer to a request whose body was waited for."""

    def still_admits(self, exchange: Exchange) -> bool:
        """Whether a request that passed would still do so by the rules that hold now."""
