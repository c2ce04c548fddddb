"""The gate of one tunnel: judges every request by the rules that hold now, and lets visitors in who may come."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from portway.core.backend import ClientHeader
from portway.core.guard.deadline import Deadline
from portway.core.guard.rules import OPEN_TO_ALL, Guard
from portway.core.secret import Secret
from portway.relay.guard import pages
from portway.relay.guard.access import Access
from portway.relay.guard.judged_fields import without
from portway.relay.guard.judged_request import JudgedRequest, form_of
from portway.relay.guard.kept_out import KeptOutClients
from portway.relay.guard.limits import Client, Rate
from portway.relay.guard.policy import ClientState, Facts, Now, Rule, Rules, Verdict, decide, refused_to_all
from portway.relay.guard.visitors import Visitor, Visitors
from portway.relay.guard.visits import AllowedVisits
from portway.relay.http.exchange import Exchange
from portway.relay.http.gatekeeping import OwnAnswer
from portway.relay.http.stage import Pace, Part, Stage
from portway.system.desktop.awake import Clock, seconds_with_sleep

MOST_OF_A_LOG_IN = 4096  # bytes

_COOKIE = "portway"
_LASTS = 30 * 86_400  # seconds, in the browser: what it opens ends with the tunnel
_FROM_ELSEWHERE = frozenset({b"cross-site", b"same-site"})


@dataclass(frozen=True, slots=True)
class _Standing:
    """What holds now. Replaced whole, so that no request sees half a change."""

    rules: Rules
    access: Access | None
    rate: Rate | None
    deadline: Deadline | None
    expired: bool = False

    @property
    def stands(self) -> bool:
        """Whether anything keeps anybody out, now or later."""
        return self.expired or self.deadline is not None or self.rules.guard.stands

    def knows_cookie(self, value: str) -> bool:
        """Whether this cookie lets its owner in."""
        return self.access is not None and self.access.knows_cookie(value)


class _Shown(NamedTuple):
    """By what a request shows that its visitor may come, and its fields without that."""

    let_in: bool
    wrong: bool
    fields: bytes


class Gate:
    """Judges on the loop's thread; is changed by any other one.

    `client_header` is the one in which the way in names the visitor; None: only the peer counts. `secure`: visitors
    come over TLS, so that a cookie may be bound to it.
    """

    def __init__(
        self,
        tunnel: str,
        *,
        client_header: ClientHeader | None = None,
        secure: bool = True,
        clock: Clock = seconds_with_sleep,
    ) -> None:
        self._tunnel = tunnel
        family = f"__Host-{_COOKIE}-" if secure else f"{_COOKIE}-"  # the cookies of all tunnels begin so
        self._cookie = f"{family}{tunnel}"
        self._visitors = Visitors(client_header, family.encode(), self._cookie.encode())
        self._attributes = f"Path=/; Max-Age={_LASTS}; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._standing = _Standing(Rules(OPEN_TO_ALL), None, None, None)
        self._lock = threading.Lock()
        self._watchers: list[Callable[[], None]] = []
        self.kept_out = KeptOutClients()
        self.visits = AllowedVisits()
        self._expected: tuple[bytes, bytes] | None = None  # path and content of a visit of our own
        self._stage: Stage | None = None

    @property
    def stands(self) -> bool:
        """Whether requests are judged at all."""
        return self._standing.stands

    @property
    def guard(self) -> Guard:
        """The rules that hold."""
        return self._standing.rules.guard

    def guard_by(self, guard: Guard, password: Secret | None, deadline: Deadline | None) -> None:
        """Let these rules hold from now on, also for visitors who are in. A password that is None lets nobody in."""
        with self._lock:
            before = self._standing
            access = before.access
            if not guard.password or password is None:
                access = None
            elif access is None or not access.same(password):
                access = Access(self._tunnel, self._key, password)
            limit = guard.rate_limit
            same_rate = limit is not None and limit == before.rules.guard.rate_limit
            rate = None if limit is None else before.rate if same_rate else Rate(limit)
            rules = Rules(guard)
            self.visits.follow(rules)
            self._standing = _Standing(rules, access, rate, deadline)
        self._tell()

    def expire(self) -> None:
        """Let nobody in any longer, whatever the rules say."""
        with self._lock:
            self._standing = replace(self._standing, expired=True)
        self.end_stage()

    def forget_visitors(self) -> None:
        """The tunnel has ended: whoever was let in has to show the password the next time."""
        with self._lock:
            self._key = secrets.token_bytes(32)
            self._standing = replace(self._standing, access=None)
        self._visitors.forget()
        self.kept_out.clear()
        self.visits.clear()

    def new_link(self) -> str | None:
        """Return the path of a link that lets one device in, None where no password is asked for. Any thread."""
        with self._lock:
            access = self._standing.access
            return None if access is None else f"{pages.LINK}?t={access.new_link()}"

    def link_waits(self, path: str) -> bool:
        """Whether a link that was given out was not used yet, and the password is still that one. Any thread."""
        with self._lock:
            access = self._standing.access
            return access is not None and access.knows_link(path.removeprefix(f"{pages.LINK}?t="))

    def expect_visit(self) -> tuple[str, bytes]:
        """Return a path that is answered once with this content, whatever the rules are. Any thread."""
        path, content = f"/.portway/check/{secrets.token_urlsafe(16)}", secrets.token_urlsafe(24).encode()
        self._expected = (path.encode(), content)
        return path, content

    def proof(self, exchange: Exchange) -> OwnAnswer | None:
        """Return the answer to the visit that is expected, once; None for every other one."""
        expected = self._expected
        if expected is None or exchange.request.target != expected[0]:
            return None
        self._expected = None
        return OwnAnswer(*pages.plain(JudgedRequest(exchange.request).asker(None), expected[1]))

    def open_stage(self, pace: Pace) -> Stage:
        """Answer the requests of a test from now on, whatever the rules are, and those of an earlier one no more."""
        self.end_stage()
        self._stage = stage = Stage(pace)
        return stage

    def end_stage(self) -> None:
        """Answer them no longer, and cut those under way. Any thread; idempotent."""
        stage, self._stage = self._stage, None
        if stage is not None:
            stage.is_open = False
        self._tell()

    def part(self, exchange: Exchange) -> Part | None:
        """Return what answers a request of a test, each once; None for every other one."""
        stage = self._stage
        test = None if stage is None else stage.take(exchange.request.target)
        return None if stage is None or test is None else Part(stage, test)

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` when other rules hold, on the thread that changes them; return what ends that."""
        with self._lock:
            self._watchers = [*self._watchers, changed]

        def leave() -> None:
            with self._lock:
                self._watchers = [one for one in self._watchers if one != changed]

        return leave

    @property
    def not_http(self) -> bytes:
        """The answer to what is no HTTP/1."""
        return pages.no_http()

    def judge(self, exchange: Exchange) -> OwnAnswer | None:
        """Return what the visitor gets instead of the target's answer, None where the request may pass.

        The exchange then has the request as the target, and a recording, are to see it: without what let it in.
        """
        standing, asked = self._standing, JudgedRequest(exchange.request)
        visitor, rate = self._visitors.find(exchange.peer, asked.fields), standing.rate
        address, key = visitor.address, visitor.key
        now = time.monotonic()
        facts = asked.facts(standing.rules, visitor)
        shown = self._shown(standing, asked, visitor, facts, partial(self._opens, standing, facts, key, now))
        spent = rate is not None and rate.spent(key, now)
        verdict = decide(facts, standing.rules, ClientState(shown.let_in, spent), self._now(standing))
        _hide(exchange, asked, shown.fields, own=facts.own)
        if rate is not None and isinstance(verdict, Verdict):
            rate.take(key, now)
        if verdict is Verdict.PASS:
            if standing.rules.allow:
                self.visits.note(key, address)
            return None
        asker = asked.asker(address)
        if verdict is Verdict.OWN:
            return self._own(standing, exchange, asked, visitor)
        if isinstance(verdict, Rule):
            return self._refused(exchange, visitor, verdict, pages.refusal(verdict, asker))
        wait = standing.access.wait(key, now) if shown.wrong and standing.access is not None else 0.0
        if wait > 0:
            return self._refused(exchange, visitor, Rule.TRIES, pages.refusal(Rule.TRIES, asker, seconds=wait))
        page = pages.password_page(asker, asked.place, basic=standing.rules.guard.basic)
        return self._refused(exchange, visitor, Rule.PASSWORD, page)

    def log_in(self, exchange: Exchange, body: bytes) -> OwnAnswer:
        """Return the answer to the form that `judge` asked to wait for."""
        standing, asked = self._standing, JudgedRequest(exchange.judged)
        access, visitor = standing.access, self._visitors.find(exchange.peer, asked.fields)
        asker, facts = asked.asker(visitor.address), asked.facts(standing.rules, visitor)
        verdict = decide(facts, standing.rules, ClientState(), self._now(standing))
        if access is None or isinstance(verdict, Rule):
            rule = verdict if isinstance(verdict, Rule) else Rule.LOCKED
            return self._refused(exchange, visitor, rule, pages.refusal(rule, asker))
        form = form_of(body)
        word, password, to = form.get("t"), form.get("password", ""), pages.safe_place(form.get("to", "/"))
        key, now = visitor.key, time.monotonic()
        if access.use_link(word) if word is not None else access.opens(password, key, now):
            self.kept_out.forget(key)  # the page that asks for the password is no refusal to those who have it
            return OwnAnswer(*pages.let_in(asker, to, self._set_cookie(access)))
        wait = access.wait(key, now)
        if word is None and wait > 0:
            return self._refused(exchange, visitor, Rule.TRIES, pages.refusal(Rule.TRIES, asker, seconds=wait))
        page = pages.password_page(asker, to, wrong=word is None, used=word is not None)
        return self._refused(exchange, visitor, Rule.PASSWORD, page)

    def still_admits(self, exchange: Exchange) -> bool:
        """Whether a request that passed would still do so by the rules that hold now. Counts as none."""
        standing, asked = self._standing, JudgedRequest(exchange.judged)
        access = standing.access
        visitor = self._visitors.find(exchange.peer, asked.fields)
        facts = asked.facts(standing.rules, visitor)
        same = access.same if access is not None else _nothing_is
        shown = self._shown(standing, asked, visitor, facts, lambda password: same(Secret(password)))
        client = ClientState(let_in=shown.let_in)
        return not standing.stands or decide(facts, standing.rules, client, self._now(standing)) is Verdict.PASS

    def _own(self, standing: _Standing, exchange: Exchange, asked: JudgedRequest, visitor: Visitor) -> OwnAnswer:
        """Answer a request for one of our own paths."""
        head, asker, access = asked.head, asked.asker(visitor.address), standing.access
        assert access is not None  # noqa: S101 - for the type checker: without one the tunnel is locked
        path, _, query = head.target.decode("latin-1").partition("?")
        if path == pages.LOG_IN and head.method == b"POST":
            elsewhere = asked.value(b"sec-fetch-site").lower() in _FROM_ELSEWHERE
            if elsewhere or head.length is None or head.length > MOST_OF_A_LOG_IN:
                return OwnAnswer(*pages.no_form(asker))
            return OwnAnswer(0, b"")
        word = form_of(query.encode("latin-1")).get("t", "") if path == pages.LINK else ""
        if not access.knows_link(word):
            page = pages.password_page(asker, "/", used=bool(word))
            return self._refused(exchange, visitor, Rule.PASSWORD, page)
        if asked.is_opened_by_a_person and access.use_link(word):
            self.kept_out.forget(visitor.key)
            return OwnAnswer(*pages.let_in(asker, "/", self._set_cookie(access)))
        return OwnAnswer(*pages.link_page(asker, word))

    def _refused(self, exchange: Exchange, visitor: Visitor, rule: Rule, page: pages.Answer) -> OwnAnswer:
        """Refuse it, and remember whom, as long as the tunnel is open."""
        exchange.refused_by = rule.value
        if rule is not Rule.EXPIRED:
            address = "" if visitor.address is None else str(visitor.address)
            self.kept_out.note(visitor.key, address, rule.value, exchange.judged.target)
        return OwnAnswer(*page)

    @staticmethod
    def _shown(
        standing: _Standing, asked: JudgedRequest, visitor: Visitor, facts: Facts, opens: Callable[[str], bool]
    ) -> _Shown:
        """Look for what lets the visitor in. Our cookie never goes further, nor does a password that was ours.

        Where neither is needed, credentials are the target's own and are not looked at.
        """
        guard = standing.rules.guard
        if not guard.password:
            return _Shown(let_in=False, wrong=False, fields=asked.fields)
        kept = visitor.kept
        for value in visitor.cookies:
            if standing.knows_cookie(value):
                return _Shown(let_in=True, wrong=False, fields=kept)
        password = asked.basic_password if guard.basic else None
        if password is None or standing.rules.needs_no_password(facts):
            return _Shown(let_in=False, wrong=False, fields=kept)
        right = opens(password)
        # A wrong one is no less a secret: it may be that of another tunnel, or nearly this one.
        others = without(kept, b"authorization")
        return _Shown(let_in=right, wrong=not right, fields=others)

    def _opens(self, standing: _Standing, facts: Facts, client: Client, now: float, password: str) -> bool:
        """Whether this password lets in. Whom none lets in has no tries: else they could use up those of all others."""
        if standing.access is None or refused_to_all(facts, standing.rules, self._now(standing)) is not None:
            return False
        return standing.access.opens(password, client, now)

    def _now(self, standing: _Standing) -> Now:
        deadline = standing.deadline
        over = standing.expired or (deadline is not None and deadline.left(self._clock()) <= 0)
        return Now(expired=over, locked=standing.rules.guard.password and standing.access is None)

    def _set_cookie(self, access: Access) -> str:
        return f"{self._cookie}={access.new_cookie()}; {self._attributes}"

    def _tell(self) -> None:
        for changed in self._watchers:
            changed()


def _hide(exchange: Exchange, asked: JudgedRequest, fields: bytes, *, own: bool) -> None:
    """Leave out of the exchange what lets somebody in: it is for us alone."""
    head = exchange.judged = asked.head
    if own or fields != asked.fields:
        exchange.request = head.changed(fields, head.target.partition(b"?")[0] if own else head.target)


def _nothing_is(_password: Secret) -> bool:
    return False
