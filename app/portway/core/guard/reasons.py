"""Why a look from outside came out as it did: stable words, each with its text, the end of a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from portway.core.texts import TranslatableTable


class Reason(StrEnum):
    """One for each way in which it can come out."""

    # It cannot be found out from here
    NO_RELAY = "no_relay"
    NOT_PUBLIC = "not_public"
    PROXY = "proxy"
    NO_RESOLVER = "no_resolver"
    NAME_UNKNOWN = "name_unknown"
    NO_ADDRESS = "no_address"
    INTERCEPTED = "intercepted"
    NOT_ENCRYPTED = "not_encrypted"
    EDGE_BUSY = "edge_busy"
    FAULT = "fault"
    # The edge says that there is no such tunnel
    NGROK = "ngrok"
    CLOUDFLARE = "cloudflare"
    SOMEBODY_ELSE = "somebody_else"
    # What gets through
    ENDED_BEFORE = "ended_before"
    NOTHING_ARRIVED = "nothing_arrived"
    NOTHING_RETURNED = "nothing_returned"
    BROKE_OFF = "broke_off"
    CUT_AFTER = "cut_after"
    REFUSED = "refused"
    LATE_REFUSAL = "late_refusal"
    ANOTHER_ANSWER = "another_answer"
    EVENTS_FLOW = "events_flow"
    EVENTS_HELD = "events_held"
    EVENTS_CUT = "events_cut"
    MESSAGES_FLOW = "messages_flow"
    MESSAGES_HELD = "messages_held"
    MESSAGES_CUT = "messages_cut"
    ANOTHER_MESSAGE = "another_message"
    UPLOAD_PASSES = "upload_passes"
    UPLOAD_HELD = "upload_held"
    WAIT_PASSES = "wait_passes"


_TEXTS: TranslatableTable[Reason] = {
    Reason.NO_RELAY: "its visitors do not pass Portway",
    Reason.NOT_PUBLIC: "it is not open to the internet",
    Reason.PROXY: "connections of this computer pass a proxy",
    Reason.NO_RESOLVER: "no resolver answers over HTTPS",
    Reason.NAME_UNKNOWN: "{resolver}'s resolver does not know the name yet",
    Reason.NO_ADDRESS: "no address of it answers",
    Reason.INTERCEPTED: "the certificate on the way is not genuine: something intercepts it",
    Reason.NOT_ENCRYPTED: "the service ends the connection before it is encrypted",
    Reason.EDGE_BUSY: "the service takes no more visits for now, it answers {status}",
    Reason.FAULT: "Portway could not look",
    Reason.NGROK: "ngrok answers {code}: the tunnel is not there",
    Reason.CLOUDFLARE: "Cloudflare answers that the tunnel is not there",
    Reason.SOMEBODY_ELSE: "somebody else answers there, with {status}",
    Reason.ENDED_BEFORE: "the test was ended before",
    Reason.NOTHING_ARRIVED: "nothing came back, and nothing of it got here",
    Reason.NOTHING_RETURNED: "it got here, and nothing came back in time",
    Reason.BROKE_OFF: "the connection broke off before anything of it got here",
    Reason.CUT_AFTER: "the connection was cut after {seconds} s",
    Reason.REFUSED: "it is answered with {status} on the way",
    Reason.LATE_REFUSAL: "after {seconds} s it is answered with {status} on the way",
    Reason.ANOTHER_ANSWER: "something else answers in its place",
    Reason.EVENTS_FLOW: "events come one by one",
    Reason.EVENTS_HELD: "events come all at once, when the stream ends",
    Reason.EVENTS_CUT: "it was cut after {count} of {all} events",
    Reason.MESSAGES_FLOW: "messages pass both ways",
    Reason.MESSAGES_HELD: "it opens, but messages do not get through in time",
    Reason.MESSAGES_CUT: "it was closed before a message came back",
    Reason.ANOTHER_MESSAGE: "another message came back",
    Reason.UPLOAD_PASSES: "it gets here while it is being sent",
    Reason.UPLOAD_HELD: "it gets here whole, once all of it was sent",
    Reason.WAIT_PASSES: "an answer may take {seconds} s",
}


@dataclass(frozen=True, slots=True)
class Why:
    """A reason with what fills its text. As a text it is English."""

    reason: Reason
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def text(self) -> str:
        """The text of the reason, which its values fill."""
        return _TEXTS[self.reason]

    def __str__(self) -> str:
        return self.text.format_map(self.values)


def why(reason: Reason, **values: object) -> Why:
    """Return a reason with its values."""
    return Why(reason, MappingProxyType({name: str(value) for name, value in values.items()}))
