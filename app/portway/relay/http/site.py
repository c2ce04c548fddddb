"""What all connections of one tunnel share."""

from dataclasses import dataclass, field
from typing import Protocol

from portway.relay.engine.wires import Wire
from portway.relay.http.exchange import Listeners
from portway.relay.http.gatekeeping import Gatekeeper
from portway.relay.http.heads import AnswerHead, Header, Heads, RequestHead
from portway.relay.http.pages import Pages


class Dials(Protocol):
    """Starts connections to the target."""

    @property
    def aim(self) -> object:
        """What is dialled now; another one where the target was changed."""

    def begin(self) -> Wire:
        """Return what is connecting and does not block. Raises OSError."""


class Rewriting(Protocol):
    """Changes the names in heads on their way, in both directions."""

    def request(self, head: RequestHead) -> tuple[Header, ...]:
        """Return the headers for the target."""

    def answer(self, head: AnswerHead, request: RequestHead) -> tuple[Header, ...]:
        """Return the headers for the visitor."""


@dataclass(slots=True)
class Site:
    """`rewriting` may be replaced at any time, by any thread."""

    dials: Dials
    heard: Listeners
    pages: Pages
    rewriting: Rewriting | None = None
    gate: Gatekeeper | None = None
    heads: Heads = field(default_factory=Heads)

    @property
    def guard(self) -> Gatekeeper | None:
        """What judges requests now, None while all may pass."""
        return self.gate if self.gate is not None and self.gate.stands else None
