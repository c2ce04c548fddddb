"""Of two faults in one request, the earlier check answers."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest

from portway.rest.http.policy import Head, Policy
from tests.rest.heads import HOST, TOKEN, refusal


@dataclass(frozen=True)
class Fault:
    """One fault, and the status that it has on its own. They are listed in the order of the checks."""

    status: int
    method: str = "POST"
    target: bytes = b""
    host: bytes | None = None
    token: bytes | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()


FAULTS = {
    "syntax": Fault(400, headers=((b"upgrade", b"x"),)),
    "host": Fault(421, host=b"evil.example"),
    "tunnel": Fault(403, headers=((b"cf-ray", b"1"),)),
    "origin": Fault(403, headers=((b"origin", b"null"),)),
    "token": Fault(401, token=b"Basic x"),
    "route": Fault(404, target=b"/nothing"),
    "method": Fault(405, method="PATCH"),
    "query": Fault(400, target=b"?wait=x"),
    "framing": Fault(411, headers=((b"transfer-encoding", b"chunked"),)),
    "length": Fault(413, headers=((b"content-length", b"65537"),)),
    "type": Fault(415, headers=((b"content-type", b"text/plain"),)),
}


def faulty(*faults: Fault) -> Head:
    """Return a head with these faults and no others."""
    path, query, method, host, token = b"/do", b"", "POST", HOST, b"Bearer " + TOKEN
    headers: dict[bytes, bytes] = {b"content-length": b"2", b"content-type": b"application/json"}
    for fault in faults:
        if fault.target.startswith(b"?"):
            query = fault.target
        else:
            path = fault.target or path
        method = fault.method if fault.method != "POST" else method
        host = fault.host or host
        token = fault.token or token
        headers |= dict(fault.headers)
    return Head(method, path + query, b"1.1", [(b"host", host), (b"authorization", token), *headers.items()])


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_answered_by_its_own_check(policy: Policy, name: str) -> None:
    assert refusal(policy, faulty(FAULTS[name])).problem.code.http_status == FAULTS[name].status


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(FAULTS, 2)))
def test_of_two_faults_the_earlier_check_answers(policy: Policy, first: str, second: str) -> None:
    alone = refusal(policy, faulty(FAULTS[first])).problem
    assert refusal(policy, faulty(FAULTS[first], FAULTS[second])).problem == alone
