"""Ten thousand wrong passwords, from one client and from many, while others come and go."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter

import pytest

from portway.core.backend import ClientHeader, Which
from portway.core.guard.rules import Guard
from portway.core.secret import Secret
from portway.relay.guard.access import generate_password
from portway.relay.guard.gate import Gate
from portway.relay.http.exchange import Exchange
from portway.relay.http.gatekeeping import OwnAnswer
from portway.relay.http.heads import parse_request

_TRIES, _MANY = 10_000, 3000
_CHOSEN = Secret("correct horse")
_OWNER, _OTHER = "203.0.113.7", "203.0.113.8"
_COUNTED_OF_ONE, _COUNTED_OF_ALL = 5, 30  # a minute; wherever more are counted, a test took minutes


class _Door:
    """The gate of a tunnel that asks for a password, and those who come to it."""

    def __init__(self, password: Secret) -> None:
        self.password = password
        self.gate = Gate("shop", client_header=ClientHeader("x-edge-ip", Which.ONLY))
        self.gate.guard_by(Guard(password=True), password, None)

    def guess(self, clients: int) -> Counter[int]:
        """Give all wrong passwords, and return how often each status was the answer."""
        return Counter(self.give(_address(number % clients), f"no horse {number}").status for number in range(_TRIES))

    def give(self, client: str, password: str) -> OwnAnswer:
        body = f"password={password}".replace(" ", "+").encode()
        exchange = _asked("POST /.portway/log-in", client, f"Content-Length: {len(body)}")
        assert self.gate.judge(exchange) == OwnAnswer(0, b"")
        return self.gate.log_in(exchange, body)

    def lets_in(self, client: str) -> bool:
        """Whether the right password opens the tunnel to this client."""
        answer = self.give(client, self.password.reveal())
        return answer.status == 303 and self.admits(_cookie(answer), client)

    def admits(self, cookie: str, client: str = _OWNER) -> bool:
        return self.gate.judge(_asked("GET /", client, cookie)) is None

    def opens_by_link(self, client: str) -> bool:
        opened = ("Sec-Fetch-User: ?1", "Sec-Fetch-Mode: navigate", "Accept: text/html")
        answer = self.gate.judge(_asked(f"GET {self.gate.new_link()}", client, *opened))
        return answer is not None and answer.status == 303 and self.admits(_cookie(answer), client)


def _asked(line: str, client: str, *more: str) -> Exchange:
    lines = (f"{line} HTTP/1.1", "Host: shop.example", f"X-Edge-IP: {client}", *more, "", "")
    return Exchange("127.0.0.1", parse_request("\r\n".join(lines).encode()))


def _cookie(answer: OwnAnswer) -> str:
    value = answer.content.partition(b"Set-Cookie: ")[2].partition(b";")[0]
    return f"Cookie: {value.decode()}"


def _address(number: int) -> str:
    return f"10.0.{number // 256}.{number % 256}"


@pytest.mark.parametrize("clients", [1, _MANY], ids=("one", "many"))
def test_a_generated_password_gets_in_whoever_guesses(clients: int) -> None:
    door = _Door(generate_password())
    met = door.guess(clients)
    assert met.keys() == {401, 429}
    assert door.lets_in(_OWNER)
    assert door.lets_in(_address(0))  # also from where the guesses come


def test_a_chosen_password_gets_in_from_elsewhere_while_one_client_guesses() -> None:
    door = _Door(_CHOSEN)
    met = door.guess(1)
    assert met[401] < _COUNTED_OF_ONE * 5
    assert door.lets_in(_OWNER)
    assert not door.lets_in(_address(0))


def test_while_thousands_guess_who_is_in_stays_in_and_a_link_still_lets_in() -> None:
    door = _Door(_CHOSEN)
    cookie = _cookie(door.give(_OWNER, _CHOSEN.reveal()))
    met = door.guess(_MANY)
    assert met[401] < _COUNTED_OF_ALL * 5
    assert door.admits(cookie)
    assert not door.lets_in(_OTHER)  # a chosen one is kept from all meanwhile, as SECURITY.md says
    assert door.opens_by_link(_OTHER)


def test_guesses_by_basic_credentials_count_with_the_others() -> None:
    door = _Door(_CHOSEN)
    door.gate.guard_by(Guard(password=True, basic=True), _CHOSEN, None)
    statuses = []
    for number in range(_TRIES // 10):
        given = _asked("GET /", _address(0), f"Authorization: Basic {_basic(f'no horse {number}')}")
        answer = door.gate.judge(given)
        statuses.append(200 if answer is None else answer.status)
    assert set(statuses) == {401, 429}
    assert not door.lets_in(_address(0))
    assert door.lets_in(_OWNER)


def _basic(password: str) -> str:
    return b64encode(f"me:{password}".encode()).decode()
