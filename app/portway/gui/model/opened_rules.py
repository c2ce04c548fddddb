"""What the first page says of the tunnel that was started on it, and of its first visitor. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from portway.core.hub import RequestRow
from portway.core.status import Phase, Reach, TunnelStatus
from portway.gui.i18n.contexts import window as tr
from portway.gui.model.card_rules import short_target
from portway.gui.model.card_view import CardView
from portway.gui.model.guard_sentence import guard_sentence
from portway.gui.theme.tone import Tone

REFUSED = "refused"  # the state of a request that a rule kept out


@dataclass(frozen=True, slots=True)
class OpenedWords:
    """What came of Start: a headline, and below it who can open it, or how far it is."""

    headline: str
    detail: str


@dataclass(frozen=True, slots=True)
class VisitorWords:
    """Whether somebody was there. `came`: a visitor got in, so that nobody is waited for any more."""

    glyph: str
    tone: Tone
    text: str
    more: str = ""
    came: bool = False


def opened_words(status: TunnelStatus, view: CardView) -> OpenedWords:
    """Return headline and detail. `view` is what the card of the tunnel shows."""
    server = short_target(status.target_url)
    match status.phase:
        case Phase.RUNNING if status.wanted and status.problem is None:
            return OpenedWords(tr("{server} is open", server=server), guard_sentence(status))
        case Phase.RUNNING:
            return OpenedWords(view.word, view.detail)
        case Phase.STARTING if status.public_url is not None or not status.wanted:
            return OpenedWords(view.word, view.detail)
        case Phase.STARTING if status.problem is None:
            return OpenedWords(tr("Opening {server}…", server=server), view.summary)
        case Phase.STARTING:
            return OpenedWords(tr("{server} is not open yet", server=server), view.summary)
        case Phase.STOPPED:
            return OpenedWords(tr("{server} is not open any more", server=server), "")
        case _:
            return OpenedWords(tr("{server} is not open", server=server), view.summary)


def scan_words(status: TunnelStatus) -> str:
    """Say what the code is for, and what the phone needs."""
    if status.reach is Reach.NETWORK:
        return tr("Point your phone's camera at it. Your phone has to be in the same Wi-Fi.")
    return tr("Point your phone's camera at it.")


def visitor_words(status: TunnelStatus, rows: Iterable[RequestRow]) -> VisitorWords | None:
    """Say who was there first, from what was recorded, where it was; None where nothing is counted."""
    traffic = status.traffic
    if not status.running or traffic is None:
        return None
    known = [row for row in rows if row.client and row.replay_of is None]
    known = [row for row in known if status.since is None or row.started_at >= status.since]
    known.sort(key=lambda row: row.id)
    mine = _own_addresses(status)
    others = [row for row in known if row.client not in mine]
    let_in = [row for row in others if row.state != REFUSED]
    if let_in or (traffic.requests > traffic.refused and not known):
        text = tr("Somebody opened it: {address}", address=let_in[0].client) if let_in else tr("Somebody opened it.")
        return VisitorWords("disc_tick", Tone.OK, text, came=True)
    if others or (traffic.refused and not known):
        kept_out = tr("Somebody was kept out: {address}", address=others[0].client) if others else ""
        return VisitorWords("shield", Tone.WARN, kept_out or tr("Somebody was kept out."))
    if known:
        return VisitorWords("busy", Tone.BUSY, tr("You opened it yourself"), tr("waiting for the first visitor"))
    return VisitorWords("busy", Tone.BUSY, tr("Waiting for the first visitor"), tr("it is shown here"))


def _own_addresses(status: TunnelStatus) -> frozenset[str]:
    """Return by which addresses this computer visits itself, as far as that can be told."""
    host = urlsplit(status.public_url or "").hostname or ""
    return frozenset({"127.0.0.1", "::1", *([host] if status.reach is Reach.NETWORK else [])})
