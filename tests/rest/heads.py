"""Heads of requests for tests of the policy: a good one, and what refuses another one."""

from __future__ import annotations

import pytest

from portway.rest.http.policy import BodyRule, Head, Policy, Refused, Rule

PORT = 20129
TOKEN = b"the right token of the run"
HOST = b"127.0.0.1:20129"
RULES = {
    "/open": {"GET": Rule()},
    "/read": {"GET": Rule()},
    "/do": {"GET": Rule(), "POST": Rule(BodyRule.REQUIRED, waits=True), "DELETE": Rule()},
    "/may": {"POST": Rule(BodyRule.OPTIONAL)},
}


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


GOOD = Head("GET", b"/read", b"1.1", [(b"host", HOST), (b"authorization", b"Bearer " + TOKEN)])


def refusal(policy: Policy, head: Head) -> Refused:
    with pytest.raises(Refused) as refused:
        policy.check_head(head)
    return refused.value
