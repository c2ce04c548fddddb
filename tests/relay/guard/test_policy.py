"""The order of the rules, and what no combination of them lets through."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portway.core.guard.rules import OPEN_TO_ALL, SHUT, Guard
from portway.relay.guard.policy import ClientState, Facts, Now, Rule, Rules, Verdict, decide

_FACTS = Facts(client=ip_address("203.0.113.7"), method="GET", path="/")
_ALL = Guard(
    password=True, allow=("203.0.113.0/24",), deny=("203.0.113.66",), read_only=True, paths=("/shop/*",), rate_limit=60
)

_NETWORKS = st.lists(
    st.sampled_from(["203.0.113.7", "203.0.113.0/24", "0.0.0.0/0", "2001:db8::/64", "10.0.0.0/8"]), max_size=3
).map(tuple)
_RULES = st.lists(st.sampled_from(["/", "/*", "/shop/*", "POST /hook", "GET /shop/a"]), max_size=3).map(tuple)
_GUARDS = st.builds(
    Guard,
    password=st.booleans(),
    basic=st.booleans(),
    allow=_NETWORKS,
    deny=_NETWORKS,
    read_only=st.booleans(),
    open=_RULES,
    paths=_RULES,
    rate_limit=st.none() | st.integers(1, 100),
)
_REQUESTS = st.builds(
    Facts,
    client=st.none() | st.sampled_from(["203.0.113.7", "198.51.100.1", "2001:db8::9"]).map(ip_address),
    method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST", "DELETE", "PROPFIND"]),
    path=st.none() | st.sampled_from(["/", "/hook", "/shop/a", "/shop", "/admin"]),
    upgrade=st.sampled_from(["", "websocket", "h2c"]),
    hidden_method=st.booleans(),
    hidden_path=st.booleans(),
    own=st.booleans(),
)
_CLIENTS = st.builds(ClientState, let_in=st.booleans(), spent=st.booleans())
_NOWS = st.builds(Now, expired=st.booleans(), locked=st.booleans())


@pytest.mark.parametrize(
    ("changed", "client", "now", "refused"),
    [
        ({}, ClientState(spent=True), Now(expired=True, locked=True), Rule.EXPIRED),
        ({"client": ip_address("203.0.113.66")}, ClientState(spent=True), Now(locked=True), Rule.ADDRESS),
        ({"path": "/admin", "method": "POST"}, ClientState(spent=True), Now(locked=True), Rule.PATH),
        ({"path": "/shop/x", "method": "POST"}, ClientState(spent=True), Now(locked=True), Rule.READ_ONLY),
        ({"path": "/shop/x"}, ClientState(spent=True), Now(locked=True), Rule.RATE),
        ({"path": "/shop/x"}, ClientState(), Now(locked=True), Rule.LOCKED),
        ({"path": "/shop/x"}, ClientState(), Now(), Verdict.ASK),
        ({"path": "/shop/x"}, ClientState(let_in=True), Now(), Verdict.PASS),
    ],
)
def test_the_first_rule_that_refuses_is_the_one_that_is_told(
    changed: dict[str, object], client: ClientState, now: Now, refused: Rule | Verdict
) -> None:
    assert decide(_FACTS._replace(**changed), Rules(_ALL), client, now) is refused  # type: ignore[arg-type]


class TestNoCombination:
    @given(_REQUESTS, _GUARDS, _CLIENTS, _NOWS)
    def test_lets_anybody_in_after_the_end(self, facts: Facts, guard: Guard, client: ClientState, now: Now) -> None:
        assert decide(facts, Rules(guard), client, now._replace(expired=True)) is Rule.EXPIRED

    @given(_REQUESTS, _GUARDS, _CLIENTS, _NOWS)
    def test_lets_in_who_is_denied_or_not_allowed(
        self, facts: Facts, guard: Guard, client: ClientState, now: Now
    ) -> None:
        rules = Rules(guard)
        verdict = decide(facts, rules, client, now)
        known = facts.client is not None
        denied = any(known and facts.client in network for network in rules.deny)
        allowed = not rules.allow or any(known and facts.client in network for network in rules.allow)
        if denied or not allowed or (not known and (rules.allow or rules.deny)):
            assert verdict in (Rule.ADDRESS, Rule.EXPIRED)

    @given(_REQUESTS, _GUARDS, _CLIENTS, _NOWS)
    def test_lets_a_stranger_past_the_password(self, facts: Facts, guard: Guard, client: ClientState, now: Now) -> None:
        rules = Rules(replace(guard, password=True))
        verdict = decide(facts, rules, client._replace(let_in=False), now)
        assert verdict is not Verdict.PASS or rules.needs_no_password(facts)

    @given(_REQUESTS, _GUARDS, _CLIENTS, _NOWS)
    def test_lets_anything_be_written_where_only_reading_is_allowed(
        self, facts: Facts, guard: Guard, client: ClientState, now: Now
    ) -> None:
        passed = decide(facts, Rules(replace(guard, read_only=True)), client, now) is Verdict.PASS
        assert not passed or (facts.method in {"GET", "HEAD", "OPTIONS"} and not facts.upgrade)

    @given(_REQUESTS, _GUARDS, _CLIENTS, _NOWS)
    def test_lets_a_path_through_on_which_not_all_agree(
        self, facts: Facts, guard: Guard, client: ClientState, now: Now
    ) -> None:
        rules = Rules(guard)
        passed = decide(facts._replace(path=None), rules, client, now) is Verdict.PASS
        assert not (passed and rules.about_paths)

    @given(_REQUESTS, _CLIENTS)
    def test_takes_the_shut_guard_for_an_open_one(self, facts: Facts, client: ClientState) -> None:
        assert decide(facts, Rules(SHUT), client, Now()) is Rule.ADDRESS

    @given(_REQUESTS, _GUARDS, _CLIENTS, _NOWS)
    def test_becomes_wider_by_a_further_rule(self, facts: Facts, guard: Guard, client: ClientState, now: Now) -> None:
        narrower = replace(guard, password=True, open=(), read_only=True)
        if decide(facts, Rules(narrower), client, now) is Verdict.PASS:
            assert decide(facts, Rules(guard), client, now._replace(locked=False)) is Verdict.PASS


def test_without_rules_all_but_other_protocols_pass() -> None:
    assert decide(_FACTS._replace(method="DELETE"), Rules(OPEN_TO_ALL), ClientState(), Now()) is Verdict.PASS
    assert decide(_FACTS._replace(upgrade="websocket"), Rules(OPEN_TO_ALL), ClientState(), Now()) is Verdict.PASS
    assert decide(_FACTS._replace(upgrade="h2c"), Rules(OPEN_TO_ALL), ClientState(), Now()) is Rule.PROTOCOL
